"""Write the example city's inbox and its manifest: three rounds of submissions, faults included.

Run from the root of the repository: `python -m examples.make_example`. The files are committed;
the same registers, texts and plan give the same bytes again, PDF apart, whose text is the same.
"""

from __future__ import annotations

import json
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from examples.lindhamn.content import Model, open_model
from examples.lindhamn.faults import CHANGES, DAMAGES
from examples.lindhamn.ledger import eliminations, ledger, staff_list
from expectations.contract import Reading
from expectations.contract_json import as_json
from expectations.form_layout import load_layouts, newest
from expectations.register_files import load_city
from expectations.registers import LOCAL_TIME, Board, Round
from tasks.central import FOLDER
from tasks.form import write_docx, write_pdf, write_workbook
from tasks.form_prose import write_prose

HERE = Path(__file__).parent
PLAN = HERE / "lindhamn" / "plan.toml"
CITY = "lindhamn"
_WRITERS = {"docx": write_docx, "pdf": write_pdf}
_KINDS = {"xlsx": "formulär, arbetsbok", "docx": "formulär, Word", "pdf": "formulär, PDF"}
_PARTS = {
    "xlsx": "formulär i två filer: arbetsboken",
    "docx": "formulär i två filer: texten",
}
_KINDS |= {"json": "redovisning ur nämndens eget system, JSON"}


@dataclass(frozen=True)
class Handed:
    """One file that a board hands in."""

    round: Round
    path: str
    """From the round's inbox: the sender's folder and the file's name."""
    entry: Mapping[str, Any]
    """Its row in plan.toml."""
    other: str | None = None
    """The name of the other file, where the form is handed in as workbook and Word file."""

    @property
    def suffix(self) -> str:
        """The kind of file."""
        return self.path.rpartition(".")[2]

    @property
    def received_at(self) -> datetime:
        """When it came."""
        moment: datetime = self.entry["received"]
        return moment


def plan() -> dict[str, Any]:
    """Return the plan of the inbox."""
    return tomllib.loads(PLAN.read_text(encoding="utf-8"))


def handed_in(model: Model) -> Iterator[Handed]:
    """Yield every file of every round, in the plan's order."""
    for turn in plan()["rounds"]:
        for entry in turn["files"]:
            if entry.get("format") == "pair":
                yield from _pair(model.city.round(turn["round"]), entry)
                continue
            name = entry.get("name", turn["name"])
            path = f"{entry['board']}/{name}.{entry.get('format', 'xlsx')}"
            yield Handed(model.city.round(turn["round"]), path, entry)


def _pair(round_: Round, entry: Mapping[str, Any]) -> Iterator[Handed]:
    """Yield the two files of a form, by the names that they were issued under."""
    board = entry["board"]
    book, text = f"underlag-{round_.round_id}-{board}.xlsx", f"text-{round_.round_id}-{board}.docx"
    yield Handed(round_, f"{board}/{book}", entry, text)
    yield Handed(round_, f"{board}/{text}", {**entry, **entry.get("text", {})}, book)


def content(handed: Handed, model: Model) -> bytes:
    """Return the bytes of one file."""
    entry = handed.entry
    round_ = model.city.round(entry["as_round"]) if "as_round" in entry else handed.round
    board_id = entry.get("as", entry["board"])
    approved = handed.received_at.astimezone(LOCAL_TIME).date() - timedelta(days=1)
    reading = model.said(board_id, round_, on=approved)
    change = entry.get("change", "")
    if change in CHANGES:
        reading = CHANGES[change](reading)
    data = _file(handed, reading, model, round_)
    return DAMAGES[change](data) if change in DAMAGES else data


def _file(handed: Handed, reading: Reading, model: Model, round_: Round) -> bytes:
    if handed.suffix == "json":
        name = handed.path.rpartition("/")[2]
        document = replace(reading.document, name=name, media_type="application/json")
        tree = as_json(replace(reading, document=document))
        return (json.dumps(tree, ensure_ascii=False, indent=1) + "\n").encode()
    city = model.city
    board = _issued_to(handed, reading, model)
    layout = newest(load_layouts())
    # What is not owed may always be told: deviations and comments have their sheets.
    groups = (*city.owed(round_).get(board.board_id, ()), "other")
    asked: dict[str, Any] = {"city": city, "board": board, "round": round_, "filled": reading}
    if handed.other and handed.suffix == "docx":
        return write_prose(layout, **asked, groups=groups)
    if handed.suffix in _WRITERS:
        write = _WRITERS[handed.suffix]
        return write(layout, **asked)
    return write_workbook(layout, **asked, groups=groups, prose_file=handed.other)


def _issued_to(handed: Handed, reading: Reading, model: Model) -> Board:
    board = model.city.board(reading.document.board)
    if board is None:
        raise LookupError(reading.document.board)
    if handed.entry.get("change") == "unknown_board":
        folder = handed.path.partition("/")[0]
        return replace(board, board_id=folder, name="Kyrkogårdsnämnden", administration=None)
    return board


def manifest(model: Model) -> dict[str, Any]:
    """Return what lies in the inbox, when it came and what each file shall give."""
    files = list(handed_in(model))
    rounds = []
    for turn in plan()["rounds"]:
        mine = [handed for handed in files if handed.round.round_id == turn["round"]]
        rounds.append(
            {
                "round": turn["round"],
                "inbox": f"inbox/{turn['round']}",
                "now": _iso(turn["now"]),
                "missing": turn["missing"],
                "ignored": turn["noise"],
                "central": [
                    {"path": path, "received_at": _iso(turn["central"]), "what": what}
                    for path, what in _central_files(turn["round"])
                ],
                "files": [_entry(handed) for handed in mine],
            }
        )
    return {"city": CITY, "rounds": rounds}


def _entry(handed: Handed) -> dict[str, Any]:
    entry = {
        "path": handed.path,
        "sender": handed.path.partition("/")[0],
        "received_at": _iso(handed.received_at),
        "what": handed.entry.get("what", (_PARTS if handed.other else _KINDS)[handed.suffix]),
    }
    same = {"same_as": handed.entry["same_as"]} if "same_as" in handed.entry else {}
    return entry | same | {"faults": handed.entry.get("faults", [])}


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _central_files(round_id: str) -> tuple[tuple[str, str], ...]:
    """Return the files of the city's own systems, with what they are."""
    return (
        (f"{FOLDER}/redovisning-{round_id}.se", "stadens redovisning, SIE typ 4"),
        (f"{FOLDER}/personal-{round_id}.csv", "utdrag ur personalsystemet"),
        (f"{FOLDER}/bolagen-{round_id}.csv", "elimineringar mellan bolagen, ur ekonomisystemet"),
    )


def central(model: Model) -> Iterator[tuple[str, bytes]]:
    """Yield what the city's own systems hand over in each round."""
    for turn in plan()["rounds"]:
        round_ = model.city.round(turn["round"])
        made = (ledger(model, round_), staff_list(model, round_), eliminations(round_))
        for (path, _), data in zip(_central_files(turn["round"]), made, strict=True):
            yield f"{turn['round']}/{path}", data


def noise() -> Iterator[tuple[str, bytes]]:
    """Yield the files that programs leave behind and that nobody handed in."""
    for turn in plan()["rounds"]:
        for path in turn["noise"]:
            text = (
                "Filen är inte färdig än." if path.endswith(".part") else "Lämnad av ett program."
            )
            yield f"{turn['round']}/{path}", text.encode()


def write(folder: Path) -> int:
    """Write inbox and manifest under a folder; return how many files the boards handed in."""
    model = open_model(load_city(CITY))
    files = {f"{h.round.round_id}/{h.path}": content(h, model) for h in handed_in(model)}
    shutil.rmtree(folder / "inbox", ignore_errors=True)
    for path, data in (files | dict(central(model)) | dict(noise())).items():
        target = folder / "inbox" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    text = json.dumps(manifest(model), ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
    return len(files)


if __name__ == "__main__":
    count = write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
    print(f"{count} files")
