"""manage.py rebuild_index [kind …]: make the search index anew from the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.outcomes.models import ResearchOutcome
from search import twins
from search.documents import SOURCES
from search.rebuilding import RebuildRunning, rebuild_here


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
                run = rebuild_here(kind)
            except RebuildRunning as refusal:
                raise CommandError(f"{kind}: {refusal}") from refusal
            if run.error:
                raise CommandError(run.error)
            self.stdout.write(f"{kind}: {run.total} documents")
            if kind == "outcome":
                numbers = ResearchOutcome.objects.values_list("number", flat=True)
                self.stdout.write(f"{kind}: {twins.sign(numbers)} signatures")
