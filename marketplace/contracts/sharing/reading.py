"""Reading somebody else's statement is written down: it says what a person earns."""

from django.db import transaction

from marketplace.contracts.sharing import rules
from marketplace.contracts.sharing.models import PlanShare
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import User


@transaction.atomic
def read_statement(share: PlanShare, *, by: User) -> None:
    """Record that `by` was shown a statement; who reads the own one leaves no trace."""
    require(rules.read_statement, by, share)
    if share.user_id != by.pk:
        journal.record(Kind.STATEMENT_READ, share, by=by, plan=share.plan.code)
