"""The verbs of an import. What takes long is done by a worker, in one transaction each."""

import hashlib

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.drafting import next_numbers
from marketplace.outcomes.imports import rules
from marketplace.outcomes.imports.cells import Lookups
from marketplace.outcomes.imports.checking import check_row
from marketplace.outcomes.imports.columns import BY_KEY, OWN_HEADINGS, guess_mapping, is_example, is_heading
from marketplace.outcomes.imports.drafts import delete_untouched_drafts, draft_from_row
from marketplace.outcomes.imports.judging import Verdict, judge, mark_known
from marketplace.outcomes.imports.meanwhile import refuse_if_closed
from marketplace.outcomes.imports.models import ImportRow, OutcomeImport
from marketplace.outcomes.imports.sheet import NothingInside, read

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

    The template's example row is left out. Raises a Refused of sheet.py where the file cannot be read or holds nothing,
    NoKnownHeading where no column is known.
    """
    require(rules.upload_sheet, by, organisation)
    content = upload.read()
    sheet = read(content, is_heading=is_heading, name=upload.name or "")
    own = 1 if sheet.headings[0] in OWN_HEADINGS else 0
    headings = sheet.headings[own:]
    rows = [(line, cells[own:]) for line, cells in sheet.rows if not is_example(cells)]
    if not rows:
        raise NothingInside()
    mapping = guess_mapping(headings)
    if not any(mapping):
        raise NoKnownHeading()
    batch = OutcomeImport.objects.create(
        organisation=organisation,
        file_name=(upload.name or "")[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        headings=headings,
        mapping=mapping,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    ImportRow.objects.bulk_create([ImportRow(batch=batch, line=line, raw=cells) for line, cells in rows])
    journal.record(Kind.IMPORT_UPLOADED, batch, by=by, on_behalf_of=organisation, rows=len(rows))
    return batch


@transaction.atomic
def map_columns(batch: OutcomeImport, *, by: User, mapping: list[str]) -> None:
    """Read the columns of the sheet otherwise, and have the rows checked again."""
    batch.lock()
    require(rules.change_import, by, batch)
    refuse_if_closed(batch)
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
        judge(row, checked, batch)
        if twin is not row:
            row.verdict = Verdict.SKIPPED
        if done % STEP == 0:
            batch.report_progress(done, len(rows))
    mark_known(batch, rows)
    ImportRow.objects.bulk_update(rows, ["fingerprint", "verdict", "lacks"], batch_size=500)
    batch.move_to(batch.State.CHECKED)
    batch.save(update_fields=["state"])
    batch.report_progress(len(rows), len(rows))


@transaction.atomic
def take_over_import(batch: OutcomeImport, *, by: User) -> None:
    """Ask for the good rows to become drafts; a worker does it in one piece or not at all."""
    batch.lock()
    require(rules.take_over_import, by, batch)
    refuse_if_closed(batch)
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
    mark_known(batch, rows)
    numbers = next_numbers()
    for done, row in enumerate(rows, start=1):
        if row.verdict == Verdict.GOOD:
            checked = check_row(row.cells(batch.mapping), lookups)
            row.outcome = draft_from_row(checked, owner=batch.organisation, by=by, number=next(numbers))
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
    if batch.state == batch.State.TAKEN_BACK:
        refuse_if_closed(batch)
    if not batch.may_still_be_taken_back(clock.now()):
        raise TooLate()
    taken = [row.outcome_id for row in batch.rows.all() if row.outcome_id is not None]
    gone, stayed = delete_untouched_drafts(taken)
    batch.move_to(batch.State.TAKEN_BACK)
    batch.save(update_fields=["state"])
    facts = {"deleted": len(gone), "kept": stayed, "numbers": gone}
    journal.record(Kind.IMPORT_TAKEN_BACK, batch, by=by, on_behalf_of=batch.organisation, **facts)
    return stayed
