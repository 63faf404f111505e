"""Few persons are hidden in every view, with what would tell them; a name is found in any file."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.contract import Figure, Place, StaffFigure
from expectations.verdicts import Finding
from tasks.data_files import render_data
from tasks.personal_data import files_with_personal_data
from tasks.report.blocks import Report
from tasks.report.few import BESIDE, FEW, hidden_figures
from warehouse.snapshot import Snapshot, StoredRow

LIMIT = 5


def row(metric, value, scope=None):
    unit = "percent" if metric.startswith("turnover") else "headcount"
    place = Place(sheet="Personal", cell="C7")
    figure = Figure(str(value), Decimal(value), unit, 0, place=place)
    staff = StaffFigure(metric, metric, columns={"outcome": figure}, scope=scope)
    return StoredRow("x", "2026-08", "staff", f"{metric}/{scope or ''}", staff, "a" * 64, 1)


def hidden(*rows):
    return {key: why for (_, _, key, _), why in hidden_figures(rows, LIMIT).items()}


def test_a_small_count_is_hidden_and_so_is_the_share_that_tells_it():
    found = hidden(row("exits", 3), row("turnover", 5), row("recruitments", 9), row("fte", 3))

    assert found == {"exits/": FEW, "turnover/": BESIDE}


def test_a_total_that_would_give_a_hidden_part_away_makes_another_part_hidden():
    rows = (row("exits", 30), row("exits", 3, "A"), row("exits", 7, "B"), row("exits", 20, "C"))

    assert hidden(*rows) == {"exits/A": FEW, "exits/B": BESIDE}
    assert hidden(*rows[1:]) == {"exits/A": FEW}
    assert hidden(rows[0], row("exits", 3, "A"), row("exits", 2, "B")) == {
        "exits/A": FEW,
        "exits/B": FEW,
    }


@given(st.lists(st.integers(0, 40), min_size=2, max_size=6))
def test_no_hidden_part_can_be_worked_out_from_the_total(parts):
    rows = [row("exits", value, f"del {i}") for i, value in enumerate(parts)]
    total = row("exits", sum(parts))
    found = hidden(total, *rows)

    secret = [key for key in found if key != "exits/"]
    assert len(secret) != 1 or "exits/" in found


def the_report():
    said = dict.fromkeys(("title", "kind", "city", "office", "subject", "status", "edition"), "x")
    return Report(**said, is_trial=False, made_on="2026-09-28", head="0" * 64, sections=())


def test_the_data_files_show_few_persons_as_the_report_does():
    finding = Finding(
        rule="P-JUMP",
        severity="FRÅGA",
        city="c",
        board="x",
        period="2026-08",
        document="a" * 64,
        document_name="f.xlsx",
        message="Avgångar är 3, före 17.",
        remedy="Förklara 3.",
        section="staff",
        row_key="exits/",
        written="3",
    )
    moment = datetime(2026, 9, 28, tzinfo=UTC)
    snapshot = Snapshot("c", "2026-08", date(2026, 8, 31), moment, (), (), (), (), (finding,), "")
    snapshot = replace(snapshot, rows=(row("exits", 3), row("turnover", 5), row("exits", 8, "B")))
    files = render_data(the_report(), snapshot, LIMIT)
    rows = {one["key"]: one["row"]["columns"]["outcome"] for one in json.loads(files["rader.json"])}

    assert (rows["exits/"]["written"], rows["exits/"]["value"]) == ("1–4", None)
    assert rows["turnover/"]["written"] == "dold"
    assert rows["exits/B"]["value"] == "8"
    (told,) = json.loads(files["pakekanden.json"])
    assert told["message"].startswith("Påpekandet gäller en uppgift om så få personer")
    assert not any("17" in str(value) for value in told.values())


def packed(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("word/a.docx", packed("<w:t>Anna</w:t><w:t xml:space='preserve'> BERG</w:t>")),
        ("rapport.html", b"<p>Skrivet av Anna\n&#66;erg.</p>"),
        ("data/a.csv", "a;Anna\u00a0Berg".encode()),
        ("data/b.csv", b"a;811218-9876"),
    ],
)
def test_a_name_or_a_personal_number_is_found_also_in_what_is_packed(name, data):
    files = {name: data, "b.html": b"Annan bergart, 202609-1234, 123456-7890"}

    assert files_with_personal_data(files, {"Anna Berg"}) == [name]


def test_what_the_office_has_attached_itself_is_its_own_to_vouch_for():
    assert files_with_personal_data({"bilagor/noter.html": b"Anna Berg"}, {"Anna Berg"}) == []
