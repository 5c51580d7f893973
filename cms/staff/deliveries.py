"""What should have followed from a fact and has not: why, and another try."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.permissions import policy_registry

from cms.staff.viewsets import LookOnly
from marketplace.auctions.outbid import secret_entries
from tasks.delivery import try_again
from tasks.models import Delivery


class DeliveryListing(LookOnly):
    """Consequences that failed at least once and are not done, the most often tried first."""

    model = Delivery
    menu_label = gettext_lazy("Not delivered")
    icon = "warning"
    related = ("entry",)
    list_display = ["consequence", "entry", "attempts", "due_at", "error"]
    list_filter = ["consequence"]
    list_export = ["consequence", "entry", "attempts", "due_at", "error"]
    search_fields = ["consequence", "error"]
    inspect_view_fields = ["consequence", "entry", "attempts", "due_at", "done_at", "error"]
    inspect_template_name = "cms/staff/delivery.html"

    def get_queryset(self, request: Any) -> QuerySet[Delivery]:
        """Leave out what would tell who was outbid while bids are secret, as the journal does."""
        stuck = Delivery.objects.filter(done_at=None, attempts__gt=0).exclude(entry__in=secret_entries())
        return stuck.select_related("entry").order_by("-attempts")

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("again/<int:pk>/", again, name="again")]


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a delivery ten more attempts."""
    delivery = get_object_or_404(Delivery, pk=pk, done_at=None)
    if not policy_registry.get_by_type(Delivery).user_has_permission(request.user, "change"):
        raise PermissionDenied
    try_again(delivery)
    messages.success(request, _("It is tried again with the next sweep, within a minute."))
    return redirect("deliveries:index")
