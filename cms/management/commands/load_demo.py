"""`manage.py load_demo`: fill an empty platform with the demonstration, by the real actions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms.demo.beside import PartFailed
from cms.demo.loading import DataExist, load
from cms.demo.signins import NotDemo


class Command(BaseCommand):
    help = "Loads the demonstration into an empty database; refused unless DEMO is on."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            load(tell=self.stdout.write)
        except (NotDemo, DataExist, PartFailed) as error:
            raise CommandError(str(error)) from error
