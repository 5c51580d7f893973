"""`manage.py ensure_site`: the portal's first pages in both languages. Safe to repeat at each deployment."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.portal.site import ensure_site


class Command(BaseCommand):
    help = "Makes the home pages, news and texts that are missing; overwrites nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_site()
        self.stdout.write("The portal's pages are there.")
