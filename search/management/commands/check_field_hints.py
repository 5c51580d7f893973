"""manage.py check_field_hints: how often the suggested field is the right one, each public outcome left out in turn."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engine import EngineDown
from search.field_hints import SHOWN, left_out


class Command(BaseCommand):
    help = "Suggests a field for each public outcome from all the others, and tells how often it is the outcome's own."

    def handle(self, *args: Any, **options: Any) -> None:
        fields: Counter[str] = Counter()
        first = among = 0
        try:
            for outcome, hints in left_out():
                own, suggested = str(outcome.field and outcome.field.code), [hint.field.code for hint in hints]
                fields[own] += 1
                first += suggested[:1] == [own]
                among += own in suggested
        except EngineDown as error:
            raise CommandError(str(error)) from error
        total = fields.total()
        if not total:
            raise CommandError("There is no public outcome with a field.")
        alone = sum(number for number in fields.values() if number == 1)
        usual = sum(number for _code, number in fields.most_common(SHOWN))
        self.stdout.write(
            f"{total} outcomes in {len(fields)} fields ({alone} alone in theirs): first {first / total:.2f}, "
            f"among {SHOWN} {among / total:.2f}; always the {SHOWN} most frequent {usual / total:.2f}"
        )
