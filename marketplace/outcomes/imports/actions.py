"""The verbs of an import. What takes long is done by a worker, in one transaction each."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.imports import rules
from marketplace.outcomes.imports.checking import Checked, Lookups, Problem, check_row
from marketplace.outcomes.imports.columns import BY_KEY, guess_mapping, is_heading
from marketplace.outcomes.imports.drafts import delete_untouched_drafts, draft_from_row
from marketplace.outcomes.imports.models import ImportRow, OutcomeImport
from marketplace.outcomes.imports.sheet import read
from marketplace.outcomes.models import ResearchOutcome

Verdict = ImportRow.Verdict
STEP = 50  # rows between two reports of progress


class NoKnownHeading(Refused):
    message = _("None of the headings is known. Start from the template; the order of its columns is free.")
    field = "file"


class MappedTwice(Refused):
    message = _("“%(column)s” is chosen for two columns of the sheet.")


class TitleNotMapped(Refused):
    message = _("Say which column holds the title.")


class NothingGood(Refused):
    message = _("No row can be taken over yet. Correct the marked cells first.")


class TooLate(Refused):
    message = _("An import can be taken back for 24 hours.")


@transaction.atomic
def upload_sheet(organisation: Organisation, *, by: User, upload: UploadedFile) -> OutcomeImport:
    """Keep the rows of a sheet for checking; a worker checks them once this commits.

    Raises a Refused of sheet.py where the file cannot be read, NoKnownHeading where no column is known.
    """
    require(rules.upload_sheet, by, organisation)
    content = upload.read()
    sheet = read(content, is_heading=is_heading)
    mapping = guess_mapping(sheet.headings)
    if not any(mapping):
        raise NoKnownHeading()
    batch = OutcomeImport.objects.create(
        organisation=organisation,
        file_name=(upload.name or "")[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        headings=sheet.headings,
        mapping=mapping,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    ImportRow.objects.bulk_create([ImportRow(batch=batch, line=line, raw=cells) for line, cells in sheet.rows])
    journal.record(Kind.IMPORT_UPLOADED, batch, by=by, on_behalf_of=organisation, rows=len(sheet.rows))
    return batch


@transaction.atomic
def map_columns(batch: OutcomeImport, *, by: User, mapping: list[str]) -> None:
    """Read the columns of the sheet otherwise, and have the rows checked again."""
    batch.lock()
    require(rules.change_import, by, batch)
    batch.move_to(batch.State.UPLOADED)
    chosen = [key for key in mapping if key]
    if len(mapping) != len(batch.headings) or any(key not in BY_KEY for key in chosen):
        raise TitleNotMapped()
    for key in chosen:
        if chosen.count(key) > 1:
            raise MappedTwice(column=BY_KEY[key].label)
    if "title" not in chosen:
        raise TitleNotMapped()
    batch.mapping = mapping
    batch.save(update_fields=["state", "mapping"])
    journal.record(
        Kind.IMPORT_UPLOADED, batch, by=by, on_behalf_of=batch.organisation, rows=batch.rows.count(), mapped=True
    )


@transaction.atomic
def check_import(batch: OutcomeImport) -> None:
    """Give every row its verdict. Called by a worker; safe to repeat."""
    batch.lock()
    if batch.state != batch.State.UPLOADED:
        return
    lookups = Lookups.load()
    rows = list(batch.rows.all())
    seen: dict[str, ImportRow] = {}
    for done, row in enumerate(rows, start=1):
        checked = check_row(row.cells(batch.mapping), lookups)
        twin = seen.setdefault(checked.fingerprint, row)
        row.fingerprint = checked.fingerprint
        row.verdict = Verdict.SKIPPED if twin is not row else _verdict(row, checked)
        if done % STEP == 0:
            batch.report_progress(done, len(rows))
    _mark_known(batch, rows)
    ImportRow.objects.bulk_update(rows, ["fingerprint", "verdict"], batch_size=500)
    batch.move_to(batch.State.CHECKED)
    batch.save(update_fields=["state"])
    batch.report_progress(len(rows), len(rows))


def _verdict(row: ImportRow, checked: Checked) -> str:
    if row.verdict == Verdict.SKIPPED:
        return Verdict.SKIPPED
    return Verdict.WRONG if checked.is_wrong else Verdict.GOOD


def _mark_known(batch: OutcomeImport, rows: Iterable[ImportRow]) -> None:
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


@transaction.atomic
def correct_row(row: ImportRow, *, by: User, cells: dict[str, str]) -> None:
    """Replace cells of one row (here only, not in the file) and check it again."""
    batch = _changeable(row, by)
    row.edits = {**row.edits, **{key: text.strip() for key, text in cells.items() if key in BY_KEY}}
    _check_again(row, batch)
    _note(row, batch, "corrected", by=by, columns=sorted(key for key in cells if key in BY_KEY))


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
    if batch.state != batch.State.CHECKED or row.verdict == Verdict.TAKEN:
        raise Refused()
    return batch


def _check_again(row: ImportRow, batch: OutcomeImport) -> None:
    checked = check_row(row.cells(batch.mapping), Lookups.load())
    row.fingerprint, row.verdict = checked.fingerprint, _verdict(row, checked)
    if batch.rows.exclude(pk=row.pk).filter(fingerprint=row.fingerprint).exclude(verdict=Verdict.SKIPPED).exists():
        row.verdict = Verdict.SKIPPED
    _mark_known(batch, [row])
    row.save(update_fields=["edits", "fingerprint", "verdict", "is_not_duplicate"])


def _note(row: ImportRow, batch: OutcomeImport, what: str, *, by: User, **data: Any) -> None:
    """Write down which row was changed, never the text of its cells."""
    organisation = batch.organisation
    journal.record(Kind.IMPORT_CHANGED, batch, by=by, on_behalf_of=organisation, line=row.line, what=what, **data)


@transaction.atomic
def take_over_import(batch: OutcomeImport, *, by: User) -> None:
    """Ask for the good rows to become drafts; a worker does it in one piece or not at all."""
    batch.lock()
    require(rules.take_over_import, by, batch)
    if not batch.rows.filter(verdict=Verdict.GOOD).exists():
        raise NothingGood()
    batch.move_to(batch.State.TAKING_OVER)
    batch.save(update_fields=["state"])
    batch.report_progress(0, batch.rows.filter(verdict=Verdict.GOOD).count())
    journal.record(Kind.IMPORT_TAKE_OVER_ASKED, batch, by=by, on_behalf_of=batch.organisation)


@transaction.atomic
def write_drafts(batch: OutcomeImport, *, by: User) -> None:
    """Write one draft per good row: all of them or, if anything fails, none. Called by a worker; safe to repeat."""
    batch.lock()
    if batch.state != batch.State.TAKING_OVER:
        return
    lookups = Lookups.load()
    rows = list(batch.rows.filter(verdict=Verdict.GOOD))
    _mark_known(batch, rows)
    for done, row in enumerate(rows, start=1):
        if row.verdict == Verdict.GOOD:
            checked = check_row(row.cells(batch.mapping), lookups)
            row.outcome = draft_from_row(checked, owner=batch.organisation, by=by)
            row.verdict = Verdict.TAKEN
        if done % STEP == 0:
            batch.report_progress(done, len(rows))
    ImportRow.objects.bulk_update(rows, ["outcome", "verdict"], batch_size=500)
    batch.move_to(batch.State.TAKEN_OVER)
    batch.taken_over_at = clock.now()
    batch.save(update_fields=["state", "taken_over_at"])
    taken = sum(row.verdict == Verdict.TAKEN for row in rows)
    journal.record(Kind.IMPORT_TAKEN_OVER, batch, by=by, on_behalf_of=batch.organisation, drafts=taken)


@transaction.atomic
def take_back_import(batch: OutcomeImport, *, by: User) -> int:
    """Delete the drafts of this import that nobody has touched or sent since; return how many stayed."""
    batch.lock()
    require(rules.take_back_import, by, batch)
    if not batch.may_still_be_taken_back(clock.now()):
        raise TooLate()
    taken = [row.outcome_id for row in batch.rows.all() if row.outcome_id is not None]
    gone, stayed = delete_untouched_drafts(taken)
    batch.move_to(batch.State.TAKEN_BACK)
    batch.save(update_fields=["state"])
    facts = {"deleted": len(gone), "kept": stayed, "numbers": gone}
    journal.record(Kind.IMPORT_TAKEN_BACK, batch, by=by, on_behalf_of=batch.organisation, **facts)
    return stayed
