"""The verb of the board: setting the targets of a year."""

from django.db import transaction

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import refuse
from marketplace.core.rules import require
from marketplace.indicators import rules
from marketplace.indicators.refusals import TargetSetMeanwhile
from marketplace.indicators.targets import YearTarget
from marketplace.organisations.models import User


@transaction.atomic
def set_targets(
    year: int, *, by: User, targets: dict[str, int | None], seen: dict[str, int | None] | None = None
) -> None:
    """Set the targets of a year by the slugs of figures, None for none; each change stands in the journal.

    With `seen`, what the person had before them: what they left as it was stays as it is by now, and where somebody
    else set meanwhile what they set too, TargetSetMeanwhile is raised (Several for more of them).
    """
    rows = YearTarget.objects.select_for_update().filter(year=year)
    before: dict[str, int | None] = dict(rows.values_list("indicator", "value"))
    require(rules.set_targets, by)
    if seen is not None:
        targets = {slug: value for slug, value in targets.items() if value != seen.get(slug)}
        meant = {slug for slug, value in targets.items() if value != before.get(slug)}
        refuse(*(TargetSetMeanwhile(slug, before.get(slug)) for slug in meant if before.get(slug) != seen.get(slug)))
    for slug, value in targets.items():
        if value != before.get(slug):
            row, _is_new = YearTarget.objects.update_or_create(year=year, indicator=slug, defaults={"value": value})
            journal.record(Kind.TARGET_SET, row, by=by, year=year, indicator=slug, before=before.get(slug), after=value)
