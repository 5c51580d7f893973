"""Check every invariant of every announced lot (auction-engine.md §5)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from marketplace.auctions.invariants import all_problems


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        problems = all_problems()
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write("All lots are in order.")
