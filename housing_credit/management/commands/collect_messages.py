"""`manage.py collect_messages`: bring the Chinese catalogue up to date with the texts in code and templates."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from housing_credit import catalogues, messages


class Command(BaseCommand):
    help = "Add new texts to the Chinese catalogue, drop those that are gone, and list what still wants Chinese."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 when the catalogue is not whole"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        template = messages.collect()
        chinese = messages.merged(template, messages.read())
        if not options["check"]:
            messages.CHINESE.parent.mkdir(parents=True, exist_ok=True)
            messages.CHINESE.write_text(messages.written(chinese), encoding="utf-8")
            catalogues.compile_stale()
        found = [*messages.filled_in(), *messages.problems(template, chinese)]
        for problem in found:
            self.stdout.write(f"{problem.why}: {problem.text}")
        self.stdout.write(f"{len(template)} texts, {len(found)} without usable Chinese")
        if found and options["check"]:
            raise CommandError("The Chinese catalogue is not whole.")
