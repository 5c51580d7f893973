"""Contracts that were ended and stand in the register as if they ran: for the seller and for the register."""

from django.utils.translation import gettext as _

from marketplace.contracts.dated import report_days
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.rules import SUBMITTERS
from marketplace.core.working_days import add_working_days
from marketplace.desk.piles import Pile
from marketplace.desk.rows import SHOWN, Reader, Row
from marketplace.organisations.roles import Role

ICON = "flag"


def waiting(reader: Reader) -> list[Pile]:
    mine = reader.holds(*SUBMITTERS)
    notes = reader.user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER)
    return [*([_to_note(reader)] if notes else []), *([_to_report(reader, mine)] if mine else [])]


def _to_note(reader: Reader) -> Pile:
    """The register notes the end, never of contracts of one's own organisations or that one brokered."""
    ended = TechnologyContract.objects.end_to_note(reader.today).not_own(reader.user)
    title = _("Ended, and registered as before: %(name)s")
    return Pile(
        ended, lambda: [_row(reader, each, title, act=_("Look")) for each in ended.select_related("seller")[:SHOWN]]
    )


def _to_report(reader: Reader, mine: list[int]) -> Pile:
    """The seller has the registration changed to what was carried out, or cancels it."""
    ended = TechnologyContract.objects.end_to_note(reader.today).filter(seller__in=mine)
    title = _("Change or cancel the registration of the ended contract: %(name)s")
    act = _("Go on")
    return Pile(
        ended,
        lambda: [
            _row(reader, each, title, act=act, of=each.seller_id) for each in ended.select_related("seller")[:SHOWN]
        ],
    )


def _row(reader: Reader, contract: TechnologyContract, title: str, *, act: str, of: int | None = None) -> Row:
    ended_on = contract.terminated_on
    due = add_working_days(ended_on, report_days(ended_on), declared=reader.declared) if ended_on is not None else None
    return Row(
        title=title % {"name": contract},
        about=(contract.end_label, str(contract.seller)),
        url=contract.get_absolute_url(),
        act=act,
        icon=ICON,
        due=due,
        of=of,
    )
