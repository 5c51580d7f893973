"""Rules of the registration as staff keep them: a change is a new row or a corrected one, and stands in the journal."""

from django.db import transaction
from django.db.models import Q

from marketplace.contracts import rules
from marketplace.contracts.counting import count_anew
from marketplace.contracts.dated import RegistrationRule
from marketplace.contracts.models import TechnologyContract
from marketplace.core import clock, journal
from marketplace.core.code_lists import CodeList, CodeRule, rows_of
from marketplace.core.journal import Kind
from marketplace.core.keeping import require_in_order
from marketplace.core.rules import require
from marketplace.organisations.models import User
from marketplace.organisations.staff import keep_code


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


@transaction.atomic
def keep_district_code(entry: CodeRule, *, by: User) -> None:
    """Save a code of the district, new or changed, and count anew, today, what was registered since it holds.

    An entry of today or later changes no figure. One entered late does: contracts that bore the new code already were
    counted as of elsewhere. Raises as keep_code does.
    """
    keep_code(entry, by=by)
    codes = [row.code for row in rows_of(CodeList.DISTRICT) if row.holds_from == entry.holds_from]
    named = Q(seller_region__in=codes) | Q(buyer_region__in=codes) | Q(joint_sellers__region__in=codes)
    since = TechnologyContract.objects.registered().filter(named, registered_on__gte=entry.holds_from)
    for contract in since.distinct().order_by("pk"):
        contract.lock()
        count_anew(contract, at=clock.now())
