"""A screen of the admin that is no listing of records: its own template, its own figures, shown to who may look."""

from typing import Any

from django.db.models import Model
from django.utils.functional import cached_property
from django.views.generic import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permissions import policy_registry


class Screen(PermissionCheckedMixin, WagtailAdminTemplateMixin, View):
    """A page for those who may look at `model`."""

    model: type[Model]
    permission_required = "view"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class ScreenSet(ViewSet):
    """Where a screen stands, and its entry in the menu for those who may look at `model`."""

    model: type[Model]

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        policy = policy_registry.get_by_type(self.model)
        is_shown = lambda _item, request: policy.user_has_permission(request.user, "view")  # noqa: E731
        return type(f"{type(self).__name__}MenuItem", (MenuItem,), {"is_shown": is_shown})
