"""Texts of clauses as staff keep them: each save is a further version."""

from django.db import transaction
from django.db.models import Max

from marketplace.contracts.drafts import rules
from marketplace.contracts.drafts.clauses import ClauseText
from marketplace.core import journal
from marketplace.core.advisory_locks import AdvisoryLock, hold_lock
from marketplace.core.journal import Kind
from marketplace.core.keeping import require_in_order
from marketplace.core.rules import require
from marketplace.organisations.models import User


@transaction.atomic
def keep_clause_text(*, text: ClauseText, by: User) -> None:
    """Save a text as its form left it, as the next version of its clause; drafts made so far keep theirs."""
    require(rules.keep_clause_text, by)
    hold_lock(AdvisoryLock.CLAUSE_VERSION)
    same = ClauseText.objects.filter(clause=text.clause, concerns=text.concerns)
    text.version = (same.aggregate(last=Max("version"))["last"] or 0) + 1
    require_in_order(text)
    text.save(force_insert=True)
    journal.record(
        Kind.CLAUSE_TEXT_KEPT,
        text,
        by=by,
        clause=text.clause,
        concerns=text.concerns,
        version=text.version,
        holds_from=text.holds_from.isoformat(),
    )
