"""Pages of matches: one's own, those of a need or an outcome, one match with its reasons, and the answers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.core.carrying_out import carry_out
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.matching import rules
from marketplace.matching.actions import accept_match, decline_match
from marketplace.matching.forms import DeclineForm
from marketplace.matching.models import Answer, Match, MatchQuerySet
from marketplace.matching.showing import Shown, shown
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome

PAGE = 20


def _found(request: Any) -> MatchQuerySet:
    return Match.objects.visible_to(request.user).with_parties().prefetch_related("need__disclosures")


def _open_to(request: Any) -> Q:
    """Select the proposals in which a side of the reader has not answered."""
    mine = [request.organisation.pk] if request.organisation else list(request.user.member_roles)
    return Q(need__organisation__in=mine, need_answer=Answer.WAITING) | Q(
        outcome__owner__in=mine, outcome_answer=Answer.WAITING
    )


def _folders(request: Any) -> dict[str, tuple[Any, MatchQuerySet]]:
    """Return the parts of the list: name in the address → (label, matches)."""
    matches = _found(request)
    if request.organisation is not None:
        matches = matches.of(request.organisation)
    proposed, open_to = matches.filter(state=Match.State.PROPOSED), _open_to(request)
    return {
        "waiting": (_("Waiting for you"), proposed.filter(open_to)),
        "answered": (_("Waiting for the other side"), proposed.exclude(open_to)),
        "agreed": (_("Accepted by both"), matches.filter(state=Match.State.AGREED)),
        "past": (
            _("Declined and withdrawn"),
            matches.filter(state__in=[Match.State.DECLINED, Match.State.WITHDRAWN]),
        ),
    }


@login_required
def match_list(request: Any) -> HttpResponse:
    """One's own matches, by what is to be done."""
    folders = _folders(request)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in folders else "waiting"
    strength = request.GET.get("strength", "")
    strength = strength if strength in Match.Strength.values else ""
    found = folders[chosen][1].filter(**({"strength": strength} if strength else {}))
    page = Paginator(found.order_by("-score", "pk"), PAGE).get_page(request.GET.get("page"))
    tabs = [
        {"label": label, "href": f"?show={name}", "count": matches.count(), "current": name == chosen}
        for name, (label, matches) in folders.items()
    ]
    rows = shown(page, request.user, request.organisation)
    context = {"tabs": tabs, "rows": rows, "page_obj": page, "strengths": _strengths(chosen, strength)}
    return render(request, "marketplace/matching/match_list.html", context)


def _strengths(chosen: str, strength: str) -> list[dict[str, Any]]:
    """Return the tags that narrow a folder to one strength."""
    offered = [("", _("All")), *((each.value, str(each.label).capitalize()) for each in Match.Strength)]
    return [
        {"label": label, "href": f"?show={chosen}&strength={key}" if key else f"?show={chosen}", "on": key == strength}
        for key, label in offered
    ]


def _of_record(request: Any, record: Any, matches: MatchQuerySet) -> HttpResponse:
    rows = shown(matches.order_by("-score", "pk"), request.user, request.organisation)
    return render(request, "marketplace/matching/record_matches.html", {"record": record, "rows": rows})


@login_required
def need_matches(request: Any, code: str) -> HttpResponse:
    """Outcomes proposed for one need, for its enterprise."""
    need = get_object_or_404(TechnologyNeed.objects.visible_to(request.user).select_related("organisation"), code=code)
    require(rules.see_matches_of_need, request.user, need)
    return _of_record(request, need, _found(request).standing().filter(need=need))


@login_required
def outcome_matches(request: Any, number: str) -> HttpResponse:
    """Needs proposed for one outcome, for its owner."""
    found = ResearchOutcome.objects.visible_to(request.user).select_related("owner")
    outcome = get_object_or_404(found, number=number)
    require(rules.see_matches_of_outcome, request.user, outcome)
    return _of_record(request, outcome, _found(request).standing().filter(outcome=outcome))


def _match_page(request: Any, match: Match, form: DeclineForm | None = None) -> HttpResponse:
    one: Shown = shown([match], request.user, request.organisation)[0]
    context = {
        "match": match,
        "shown": one,
        "form": form or DeclineForm(),
        "obstacle": why_not(rules.accept_match, request.user, match, organisation=request.organisation),
        "indicators": match.need.indicators.all(),
    }
    return render(request, "marketplace/matching/match_detail.html", context)


@login_required
def match_detail(request: Any, code: str) -> HttpResponse:
    """One match: both sides, every reason, and the answer."""
    return _match_page(request, get_object_or_404(_found(request), code=code))


@require_POST
@login_required
def match_accept(request: Any, code: str) -> HttpResponse:
    """Accept for the side one acts for."""
    match = get_object_or_404(_found(request), code=code)
    if carry_out(request, accept_match, match, organisation=request.organisation):
        agreed = match.state == Match.State.AGREED
        told = _("Both sides have accepted. You can open the deal now.")
        messages.success(request, told if agreed else _("Accepted. The other side has been told."))
    return redirect(match)


@require_POST
@login_required
def match_decline(request: Any, code: str) -> HttpResponse:
    """Decline for the side one acts for, with the reason."""
    match = get_object_or_404(_found(request), code=code)
    require(rules.decline_match, request.user, match, organisation=request.organisation)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            decline_match(match, by=request.user, organisation=request.organisation, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("Declined. The pair comes back only when one of the texts changes."))
            return redirect(reverse("match-list"))
    return _match_page(request, match, form)
