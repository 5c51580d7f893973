"""Contracts being carried out: what is to be done, accepted, paid, and proposals to end one."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.party import Side
from marketplace.contracts.payments.models import Instalment, InstalmentQuerySet
from marketplace.contracts.performance.answered import answered_under
from marketplace.contracts.performance.models import (
    ContractMilestone,
    ContractTermination,
    MilestoneQuerySet,
    TerminationQuerySet,
)
from marketplace.contracts.rules import SUBMITTERS, WRITERS
from marketplace.core.money import format_yuan
from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.models import MemberRole
from marketplace.organisations.one_side import why_not_both

AHEAD = timedelta(days=14)
ICON = "flag"
PARTS = ("seller", "buyer", "deal__trial")
Kept = dict[Side, list[int]]  # contracts by the side for which the reader answers nothing
KeptOff = Callable[[], Kept]


def waiting(reader: Reader) -> list[Pile]:
    writes, submits = reader.holds(*WRITERS), reader.holds(*SUBMITTERS)
    pays = reader.holds(MemberRole.FINANCE)
    if not (writes or submits or pays):
        return []
    kept = cache(lambda: _kept_off(reader))
    return [
        _to_do(reader, writes),
        _to_accept(writes, submits, kept),
        _to_pay(reader, pays),
        _to_answer(reader, submits, kept),
    ]


def _contracts() -> str:
    return reverse("contract-list")


def _kept_off(reader: Reader) -> Kept:
    """Return by side the contracts in which the reader answered for the other: what is asked waits for a colleague."""
    kept: Kept = {side: [] for side in Side}
    if not reader.bound:
        return kept
    own = reader.holds(*WRITERS)
    both = Q(buyer__in=own, seller__in=reader.bound) | Q(seller__in=own, buyer__in=reader.bound)
    asks = Q(milestones__state=ContractMilestone.State.DONE)
    asks |= Q(terminations__state__in=ContractTermination.WAITING)
    contracts = list(TechnologyContract.objects.filter(both & asks).select_related(*PARTS).distinct())
    told = answered_under(reader.user, contracts)
    for contract in contracts:
        for side, party in ((Side.SELLER, contract.seller), (Side.BUYER, contract.buyer)):
            if why_not_both(party, told[contract.pk]) is not None:
                kept[side].append(contract.pk)
    return kept


def _to_do(reader: Reader, sells: list[int]) -> Pile:
    """The seller's milestones of the next two weeks, those that are late, and those not accepted."""
    signed = ContractMilestone.objects.filter(contract__seller__in=sells, contract__signed_file__isnull=False)
    found = signed.to_do(reader.today + AHEAD)
    return Pile(found, lambda: first_of(found.select_related("contract"), _do, url=_contracts(), icon=ICON))


def _do(milestone: ContractMilestone) -> Row:
    again = milestone.state == milestone.State.REFUSED
    title = _("Do it again: %(name)s") if again else _("Do the milestone: %(name)s")
    return Row(
        title=title % {"name": milestone},
        about=(str(milestone.contract),),
        url=milestone.get_absolute_url(),
        act=_("Report"),
        icon=ICON,
        due=milestone.due_on,
        is_main=again,
        of=milestone.contract.seller_id,
    )


def _to_accept(buys: list[int], sells: list[int], kept: KeptOff) -> Pile:
    """What the seller reported waits for the buyer; for the seller itself where the buyer is not on the platform."""
    whose = Q(contract__buyer__in=buys) | Q(contract__buyer=None, contract__seller__in=sells)
    done = ContractMilestone.objects.filter(whose, state=ContractMilestone.State.DONE)
    return Pile(done, lambda: _done(done, kept()))


def _done(done: MilestoneQuerySet, kept: Kept) -> list[Row]:
    found = done.running().exclude(contract__in=kept[Side.BUYER]).select_related("contract").order_by("done_at")
    return first_of(found, _accept, url=_contracts(), icon=ICON)


def _accept(milestone: ContractMilestone) -> Row:
    return Row(
        title=_("Accept or refuse: %(name)s") % {"name": milestone},
        about=(str(milestone.contract),),
        url=milestone.get_absolute_url(),
        act=_("Look"),
        icon=ICON,
        since=milestone.done_at,
        of=milestone.contract.buyer_id or milestone.contract.seller_id,
    )


def _to_pay(reader: Reader, pays: list[int]) -> Pile:
    """The buyer's instalments of the next two weeks and those that are late."""
    due = Instalment.objects.standing().filter(contract__buyer__in=pays, due_on__lte=reader.today + AHEAD)
    return Pile(due.unpaid(), lambda: _due(due))


def _due(due: InstalmentQuerySet) -> list[Row]:
    found = due.owed().open().select_related("contract").order_by("due_on", "id")
    return first_of(found, _pay, url=_contracts(), icon="banknotes")


def _pay(instalment: Instalment) -> Row:
    came_in: int = getattr(instalment, "came_in", 0)
    return Row(
        title=_("Pay an instalment: %(name)s") % {"name": instalment.contract},
        about=(_("%(amount)s yuan open") % {"amount": format_yuan(instalment.amount - came_in)}, instalment.condition),
        url=instalment.get_absolute_url(),
        act=_("See the payments"),
        icon="banknotes",
        due=instalment.due_on,
        of=instalment.contract.buyer_id,
    )


def _to_answer(reader: Reader, mine: list[int], kept: KeptOff) -> Pile:
    """A proposal to end a contract, or an end declared for a breach, waits for the other side."""
    asked = Q(side=Side.SELLER, contract__buyer__in=mine) | Q(side=Side.BUYER, contract__seller__in=mine)
    waits = ContractTermination.objects.filter(asked).to_answer(reader.today)
    return Pile(waits, lambda: _asked(waits, kept()))


def _asked(waits: TerminationQuerySet, kept: Kept) -> list[Row]:
    found = waits.exclude(side=Side.SELLER, contract__in=kept[Side.BUYER])
    found = found.exclude(side=Side.BUYER, contract__in=kept[Side.SELLER])
    return first_of(found.select_related("contract").order_by("begun_at"), _answer, url=_contracts(), icon=ICON)


def _answer(termination: ContractTermination) -> Row:
    contract = termination.contract
    proposed = termination.state == termination.State.PROPOSED
    asks = _("Answer the proposal to end the contract: %(name)s")
    declared = _("Accept or dispute the end declared for a breach: %(name)s")
    return Row(
        title=(asks if proposed else declared) % {"name": contract},
        about=(termination.get_side_display(),),
        url=termination.get_absolute_url(),
        act=_("Answer"),
        icon=ICON,
        due=termination.answer_by,
        since=termination.begun_at,
        is_main=True,
        of=contract.buyer_id if termination.side == Side.SELLER else contract.seller_id,
    )
