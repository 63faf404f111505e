"""The data view: nothing becomes a formula, numbers stay numbers, and every column is explained."""

import csv
import io
import json

import jsonschema
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.data_files import Sheet, csv_of, harmless, plain_number, render_data, workbook_of
from tasks.report.blocks import (
    Cell,
    Chart,
    Facts,
    Listing,
    Paragraph,
    Report,
    Section,
    Source,
    Table,
)
from warehouse.snapshot import Snapshot

EMPTY = Snapshot("x", None, None, None, (), (), (), (), (), "0" * 64)
EVIL = (
    "=HYPERLINK(1)",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\uff1d1",
    "{=1}",
    "http://127.0.0.1/x",
    "internal:'Blad'!A1",
)


def report(*texts):
    rows = tuple((Cell(text), Cell("−1 234,5", is_number=True)) for text in texts or ("Post",))
    computed = Cell("3", is_number=True, figures=("U-1", "U-2"), how="Summan av uppgifterna.")
    rows = (*rows, (Cell("Summa"), computed))
    table = Table("t-x", "Tabell", ("Post", "Tal"), rows, note="I mnkr.", numbers=(1,))
    blocks = (Paragraph("a", "note"), table, Facts(((Cell("1"), "x"),)), Listing(("a",)))
    return Report(
        title="Rapport",
        kind="Uppföljningsrapport",
        city="Lindhamns stad",
        office="stadskontoret",
        subject="augusti 2026",
        status="Utkast",
        is_trial=False,
        made_on="2026-09-28",
        edition="0" * 12,
        head="0" * 64,
        sections=(
            Section("mal", "Mål", blocks, (Section("d", "D", (Chart("d", "t", "d", "<svg/>"),)),)),
        ),
        sources=(Source("U-1", "Nämnd", "fil.xlsx", "a" * 64, "cell B2", "=1+1", 1),),
    )


def cells_of(data):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]


def test_no_text_is_a_formula_or_a_link_in_the_workbook():
    cells = cells_of(render_data(report(*EVIL), EMPTY)["tabeller.xlsx"])

    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert {"=HYPERLINK(1)", "=1+1"} <= {cell.value for cell in cells}
    links = [c.hyperlink.location or c.hyperlink.target for c in cells if c.hyperlink]
    assert links
    assert all(link.startswith("'t-x'!") or link.endswith("!A1") for link in links)
    assert not any("127.0.0.1" in link for link in links)


@pytest.mark.parametrize("text", EVIL[:-3])
def test_no_text_is_a_formula_in_csv(text):
    rows = list(
        csv.reader(
            io.StringIO(
                csv_of(
                    report(text).sections[0].blocks[1] and Sheet("t", "T", ("A",), ((Cell(text),),))
                ).decode("utf-8-sig")
            ),
            delimiter=";",
        )
    )

    assert rows[1][0].startswith("'")


@given(st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_a_harmless_text_never_starts_like_a_formula_and_loses_nothing(text):
    told = harmless(text)

    assert told in (text, f"'{text}")
    assert not told.lstrip(" \u00a0\ufeff").startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.decimals(-(10**9), 10**9, places=2))
@settings(max_examples=100, deadline=None)
def test_a_negative_number_stays_a_number(number):
    shown = f"{number:,.2f}".replace(",", "\u00a0").replace(".", ",").replace("-", "−")

    assert plain_number(Cell(shown, is_number=True)) == f"{number:.2f}".replace(".", ",")
    assert plain_number(Cell(shown)) is None


def test_a_number_in_the_workbook_is_a_number_with_its_decimals():
    cells = cells_of(render_data(report(), EMPTY)["tabeller.xlsx"])

    assert [(c.value, c.number_format) for c in cells if c.data_type == "n"][:2] == [
        (-1234.5, "#,##0.0"),
        (3, "#,##0"),
    ]


def test_the_report_as_json_follows_its_schema_and_says_what_each_block_is():
    files = render_data(report(), EMPTY)
    told = json.loads(files["rapport.json"])
    schema = json.loads(files["rapport.schema.json"])

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(told)
    blocks = told["sections"][0]["blocks"]
    assert [b["kind"] for b in blocks] == ["Paragraph", "Table", "Facts", "Listing"]
    assert blocks[0]["style"] == "note"
    told["sections"][0]["blocks"][0]["kind"] = "Tale"
    assert not jsonschema.Draft202012Validator(schema).is_valid(told)


def test_every_file_and_every_column_is_explained():
    files = render_data(report(), EMPTY)
    text = files["kolumner.csv"].decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    told = {(row[0], row[1]) for row in rows[1:]}

    named = {name for name, _ in told}
    for name, content in files.items():
        assert name in named
        if name.endswith(".csv"):
            head = content.decode("utf-8-sig").splitlines()[0].split(";")
            assert {(name, column) for column in head} <= told
    assert all(row[3] for row in rows)


def test_a_computed_number_says_how_and_of_what():
    told = json.loads(render_data(report(), EMPTY)["beraknade.json"])

    assert [(c["what"], c["how"], c["figures"]) for c in told] == [
        ("Summa · Tal", "Summan av uppgifterna.", ["U-1", "U-2"])
    ]
    assert told[0]["computed_id"].startswith("R-")


def test_sheets_of_the_same_name_are_told_apart():
    sheet = Sheet("x" * 40, "T", ("A",), ((Cell("a"),),))
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(report(), [sheet, sheet], sheet)))

    assert len({name.lower() for name in book.sheetnames}) == 4
