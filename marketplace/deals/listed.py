"""The deals somebody lists, as the address filters them: by column for the board, or all in one order."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum

from marketplace.core.choices import PricingMode
from marketplace.deals.amended import PERFORMED, differences
from marketplace.deals.models import Deal, DealQuerySet
from marketplace.deals.withheld import named_to
from marketplace.organisations.acting import OF_ALL, listed_house

INTEREST = "interest"  # the board's first column, named where others bear the state of a deal
ON_THE_BOARD = 24  # cards: so few are all shown
IN_A_COLUMN = 2  # cards of more, at first
MORE = 15  # cards that come when more are asked for
SIDES = {"seller": "seller__in", "buyer": "buyer__in"}
FILTERS = ("q", "side", "mode", "state", "ended", "view", "of")


def kept(asked: Any) -> str:
    """Return the filters of an address, to be asked for again."""
    return urlencode({name: asked[name] for name in FILTERS if asked.get(name)})


def mine_of(request: Any) -> list[int]:
    """Return the organisation this person acts for, else all of theirs (also where `of=all` asks for them), by key."""
    is_one = request.organisation is not None and request.GET.get("of") != OF_ALL
    return [request.organisation.pk] if is_one else list(request.user.member_roles)


def listed(request: Any) -> DealQuerySet:
    """Return the deals this person sees, as the address filters them, the longest in its stage first."""
    user, asked = request.user, request.GET
    deals = Deal.objects.visible_to(user)
    if house := listed_house(request):
        deals = deals.filter(Q(seller=house) | Q(buyer=house) | Q(broker__user=user))
    side, mode, words = asked.get("side", ""), asked.get("mode", ""), asked.get("q", "").strip()
    if side in SIDES:
        deals = deals.filter(**{SIDES[side]: mine_of(request)})
    elif side == "broker":
        deals = deals.filter(broker__user=user)
    if mode in PricingMode.values:
        deals = deals.filter(pricing_mode=mode)
    if words:
        deals = deals.filter(
            Q(outcome__title__icontains=words)
            | Q(seller__name__icontains=words)
            | Q(named_to(user), buyer__name__icontains=words)
            | Q(code__iexact=words)
        )
    return _in_state(deals, asked).order_by("moved_at", "pk")


def _in_state(deals: DealQuerySet, asked: Any) -> DealQuerySet:
    if asked.get("state") == INTEREST:
        return deals.none()
    if asked.get("state", "") in Deal.State.values:
        return deals.filter(state=asked["state"])
    return deals if asked.get("ended") else deals.exclude(state=Deal.State.TERMINATED)


def in_each_column(count: int) -> int:
    """Return how many cards a column of a board of `count` deals shows at first."""
    return ON_THE_BOARD if count <= ON_THE_BOARD else IN_A_COLUMN


def first_of_each_column(deals: DealQuerySet, count: int) -> list[Deal]:
    """Return the first of `count` deals in every state, or all of a few, with what a card reads.

    As many questions for a thousand as for one.
    """
    each = in_each_column(count)
    columns = [deals.filter(state=state).values_list("pk", flat=True)[:each] for state in Deal.State.values]
    keys = columns[0].union(*columns[1:], all=True)
    return list(Deal.objects.filter(pk__in=list(keys)).for_cards())


def more_of_a_column(deals: DealQuerySet, passed: int) -> list[Deal]:
    """Return the next deals of one column, after so many."""
    keys = deals.values_list("pk", flat=True)[passed : passed + MORE]
    return list(Deal.objects.filter(pk__in=list(keys)).for_cards())


def sums_of_columns(deals: DealQuerySet) -> dict[str, tuple[int, int]]:
    """Return {state: how many deals, what they come to in fen}: fixed prices, and contracts changed since."""
    rows = list(deals.order_by().values("state").annotate(count=Count("pk"), total=Sum("price")))
    apart = differences(deals) if any(row["state"] in PERFORMED for row in rows) else {}
    return {row["state"]: (row["count"], (row["total"] or 0) + apart.get(row["state"], 0)) for row in rows}
