"""manage.py rematch: score the standing matches by the weights in force; nobody is told of a mere score."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import rescoring
from search.engine import EngineDown
from tasks.matching import rescore_matches

AT_ONCE = 50  # needs in one task


class Command(BaseCommand):
    help = (
        "Scores every proposed or agreed match that was scored by other weights than those in force. Answers and texts "
        "stay, nothing is proposed or withdrawn, nobody is told. Ended halfway, it goes on where it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queue", action="store_true", help="leave it to the workers, so many needs at a time")
        parser.add_argument("--status", action="store_true", help="only tell how many are left")

    def handle(self, *args: Any, **options: Any) -> None:
        self._tell()
        if options["status"]:
            return
        needs = rescoring.needs_due()
        for done, some in enumerate(batches(needs), start=1):
            if options["queue"]:
                rescore_matches.delay(some)
            else:
                self._rescore(some)
                self.stdout.write(f"{min(done * AT_ONCE, len(needs))} of {len(needs)} needs")
        if options["queue"]:
            self.stdout.write(f"{len(needs)} needs are handed to the workers; --status tells how far they are.")
        else:
            self._tell()

    def _rescore(self, needs: list[int]) -> None:
        try:
            rescoring.rescore(needs)
        except EngineDown as error:
            raise CommandError(str(error)) from error

    def _tell(self) -> None:
        now = rescoring.progress()
        self.stdout.write(f"{now.standing} matches stand, {now.due} of them scored by other weights than {now.version}")


def batches(needs: list[int]) -> list[list[int]]:
    """Return the needs in portions of one task."""
    return [needs[at : at + AT_ONCE] for at in range(0, len(needs), AT_ONCE)]
