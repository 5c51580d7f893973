"""Interest to answer, deals in which it is one's turn, and brokers to consent to."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.auctions.days_of_sale import last_days
from marketplace.auctions.models import Lot
from marketplace.contracts.models import TechnologyContract
from marketplace.deals.answered import load_answered
from marketplace.deals.cards import load_turns
from marketplace.deals.colleagues import inviting, lacking, lacking_answers
from marketplace.deals.dated import days_until_interest_stalls
from marketplace.deals.interest import Interest, InterestQuerySet
from marketplace.deals.models import Deal, Side
from marketplace.deals.parts import BrokerConsent
from marketplace.deals.showing import kept_off
from marketplace.deals.turns import asks_an_answer, turn_of, waits_for
from marketplace.deals.withheld import called_for, owner_of_need, withholds_asker
from marketplace.desk.piles import Pile
from marketplace.desk.rows import SHOWN, Reader, Row, first_of, shortened
from marketplace.organisations.models import Organisation, User
from marketplace.organisations.roles import MemberRole


def waiting(reader: Reader) -> list[Pile]:
    selling, buying = reader.holds(MemberRole.PUBLISHER), reader.holds(MemberRole.BIDDER)
    if not selling and not buying:
        return []
    asked = Interest.objects.awaiting_answer().filter(outcome__owner__in=selling).exclude(shown_by=reader.user)
    under_way = Deal.objects.open().filter(Q(seller__in=selling) | Q(buyer__in=buying))
    piles = [
        Pile(asked, lambda: _interest(reader, asked)),
        Pile(under_way, lambda: _of_deals(reader, selling, buying)),
    ]
    if managed := reader.holds(MemberRole.MANAGER):
        shown = Interest.objects.awaiting_answer().filter(outcome__owner__in=managed, shown_by=reader.user)
        piles.append(Pile(shown, lambda: _unanswerable(reader, shown)))
    return piles


def _interest(reader: Reader, asked: InterestQuerySet) -> list[Row]:
    asked = asked.select_related("outcome", "organisation", "need").prefetch_related("need__disclosures")
    answer = partial(_answer, reader=reader, days=days_until_interest_stalls(reader.today))
    return first_of(asked, answer, url=reverse("interest-list"), icon="hand-raised")


def _answer(interest: Interest, *, reader: Reader, days: int | None) -> Row:
    """Return the row of an interest; one that stalls was due when its days were over."""
    late = interest.is_stalled(reader.at, days=days)
    return Row(
        title=_("Answer the interest in %(outcome)s") % {"outcome": interest.outcome.heading},
        about=(owner_of_need() if withholds_asker(interest, reader.user) else interest.organisation.called,),
        url=interest.get_absolute_url(),
        act=_("Answer"),
        icon="hand-raised",
        since=interest.shown_at,
        due=interest.shown_at + timedelta(days=days) if late and days is not None else None,
        of=interest.outcome.owner_id,
    )


def _of_deals(reader: Reader, selling: list[int], buying: list[int]) -> list[Row]:
    """Return the rows of deals: what the own sides have to do, and where a colleague has to be brought in for it."""
    own = {Side.SELLER: Q(seller__in=selling), Side.BUYER: Q(buyer__in=buying)}
    kept = _kept_off(reader, own)
    return [*_turns(reader, selling, buying, kept), *_colleagues(reader, kept)]


def _turns(reader: Reader, selling: list[int], buying: list[int], kept: dict[Side, "_Kept"]) -> list[Row]:
    """Return a row for each deal in which one of the own sides has to act, and one that counts the rest."""
    own = {Side.SELLER: Q(seller__in=selling), Side.BUYER: Q(buyer__in=buying)}
    waits = [own[side] & _waits_for(side, kept[side]) for side in Side]
    found = Deal.objects.open().filter(waits[0] | waits[1]).order_by("moved_at", "pk")
    deals = list(found.for_cards()[: SHOWN + 1])
    load_turns(deals)
    days = _last_days(deals)
    houses = {Side.SELLER: selling, Side.BUYER: buying}
    rows = [_act(deal, *_what(deal, houses, kept), reader.user, days.get(deal.lot_number)) for deal in deals]
    if len(rows) <= SHOWN:
        return rows
    left = found.count() - SHOWN
    more = ngettext("Go on with %(count)s more deal", "Go on with %(count)s more deals", left) % {"count": left}
    rest = Row(
        title=more,
        url=reverse("deal-list"),
        act=_("Open the list"),
        icon="briefcase",
        since=rows[SHOWN].since,
        count=left,
    )
    return [*rows[:SHOWN], rest]


@dataclass
class _Kept:
    """The deals, by key, of whose answers for one side the reader is kept off, and those whose turn is an answer."""

    answers: list[int] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)  # the same as `turns`, as records


def _kept_off(reader: Reader, own: dict[Side, Q]) -> dict[Side, _Kept]:
    """Return by side in which deals the reader answered for the other, so that it waits for a colleague."""
    kept = {side: _Kept() for side in Side}
    if not reader.bound:
        return kept
    both = own[Side.SELLER] & Q(buyer__in=reader.bound) | own[Side.BUYER] & Q(seller__in=reader.bound)
    deals = list(Deal.objects.open().filter(both).with_parties())
    load_answered(deals, reader.user)
    for deal in deals:
        for side in kept_off(deal, reader.user):
            kept[side].answers.append(deal.pk)
            if asks_an_answer(deal):
                kept[side].turns.append(deal.pk)
                kept[side].deals.append(deal)
    return kept


def _colleagues(reader: Reader, kept: dict[Side, _Kept]) -> list[Row]:
    """Return a row for each deal of an organisation the reader manages in which nobody of it may do what is its turn.

    Managers may do what others may, so whom nothing keeps off finds nothing here.
    """
    managed = reader.holds(MemberRole.MANAGER) if reader.bound else []
    sides = [(deal, side) for side in Side for deal in kept[side].deals if deal.party(side).pk in managed]
    load_turns([deal for deal, _side in sides])
    found = lacking(sides)
    rows = [_bring_in(deal, deal.party(side), deal.moved_at) for deal, side in sides if (deal.pk, side) in found]
    return shortened(rows, url=reverse("deal-list"), icon="user-plus")


def _unanswerable(reader: Reader, shown: InterestQuerySet) -> list[Row]:
    """Return a row for each interest the reader showed themselves and nobody else of the owner may answer."""
    interests = list(shown.select_related("outcome__owner").order_by("shown_at")) if reader.bound else []
    found = lacking_answers(interests)
    rows = [_bring_in(one, one.outcome.owner, one.shown_at) for one in interests if one.pk in found]
    return shortened(rows, url=reverse("interest-list"), icon="user-plus")


def _bring_in(matter: Deal | Interest, organisation: Organisation, since: datetime) -> Row:
    return Row(
        title=_("Bring in a colleague: %(matter)s") % {"matter": matter.outcome.heading},
        about=(
            _("Whoever of %(organisation)s could answer answered for the other side")
            % {"organisation": organisation.called},
        ),
        url=matter.get_absolute_url(),
        act=_("Invite a colleague"),
        act_url=inviting(organisation),
        icon="user-plus",
        since=since,
    )


def _waits_for(side: Side, kept: _Kept) -> Q:
    """Select the deals in which it is the turn of a side, or it is asked to consent, and the reader may do it."""
    turn = waits_for(side) & ~_drawn_up() & ~Q(pk__in=kept.turns)
    return turn | _is_asked_for_consent(side) & ~Q(pk__in=kept.answers)


def _drawn_up() -> Q:
    """Select the deals whose contract is there to be completed: that is a row of its own."""
    states = TechnologyContract.State
    begun = TechnologyContract.objects.filter(deal=OuterRef("pk"), state__in=[states.DRAFT, states.RETURNED])
    return Q(state=Deal.State.CONTRACT, reopening_asked_by="") & Q(Exists(begun))


def _is_asked_for_consent(side: Side) -> Q:
    """Select the deals whose other side asked that its broker act for both, and this side has not consented."""
    given = BrokerConsent.objects.filter(deal=OuterRef("pk"), ended_at=None, for_both=True)
    return Q(Exists(given.filter(side=side.other))) & ~Q(Exists(given.filter(side=side)))


def _what(deal: Deal, houses: dict[Side, list[int]], kept: dict[Side, _Kept]) -> tuple[str, int]:
    """Return what one of the own sides has to do, and for which organisation: its turn, or else the consent asked."""
    parties = {Side.SELLER: deal.seller_id, Side.BUYER: deal.buyer_id}
    own = [side for side in Side if parties[side] in houses[side]]
    acts = [(act, side) for side in own if deal.pk not in kept[side].turns and (act := turn_of(deal).acts.get(side))]
    consent = (_("Consent to the broker for both sides"), own[0])
    act, side = acts[0] if acts else consent
    return act, parties[side]


def _last_days(deals: list[Deal]) -> dict[str, date]:
    """Return the day by which the contracts of sales at auction are signed, by the number of the lot."""
    unsigned = [deal.lot_number for deal in deals if deal.lot_number and deal.state == Deal.State.CONTRACT]
    lots = Lot.objects.awaiting_a_day().filter(number__in=unsigned).select_related("session")
    numbers = {lot.pk: lot for lot in lots}
    return {numbers[pk].number: last.day for pk, last in last_days(numbers.values()).items() if not last.of_payment}


def _act(deal: Deal, act: str, of: int, user: User, last_day: date | None) -> Row:
    return Row(
        title=_("%(act)s: %(deal)s") % {"act": act, "deal": deal.outcome.heading},
        about=(deal.get_state_display(), deal.seller.called, called_for(deal, user)),
        url=deal.get_absolute_url(),
        act=_("Open"),
        icon="briefcase",
        since=deal.moved_at,
        due=last_day,
        of=of,
    )
