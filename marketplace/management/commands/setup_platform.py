"""`manage.py setup_platform`: what a platform needs before its first visitor. Safe to repeat at each deployment."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from marketplace.organisations.staff import set_up_groups
from marketplace.reviews.setup import ensure_workflows


class Command(BaseCommand):
    help = "Makes groups of staff, classifications and reviews; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        set_up_groups()
        call_command("load_classifications", stdout=self.stdout)
        ensure_workflows()
        self.stdout.write("Groups of staff, classifications and reviews are set up.")
