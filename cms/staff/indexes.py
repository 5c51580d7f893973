"""The indexes of search, for staff: what each holds, how far it is behind, and making it anew."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.permissions import policy_registry

from cms.staff.screens import Screen, ScreenSet
from cms.staff.subjects import about
from marketplace.core.refusals import Refused
from marketplace.core.rules import why_not
from search import rules
from search.documents import SOURCES, source_of
from search.engine import Health
from search.engines import get_engine
from search.models import IndexRun
from search.queries import TITLES
from search.rebuilding import ask_for_rebuild
from tasks.delivery import try_again
from tasks.lag import behind, failed
from tasks.models import Delivery

LATEST = 20


def _indexes(health: Health) -> list[dict[str, Any]]:
    held, late = {each.kind: each for each in health.kinds}, behind()
    runs = IndexRun.objects.select_related("asked_by")
    return [
        {
            "kind": kind,
            "label": TITLES.get(kind, kind),
            "held": held.get(kind),
            "rows": source.rows().count(),
            "behind": late[kind],
            "running": runs.filter(kind=kind, ended_at=None).first(),
            "last": runs.filter(kind=kind).exclude(ended_at=None).first(),
        }
        for kind, source in SOURCES.items()
    ]


def _failures() -> list[dict[str, Any]]:
    """Return the changes that could not be indexed, each with the public identifier of its record."""
    found = []
    for delivery in failed():
        subject = delivery.entry.subject
        source = source_of(subject) if subject is not None else None
        name = getattr(subject, source.key) if source else about(delivery.entry)
        found.append({"delivery": delivery, "name": name})
    return found


class IndexScreen(Screen):
    """What each index holds and lacks."""

    model = IndexRun
    page_title = gettext_lazy("Search index")
    header_icon = "cogs"
    template_name = "cms/staff/indexes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        health = get_engine().health()
        indexes, runs = _indexes(health), IndexRun.objects.select_related("asked_by")[:LATEST]
        return super().get_context_data(**kwargs) | {
            "health": health,
            "indexes": indexes,
            "is_running": any(index["running"] for index in indexes),
            "failures": _failures(),
            "runs": [(TITLES.get(run.kind, run.kind), run) for run in runs],
            "may_rebuild": why_not(rules.ask_for_rebuild, self.request.user) is None,
            "may_try_again": policy_registry.get_by_type(Delivery).user_has_permission(self.request.user, "change"),
        }


class IndexFigures(IndexScreen):
    """The same figures alone, asked for again while a rebuild runs."""

    template_name = "cms/staff/_indexes.html"


@require_POST
def rebuild(request: HttpRequest, kind: str) -> HttpResponse:
    """Have one index made anew by the index worker."""
    if kind not in SOURCES:
        raise Http404
    try:
        ask_for_rebuild(kind, by=request.user)  # type: ignore[arg-type]  # the admin lets nobody else in
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The rebuild begins as soon as the index worker is free; search goes on meanwhile.")
        )
    return redirect("search-index:index")


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a change indexed again that failed."""
    if not policy_registry.get_by_type(Delivery).user_has_permission(request.user, "change"):
        raise PermissionDenied
    try_again(get_object_or_404(Delivery, pk=pk, done_at=None, consequence__startswith="index."))
    messages.success(request, _("It is tried again with the next sweep, within a minute."))
    return redirect("search-index:index")


class Indexes(ScreenSet):
    model = IndexRun
    menu_label = gettext_lazy("Search index")
    icon = "cogs"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", IndexScreen.as_view(), name="index"),
            path("figures/", IndexFigures.as_view(), name="figures"),
            path("rebuild/<str:kind>/", rebuild, name="rebuild"),
            path("again/<int:pk>/", again, name="again"),
        ]
