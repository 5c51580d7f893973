"""Contracts being carried out: what is to be done, accepted, paid, and proposals to end one."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.party import Side
from marketplace.contracts.payments.models import Instalment
from marketplace.contracts.performance.answered import answered_under
from marketplace.contracts.performance.models import ContractMilestone, ContractTermination
from marketplace.contracts.rules import SUBMITTERS, WRITERS
from marketplace.core.money import format_yuan
from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.models import MemberRole
from marketplace.organisations.one_side import why_not_both

AHEAD = timedelta(days=14)
ICON = "flag"
PARTS = ("seller", "buyer", "deal__trial")
Kept = dict[Side, list[int]]  # contracts by the side for which the reader answers nothing


def waiting(reader: Reader) -> list[Row]:
    kept = _kept_off(reader)
    return [*_to_do(reader), *_to_accept(reader, kept), *_to_pay(reader), *_to_answer(reader, kept)]


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


def _to_do(reader: Reader) -> list[Row]:
    """The seller's milestones of the next two weeks, those that are late, and those not accepted."""
    mine = reader.holds(*WRITERS)
    if not mine:
        return []
    signed = ContractMilestone.objects.filter(contract__seller__in=mine, contract__signed_file__isnull=False)
    found = signed.to_do(reader.today + AHEAD).select_related("contract")
    return first_of(found, _do, url=_contracts(), icon=ICON)


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
    )


def _to_accept(reader: Reader, kept: Kept) -> list[Row]:
    """What the seller reported waits for the buyer; for the seller itself where the buyer is not on the platform."""
    buys, sells = reader.holds(*WRITERS), reader.holds(*SUBMITTERS)
    if not buys and not sells:
        return []
    whose = Q(contract__buyer__in=buys) | Q(contract__buyer=None, contract__seller__in=sells)
    done = ContractMilestone.objects.running().filter(whose, state=ContractMilestone.State.DONE)
    done = done.exclude(contract__in=kept[Side.BUYER])
    return first_of(done.select_related("contract").order_by("done_at"), _accept, url=_contracts(), icon=ICON)


def _accept(milestone: ContractMilestone) -> Row:
    return Row(
        title=_("Accept or refuse: %(name)s") % {"name": milestone},
        about=(str(milestone.contract),),
        url=milestone.get_absolute_url(),
        act=_("Look"),
        icon=ICON,
        since=milestone.done_at,
    )


def _to_pay(reader: Reader) -> list[Row]:
    """The buyer's instalments of the next two weeks and those that are late."""
    mine = reader.holds(MemberRole.FINANCE)
    if not mine:
        return []
    due = Instalment.objects.standing().owed().filter(contract__buyer__in=mine, due_on__lte=reader.today + AHEAD)
    found = due.open().select_related("contract").order_by("due_on", "id")
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
    )


def _to_answer(reader: Reader, kept: Kept) -> list[Row]:
    """A proposal to end a contract, or an end declared for a breach, waits for the other side."""
    mine = reader.holds(*SUBMITTERS)
    if not mine:
        return []
    asked = Q(side=Side.SELLER, contract__buyer__in=mine) & ~Q(contract__in=kept[Side.BUYER])
    asked |= Q(side=Side.BUYER, contract__seller__in=mine) & ~Q(contract__in=kept[Side.SELLER])
    found = ContractTermination.objects.filter(asked).to_answer(reader.today)
    return first_of(found.select_related("contract").order_by("begun_at"), _answer, url=_contracts(), icon=ICON)


def _answer(termination: ContractTermination) -> Row:
    proposed = termination.state == termination.State.PROPOSED
    asks = _("Answer the proposal to end the contract: %(name)s")
    declared = _("Accept or dispute the end declared for a breach: %(name)s")
    return Row(
        title=(asks if proposed else declared) % {"name": termination.contract},
        about=(termination.get_side_display(),),
        url=termination.get_absolute_url(),
        act=_("Answer"),
        icon=ICON,
        due=termination.answer_by,
        since=termination.begun_at,
        is_main=True,
    )
