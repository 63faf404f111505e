"""The steward's first desk: a worklist of every board and a page of findings for each.

Static, self-contained HTML that works without script. Findings stand in the order to mend them:
what stops first, then what is asked; equal ones are told once with all their places; tips are
folded. What was not checked is said too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

import templates
from desk.boards import STAGES, Before, BoardPage, Copy, board_pages, city_page
from expectations.complaints import complaints
from expectations.contract import GROUPS
from expectations.registers import LOCAL_TIME, City
from expectations.verdicts import Verdict
from warehouse.snapshot import Snapshot

FOLDER = Path(templates.__file__).parent / "desk"
FONTS = ("IBMPlexSans-Regular.woff2", "IBMPlexSans-SemiBold.woff2", "NotoSansSymbols2-subset.woff2")
CITY_PAGE = "staden.html"


def fonts() -> dict[str, bytes]:
    """Return the fonts that lie beside the pages, by file name."""
    return {name: (FOLDER.parent / "fonts" / name).read_bytes() for name in FONTS}


def render_findings(
    snapshot: Snapshot,
    verdicts: Sequence[Verdict],
    city: City,
    *,
    title: str,
    copies: Mapping[str, Sequence[Copy]] | None = None,
    before: Before | None = None,
) -> dict[str, str]:
    """Return the pages by file name: the worklist, the city's, and a page per board.

    `index.html` is the worklist, `staden.html` tells what only the city can mend. `copies` are
    the annotated workbooks by board. What `before`, the report before, did not know is new.
    """
    boards = board_pages(snapshot, verdicts, city, copies=copies or {}, before=before)
    found, whole = environment(), city_page(verdicts)
    shared = _shared(city, title) | {"whole": whole}
    day = _local(before.at) if before else ""
    worklist = found.get_template("worklist.html.j2")
    pages = {
        "index.html": worklist.render(boards=boards, stages=STAGES, since=day, **shared),
        CITY_PAGE: found.get_template("city.html.j2").render(**shared),
    }
    page = found.get_template("board.html.j2")
    for board in boards:
        pages[board.file_name] = page.render(board=board, is_trial=False, **shared)
    return pages


def render_check(verdict: Verdict, city: City, *, name: str, copy: Copy | None) -> str:
    """Return the page that answers one file that was only tried, with its marked copy if any."""
    board = city.board(verdict.board)
    page = BoardPage(
        board_id=verdict.board or "",
        name=board.name if board else "Okänd avsändare",
        sections={},
        complaints=complaints(verdict.findings),
        not_checked=tuple(dict.fromkeys(verdict.not_checked)),
        copies=(copy,) if copy else (),
    )
    template = environment().get_template("board.html.j2")
    return template.render(board=page, is_trial=True, **_shared(city, name))


def page(template: str, **said: object) -> str:
    """Return a page of the desk made from one of its templates."""
    return environment().get_template(template).render(style=_own("desk.css"), **said)


def _own(name: str) -> Markup:
    """Return our own style sheet or script: no data, so quotes in it stand as they are."""
    return Markup((FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704


def state_word(state: str) -> str:
    """Return the Swedish word for the state of a section."""
    word: str = words()["states"][state]["word"].lower()
    return word


def standing_word(standing: str) -> str:
    """Return the Swedish words for where a section stands on its way."""
    word: str = words()["standings"][standing]
    return word


def _shared(city: City, title: str) -> dict[str, Any]:
    return {
        "city": city,
        "names": {board.board_id: board.name for board in city.boards},
        "title": title,
        "groups": tuple(GROUPS),
        "words": words(),
        "style": _own("desk.css"),
        "script": _own("worklist.js"),
    }


@cache
def words() -> dict[str, Any]:
    """Return the words of the desk's pages and letters."""
    with (FOLDER / "words.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def environment() -> jinja2.Environment:
    """Return where the desk's templates are; what is HTML is escaped, a letter is not."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=jinja2.select_autoescape(
            enabled_extensions=("html.j2",), disabled_extensions=("txt.j2",), default=True
        ),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["local"] = _local
    return made


def _local(moment: datetime) -> str:
    """Return a moment as the clock shows it in Sweden."""
    return moment.astimezone(LOCAL_TIME).strftime("%Y-%m-%d %H.%M")
