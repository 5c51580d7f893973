from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class CmsConfig(AppConfig):
    """The portal's pages and looks, staff screens, and the composition of the house."""

    name = "cms"
    verbose_name = _("Portal")


class AccountsConfig(WagtailUsersAppConfig):
    """Wagtail's accounts with the house's forms."""

    user_viewset = "cms.staff.accounts.AccountViewSet"
