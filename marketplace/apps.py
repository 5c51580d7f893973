from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketplaceConfig(AppConfig):
    """The one Django app of the domain; its models live in the nouns' packages."""

    name = "marketplace"
    label = "marketplace"
    verbose_name = _("Technology-transfer marketplace")
    default_auto_field = "django.db.models.BigAutoField"
