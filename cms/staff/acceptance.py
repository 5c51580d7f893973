"""Supervision of matching: what was accepted and declined, by feature and by broker, for those who read everything."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from marketplace.core import clock
from marketplace.core.tables import table_response
from marketplace.indicators import acceptance
from marketplace.indicators.acceptance import Group
from marketplace.indicators.periods import Period

PAGE = 50
HALVES = 6  # half-years offered


class ForReaders(MenuItem):
    """A menu item for officers and auditors."""

    def is_shown(self, request: Any) -> bool:
        return request.user.reads_everything


class AcceptanceReport(ViewSet):
    menu_label = gettext_lazy("Answers to matches")
    icon = "tick-inverse"

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        return ForReaders

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", report, name="index"), path("matches/", matches, name="matches")]


def _period(request: HttpRequest) -> Period | None:
    """Return the period asked for; None, for all times, where none is named."""
    asked = request.GET.get("period", "")
    found = Period.parse(asked)
    if asked and found is None:
        raise Http404(_("There is no such period."))
    return found


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Numbers and shares; `?export=xlsx|csv` sends them as a table."""
    _require_reader(request)
    period = _period(request)
    sections = acceptance.sections(acceptance.answered(period))
    if request.GET.get("export"):
        heads = [_("Question"), _("Answer"), _("Accepted"), _("Declined"), _("Answered"), _("Accepted in per cent")]
        lines = [[section.title, *_line(group)] for section in sections for group in section.groups]
        return table_response("matches-answered", heads, lines, form=request.GET["export"])
    code = period.code if period else ""
    context = {
        "title": _("Answers to matches"),
        "period": period,
        "periods": _offered(),
        "fewest": acceptance.FEWEST,
        "export": f"?{urlencode({'period': code})}&export=",
        "sections": [(section, [_shown(group, code) for group in section.groups]) for section in sections],
    }
    return render(request, "cms/staff/acceptance.html", context)


@require_safe
def matches(request: HttpRequest) -> HttpResponse:
    """The matches behind one number."""
    _require_reader(request)
    section, key, answer = (request.GET.get(name, "") for name in ("section", "key", "answer"))
    if answer not in ("accepted", "declined"):
        raise Http404(_("There is no such list."))
    period = _period(request)
    found = acceptance.answered(period)
    rows = acceptance.matches_of(found, section, key, accepted=answer == "accepted")
    told = {
        one.key: (one.title, {group.key: group.label for group in one.groups}) for one in acceptance.sections(found)
    }
    title, labels = told.get(section, ("", {}))
    context = {
        "title": _("Answers to matches"),
        "asked": " · ".join(part for part in (title, labels.get(key, "")) if part),
        "answer": _("Accepted") if answer == "accepted" else _("Declined"),
        "period": period,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "address": f"?{urlencode({'section': section, 'key': key, 'answer': answer})}",
        "back": f"{reverse('acceptance:index')}?{urlencode({'period': period.code if period else ''})}",
    }
    return render(request, "cms/staff/acceptance_matches.html", context)


def _require_reader(request: HttpRequest) -> None:
    if not request.user.reads_everything:  # type: ignore[union-attr]
        raise PermissionDenied


def _offered() -> list[Period]:
    """Return the half-years up to the running one, the newest first."""
    found = [Period.containing(clock.today(), "half")]
    while len(found) < HALVES:
        found.append(found[-1].previous())
    return found


def _line(group: Group) -> list[Any]:
    rate = _("too few") if group.rate is None else round(group.rate * 100, 1)
    return [group.label, group.accepted, group.declined, group.total, "" if group.section == "reason" else rate]


def _shown(group: Group, period: str) -> dict[str, Any]:
    def href(answer: str) -> str:
        asked = {"section": group.section, "key": group.key, "answer": answer, "period": period}
        return f"{reverse('acceptance:matches')}?{urlencode(asked)}"

    return {
        "group": group,
        "accepted_href": href("accepted"),
        "declined_href": href("declined"),
        "percent": None if group.rate is None else round(group.rate * 100),
        "has_rate": group.section != "reason",
    }
