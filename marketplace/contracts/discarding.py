"""Deleting the draft of a contract that was never sent: the one thing of a contract that goes."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from marketplace.contracts import rules
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.refusals import DraftInUse
from marketplace.core import clock, journal
from marketplace.core.files import files_of
from marketplace.core.journal import Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import User


def may_be_discarded(contract: TechnologyContract) -> bool:
    """Tell whether a contract is still a draft nobody of the register has ever seen."""
    return contract.state == contract.State.DRAFT and contract.submitted_at is None and contract.number is None


@transaction.atomic
def discard_contract(contract: TechnologyContract, *, by: User) -> None:
    """Throw away a draft with its items and parties; its files are withdrawn. A deal can begin another one.

    Raises WrongState once it was sent, and DraftInUse where something hangs on it.
    """
    contract.lock()
    now = clock.now()
    require(rules.discard_contract, by, contract)
    if not may_be_discarded(contract):
        raise WrongState(state=contract.get_state_display())
    journal.record(Kind.CONTRACT_DISCARDED, contract, by=by, on_behalf_of=contract.seller, code=contract.code)
    files_of(contract).update(withdrawn_at=now)
    try:
        contract.delete()
    except ProtectedError as error:
        kinds = sorted({str(each._meta.verbose_name_plural) for each in error.protected_objects})
        raise DraftInUse(what=get_text_list(kinds, _("and"))) from error
