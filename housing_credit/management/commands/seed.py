"""Enter the first data. Running it again adds what is missing and changes nothing else."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from housing_credit.seeds import acts, ground, homes, letter_texts, partners, people, receivers, sources


class Command(BaseCommand):
    help = "Enter offices, sources, standards and time limits; in a demo also people to sign in as."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        new = {
            "offices": ground.seed_offices(),
            "sources": sources.seed_sources(),
            "standards": ground.seed_standards(),
            "policies on dishonest acts": acts.seed_acts(),
            "purposes of queries": partners.seed_purposes(),
            "receivers of feeds": receivers.seed_receivers(),
            "texts of letters": letter_texts.seed_letter_texts(),
        }
        ground.seed_procedure()
        if settings.DEMO:
            new["people"] = people.seed_people()
            new["homes"] = homes.seed_homes()
            new["partner departments"] = partners.seed_partners()
        self.stdout.write("Entered: " + ", ".join(f"{count} {name}" for name, count in new.items()))
