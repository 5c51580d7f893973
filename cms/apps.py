from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    """The portal's pages and looks, staff screens, and the composition of the house."""

    name = "cms"
    verbose_name = _("Portal")
