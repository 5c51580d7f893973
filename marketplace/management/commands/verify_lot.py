"""Verify the record of one lot in the database, or a downloaded file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.models import Lot
from marketplace.auctions.verifier import record_problems


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lot", help="number of the lot, such as OH-2026-07, or the path of a downloaded record")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["lot"])
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            problems = record_problems([json.loads(line) for line in lines if line.strip()])
        else:
            lot = Lot.objects.filter(number=options["lot"]).first()
            if lot is None:
                raise CommandError("There is no such lot and no such file.")
            problems = lot_problems(lot)
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write("The record is intact.")
