"""Pages of matches: one's own, and one with its reasons. Answers: answer_views.py; of a record: record_views.py."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from marketplace.brokers.models import TechBroker
from marketplace.core.paging import PAGE
from marketplace.core.rules import why_not
from marketplace.matching import choosing, rules
from marketplace.matching.finding import MatchQuerySet
from marketplace.matching.forms import DeclineForm, OfferForm, PinForm, WithdrawForm, ask_for_no_names
from marketplace.matching.history import added_by_words, broker_words, history
from marketplace.matching.models import Answer, Match, Side
from marketplace.matching.passing_on import has_passed_on
from marketplace.matching.reconsidering import why_not_as_it_was
from marketplace.matching.showing import TONES, Shown, shown
from marketplace.matching.sides import Capacity
from marketplace.organisations.acting import OF_ALL, may_have_some
from marketplace.organisations.one_side import answered_beside, bound_to


def found_for(request: Any) -> MatchQuerySet:
    return Match.objects.visible_to(request.user).with_parties().prefetch_related("need__disclosures")


def _house(request: Any) -> Any:
    """Return the organisation to whose matches the list keeps; None where `of=all` asks for all the reader may see."""
    return None if request.GET.get("of") == OF_ALL else request.organisation


def _sides(request: Any) -> list[int]:
    """Return the organisations the reader may answer for; none of those who only read: officers, brokers, auditors."""
    if request.GET.get("of") == OF_ALL and request.user.reads_everything:
        return []
    house = _house(request)
    return [house.pk] if house else list(request.user.member_roles)


def _open_to(mine: list[int], user: Any) -> tuple[Q, Q]:
    """Select the proposals that wait for the reader's answer, and those that wait for a colleague's.

    A colleague answers for a side where the reader did for the other, which nearly nobody ever did.
    """
    need = Q(need__organisation__in=mine, need_answer=Answer.WAITING)
    outcome = Q(outcome__owner__in=mine, outcome_answer=Answer.WAITING)
    if not bound_to(user):
        return need | outcome, Q(pk__in=[])
    own = need & ~Q(answered_beside(user, Match, "need__organisation"))
    own |= outcome & ~Q(answered_beside(user, Match, "outcome__owner"))
    return own, (need | outcome) & ~own


def _folders(request: Any) -> dict[str, tuple[Any, MatchQuerySet]]:
    """Return the parts of the list: name in the address → (label, matches)."""
    matches = found_for(request)
    if house := _house(request):
        matches = matches.of(house)
    brought = _brought(request)
    return _open_folders(matches.proposed(), _sides(request), request.user) | {
        "agreed": (_("Accepted by both"), matches.filter(state=Match.State.AGREED)),
        "past": (
            _("Declined and withdrawn"),
            matches.filter(state__in=[Match.State.DECLINED, Match.State.WITHDRAWN]),
        ),
        **({"brought": (_("Brought by you"), brought)} if brought is not None else {}),
    }


def _brought(request: Any) -> MatchQuerySet | None:
    """Return what the reader brought as a broker, also for whom they serve no more; None where that is nothing."""
    if not hasattr(request.user, "broker") or not TechBroker.objects.working().filter(user=request.user.pk).exists():
        return None
    brought = Match.objects.brought_by(request.user).with_parties().prefetch_related("need__disclosures")
    return brought if brought.exists() else None


def _open_folders(proposed: MatchQuerySet, mine: list[int], user: Any) -> dict[str, tuple[Any, MatchQuerySet]]:
    """Return the parts with what is not answered by both, as those who answer see them, or those who only read."""
    if mine:
        own, others = _open_to(mine, user)
        folders = {
            "waiting": (_("Waiting for you"), proposed.filter(own)),
            "colleague": (_("Waiting for a colleague"), proposed.filter(others)),
            "answered": (_("Waiting for the other side"), proposed.exclude(own | others)),
        }
        if not folders["colleague"][1].exists():
            del folders["colleague"]
        return folders
    half = Q(need_answer=Answer.ACCEPTED) | Q(outcome_answer=Answer.ACCEPTED)
    return {
        "waiting": (_("Waiting for both sides"), proposed.exclude(half)),
        "answered": (_("Waiting for one side"), proposed.filter(half)),
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
    page = Paginator(found.best_first(), PAGE).get_page(request.GET.get("page"))
    of_all = f"&of={OF_ALL}" if request.GET.get("of") == OF_ALL else ""
    tabs = [
        {"label": label, "href": f"?show={name}{of_all}", "count": matches.count(), "current": name == chosen}
        for name, (label, matches) in folders.items()
    ]
    rows = shown(page, request.user, request.organisation)
    context = {
        "tabs": tabs,
        "rows": rows,
        "page_obj": page,
        "strengths": _strengths(f"{chosen}{of_all}", strength),
        "title": _("My matches") if _sides(request) else _("Matches"),
        "may_have_some": may_have_some(request.user),
        "reads_all": request.user.reads_everything and bool(request.user.member_roles),
        "of_all": bool(of_all),
    }
    return render(request, "marketplace/matching/match_list.html", context)


def _strengths(chosen: str, strength: str) -> list[dict[str, Any]]:
    """Return the tags that narrow a folder, with whose matches it holds, to one strength."""
    offered = [("", _("All")), *((each.value, str(each.label).capitalize()) for each in Match.Strength)]
    return [
        {"label": label, "href": f"?show={chosen}&strength={key}" if key else f"?show={chosen}", "on": key == strength}
        for key, label in offered
    ]


def match_page(
    request: Any,
    match: Match,
    form: DeclineForm | None = None,
    *,
    pin_form: PinForm | None = None,
    withdraw_form: WithdrawForm | None = None,
    offer_form: OfferForm | None = None,
) -> HttpResponse:
    """Show one match, perhaps with a form that came back."""
    one: Shown = shown([match], request.user, request.organisation)[0]
    form, pin_form, withdraw_form = form or DeclineForm(), pin_form or PinForm(), withdraw_form or WithdrawForm()
    if match.need.is_anonymous and one.side != Side.OUTCOME:
        for field in (form.fields["note"], pin_form.fields["reason"], withdraw_form.fields["note"]):
            ask_for_no_names(field)
    is_own = match.added_as == Capacity.BROKER and match.added_by_id == request.user.pk
    reads_history = one.side is not None or request.user.reads_everything or is_own
    context = {
        "match": match,
        "shown": one,
        "added_by": added_by_words(match),
        "form": form,
        "pin_form": pin_form,
        "withdraw_form": withdraw_form,
        "offer_form": offer_form or OfferForm(initial={"reason": match.added_reason}, auto_id="offer_%s"),
        "correct_obstacle": why_not(rules.correct_offer, request.user, match, organisation=request.organisation),
        "history": history(match, request.user, one.side) if reads_history else [],
        "obstacle": why_not(rules.accept_match, request.user, match, organisation=request.organisation),
        "pin_obstacle": why_not(rules.pin_match, request.user, match, organisation=request.organisation),
        "unpin_obstacle": why_not(rules.unpin_match, request.user, match, organisation=request.organisation),
        "apart": choosing.why_apart(match.need, match.outcome) if match.state == Match.State.AGREED else None,
        "takes_back": _takes_back(request, match),
        "not_as_it_was": why_not_as_it_was(match) if one.is_refused else None,
        "passed_on": request.user.is_authenticated and has_passed_on(match, request.user),
        "indicators": match.need.indicators.all(),
        "reads_deal": _reads_deal(match, request.user),
        "opens_outcome": match.outcome.is_open_to(request.user),
    }
    return render(request, "marketplace/matching/match_detail.html", context)


def _takes_back(request: Any, match: Match) -> bool:
    """Tell whether the reader's side declined or took its acceptance back, and may think again."""
    if match.state != Match.State.DECLINED and match.taken_back_by is None:
        return False
    return why_not(rules.reconsider_match, request.user, match, organisation=request.organisation) is None


def _reads_deal(match: Match, user: Any) -> bool:
    """Tell whether a person may open the deal of a match: a broker of one side sees matches of others' deals."""
    deal = getattr(match, "deal", None)
    return deal is not None and type(deal).objects.visible_to(user).filter(pk=deal.pk).exists()


@login_required
def match_detail(request: Any, code: str) -> HttpResponse:
    """One match: both sides, every reason, and the answer."""
    match = found_for(request).filter(code=code).first()
    if match is not None:
        return match_page(request, match)
    brought = Match.objects.brought_by(request.user).with_parties().prefetch_related("need__disclosures")
    return _brought_page(request, get_object_or_404(brought, code=code))


def _brought_page(request: Any, match: Match) -> HttpResponse:
    """Show its head and history to the broker who brought a match and serves neither side any more."""
    context = {
        "match": match,
        "tone": TONES[match.state],
        "brought_by": broker_words(request.user),
        "history": history(match, request.user, None),
    }
    return render(request, "marketplace/matching/match_brought.html", context)
