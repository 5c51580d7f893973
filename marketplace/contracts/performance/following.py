"""What follows from the end of a contract, said before it is agreed or declared."""

from datetime import date

from django.utils.translation import gettext as _

from marketplace.contracts.changing import awaiting_change, open_change
from marketplace.contracts.dated import answer_days
from marketplace.contracts.models import TechnologyContract
from marketplace.core import clock
from marketplace.core.working_days import add_working_days
from marketplace.deals.models import Deal


def after_the_end(contract: TechnologyContract, *, day: date | None = None) -> list[str]:
    """Return in sentences what follows from an agreed end, on `day` where it is known."""
    if day is None:
        said = [_("Until the day of the end the contract runs: what is due by then is done and paid.")]
    else:
        said = [_("Until %(day)s the contract runs: what is due by then is done and paid.") % {"day": day}]
    return [*said, _("Nothing is due after it, and nothing more can be planned."), *_later(contract)]


def after_declaring(contract: TechnologyContract) -> list[str]:
    """Return in sentences what follows from declaring the end for a breach."""
    today = clock.today()
    if contract.buyer_id is None:
        return [_("Nothing is due after the day of the end, and nothing more can be planned."), *_later(contract)]
    by = {"day": add_working_days(today, answer_days(today))}
    return [
        _("The other side reads reason and evidence, and accepts or disputes it until %(day)s.") % by,
        _("Nothing is due after the day of the end, and nothing more can be planned."),
        _("Disputed, it reads so to both sides and the register, until you agree or a court or arbitration decides."),
        *_later(contract),
    ]


def _later(contract: TechnologyContract) -> list[str]:
    said = []
    if open_change(contract) is not None or awaiting_change(contract) is not None:
        said.append(_("The change of the registration that was asked for is closed with it."))
    if contract.stands:
        said.append(_("The register is told. The seller has the registration changed or cancelled afterwards."))
    if contract.deal is not None and contract.deal.state not in Deal.ENDED:
        said.append(_("The deal it comes from ends with it once nobody can call the end in question."))
    return said
