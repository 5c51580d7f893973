"""Rules and schemes about brokers as staff keep them: a change stands in the journal."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.brokers import rules
from marketplace.brokers.dated import BrokerRule
from marketplace.brokers.schemes import BrokerScheme
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.keeping import require_in_order, require_not_rewritten
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import User


class RuleMissing(Refused):
    message = _("No rule of the kind “%(kind)s” holds on this day. Officers enter it in the administration.")


@transaction.atomic
def keep_broker_rule(*, by: User, rule: BrokerRule) -> None:
    """Save a dated rule, new or changed. What was decided before keeps the numbers it was decided by.

    Raises NotInOrder, HoldsAlready.
    """
    require(rules.keep_broker_rule, by)
    require_in_order(rule)
    require_not_rewritten(rule, lays_down=BrokerRule.LAYS_DOWN)
    rule.save()
    journal.record(
        Kind.BROKER_RULE_CHANGED,
        rule,
        by=by,
        rule=rule.kind,
        holds_from=rule.holds_from.isoformat(),
        days=rule.days,
        percent=None if rule.percent is None else str(rule.percent),
        basis=rule.basis,
        cap_project=rule.cap_project,
        cap_year=rule.cap_year,
    )


@transaction.atomic
def keep_broker_scheme(*, by: User, scheme: BrokerScheme) -> None:
    """Save a certificate scheme, new or changed. Raises NotInOrder."""
    require(rules.keep_broker_scheme, by)
    require_in_order(scheme)
    scheme.save()
    journal.record(
        Kind.BROKER_SCHEME_CHANGED,
        scheme,
        by=by,
        level=scheme.level,
        holds_from=scheme.holds_from.isoformat(),
        months_valid=scheme.months_valid,
        hours_per_year=scheme.hours_per_year,
        is_open=scheme.is_open,
    )
