"""Contracts being carried out: what is to be done, accepted, paid, and proposals to end one."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.contracts.party import Side
from marketplace.contracts.payments.models import Instalment
from marketplace.contracts.performance.models import ContractMilestone, ContractTermination
from marketplace.contracts.rules import SUBMITTERS, WRITERS
from marketplace.core.money import format_yuan
from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.models import MemberRole

AHEAD = timedelta(days=14)
ICON = "flag"


def waiting(reader: Reader) -> list[Row]:
    return [*_to_do(reader), *_to_accept(reader), *_to_pay(reader), *_to_answer(reader)]


def _contracts() -> str:
    return reverse("contract-list")


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


def _to_accept(reader: Reader) -> list[Row]:
    """What the seller reported waits for the buyer; for the seller itself where the buyer is not on the platform."""
    buys, sells = reader.holds(*WRITERS), reader.holds(*SUBMITTERS)
    if not buys and not sells:
        return []
    whose = Q(contract__buyer__in=buys) | Q(contract__buyer=None, contract__seller__in=sells)
    done = ContractMilestone.objects.running().filter(whose, state=ContractMilestone.State.DONE)
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


def _to_answer(reader: Reader) -> list[Row]:
    """A proposal to end a contract waits for the other side."""
    mine = reader.holds(*SUBMITTERS)
    if not mine:
        return []
    asked = Q(side=Side.SELLER, contract__buyer__in=mine) | Q(side=Side.BUYER, contract__seller__in=mine)
    found = ContractTermination.objects.filter(asked, state=ContractTermination.State.PROPOSED)
    return first_of(found.select_related("contract").order_by("begun_at"), _answer, url=_contracts(), icon=ICON)


def _answer(termination: ContractTermination) -> Row:
    return Row(
        title=_("Answer the proposal to end the contract: %(name)s") % {"name": termination.contract},
        about=(termination.get_side_display(),),
        url=termination.get_absolute_url(),
        act=_("Answer"),
        icon=ICON,
        since=termination.begun_at,
        is_main=True,
    )
