"""Thirty forms as people leave them, saved by LibreOffice: understood, or told of at the cell."""

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from expectations.judging import judge
from expectations.register_files import load_city
from tasks.read import read_original

ROOT = Path(__file__).parents[2]
FORM = ROOT / "examples" / "inbox" / "2026-08" / "socialnamnden" / "delarsrapport-2026.xlsx"
CITY = load_city("lindhamn")
ROUND = CITY.round("2026-08")
OWN = {"D-CLOSE"}
"""What the example form is asked about as it is."""


def put(sheet, cell, value):
    return lambda book: book[sheet].__setitem__(cell, value)


def renamed(book):
    book["Ekonomi"].title = "Ekonomi (ny)"


def moved(book):
    book.move_sheet("Personal", offset=-4)


def hidden(book):
    book["Mål"].sheet_state = "hidden"


def with_a_column(book):
    book["Ekonomi"].insert_cols(3)


def with_own_column(book):
    book["Mål"]["M3"], book["Mål"]["M5"] = "Ansvarig", "Enheten för stöd"


def with_a_row(book):
    book["Mål"].insert_rows(6)


def merged(book):
    book["Uppdrag"].merge_cells("P5:Q5")


def with_own_sheet(book):
    sheet = book.create_sheet("Anteckningar")
    sheet["A1"], sheet["B2"] = "Att stämma av", "Kontrollera med ekonomi"


def copied(book):
    book.copy_worksheet(book["Mål"]).title = "Mål (kopia)"


def formula(book):
    book["Ekonomi"]["E5"] = "=C5-D5"


def broken_formula(book):
    book["Ekonomi"]["E5"] = "=1/0"


def lines_above(book):
    book["Personal"].insert_rows(1, 2)


def day(book):
    book["Ekonomi"]["C5"] = datetime(2026, 5, 1)  # noqa: DTZ001 - as Excel keeps it


def coloured(book):
    book["Mål"]["F5"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF0000")


def wide_spaces(book):
    book["Mål"]["F5"] = "  viss\u00a0"


CASES = [
    ("a renamed sheet", renamed, None, None),
    ("a moved sheet", moved, None, None),
    ("a hidden sheet", hidden, None, None),
    ("a column put in", with_a_column, None, None),
    ("a column of their own", with_own_column, None, None),
    ("an empty row in between", with_a_row, None, None),
    ("merged cells", merged, None, None),
    ("a sheet of their own", with_own_sheet, None, None),
    ("lines above the table", lines_above, None, None),
    ("a formula that is right", formula, None, None),
    ("a coloured cell", coloured, None, None),
    ("spaces and small letters", wide_spaces, None, None),
    ("a number as text", put("Ekonomi", "C5", "47,0"), None, None),
    ("a real minus sign", put("Ekonomi", "C6", "−502,1"), None, None),
    ("a space in a number", put("Volymer och nyckeltal", "D5", "34 360"), None, None),
    ("a copied sheet that says the same", copied, None, None),
    ("ca in a number cell", put("Ekonomi", "C5", "ca 47"), "B-NUM", "C5"),
    ("st in a number cell", put("Ekonomi", "C5", "47 st"), "B-NUM", "C5"),
    ("a point and a comma", put("Ekonomi", "C5", "1.047,0"), "B-NUM", "C5"),
    ("a unit in the cell", put("Ekonomi", "C5", "47,0 mnkr"), "B-NUM", "C5"),
    ("a date in a number cell", day, "B-NUM", "C5"),
    ("a broken formula", broken_formula, "B-FORMULA", "E5"),
    ("a word outside the list", put("Mål", "F5", "Toppen"), "B-LIST", "F5"),
    ("an empty assessment", put("Mål", "F5", None), "B-REQ", "F5"),
    ("an empty motive", put("Mål", "H5", None), "B-REQ", "H5"),
    ("an empty status", put("Uppdrag", "L5", None), "B-REQ", "L5"),
    ("a sum that is off", put("Ekonomi", "C9", 99.9), "E-SUM", "C9"),
    ("a deviation that is off", put("Ekonomi", "E5", 9.9), "E-DEV", "E5"),
    ("costs without a sign", put("Ekonomi", "I6", 734.0), "E-SIGN", "I6"),
    ("a motive that says nothing", put("Mål", "H5", "Bra."), "C-SHORT", "H5"),
]


def saved_by_libreoffice(folder):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) finns inte här")
    for number, (_, edit, _, _) in enumerate(CASES):
        book = openpyxl.load_workbook(FORM)
        edit(book)
        book.save(folder / f"{number:02d}.xlsx")
    subprocess.run(
        [
            *(office, f"-env:UserInstallation=file://{folder}/lo", "--headless"),
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "ut")),
            *map(str, sorted(folder.glob("*.xlsx"))),
        ],
        check=True,
        capture_output=True,
    )
    return [(folder / "ut" / f"{number:02d}.xlsx").read_bytes() for number in range(len(CASES))]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    files = saved_by_libreoffice(tmp_path_factory.mktemp("kontor"))
    readings = []
    for number, data in enumerate(files):
        reading = read_original(data, name="delarsrapport-2026.xlsx", city=CITY)
        document = replace(
            reading.document,
            sha256=f"{number:064d}",
            sender="socialnamnden",
            received_at=datetime(2026, 9, 14, 8, tzinfo=UTC),
        )
        readings.append(replace(reading, document=document))
    found = [judge([r], city=CITY, round=ROUND, today=date(2026, 9, 14))[0] for r in readings]
    return list(zip(readings, found, strict=True))


@pytest.mark.long
@pytest.mark.parametrize("number", range(len(CASES)), ids=[case[0] for case in CASES])
def test_a_form_as_people_leave_it_is_understood_or_told_of_at_its_cell(verdicts, number):
    reading, verdict = verdicts[number]
    _, _, rule, cell = CASES[number]
    heavy = [f for f in verdict.findings if f.severity != "TIPS" and not f.hidden]
    told = {f.rule for f in heavy} - OWN

    assert reading.document.board == "socialnamnden"
    if rule is None:
        assert told == set()
        assert len(reading.goals) == 3
        assert len(reading.finance) == 5
        return
    assert rule in told
    assert cell is None or cell in {f.place.cell for f in heavy if f.rule == rule and f.place}


def test_the_thirty_forms_can_be_made():
    for _, edit, _, _ in CASES:
        book = openpyxl.load_workbook(FORM)
        edit(book)
        book.save(io.BytesIO())
    assert len(CASES) == 30
