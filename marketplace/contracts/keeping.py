"""Rules of the registration as staff keep them: a change is a new row or a corrected one, and stands in the journal."""

from django.db import transaction

from marketplace.contracts import rules
from marketplace.contracts.dated import RegistrationRule
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.keeping import require_in_order
from marketplace.core.rules import require
from marketplace.organisations.models import User


@transaction.atomic
def keep_registration_rule(*, rule: RegistrationRule, by: User) -> None:
    """Save a dated rule as its form left it: to lock it would read it afresh.

    Contracts already sent keep the threshold and days they were sent under.
    """
    require(rules.keep_registration_rule, by)
    require_in_order(rule)
    rule.save()
    journal.record(
        Kind.REGISTRATION_RULE_CHANGED,
        rule,
        by=by,
        rule=rule.kind,
        holds_from=rule.holds_from.isoformat(),
        concerns=rule.concerns,
        amount_wan=rule.amount_wan,
        days=rule.days,
    )
