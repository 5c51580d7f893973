"""The verb of the board: setting the targets of a year."""

from django.db import transaction

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.indicators import rules
from marketplace.indicators.targets import YearTarget, targets_of
from marketplace.organisations.models import User


@transaction.atomic
def set_targets(year: int, *, by: User, targets: dict[str, int | None]) -> None:
    """Set the targets of a year by the slugs of figures, None for none; each change stands in the journal."""
    require(rules.set_targets, by)
    before = targets_of(year)
    for slug, value in targets.items():
        if value != before.get(slug):
            row, _is_new = YearTarget.objects.update_or_create(year=year, indicator=slug, defaults={"value": value})
            journal.record(Kind.TARGET_SET, row, by=by, year=year, indicator=slug, before=before.get(slug), after=value)
