"""manage.py check_search: whether the engine of this installation does everything the site asks of it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from search.checking import findings
from search.documents import SOURCES
from search.engines import get_engine, spare_engine


class Command(BaseCommand):
    help = "Writes and finds one document by every feature in use, in an index of its own; then tells of the site's."

    def handle(self, *args: Any, **options: Any) -> None:
        missing = []
        with spare_engine() as engine:
            for finding in findings(engine):
                self.stdout.write(f"{'FAILED' if finding.trouble else 'ok    '} {finding.feature}  {finding.trouble}")
                missing += [finding.feature] if finding.trouble else []
        health = get_engine().health()
        for kind in health.kinds:
            self.stdout.write(f"{kind.kind}: the index holds {kind.documents} of {_rows(kind.kind)}")
        if missing:
            raise CommandError(f"The engine ({health.engine}) fails in: {', '.join(missing)}.")
        if not health.ok:
            raise CommandError(health.message)


def _rows(kind: str) -> int:
    """Return how many records the index of a kind should hold."""
    try:
        return SOURCES[kind].rows().count()
    except ProgrammingError as error:
        raise CommandError("The database lacks tables or columns this code reads: run `manage.py migrate`.") from error
