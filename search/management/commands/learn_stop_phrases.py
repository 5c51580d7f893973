"""manage.py learn_stop_phrases: learn from the public texts which phrases every field uses, and list them."""

from typing import Any

from django.core.management.base import BaseCommand

from search import stop_phrases
from search.models import StopPhrase


class Command(BaseCommand):
    help = "Learns which phrases every technical field uses; they are no reason for a match from now on."

    def handle(self, *args: Any, **options: Any) -> None:
        number = stop_phrases.learn()
        for row in StopPhrase.objects.all():
            self.stdout.write(f"{row.phrase}\t{row.texts}\t{row.fields}")
        self.stdout.write(f"{number} stop phrases")
