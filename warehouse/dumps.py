"""The database in a file, by its engine's own tool: SQLite's backup, PostgreSQL's pg_dump.

A warehouse can always be made again from the store; a dump is quicker, and a second witness of what
the journal said.
"""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import URL, make_url

SQLITE, POSTGRES = "warehouse.db", "warehouse.pgdump"
"""What a dump of each engine is called in a backup."""


class DumpError(Exception):
    """The engine's own tool did not do what it was asked; says in Swedish which and what."""


def dump_name(url: str) -> str:
    """Return what a dump of the database is called."""
    return POSTGRES if make_url(url).get_backend_name() == "postgresql" else SQLITE


def is_empty(url: str) -> bool:
    """Say whether there is nothing in a database: not a table."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        return True
    engine = create_engine(url)
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()


def dump(url: str, path: Path, tool: str | None, environment: Mapping[str, str]) -> None:
    """Write the database to a file, as it was at one moment. `tool` is the path of pg_dump."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        arguments = ("--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
        _run(tool, "pg_dump", parsed, arguments, environment)
        return
    source = sqlite3.connect(f"file:{parsed.database}?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(path)) as target:
        source.backup(target)


def load(path: Path, url: str, tool: str | None, environment: Mapping[str, str]) -> None:
    """Put a dump into an empty database of the same engine. `tool` is the path of pg_restore."""
    parsed = make_url(url)
    if path.name == POSTGRES:
        # The schema public is in every database, and the dump would make it anew.
        arguments = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        _run(tool, "pg_restore", parsed, (*arguments, "--schema=public", str(path)), environment)
        return
    target = Path(parsed.database or "")
    target.parent.mkdir(parents=True, exist_ok=True)
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(target)) as database:
        source.backup(database)


def _run(
    tool: str | None,
    name: str,
    url: URL,
    arguments: Sequence[str],
    environment: Mapping[str, str],
) -> None:
    """Run one of PostgreSQL's tools; the password goes by the environment, never in the command."""
    if tool is None:
        raise DumpError(f"{name} finns inte här. Ange mappen med PostgreSQL:s program i SAMLAD_PG")
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    done = subprocess.run(  # noqa: S603 - the steward's own program, no shell
        [tool, f"--dbname={plain}", *arguments],
        env={**environment, **secret, "LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        # What it says may quote a row; the first line names the condition and no more is shown.
        first = done.stderr.decode(errors="replace").partition("\n")[0]
        raise DumpError(f"{name} slutade med {done.returncode}: {first[:160]}")
