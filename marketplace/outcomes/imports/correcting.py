"""The verbs of single rows: correct, skip, restore, keep."""

from typing import Any

from django.db import transaction

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import User
from marketplace.outcomes.imports import rules
from marketplace.outcomes.imports.cells import Lookups
from marketplace.outcomes.imports.checking import Problem, check_row
from marketplace.outcomes.imports.columns import BY_KEY
from marketplace.outcomes.imports.judging import Verdict, judge, mark_known
from marketplace.outcomes.imports.meanwhile import refuse_if_closed
from marketplace.outcomes.imports.models import ImportRow, OutcomeImport


@transaction.atomic
def correct_row(row: ImportRow, *, by: User, cells: dict[str, str]) -> dict[str, Problem]:
    """Replace cells of one row (here only, not in the file) and check it again.

    What cannot be read is not written: the row keeps what stood there. Return {column key: why} of those cells.
    """
    batch = _changeable(row, by)
    stood = row.cells(batch.mapping)
    typed = {key: text.strip() for key, text in cells.items() if key in BY_KEY}
    changed = {key: text for key, text in typed.items() if text != stood.get(key, "")}
    problems = check_row(stood | changed, Lookups.load()).problems
    unread = {key: problems[key] for key in changed if key in problems}
    written = {key: text for key, text in changed.items() if key not in unread}
    if written:
        row.edits = {**row.edits, **written}
        _check_again(row, batch)
        _note(row, batch, "corrected", by=by, columns=sorted(written))
    return unread


@transaction.atomic
def skip_row(row: ImportRow, *, by: User) -> None:
    """Leave one row out of the import; it can be restored."""
    batch = _changeable(row, by)
    row.verdict = Verdict.SKIPPED
    row.save(update_fields=["verdict"])
    _note(row, batch, "skipped", by=by)


@transaction.atomic
def restore_row(row: ImportRow, *, by: User) -> None:
    """Bring a skipped row back and check it again."""
    batch = _changeable(row, by)
    row.verdict = Verdict.UNCHECKED
    _check_again(row, batch)
    _note(row, batch, "restored", by=by)


@transaction.atomic
def keep_row(row: ImportRow, *, by: User) -> None:
    """Say that a row which looks like a duplicate is not one."""
    batch = _changeable(row, by)
    row.is_not_duplicate = True
    _check_again(row, batch)
    _note(row, batch, "kept", by=by)


def _changeable(row: ImportRow, by: User) -> OutcomeImport:
    batch = row.batch
    batch.lock()
    require(rules.change_import, by, batch)
    row.refresh_from_db()
    refuse_if_closed(batch)
    return batch


def _check_again(row: ImportRow, batch: OutcomeImport) -> None:
    checked = check_row(row.cells(batch.mapping), Lookups.load())
    judge(row, checked, batch)
    if batch.rows.exclude(pk=row.pk).filter(fingerprint=row.fingerprint).exclude(verdict=Verdict.SKIPPED).exists():
        row.verdict = Verdict.SKIPPED
    mark_known(batch, [row])
    row.save(update_fields=["edits", "fingerprint", "verdict", "lacks", "is_not_duplicate"])


def _note(row: ImportRow, batch: OutcomeImport, what: str, *, by: User, **data: Any) -> None:
    """Write down which row was changed, never the text of its cells."""
    organisation = batch.organisation
    journal.record(Kind.IMPORT_CHANGED, batch, by=by, on_behalf_of=organisation, line=row.line, what=what, **data)
