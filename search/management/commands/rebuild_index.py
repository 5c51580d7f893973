"""manage.py rebuild_index [kind …]: make the search index anew from the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.outcomes.models import ResearchOutcome
from search import twins
from search.documents import SOURCES
from search.engine import EngineDown
from search.indexing import CountsDiffer, rebuild_index


class Command(BaseCommand):
    help = "Builds a fresh search index from the database; searches go on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kinds", nargs="*", help=f"what to rebuild (all: {', '.join(SOURCES)})")

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = set(options["kinds"]) - SOURCES.keys()
        if unknown:
            raise CommandError(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(SOURCES)}.")
        for kind in options["kinds"] or SOURCES:
            try:
                count = rebuild_index(kind)
            except (EngineDown, CountsDiffer) as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{kind}: {count} documents")
            if kind == "outcome":
                numbers = ResearchOutcome.objects.values_list("number", flat=True)
                self.stdout.write(f"{kind}: {twins.sign(numbers)} signatures")
