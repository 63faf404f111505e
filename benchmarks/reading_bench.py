"""Read the corpus and the real documents, and hold every fact against the key written by hand.

The denominator is what a person reads in the contract's sections: printed figures (right means
value, unit, sign, row and column) and words (verdicts, statuses, case numbers, clauses …). A fact
read that the key does not have is wrong; one in the key that was not read is missed. The score is
right minus twice wrong, over all. `make reading-bench` prints it by section, format and document,
and every mistake with its place.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from expectations.contract import DecisionReference, Figure, Place, Reading, Text
from expectations.register_files import load_city
from expectations.registers import plain
from tasks.readers.docx import docx_pages
from tasks.readers.pdf import pdf_pages
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages

CORPUS = Path(__file__).parents[1] / "examples" / "reading"
REAL = CORPUS.parents[1].parent / "shared" / "documents"
PAGES = {".txt": text_pages, ".docx": docx_pages, ".pdf": pdf_pages}
_LAST_QUICK = "25"
WORDS = (
    "goals",
    "assignments",
    "decisions",
    "deviations",
    "agenda2030",
    "competence_gaps",
    "competence_positions",
    "efforts",
    "document",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One fact, of the key or of a reading."""

    section: str
    row: str
    key: str
    value: str
    unit: str | None = None
    code: str | None = None
    place: Place | None = None
    table: str | None = None
    """The table that a row stands in, where it is named; a key may name table and row."""

    def same(self) -> tuple[str, ...]:
        """Return what two facts must share to be the same one, code and unit aside."""
        return self.section, self.row, self.key, self.value


@dataclass(slots=True)
class Tally:
    """Counts of one document, section or format."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    mistakes: list[str] = field(default_factory=list)

    @property
    def all(self) -> int:
        """Return how many facts a person reads."""
        return self.right + self.missed

    def add(self, other: Tally) -> None:
        """Add another tally's counts."""
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed
        self.mistakes += other.mistakes

    def shown(self) -> str:
        """Return the counts as a line of the table."""
        read = self.right + self.wrong
        precision = self.right / read if read else 1.0
        recall = self.right / self.all if self.all else 1.0
        score = (self.right - 2 * self.wrong) / self.all if self.all else 0.0
        counts = f"{self.all:6} {self.right:6} {self.wrong:6} {self.missed:7}"
        return f"{counts}  {precision:7.1%} {recall:7.1%} {score:7.1%}"


# --- what a reading says -------------------------------------------------------------------------


def facts_of(reading: Reading) -> Iterator[Said]:
    """Yield the facts of a reading that the key has words for."""
    for line in reading.finance:
        told = _figures("finance", line.label, line.columns, line.line)
        yield from (replace(one, table=plain(line.table or "")) for one in told)
    for staff in reading.staff:
        scope = staff.scope or ""
        row = staff.label if plain(scope) in plain(staff.label) else f"{staff.label} {scope}"
        yield from _figures("staff", row, staff.columns, staff.metric)
    for project in reading.investments:
        yield from _figures("investments", project.name, project.columns)
    for measure in reading.measures:
        row = f"{measure.name} {measure.scope or ''}".strip()
        yield from _figures("measures", row, measure.columns)
    for item in reading.central_items:
        told = {"outcome": item.outcome, "forecast": item.forecast, "budget": item.budget}
        yield from _figures("central_items", item.name, told)
    for indicator in reading.indicators:
        told = {"target_year": indicator.target_year, "target_term": indicator.target_term}
        told = {"baseline": indicator.baseline, **told, **indicator.outcomes}
        yield from _figures("indicators", indicator.name, told)
    yield from _words_of(reading)


def _words_of(reading: Reading) -> Iterator[Said]:
    for goal in reading.goals:
        if goal.assessment is not None and goal.assessment.written:
            word = goal.assessment
            yield _word("goals", goal.title, "assessment", word.written, word.place)
        if goal.sdgs and goal.goal_id is None:
            yield _word("goals", goal.title, "sdgs", ", ".join(map(str, goal.sdgs)), goal.place)
    yield from _assignments_of(reading)
    for clause in reading.decisions:
        row = (clause.ordinal or "").rstrip(".")
        yield _word("decisions", row, "text", clause.text, clause.place)
        for case in clause.case_numbers:
            yield _word("decisions", row, "case_number", case, clause.place)
    yield from _texts_of(reading)
    yield _word("document", "-", "kind", reading.document.kind, None)
    for key in ("case_number", "round"):
        if getattr(reading.document, key):
            yield _word("document", "-", key, getattr(reading.document, key), None)


def _assignments_of(reading: Reading) -> Iterator[Said]:
    for item in reading.assignments:
        if item.case_number:
            yield _word("assignments", item.text, "case_number", item.case_number, item.place)
        if item.status is not None and item.status.written:
            yield _word("assignments", item.text, "status", item.status.written, item.place)
        if item.decision is not None:
            yield _word("assignments", item.text, "decided", _decided(item.decision), item.place)
        if item.due is not None and item.due.latest is not None:
            yield _word("assignments", item.text, "due", str(item.due.latest), item.place)


def _decided(ref: DecisionReference) -> str:
    """Return a decision as one string: `KF 2024-06-17 § 98 punkt 2`, or `budget 2025`."""
    parts = (
        ref.organ,
        ref.date and str(ref.date),
        ref.paragraph and f"§ {ref.paragraph}",
        ref.point and f"punkt {ref.point}",
        ref.budget_year and f"budget {ref.budget_year}",
    )
    return " ".join(part for part in parts if part)


def _texts_of(reading: Reading) -> Iterator[Said]:
    for gap in reading.competence_gaps:
        for key in ("years_2", "years_5", "risk", "probability"):
            said = getattr(gap, key)
            if said is not None and said.written:
                yield _word("competence_gaps", gap.occupation, key, said.written, said.place)
        posts = {"gap_fte_short": gap.gap_fte_short, "gap_fte_long": gap.gap_fte_long}
        yield from _figures("competence_gaps", gap.occupation, posts)
    yield from _of_competence(reading)
    for one in reading.deviations:
        row = one.area or ""
        for key in ("text", "consequence", "measure_taken"):
            yield from _text("deviations", row, key, getattr(one, key))
    for link in reading.agenda2030:
        yield from _text("agenda2030", str(link.sdg), "text", link.text)


def _of_competence(reading: Reading) -> Iterator[Said]:
    """Yield positions and efforts; their numbers may be intervals, so they are held as written."""
    for post in reading.competence_positions:
        row = f"{post.position} {post.horizon}"
        for key in ("missing", "vacant_or_hired", "other_competence", "change"):
            said = getattr(post, key)
            if said is not None and said.written:
                yield _word("competence_positions", row, key, said.written, said.place)
    for effort in reading.efforts:
        for key in ("cost", "headcount"):
            said = getattr(effort, key)
            if said is not None and said.written:
                yield _word("efforts", effort.title, key, said.written, said.place)


def _figures(
    section: str, row: str, columns: dict[str, Figure | None], code: str | None = None
) -> Iterator[Said]:
    for key, one in columns.items():
        if one is not None and one.state == "read" and one.value is not None:
            value = _number(one.value)
            yield Said(section, plain(row), key, value, one.unit, code, one.place)


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _word(section: str, row: str, key: str, written: str, place: Place | None) -> Said:
    return Said(section, _bare(row), key, _bare(written), place=place)


def _text(section: str, row: str, key: str, text: Text | None) -> Iterator[Said]:
    if text is not None and text.text.strip():
        yield _word(section, row, key, text.text, text.place)


def _bare(text: str) -> str:
    return plain(" ".join(text.split())).rstrip(".")


# --- the key, and what is held against it --------------------------------------------------------


def keyed(facts: list[dict[str, str]]) -> list[Said]:
    """Return the facts of a key."""
    found = []
    for fact in facts:
        if "value" in fact:
            value = _number(Decimal(fact["value"]))
            row = plain(fact["row"])
            one = Said(fact["section"], row, fact["key"], value, fact.get("unit"), fact.get("code"))
        else:
            one = _word(fact["section"], fact["row"], fact["key"], fact["written"], None)
        found.append(one)
    return found


def held(wanted: list[Said], read: list[Said], name: str) -> dict[str, Tally]:
    """Return by section what is right, wrong and missed."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    left = list(read)
    for one in wanted:
        found = next((other for other in left if _is(one, other)), None)
        if found is not None:
            left.remove(found)
            tallies[one.section].right += 1
        else:
            tallies[one.section].missed += 1
            tallies[one.section].mistakes.append(f"saknas  {name}: {_shown(one)}")
    for other in left:
        tallies[other.section].wrong += 1
        tallies[other.section].mistakes.append(f"FEL     {name}: {_shown(other)}")
    return tallies


def _is(wanted: Said, read: Said) -> bool:
    whole = replace(read, row=f"{read.table} {read.row}") if read.table else read
    if wanted.same() not in (read.same(), whole.same()):
        return False
    named = wanted.code is None or wanted.code == read.code
    return named and (wanted.unit is None or wanted.unit == read.unit)


def _shown(one: Said) -> str:
    place = one.place
    where = f" ({place.page or '-'}:{place.line or '-'})" if place is not None else ""
    unit = f" {one.unit}" if one.unit else ""
    code = f" <{one.code}>" if one.code else ""
    return f"{one.section}{code} | {one.row} | {one.key} = {one.value}{unit}{where}"


# --- the run -------------------------------------------------------------------------------------


def run(names: str = "", *, quick: bool = False) -> dict[tuple[str, str, str], Tally]:
    """Return the tallies by (document, format, section) of the specimens whose names begin so.

    A `quick` run leaves the PDFs and the pressed texts of the later specimens out.
    """
    key: dict[str, Any] = json.loads((CORPUS / "answers.json").read_text(encoding="utf-8"))
    found: dict[tuple[str, str, str], Tally] = {}
    for path in sorted((CORPUS / "documents").iterdir()):
        source, form = path.name.split(".")[:2]
        if not path.name.startswith(names) or (quick and _is_late(path, form)):
            continue
        told = key[source]
        wanted = keyed(told["facts"])
        wanted += [
            _word("document", "-", name, told["told"][name], None)
            for name in ("kind", "round")
            if told["told"].get(name)
        ]
        city = load_city(told["told"]["city"]) if "city" in told["told"] else None
        pages = PAGES[path.suffix](path.read_bytes())
        reading = read_pages(pages, city=city, name=f"handling{path.suffix}")
        for section, tally in held(wanted, list(facts_of(reading)), path.name).items():
            found[source, form, section] = tally
    return found


def _is_late(path: Path, form: str) -> bool:
    return (path.suffix == ".pdf" or form == "pressed") and path.name[:2] > _LAST_QUICK


def known(folder: Path) -> dict[tuple[str, str, str], Tally]:
    """Return the tallies of the real documents whose city and template are known.

    Their facts were taken by hand (`real.json`); the documents are not in the repository, and one
    that is not in the folder is left out. Only the sections that the key speaks of are compared.
    """
    key: dict[str, Any] = json.loads((CORPUS / "real.json").read_text(encoding="utf-8"))
    found: dict[tuple[str, str, str], Tally] = {}
    for name, told in key.items():
        path = folder / name
        if not path.is_file():
            continue
        wanted = keyed(told["facts"])
        asked = {(one.section, one.key if one.section == "document" else "") for one in wanted}
        pages = PAGES[path.suffix](path.read_bytes())
        reading = read_pages(pages, city=load_city(told["city"]), name=name)
        read = [
            one
            for one in facts_of(reading)
            if (one.section, one.key if one.section == "document" else "") in asked
        ]
        for section, tally in held(wanted, read, path.stem).items():
            found[path.stem, "text", section] = tally
    return found


def _by(found: dict[tuple[str, str, str], Tally], at: int) -> dict[str, Tally]:
    summed: dict[str, Tally] = defaultdict(Tally)
    for names, tally in found.items():
        summed[names[at]].add(tally)
    return dict(sorted(summed.items()))


def _known_shown(folder: Path, whole: Tally) -> str:
    """Return the score of known templates as a line; their mistakes join the others."""
    found = known(folder)
    if not found:
        return f"kända mallar: handlingarna finns inte i {folder}\n"
    tally = Tally()
    for one in found.values():
        tally.add(one)
    whole.mistakes += tally.mistakes
    count = len({name for name, _, _ in found})
    return f"{f'kända mallar ({count} handlingar)':28} {tally.shown()}\n"


def main() -> int:
    """Print the tables, and with --list every mistake."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="specimens whose names begin so")
    parser.add_argument("--list", action="store_true", help="every mistake, not only the wrong")
    parser.add_argument("--real", type=Path, default=REAL, help="folder of the real documents")
    asked = parser.parse_args()
    found = run(asked.only)
    head = f"{'':28}   alla   rätt    fel saknas    precision täckning poäng"
    for title, at in (("källa", 0), ("format", 1), ("avsnitt", 2)):
        print(f"\n{title}\n{head}")
        for name, tally in _by(found, at).items():
            print(f"{name:28} {tally.shown()}")
    whole = Tally()
    figures = Tally()
    for (_, _, section), tally in found.items():
        whole.add(tally)
        if section not in WORDS:
            figures.add(tally)
    print(f"\n{'tal':28} {figures.shown()}\n{'allt':28} {whole.shown()}\n")
    if not asked.only:
        print(_known_shown(asked.real, whole))
    kinds = Counter(line.split()[0] for line in whole.mistakes)
    print(f"{kinds['FEL']} fel, {kinds['saknas']} saknas")
    for line in whole.mistakes:
        if asked.list or line.startswith("FEL"):
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
