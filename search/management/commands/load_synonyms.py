"""manage.py load_synonyms: the first synonyms, from search/data. Safe to repeat."""

from typing import Any

from django.core.management.base import BaseCommand

from search.keeping import add_first_synonyms
from search.models import Synonym


class Command(BaseCommand):
    help = "Adds missing synonyms of the district's technologies; what staff changed stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        added = add_first_synonyms()
        self.stdout.write(f"{added} synonyms added, {Synonym.objects.count()} in all.")
