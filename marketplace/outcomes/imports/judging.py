"""The verdict on each row of an import, and what is wrong in it."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from marketplace.outcomes.imports.cells import Lookups
from marketplace.outcomes.imports.checking import Checked, Problem, check_row
from marketplace.outcomes.imports.columns import BY_KEY, Column
from marketplace.outcomes.imports.drafts import lacking
from marketplace.outcomes.imports.models import ImportRow, OutcomeImport
from marketplace.outcomes.models import ResearchOutcome

Verdict = ImportRow.Verdict


def verdict_of(row: ImportRow, checked: Checked) -> str:
    if row.verdict == Verdict.SKIPPED:
        return Verdict.SKIPPED
    return Verdict.WRONG if checked.is_wrong else Verdict.GOOD


def judge(row: ImportRow, checked: Checked, batch: OutcomeImport) -> None:
    """Write into a row what was found in it: its fingerprint, the verdict, and what a review of it will ask for."""
    row.fingerprint, row.verdict = checked.fingerprint, verdict_of(row, checked)
    row.lacks = None if checked.is_wrong else sorted(lacking(checked, owner=batch.organisation))


def mark_known(batch: OutcomeImport, rows: Iterable[ImportRow]) -> None:
    """Mark rows that came in before (known) and rows whose title or number stands already (maybe)."""
    own = ResearchOutcome.objects.filter(owner=batch.organisation)
    known = set(own.exclude(import_row="").values_list("import_row", flat=True))
    titles = set(own.values_list("title", flat=True))
    for row in rows:
        if row.verdict not in (Verdict.GOOD, Verdict.MAYBE):
            continue
        if row.fingerprint in known:
            row.verdict = Verdict.KNOWN
        elif row.cells(batch.mapping).get("title") in titles and not row.is_not_duplicate:
            row.verdict = Verdict.MAYBE


def problems_of(row: ImportRow, batch: OutcomeImport, lookups: Lookups) -> dict[str, Problem]:
    """Return what is wrong in one row, in the reader's language, by column key."""
    problems = dict(check_row(row.cells(batch.mapping), lookups).problems)
    if row.verdict == Verdict.MAYBE:
        problems["title"] = Problem(str(_("Your institute already has an outcome with this title.")), tone="maybe")
    return problems


def lacks_of(row: ImportRow, batch: OutcomeImport, lookups: Lookups) -> dict[str, Problem]:
    """Return what a row that can be taken over lacks before its review, in the reader's language, by column key."""
    if not row.lacks or row.verdict not in (Verdict.GOOD, Verdict.MAYBE):
        return {}
    found = lacking(check_row(row.cells(batch.mapping), lookups), owner=batch.organisation)
    return {key: Problem(sentence, tone="later") for key, sentence in found.items()}


def count_lacks(batch: OutcomeImport) -> tuple[int, list[tuple[Column, int]]]:
    """Return (good rows that lack nothing, [(column, good rows that lack it)]), the most frequent first."""
    looked_at = batch.rows.filter(verdict=Verdict.GOOD, lacks__isnull=False)
    lacks: list[list[str]] = [row.lacks or [] for row in looked_at.only("lacks")]
    counted = Counter(key for each in lacks for key in each)
    return lacks.count([]), [(BY_KEY[key], number) for key, number in counted.most_common()]
