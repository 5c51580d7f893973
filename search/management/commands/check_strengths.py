"""manage.py check_strengths: whether strong, fair and weak mean what they promise, by answers and by judged pairs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.matching import choosing
from search import judging, strengths, weights
from search.strengths import PROMISED, Counted


class Command(BaseCommand):
    help = (
        "Scores the answered matches, and judged pairs of a file, by the weights in force; prints for each threshold "
        "how many pairs reach it and how many of them fit, and the same for the words readers see. Fails where a word "
        "promises more than it keeps."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pairs", type=Path, help="judged pairs, one JSON object a line, as for tune_matching")
        parser.add_argument("--without-answers", action="store_true", help="only the pairs of the file")

    def handle(self, *args: Any, **options: Any) -> None:
        pairs = [] if options["without_answers"] else judging.answered()
        try:
            if options["pairs"]:
                pairs += judging.read(options["pairs"])
        except (OSError, UnicodeDecodeError, judging.BadLines) as error:
            raise CommandError(str(error)) from error
        if not pairs:
            raise CommandError("There is no judged pair.")
        now = weights.current()
        found = strengths.scored(pairs, now.by_feature)
        self.stdout.write(f"{len(pairs)} judged pairs by the weights {now.version}")
        self.stdout.write("score of at least   pairs   that fit")
        for least, counted in strengths.by_threshold(found):
            self.stdout.write(f"{least:17.2f}   {_told(counted)}")
        self._tell_words(strengths.by_strength(found))

    def _tell_words(self, found: Any) -> None:
        least = {"strong": choosing.STRONG, "fair": choosing.FAIR, "weak": choosing.LEAST, "": 0.0}
        for name, counted in found.items():
            self.stdout.write(f"{name or 'not shown':<9} from {least[name]:.2f}  {_told(counted)}")
        broken = [word for word, share in PROMISED.items() if (kept := found[word].share) is not None and kept < share]
        if broken:
            raise CommandError(f"Of {', '.join(broken)} pairs fewer fit than promised; see choosing.py.")


def _told(counted: Counted) -> str:
    share = "      –" if counted.share is None else f"{counted.share:7.2f}"
    return f"{counted.pairs:5}   {share}"
