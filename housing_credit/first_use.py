"""A checkout that was never used: any management command finds its tables, offices, sources and people all the same."""

import sys

import django
from django.core.management import call_command
from django.db import connection

# These make or compare the tables themselves.
OF_THE_TABLES = {"demo", "makemigrations", "migrate", "seed", "sqlmigrate", "showmigrations", "test"}


def lay_ground(command: str) -> None:
    """Create tables and first data when the embedded database is empty; otherwise one query and nothing else."""
    if command in OF_THE_TABLES:
        return
    django.setup()
    if connection.introspection.table_names():
        return
    sys.stderr.write("First use: preparing the database\n")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("seed", stdout=sys.stderr)
