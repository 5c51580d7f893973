"""Write the state diagrams in marketplace/README.md anew, or tell that they are out of date."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms import diagrams


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where they differ")

    def handle(self, *args: Any, **options: Any) -> None:
        text = diagrams.README.read_text("utf-8") if diagrams.README.exists() else "# marketplace: the domain\n"
        present = diagrams.put_into(text)
        if options["check"]:
            if present != text:
                raise CommandError("The state diagrams are out of date; run manage.py state_diagrams.")
        else:
            diagrams.README.write_text(present, "utf-8")
        self.stdout.write(f"{len(diagrams.machines())} state machines.")
