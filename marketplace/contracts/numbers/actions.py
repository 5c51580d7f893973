"""A returned sheet is kept for comparing, and its matched rows are registered: all of them, or none."""

import hashlib
from dataclasses import asdict
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from marketplace.contracts.actions import register_contract
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.numbers import rules
from marketplace.contracts.numbers.columns import Read, is_heading, places_of, read_row
from marketplace.contracts.numbers.judging import Judged, judge
from marketplace.contracts.numbers.models import NumberImport, NumberRow, Verdict
from marketplace.contracts.numbers.refusals import NothingGood, TooManyRows
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import User
from marketplace.outcomes.imports.sheet import read

MOST_ROWS = 500  # registered in one request; a district registers fewer in a quarter


@transaction.atomic
def upload_numbers(*, by: User, upload: UploadedFile) -> NumberImport:
    """Keep the rows of a returned sheet for comparing; one that waits already is gone on with, not kept twice.

    Raises a Refused of sheet.py where the file cannot be read, ColumnsMissing, TooManyRows.
    """
    require(rules.upload_numbers, by)
    content = upload.read()
    sheet = read(content, is_heading=is_heading, name=upload.name or "")
    places = places_of(sheet.headings)
    if len(sheet.rows) > MOST_ROWS:
        raise TooManyRows(rows=len(sheet.rows), most=MOST_ROWS)
    sha256 = hashlib.sha256(content).hexdigest()
    waiting = NumberImport.objects.filter(sha256=sha256, state=NumberImport.State.COMPARED).first()
    if waiting is not None:
        return waiting
    batch = NumberImport.objects.create(
        file_name=(upload.name or "")[-200:], sha256=sha256, uploaded_by=by, uploaded_at=clock.now()
    )
    said = [asdict(read_row(line, cells, sheet.headings, places)) for line, cells in sheet.rows]
    NumberRow.objects.bulk_create([NumberRow(batch=batch, line=row["line"], said=row) for row in said])
    journal.record(Kind.NUMBERS_UPLOADED, batch, by=by, rows=len(said))
    return batch


def rows_of(batch: NumberImport) -> list[Read]:
    """Return what the sheet says, row by row."""
    return [Read(**row.said) for row in batch.rows.all()]


@transaction.atomic
def take_over_numbers(batch: NumberImport, *, by: User) -> int:
    """Register the contracts of all matched rows, or none of them; return how many.

    Each row keeps what it came to at this moment. Raises NothingGood, WrongState, what `register_contract` raises.
    """
    batch.lock()
    now = clock.now()
    today = timezone.localdate(now)
    require(rules.take_over_numbers, by, batch)
    batch.move_to(batch.State.TAKEN_OVER)
    judged = _judge_held(batch, by=by, today=today)
    good = sorted((each for each in judged if each.verdict is Verdict.GOOD), key=_key)
    if not good:
        raise NothingGood()
    for each in good:
        assert each.contract is not None  # noqa: S101  # a matched row has its contract
        register_contract(each.contract, by=by, number=each.row.number)
    _keep_verdicts(batch, judged)
    batch.taken_over_by, batch.taken_over_at = by, now
    batch.save(update_fields=["state", "taken_over_by", "taken_over_at"])
    journal.record(Kind.NUMBERS_TAKEN_OVER, batch, by=by, registered=len(good), rows=len(judged))
    return len(good)


def _key(judged: Judged) -> int:
    return judged.contract.pk if judged.contract is not None else 0


def _judge_held(batch: NumberImport, *, by: User, today: date) -> list[Judged]:
    """Judge the rows while the contracts they mean are held, in the order of their keys."""
    rows = rows_of(batch)
    keys = [_key(each) for each in judge(rows, user=by, today=today)]
    list(TechnologyContract.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    return judge(rows, user=by, today=today)


def _keep_verdicts(batch: NumberImport, judged: list[Judged]) -> None:
    rows = {row.line: row for row in batch.rows.all()}
    for each in judged:
        row = rows[each.row.line]
        row.verdict = Verdict.TAKEN if each.verdict is Verdict.GOOD else each.verdict
        row.contract, row.rests_on = each.contract, each.rests_on
    NumberRow.objects.bulk_update(rows.values(), ["verdict", "contract", "rests_on"], batch_size=500)
