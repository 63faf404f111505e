"""The example city's inbox is what its generator makes, and gives the findings of its manifest.

The files are read with a run's own checks and readers (without its child processes, to be quick)
and judged round after round with what earlier rounds left behind as history.
"""

import dataclasses
import hashlib
import io
import itertools
import json
from collections import Counter
from datetime import datetime
from pathlib import Path

import pdfplumber
import pytest

from examples.lindhamn.content import open_model
from examples.make_example import central, content, handed_in, manifest
from expectations.contract import GROUPS, Document, Reading, Submission
from expectations.form_layout import load_layouts, newest
from expectations.judging import judge
from expectations.lineage import comparable
from expectations.register_files import load_city
from expectations.verdicts import History
from tasks.central import read_central
from tasks.joining import joined
from tasks.readers.file_checks import RefusedError, check_file
from tasks.readers.opening import open_as

EXAMPLES = Path(__file__).parents[2] / "examples"
TOLD = json.loads((EXAMPLES / "manifest.json").read_text(encoding="utf-8"))
CITY = load_city("lindhamn")
MODEL = open_model(CITY)
HANDED = list(handed_in(MODEL))
ROUNDS = [turn["round"] for turn in TOLD["rounds"]]
PROSE_ALONE = ("deviations", "narratives")
MARKS = ("group", "section", "row", "field")


def words_of(data):
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return [page.extract_text() for page in pdf.pages]


# --- the files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("handed", HANDED, ids=lambda one: f"{one.round.round_id}/{one.path}")
def test_the_generator_makes_the_committed_file(handed):
    made = content(handed, MODEL)
    kept = (EXAMPLES / "inbox" / handed.round.round_id / handed.path).read_bytes()
    if handed.suffix == "pdf":
        assert words_of(made) == words_of(kept)
    else:
        assert made == kept


def test_the_committed_manifest_is_the_generators():
    assert manifest(MODEL) == TOLD


@pytest.mark.parametrize("turn", TOLD["rounds"], ids=ROUNDS)
def test_every_file_of_the_inbox_is_in_the_manifest(turn):
    root = EXAMPLES / turn["inbox"]
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    named = {one["path"] for one in (*turn["files"], *turn["central"])}
    assert there == named | set(turn["ignored"])


def test_the_generator_makes_the_citys_own_files():
    for path, data in central(MODEL):
        assert (EXAMPLES / "inbox" / path).read_bytes() == data


@pytest.mark.parametrize("turn", TOLD["rounds"], ids=ROUNDS)
def test_who_has_handed_in_nothing_is_told(turn):
    owing = set(CITY.owed(CITY.round(turn["round"])))
    assert owing - {one["sender"] for one in turn["files"]} == set(turn["missing"])


def test_most_boards_are_clean_and_the_faults_are_many():
    faulty = [bool(one["faults"]) for turn in TOLD["rounds"] for one in turn["files"]]
    rules = {
        fault["rule"] for turn in TOLD["rounds"] for f in turn["files"] for fault in f["faults"]
    }
    assert sum(faulty) < len(faulty) / 2
    assert len(rules) >= 25


def test_the_inbox_is_small_and_of_four_formats():
    files = [path for path in (EXAMPLES / "inbox").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 4_000_000
    assert {".xlsx", ".json", ".docx", ".pdf"} <= {path.suffix for path in files}


# --- the registers -------------------------------------------------------------------------------


def test_every_decision_of_the_register_was_made_when_its_organ_met():
    for item in CITY.assignments:
        assert item.decision is not None
        assert CITY.met_on(item.decision.organ, item.decision.date), item.assignment_id


def test_every_case_number_of_the_register_has_the_citys_form():
    for item in CITY.assignments:
        assert CITY.normal_case_number(item.case_number) == item.case_number


def test_one_board_ends_and_one_begins_at_the_turn_of_the_year():
    before, after = (set(CITY.owed(CITY.round(one))) for one in ("2025-12", "2026-03"))
    assert before - after == {"arbetsmarknadsnamnden"}
    assert after - before == {"arbetsmarknads-och-vuxenutbildningsnamnden"}


# --- the economy ---------------------------------------------------------------------------------


def tables(round_id):
    round_ = CITY.round(round_id)
    boards = [CITY.board(one) for one in CITY.owed(round_)]
    return {board.board_id: MODEL.economy.table(board, round_) for board in boards}


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_column_of_every_table_adds_up_to_its_result(round_id):
    for lines in tables(round_id).values():
        values = {line.line: line.columns for line in lines}
        for column, result in values["result"].items():
            terms = [v[column].value for k, v in values.items() if k not in ("result", "equity")]
            assert sum(terms) == result.value


@pytest.mark.parametrize("round_id", ROUNDS)
def test_internal_grants_paid_are_internal_grants_received(round_id):
    given = Counter()
    for lines in tables(round_id).values():
        for line in lines:
            if line.line == "internal_grants":
                given.update({column: f.value for column, f in line.columns.items()})
    assert set(given.values()) == {0}


def test_last_years_accounts_are_what_the_annual_report_said():
    annual, march = tables("2025-12"), tables("2026-03")
    for board in annual.keys() & march.keys():
        said = {line.line: line.columns["outcome"].value for line in annual[board]}
        again = {line.line: line.columns["accounts_prev"].value for line in march[board]}
        assert said == again, board


# --- what a check finds --------------------------------------------------------------------------


def opened(data, name):
    try:
        return open_as(check_file(data, name), data, name=name, city=CITY)
    except RefusedError as refused:
        return Reading(Document(), faults=(refused.fault,))


def read(turn):
    """Every file of a round, once each, as a run hands them to the check."""
    for entry in turn["files"]:
        if "same_as" in entry:
            continue
        path = EXAMPLES / turn["inbox"] / entry["path"]
        data = path.read_bytes()
        reading = opened(data, path.name)
        document = dataclasses.replace(
            reading.document,
            sha256=hashlib.sha256(data).hexdigest(),
            name=path.name,
            sender=entry["sender"],
            received_at=datetime.fromisoformat(entry["received_at"]),
        )
        yield entry, dataclasses.replace(reading, document=document)


def joined_up(pairs):
    """The forms that came as workbook and Word file, as a run joins them; who said what."""
    whole = dict(enumerate(pairs))
    parts = {(r.document.board, r.document.form_part): n for n, (_, r) in whole.items()}
    spoken = {}
    for (board, part), number in parts.items():
        if part == "prose":
            entry, text = whole[number]
            book, figures = whole[parts[board, "figures"]]
            spoken[text.document.sha256] = text.groups()
            figures, text = joined(figures, text, newest(load_layouts()))
            whole[parts[board, "figures"]], whole[number] = (book, figures), (entry, text)
    return list(whole.values()), spoken


def kept(reading, verdict, round_id):
    """What of a judged document the warehouse would hold."""
    empty = {
        section: ()
        for group, sections in GROUPS.items()
        if verdict.stops(group)
        for section in sections
    }
    return Submission(
        "lindhamn", verdict.board or "", round_id, (dataclasses.replace(reading, **empty),)
    )


def central_of(turn):
    """What the ledger and the staff system say of a round."""
    root, round_ = EXAMPLES / turn["inbox"], CITY.round(turn["round"])
    files = [(root / one["path"]).read_bytes() for one in turn["central"]]
    return tuple(f for data in files for f in read_central(data, CITY, round_).figures)


def like(said, round_):
    """What was said in the round before, of the boards that can be held against it."""
    then = CITY.round(said[0].period).period_to if said else round_.period_to
    return comparable(CITY, said, then, round_.period_to, carried=False)


@pytest.fixture(scope="module")
def verdicts():
    """Round, entry of the manifest and verdict of every file; the rounds in their order."""
    found, previous, annual = [], (), ()
    for turn in TOLD["rounds"]:
        pairs, spoken = joined_up(read(turn))
        round_ = CITY.round(turn["round"])
        twice = {one["same_as"] for one in turn["files"] if "same_as" in one}
        judged = judge(
            [reading for _, reading in pairs],
            city=CITY,
            round=round_,
            today=datetime.fromisoformat(turn["now"]).date(),
            history=History(*(like(then, round_) for then in (previous, annual)), central_of(turn)),
            identical={r.document.sha256 for e, r in pairs if e["path"] in twice},
            spoken=spoken,
        )
        found += [
            (turn["round"], entry, reading, verdict)
            for (entry, reading), verdict in zip(pairs, judged, strict=True)
        ]
        previous = tuple(
            kept(reading, verdict, turn["round"])
            for (_, reading), verdict in zip(pairs, judged, strict=True)
            if verdict.period == turn["round"]
        )
        annual = previous if round_.type == "annual" else annual
    return found


def told(fault):
    return (fault["rule"], fault["severity"], *(fault.get(mark) for mark in MARKS))


def shown(finding):
    where = (finding.group, finding.section, finding.row_key, finding.field)
    return (finding.rule, finding.severity, *where)


def matches(fault, finding):
    """A mark that the manifest leaves out may be anything."""
    return all(a in (None, b) for a, b in zip(told(fault), shown(finding), strict=True))


def test_every_file_gives_the_findings_of_the_manifest_and_no_others(verdicts):
    wrong = []
    for round_id, entry, _, verdict in verdicts:
        findings = [finding for finding in verdict.findings if not finding.hidden]
        for fault in entry["faults"]:
            hit = next((finding for finding in findings if matches(fault, finding)), None)
            if hit is None:
                wrong.append((round_id, entry["path"], "lacks", told(fault)))
            else:
                findings.remove(hit)
        wrong += [(round_id, entry["path"], "extra", shown(finding)) for finding in findings]
    assert wrong == []


def test_every_sheet_and_cell_of_the_forms_is_understood(verdicts):
    unread = [
        (round_id, entry["path"], item.text, item.why)
        for round_id, entry, reading, _ in verdicts
        for item in reading.unread
    ]
    assert unread == []


def test_documents_of_four_formats_say_what_the_model_says(verdicts):
    clean = [one for one in verdicts if not one[1]["faults"]]
    for round_id, entry, reading, _ in clean:
        handed = next(h for h in HANDED if (h.round.round_id, h.path) == (round_id, entry["path"]))
        day = reading.document.date or handed.received_at.date()
        said = MODEL.said(entry["sender"], handed.round, on=day)
        # Of a form in two files each holds its own; the prose on goals has been joined already.
        part = reading.document.form_part
        sections = [
            s
            for s in itertools.chain.from_iterable(GROUPS.values())
            if part is None or (part == "prose") == (s in PROSE_ALONE)
        ]
        assert {s: len(reading.rows(s)) for s in sections} == {
            s: len(said.rows(s)) for s in sections
        }
        if part == "prose":
            continue
        for line, own in zip(reading.finance, said.finance, strict=True):
            assert {k: f.value for k, f in line.columns.items()} == {
                k: f.value for k, f in own.columns.items()
            }
