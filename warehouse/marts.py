"""The city tables (marts): views for any SQL tool, made from `migrations/views.toml`.

They stand beside the tables and hold nothing themselves. Alembic drops them before tables change
and makes them anew when the newest revision is reached.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

VIEWS = Path(__file__).parent / "migrations" / "views.toml"
_JSON = re.compile(r"\{json:([\w.]+):([\w.]+)\}")


@dataclass(frozen=True, slots=True)
class View:
    """One city table: its name, what a row is, its query, and what each column means."""

    name: str
    comment: str
    sql: str
    columns: dict[str, str]

    def for_engine(self, dialect: str) -> str:
        """Return the query in the engine's own words for JSON."""
        return _JSON.sub(lambda found: _json_value(dialect, found[1], found[2]), self.sql).strip()


@cache
def views() -> tuple[View, ...]:
    """Return the views in the order to make them: a later one may lean on an earlier."""
    told = tomllib.loads(VIEWS.read_text(encoding="utf-8"))
    return tuple(
        View(name, one["comment"], one["sql"], one["columns"]) for name, one in told.items()
    )


def drop_views(connection: Connection) -> None:
    """Take away the views that stand, the leaning ones first."""
    standing = set(inspect(connection).get_view_names())
    for view in reversed(views()):
        if view.name in standing:
            connection.execute(text(f"DROP VIEW {view.name}"))


def create_views(connection: Connection) -> None:
    """Make every view anew."""
    for view in views():
        query = view.for_engine(connection.dialect.name)
        connection.exec_driver_sql(f"CREATE VIEW {view.name} AS {query}".replace("%", "%%"))


def _json_value(dialect: str, column: str, path: str) -> str:
    if dialect == "postgresql":
        return f"({column} #>> '{{{path.replace('.', ',')}}}')"
    return f"json_extract({column}, '$.{path}')"
