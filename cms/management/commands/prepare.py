"""Make database and index fit the code and each other: migrate, load the demo on the first run, build an index anew
that another schema left, or that holds nothing of what there is (a backup that came back)."""

import gc
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from cms import environment
from cms.bare.turns import share_a_core
from cms.catalogues import compile_all
from cms.database_roles import NoRole, make_web_role
from cms.portal.site import ensure_site
from search.documents import SOURCES
from search.engines import get_engine


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        # a quarter of the time of `migrate` went into looking for garbage among classes that stay
        gc.freeze()
        gc.set_threshold(100_000, 20, 100)
        compile_all()
        loading, loaded = (settings.DATA_DIR / name for name in ("demo.loading", "demo.loaded"))
        if settings.DEMO and loading.exists():
            self.stdout.write("An earlier first run was cut off; its half of the demo is thrown away …")
            self._begin_anew()
        share_a_core(connection)
        self._migrate()
        self._make_web_role(environment.read().database_web_url)
        ensure_site()
        call_command("setup_platform", stdout=StringIO())  # editors' rights hang on the page tree
        if settings.DEMO and not loaded.exists():
            self._load_demo(loading, loaded)
        elif unfit := self._unfit():
            self._rebuild(unfit)

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            self.stdout.flush()
            call_command("migrate", verbosity=0, interactive=False)

    def _make_web_role(self, url: str) -> None:
        try:
            if url:
                make_web_role(url)
        except NoRole as why:
            raise CommandError(str(why)) from why

    def _load_demo(self, loading: Path, loaded: Path) -> None:
        if "load_demo" not in get_commands():
            return
        self.stdout.write("Loading the demo …")
        self.stdout.flush()
        loading.touch()
        call_command("load_demo")
        loading.rename(loaded)

    def _unfit(self) -> list[str]:
        """Return the kinds whose index is of another schema, or is empty though there is something to find."""
        kinds = get_engine().health().kinds
        return [
            one.kind for one in kinds if not one.current or (not one.documents and SOURCES[one.kind].rows().exists())
        ]

    def _rebuild(self, unfit: list[str]) -> None:
        """Index these kinds anew; the site starts without them, and says so, where that fails."""
        self.stdout.write("Building the index anew …")
        self.stdout.flush()
        try:
            call_command("rebuild_index", *unfit)
        except CommandError as why:
            self.stderr.write(str(why))

    def _begin_anew(self) -> None:
        """Throw the database away; only ever the embedded one, which no other program uses."""
        parameters = connection.get_connection_params()
        name = parameters["dbname"]
        connections.close_all()
        if settings.DATABASES["default"].get("OPTIONS", {}).get("pool"):
            connections["default"].close_pool()  # type: ignore[attr-defined]
        with psycopg.connect(host=parameters["host"], user="postgres", dbname="postgres", autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
