"""Bring the Chinese catalogue up to date with the source, or tell what it lacks."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms import catalogues, shared_words


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail unless complete")
        parser.add_argument("--missing", action="store_true", help="print untranslated strings as JSON to fill in")
        parser.add_argument(
            "--add", type=Path, metavar="FILE.json", help="enter {english: chinese} where there is none"
        )
        parser.add_argument("--replace", action="store_true", help="with --add: also where there is another")

    def handle(self, *args: Any, **options: Any) -> None:
        said = catalogues.said_in_source()
        catalogue = catalogues.read()
        if options["check"]:
            lines = catalogues.complaints(catalogue, said) + shared_words.renamed(catalogue)
            self._check(lines + [line for words in shared_words.given() for line in shared_words.unsaid(words)])
            return
        catalogues.bring_up_to_date(catalogue, said)
        given = json.loads(options["add"].read_text("utf-8")) if options["add"] else {}
        left = catalogues.add(catalogue, given, replaces=options["replace"])
        catalogue.save(str(catalogues.CHINESE))
        catalogues.compile_all()
        for line in left:
            self.stderr.write(line)
        lacking = {entry.msgid: "" for entry in catalogue.untranslated_entries()}
        if options["missing"]:
            self.stdout.write(json.dumps(lacking, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(f"{len(catalogue)} strings, {len(lacking)} not translated")

    def _check(self, lines: list[str]) -> None:
        if lines:
            raise CommandError("The Chinese catalogue is not complete:\n  " + "\n  ".join(lines))
        self.stdout.write("The Chinese catalogue is complete.")
