"""Until when a returned contract is to be supplemented (补正期限): the day, its reminder, and what is over it.

The working days proposed are a rule that staff keep (dated.py); the measures name no term. Nothing is decided when the
day has passed: the register sees it.
"""

from datetime import date, timedelta

from django.db import transaction

from marketplace.contracts.dated import supplement_days
from marketplace.contracts.finding import ContractQuerySet
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.refusals import SupplementDayUnfit
from marketplace.core import clock, journal
from marketplace.core.journal import Entry, Kind
from marketplace.core.working_days import add_working_days, is_working_day

REMINDED_BEFORE = 3  # working days
LONGEST = timedelta(days=366)


def proposed_day(today: date) -> date:
    """Return the day by which a contract returned today is supplemented, unless the registrar sets another."""
    return add_working_days(today, supplement_days(today))


def require_day(day: date | None, *, today: date) -> date:
    """Return the day a registrar set, or the one the rules propose. Raises SupplementDayUnfit."""
    if day is None:
        return proposed_day(today)
    if not today < day <= today + LONGEST or not is_working_day(day):
        raise SupplementDayUnfit()
    return day


def to_remind(today: date) -> ContractQuerySet:
    """Return the returned contracts whose day is near and which can still be sent again."""
    near = add_working_days(today, REMINDED_BEFORE)
    return TechnologyContract.objects.to_supplement().filter(supplement_by__gte=today, supplement_by__lte=near)


@transaction.atomic
def remind_of_supplement(contract: TechnologyContract) -> bool:
    """Remind the seller, once for each return, that the day is near; tell whether this call did."""
    contract.lock()
    today = clock.today()
    if not to_remind(today).filter(pk=contract.pk).exists() or contract.supplement_by is None:
        return False
    about = Entry.objects.about(contract).filter(kind__in=(Kind.CONTRACT_RETURNED, Kind.CONTRACT_SUPPLEMENT_REMINDED))
    last = about.order_by("-pk").first()
    if last is not None and last.kind == Kind.CONTRACT_SUPPLEMENT_REMINDED:
        return False
    journal.record(Kind.CONTRACT_SUPPLEMENT_REMINDED, contract, by=None, due_on=contract.supplement_by.isoformat())
    return True
