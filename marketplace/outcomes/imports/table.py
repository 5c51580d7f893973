"""The table of an import's page: its columns, and per row its cells with what is wrong in them, or lacking."""

from typing import Any

from marketplace.outcomes.imports.cells import Lookups
from marketplace.outcomes.imports.columns import BY_KEY
from marketplace.outcomes.imports.judging import lacks_of, problems_of
from marketplace.outcomes.imports.models import ImportRow, OutcomeImport

SHOWN = ("title", "ip", "trl", "price", "price_low", "price_high", "field")  # others where a cell of theirs is marked


def table_of(batch: OutcomeImport, rows: list[ImportRow]) -> dict[str, Any]:
    """Return what the table prints: its columns, those with a marked cell among them, and per row its cells."""
    lookups = Lookups.load()
    problems = [lacks_of(row, batch, lookups) | problems_of(row, batch, lookups) for row in rows]
    marked = {key for found in problems for key in found}
    usual = [key for key in SHOWN if key in batch.mapping or BY_KEY[key].is_required]
    keys = usual + [key for key in BY_KEY if key in marked and key not in usual]
    first = _first_of_its_kind(batch, rows)
    return {
        "columns": [BY_KEY[key] for key in keys],
        "rows": [
            {
                "row": row,
                "cells": [(BY_KEY[key], row.cells(batch.mapping).get(key, ""), found.get(key)) for key in keys],
                "same_as": first.get(row.fingerprint),
            }
            for row, found in zip(rows, problems, strict=True)
        ],
    }


def _first_of_its_kind(batch: OutcomeImport, rows: list[ImportRow]) -> dict[str, int]:
    """Return {fingerprint: the first line of the file that has it} of the skipped among these rows."""
    prints = {row.fingerprint for row in rows if row.verdict == ImportRow.Verdict.SKIPPED}
    twins = batch.rows.filter(fingerprint__in=prints - {""}) if prints else batch.rows.none()
    return dict(twins.order_by("-line").values_list("fingerprint", "line"))
