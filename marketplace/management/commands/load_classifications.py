"""`manage.py load_classifications`: technical fields and industries from core/data. Safe to repeat."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from marketplace.core.classifications import Industry, TechnicalField

DATA = Path(__file__).resolve().parents[2] / "core" / "data"
FILES: dict[str, type[TechnicalField] | type[Industry]] = {
    "technical_fields.csv": TechnicalField,
    "industries.csv": Industry,
}


class Command(BaseCommand):
    help = "Adds missing technical fields and industries; what staff renamed stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, model in FILES.items():
            added = load(DATA / name, model)
            self.stdout.write(
                f"{model._meta.verbose_name_plural}: {added} added, {model._default_manager.count()} in all."
            )


@transaction.atomic
def load(path: Path, model: type[TechnicalField] | type[Industry]) -> int:
    """Add the rows whose code is missing, parents first, and return how many; rows that exist are left alone."""
    known: dict[str, Any] = {node.code: node for node in model._default_manager.all()}
    with path.open(encoding="utf-8", newline="") as file:
        missing = [row for row in csv.DictReader(file) if row["code"] not in known]
    waiting = missing
    while waiting:
        ready = [row for row in waiting if not row["parent"] or row["parent"] in known]
        nodes: list[Any] = [
            model(code=row["code"], name=row["name"], name_en=row["name_en"], parent=known.get(row["parent"]))
            for row in ready
        ]
        made = model._default_manager.bulk_create(nodes)
        if not made:
            raise ValueError(f"{path.name}: no parent for {', '.join(row['code'] for row in waiting)}")
        known |= {node.code: node for node in made}
        waiting = [row for row in waiting if row["code"] not in known]
    return len(missing)
