"""Print docs/data-dictionary.md from the comments of the tables (`make papers`)."""

from __future__ import annotations

from warehouse.marts import views
from warehouse.tables import Table


def as_paper() -> str:
    """Return every table and column with its words."""
    lines = [
        "# Data dictionary",
        "",
        "Printed from `warehouse/tables.py` by `make papers`. Everything is append-only; what",
        "holds now has an empty `known_to`.",
        "",
    ]
    for table in Table.metadata.sorted_tables:
        lines += [f"## {table.name}", "", f"{table.comment}.", ""]
        lines += ["| column | type | means |", "|---|---|---|"]
        for column in table.columns:
            mark = " (key)" if column.primary_key else ""
            lines.append(f"| `{column.name}`{mark} | {column.type!s} | {column.comment} |")
        lines.append("")
    lines += ["# City tables", "", *_told_of_views()]
    return "\n".join(lines).rstrip() + "\n"


def _told_of_views() -> list[str]:
    lines = [
        "Views for any SQL tool, from `warehouse/migrations/views.toml`. Assessments are counted,",
        "never averaged; missing is one of five kinds; counts have denominators; rates are",
        "weighted or not given; intervals are summed as intervals; accumulated figures are",
        "compared over the same span only.",
        "",
    ]
    for view in views():
        lines += [f"## {view.name}", "", f"{view.comment}.", ""]
        lines += ["| column | means |", "|---|---|"]
        lines += [f"| `{name}` | {means} |" for name, means in view.columns.items()]
        lines.append("")
    return lines


if __name__ == "__main__":
    print(as_paper(), end="")  # noqa: T201 - a printed paper
