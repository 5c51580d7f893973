"""Rules of benefit sharing as staff keep them: a change is a new row or a corrected one, and stands in the journal."""

from django.db import transaction

from marketplace.contracts.sharing import rules
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.keeping import require_in_order
from marketplace.core.rules import require
from marketplace.organisations.models import User


@transaction.atomic
def keep_sharing_rule(rule: SharingRule, *, by: User) -> None:
    """Save a dated rule, new or changed. Plans already sent keep the floor they were judged by. Raises NotInOrder."""
    require(rules.keep_sharing_rule, by)
    require_in_order(rule)
    rule.save()
    journal.record(
        Kind.SHARING_RULE_CHANGED,
        rule,
        by=by,
        rule=rule.kind,
        holds_from=rule.holds_from.isoformat(),
        percent=None if rule.percent is None else str(rule.percent),
        gives_way=rule.gives_way,
        days=rule.days,
        formula=rule.formula,
    )
