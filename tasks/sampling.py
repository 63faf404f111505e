"""Figures of an edition drawn by lot, for an auditor who follows them back to what was handed in.

The same edition, number and seed give the same figures: the draw can be made again by anybody.
"""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

import templates
from tasks.report.material import words

FOLDER = Path(templates.__file__).parent / "report"
SHOWN_OF_COMPUTED = 3
"""So many of a computed number's figures are shown with their place; all are named."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One figure drawn: as printed, where in the report, how it was computed, and its sources."""

    figure_id: str
    shown: str
    where: str
    how: str
    sources: tuple[dict[str, Any], ...]
    """As in uppgifter.json: figure_id, board, document, sha256, place, written, version, …"""


def draw(report: Mapping[str, Any], computed: Sequence[Any], *, n: int, seed: str) -> list[Drawn]:
    """Return `n` figures by lot (all where there are fewer) of rapport.json and beraknade.json.

    Only what a document says, or is computed from that: a count of the registers' rows has no page.
    """
    sources = {source["figure_id"]: source for source in report["sources"]}
    printed = dict(_printed(report["sections"]))
    every = {
        key: Drawn(key, shown, where, "", (source,))
        for key, source in sources.items()
        for shown, where in [printed.get(key, (source["written"], ""))]
    }
    for one in (one for one in computed if one["figures"]):
        own = tuple(sources[key] for key in one["figures"] if key in sources)
        where = f"{one['table']}: {one['what']}"
        every[one["computed_id"]] = Drawn(
            one["computed_id"], one["shown"], where, one["how"] or words()["how"]["otherwise"], own
        )
    # Not for secrets: a draw that anybody can repeat is the point.
    lot = random.Random(seed)  # noqa: S311
    return [every[key] for key in sorted(lot.sample(sorted(every), min(n, len(every))))]


def _printed(sections: Sequence[Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield (figure id, (as printed, table and row)); the first place of each is the last given."""
    for section in reversed(sections):
        yield from _printed(section["parts"])
        for table in reversed([b for b in section["blocks"] if b["kind"] == "Table"]):
            for row in table["rows"]:
                for head, cell in zip(table["head"], row, strict=True):
                    if len(cell["figures"]) == 1:
                        label = f"{table['label']} {table['caption']}".strip()
                        where = f"{label}: {row[0]['text']} · {head}"
                        yield cell["figures"][0], (cell["text"], where)


def render_sample(
    drawn: Sequence[Drawn],
    around: Mapping[str, Mapping[str, Any]],
    *,
    title: str,
    about: Sequence[tuple[str, str]],
) -> str:
    """Return the draw as a page; `around` holds what stands about each figure, by its id."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (FOLDER / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("sample.html.j2").render(
        drawn=drawn,
        around=around,
        title=title,
        about=about,
        words=words(),
        most=SHOWN_OF_COMPUTED,
        style=Markup(style),  # noqa: S704 - our own
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'",
    )
