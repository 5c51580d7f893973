"""Dated settings of deals as staff keep them: a change is a new row or a corrected one, and stands in the journal."""

from typing import Any

from django.db import transaction

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.keeping import require_in_order
from marketplace.core.rules import require
from marketplace.deals import rules
from marketplace.deals.dated import DealRule
from marketplace.organisations.models import User


@transaction.atomic
def keep_deal_rule(rule: DealRule, *, by: User) -> None:
    """Save a dated setting, new or changed. A publicity that runs keeps the term it began with. Raises NotInOrder."""
    require(rules.keep_deal_rule, by)
    require_in_order(rule)
    rule.save()
    holds_from = rule.holds_from.isoformat()
    facts: dict[str, Any] = {"rule": rule.kind, "stage": rule.stage, "holds_from": holds_from, "days": rule.days}
    journal.record(Kind.DEAL_RULE_CHANGED, rule, by=by, **facts)
