"""Rows in bulk: copies of a row that the real actions made, by one statement each."""

from typing import Any

from django.db import connection, models


def copy(row: models.Model, source: str, **changed: str) -> int:
    """Insert a copy of `row` for each row of `source`, a FROM clause; return how many.

    `changed` gives columns in SQL, which may name what `source` has; the others stay as they are in `row`.
    """
    meta: Any = type(row)._meta
    columns = [field.column for field in meta.concrete_fields if not field.primary_key]
    values = [changed.pop(name, f't."{name}"') for name in columns]
    assert not changed, f"{meta.label} has no {', '.join(changed)}"
    names = ", ".join(f'"{name}"' for name in columns)
    said = f'INSERT INTO "{meta.db_table}" ({names}) SELECT {", ".join(values)} FROM "{meta.db_table}" AS t, {source}'
    with connection.cursor() as cursor:
        cursor.execute(f"{said} {'AND' if ' WHERE ' in source else 'WHERE'} t.id = {row.pk}")
        return int(cursor.rowcount)


def code(letter: str, key: str) -> str:
    """Return SQL for a public code of a copy: a letter and the number of the row it hangs on."""
    return f"'{letter}' || lpad(({key})::text, 11, '0')"


def series(first: int, last: int) -> str:
    """Return a source of the numbers from `first` to `last`, each called g."""
    return f"generate_series({first}, {last}) AS g"


def made(model: type[models.Model], letter: str, first: int = 0) -> str:
    """Return the copies of a model, from the one of that number on, each called p, as a source."""
    return f"\"{model._meta.db_table}\" AS p WHERE p.code BETWEEN '{letter}{first:011}' AND '{letter}0{'9' * 10}'"
