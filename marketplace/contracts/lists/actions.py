"""Registration lists: made of registered contracts, reviewed where they are large, void with the first revoked one."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from marketplace.contracts.decisions import require_reasons
from marketplace.contracts.lists import rules
from marketplace.contracts.lists.models import ListedContract, RegistrationList
from marketplace.contracts.lists.refusals import NothingChosen, NotInRegister, SizesMixed, TooMany
from marketplace.contracts.models import TechnologyContract
from marketplace.core import clock, journal
from marketplace.core.advisory_locks import AdvisoryLock, hold_lock
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import User

MOST = 100


@transaction.atomic
def make_registration_list(*, by: User, contracts: Sequence[TechnologyContract], purpose: str) -> RegistrationList:
    """Put registered contracts of one size on a list; one of large contracts waits for its second review.

    Raises NothingChosen, NotInRegister, SizesMixed, TooMany.
    """
    keys = {each.pk for each in contracts}
    held = list(TechnologyContract.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    now = clock.now()
    require(rules.make_registration_list, by, held)
    is_large = _one_size(held)
    made = RegistrationList.objects.create(
        state=RegistrationList.State.AWAITING,
        is_large=is_large,
        purpose=purpose.strip(),
        made_by=by,
        made_at=now,
    )
    held.sort(key=lambda each: (each.registered_on, each.number))
    ListedContract.objects.bulk_create(
        ListedContract(
            list=made,
            contract=each,
            position=position,
            number=each.number or "",
            total=each.total_amount,
            technical=each.technical_amount,
        )
        for position, each in enumerate(held, start=1)
    )
    journal.record(Kind.REGISTRATION_LIST_MADE, made, by=by, contracts=len(held), is_large=is_large)
    if not is_large:
        _issue(made, by=by, at=now)
    return made


def _one_size(contracts: Sequence[TechnologyContract]) -> bool:
    """Return whether all of them are large; a list never mixes large contracts with others."""
    if not contracts:
        raise NothingChosen()
    if len(contracts) > MOST:
        raise TooMany(most=MOST)
    for each in contracts:
        if not each.stands:
            raise NotInRegister(name=each.project_name)
    large = next((each for each in contracts if each.is_large), None)
    other = next((each for each in contracts if not each.is_large), None)
    if large is not None and other is not None:
        raise SizesMixed(large=large.project_name, other=other.project_name)
    return large is not None


def _issue(made: RegistrationList, *, by: User, at: datetime) -> None:
    made.move_to(made.State.ISSUED)
    made.number, made.issued_by, made.issued_at = _next_number(), by, at
    made.save(update_fields=["state", "number", "issued_by", "issued_at"])
    journal.record(Kind.REGISTRATION_LIST_ISSUED, made, by=by, number=made.number)


def _next_number() -> str:
    """Return the next number of the year, such as QD-2026-0007; holds a lock until the transaction ends."""
    hold_lock(AdvisoryLock.LIST_NUMBER)
    stem = f"QD-{clock.today().year}-"
    taken = RegistrationList.objects.filter(number__startswith=stem).values_list("number", flat=True)
    last = max((int(str(number).removeprefix(stem)) for number in taken), default=0)
    return f"{stem}{last + 1:04d}"


@transaction.atomic
def issue_registration_list(made: RegistrationList, *, by: User) -> None:
    """Issue a list of large contracts after its second review. Raises WrongState."""
    made.lock()
    now = clock.now()
    require(rules.issue_registration_list, by, made)
    _issue(made, by=by, at=now)


@transaction.atomic
def refuse_registration_list(made: RegistrationList, *, by: User, reasons: str) -> None:
    """Do not issue a list of large contracts. Raises ReasonsMissing, WrongState."""
    made.lock()
    now = clock.now()
    require(rules.refuse_registration_list, by, made)
    made.move_to(made.State.REFUSED)
    made.reasons, made.ended_at = require_reasons(reasons), now
    made.save(update_fields=["state", "reasons", "ended_at"])
    journal.record(Kind.REGISTRATION_LIST_REFUSED, made, by=by)
