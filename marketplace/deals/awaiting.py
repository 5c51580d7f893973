"""The first column of the board of deals: interest that waits for its answer, which opens the deal or ends it there."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from marketplace.core.rules import Rule, why_not
from marketplace.deals import rules
from marketplace.deals.cards import Card, Column, stalls_for
from marketplace.deals.dated import days_until_interest_stalls
from marketplace.deals.interest import Interest, InterestQuerySet
from marketplace.deals.listed import INTEREST, MORE, in_each_column, mine_of
from marketplace.deals.models import Deal
from marketplace.deals.moves import Move
from marketplace.deals.withheld import asker_for
from marketplace.organisations.acting import OF_ALL, listed_house
from marketplace.organisations.models import Organisation

SIDES = {"seller": "outcome__owner__in", "buyer": "organisation__in"}
# where an owner may move it to → the rule of the answer
ANSWERS: dict[str, Rule] = {
    Deal.State.NEGOTIATION: rules.accept_interest,
    Deal.State.TERMINATED: rules.decline_interest,
}
WORDS: dict[str, Any] = {
    Deal.State.NEGOTIATION: pgettext_lazy("interest", "Accept"),
    Deal.State.TERMINATED: pgettext_lazy("interest", "Decline"),
}


def awaiting(request: Any) -> InterestQuerySet:
    """Return the interest this person sees that nobody answered, as the address filters the board; longest first.

    It has no state of a deal, no pricing mode and no broker: a board of one of those shows none.
    """
    asked = request.GET
    found = Interest.objects.visible_to(request.user).awaiting_answer().order_by("shown_at", "pk")
    if asked.get("mode") or asked.get("state", "") not in ("", INTEREST) or asked.get("side", "") not in ("", *SIDES):
        return found.none()
    return narrowed(found, request)


def narrowing(asked: Any) -> dict[str, str]:
    """Return what of an address narrows interest: words, and a side that interest has."""
    words, side, of = asked.get("q", "").strip(), asked.get("side", ""), asked.get("of", "")
    narrows = ({"q": words} if words else {}) | ({"side": side} if side in SIDES else {})
    return narrows | ({"of": of} if of == OF_ALL else {})


def narrowed(found: InterestQuerySet, request: Any) -> InterestQuerySet:
    """Return of some interest what the address asks for by its words and the reader's part in it."""
    asked = narrowing(request.GET)
    if house := listed_house(request):
        found = found.filter(Q(outcome__owner=house) | Q(organisation=house))
    if "side" in asked:
        found = found.filter(**{SIDES[asked["side"]]: mine_of(request)})
    if words := asked.get("q"):
        found = found.filter(
            Q(outcome__title__icontains=words) | Q(outcome__owner__name__icontains=words) | Q(code__iexact=words)
        )
    return found


def interest_column(request: Any, *, at: datetime, count: int = 0, passed: int | None = None) -> Column:
    """Return the column: all of a few beside `count` deals, else the first; or the next ones after `passed`."""
    first, last = (0, in_each_column(count)) if passed is None else (passed, passed + MORE)
    counted = awaiting(request).annotate(together=Window(Count("pk")))
    shown: list[Any] = list(counted.for_cards()[first:last])
    days = days_until_interest_stalls(timezone.localdate(at)) if shown else None
    made = [_card(one, request, at=at, patience=days) for one in shown]
    together = shown[0].together if shown else 0
    return Column(INTEREST, _("Interest"), made, together, 0, passed=first, list_url=interest_list_url(request.GET))


def interest_list_url(asked: Any) -> str:
    """Return where all that waits is listed, narrowed as the address narrows the board."""
    return f"{reverse('interest-list')}?{urlencode({'state': Interest.State.SHOWN.value} | narrowing(asked))}"


def why_not_answer(interest: Interest, to: str, user: Any, organisation: Organisation | None) -> str | None:
    """Return why this person does not move the interest to a column of the board, or None where they may."""
    rule = ANSWERS.get(to)
    if rule is None:
        return _("Interest is answered first: accepting it opens the deal.")
    return why_not(rule, user, interest, organisation=organisation)


def _card(interest: Interest, request: Any, *, at: datetime, patience: int | None) -> Card:
    user, organisation = request.user, request.organisation
    free = [to for to in ANSWERS if why_not_answer(interest, to, user, organisation) is None]
    days, is_late = (at - interest.shown_at).days, interest.is_stalled(at, days=patience)
    return Card(
        state=INTEREST,
        state_label=interest.get_state_display(),
        heading=interest.outcome.heading,
        seller=interest.outcome.owner.name,
        buyer=asker_for(interest, user),
        url=interest.get_absolute_url(),
        move_url=reverse("interest-move", args=[interest.code]),
        price=None,
        listed=None,
        step="",
        outcome=interest.outcome,
        since=interest.shown_at,
        is_mine_to_act=bool(free),
        is_late=is_late,
        days=days,
        moves=[Move(to, str(WORDS[to])) for to in free],
        may=" ".join(free),
        stalls=stalls_for(days) if is_late else "",
    )
