"""The issued workbook after other programs and hurried hands: understood, or told of at the cell.

Numbers and Google Sheets cannot be run here: their known habits are put on with these hands.
"""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from form_city import BOARD, CITY, ROUND, answers, unplaced

from expectations.contract import Document, Narrative, Reading, Text
from expectations.form_layout import load_layouts, newest
from tasks.form import write_workbook
from tasks.readers.file_checks import RefusedError, check_file
from tasks.readers.workbook import read_workbook

LAYOUTS = load_layouts()
LAYOUT = newest(LAYOUTS)
FORM = write_workbook(LAYOUT, city=CITY, board=BOARD, round=ROUND, filled=answers())


def read(data):
    return read_workbook(data, city=CITY, layouts=LAYOUTS)


def changed(change, data=FORM):
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts(data, change):
    """Return the file with every part given to `change(name, bytes)`; None takes a part away."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def rows(reading):
    whole = unplaced(reading)
    return {name: whole.rows(name) for name in ("goals", "assignments", "finance", "narratives")}


AS_SENT = rows(read(FORM))


# --- sheets and columns --------------------------------------------------------------------------


def renamed(book):
    book["Kommentarer"].title = "Övrigt"
    book["Listor"].title = "Blad1"
    book["Uppdrag"].title = "Kopia av Uppdrag"
    book["Mål"].title = "Mål (2)"


def without_start(book):
    del book["Start"]


def hidden(book):
    book["Mål"].sheet_state = "hidden"
    book["Ekonomi"].column_dimensions["D"].hidden = True
    book["Ekonomi"].row_dimensions[5].hidden = True


def moved(book):
    book.move_sheet("Start", offset=9)
    book["Ekonomi"].insert_cols(3, 2)
    book["Uppdrag"].insert_rows(1, 3)


def copied(book):
    book.copy_worksheet(book["Ekonomi"])


@pytest.mark.parametrize("change", [renamed, without_start, hidden, moved, copied])
def test_what_is_done_to_sheets_changes_nothing_that_is_said(change):
    reading = read(changed(change))
    assert rows(reading) == AS_SENT
    assert reading.unread == ()
    assert reading.document.board == "kulturnamnden"


def test_a_copied_sheet_that_was_changed_is_read_as_well_so_that_it_is_asked_about():
    def change(book):
        book.copy_worksheet(book["Ekonomi"])["C5"] = 999

    lines = read(changed(change)).finance
    assert len(lines) == 2 * len(AS_SENT["finance"])


# --- other programs ------------------------------------------------------------------------------


def numbers(book):
    """Each table is a sheet, before them a summary; no lists to choose from, nothing hidden."""
    for sheet in book.worksheets:
        sheet.title = f"{sheet.title[:20]} - Tabell 1"
        sheet.data_validations.dataValidation = []
        sheet.protection.sheet = False
        sheet.sheet_state = "visible"
    summary = book.create_sheet("Exportsammanfattning", 0)
    summary["A1"] = "Detta dokument exporterades från Numbers. Varje tabell blev ett kalkylblad."
    summary["A3"] = "Numbers-bladets namn"


def without_papers(name, content):
    """Google keeps no properties of the document, no names and no styles of ours."""
    if name.startswith("docProps/"):
        return None
    if name == "_rels/.rels":
        return re.sub(rb"<Relationship [^>]*docProps[^>]*/>", b"", content)
    if name == "[Content_Types].xml":
        return re.sub(rb"<Override [^>]*docProps[^>]*/>", b"", content)
    return re.sub(rb"<definedNames>.*?</definedNames>", b"", content, flags=re.DOTALL)


def google(book):
    for sheet in book.worksheets:
        sheet.data_validations.dataValidation = []
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.number_format == "General":
                    cell.number_format = "@"


def test_saved_by_numbers_it_says_the_same():
    reading = read(changed(numbers))
    assert rows(reading) == AS_SENT
    assert reading.unread == ()


def test_saved_by_google_sheets_it_says_the_same():
    reading = read(parts(changed(google), without_papers))
    assert rows(reading) == AS_SENT
    assert reading.unread == ()


def test_edited_together_on_the_web_it_says_the_same():
    def traces(name, content):
        if name == "xl/workbook.xml":
            mark = b'<fileSharing userName="Gemensam"/>'
            return content.replace(b"<workbookPr", mark + b"<workbookPr", 1)
        return content

    data = parts(FORM, traces)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert b"fileSharing" in package.read("xl/workbook.xml")
    assert rows(read(data)) == AS_SENT


def test_a_label_without_encryption_is_no_hindrance_and_a_password_is_named():
    out = io.BytesIO(FORM)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("docMetadata/LabelInfo.xml", '<clbl:labelList xmlns:clbl="x"/>')
    assert check_file(out.getvalue(), "underlag.xlsx") == "workbook"
    locked = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )
    with pytest.raises(RefusedError) as refused:
        check_file(locked, "underlag.xlsx")
    assert "känslighetsetikett" in refused.value.fault.values["orsak"]


# --- what stands in the cells --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("ca 3", None),
        ("3 st", None),
        ("1.234,5", None),
        (date(2026, 5, 1), None),
        ("1 234,5", Decimal("1234.5")),
        ("\u22123,0", Decimal("-3.0")),
        (" 12,5 ", Decimal("12.5")),
        ("12,5\u00a0", Decimal("12.5")),
    ],
)
def test_a_number_is_read_only_where_it_can_mean_one_thing(written, value):
    def change(book):
        book["Ekonomi"]["C5"] = written

    figure = read(changed(change)).finance[0].columns["outcome"]
    assert (figure.value, figure.place.cell) == (value, "C5")
    assert figure.state == ("read" if value is not None else "unreadable")


def test_merged_cells_keep_the_first_value_and_the_others_are_asked_for():
    def change(book):
        book["Ekonomi"].merge_cells("C5:D5")

    columns = read(changed(change)).finance[0].columns
    assert columns["outcome"].state == "read"
    assert (columns["budget"].state, columns["budget"].place.cell) == ("blank", "D5")


def test_a_renamed_sheet_of_two_columns_is_known_by_the_hints_under_its_headings():
    told = Reading(Document(), narratives=(Narrative(("Läget",), Text("Det går bra.")),))
    data = write_workbook(LAYOUT, city=CITY, board=BOARD, round=ROUND, filled=told)

    def change(book):
        book["Kommentarer"].title = "Blad7"

    (comment,) = read(changed(change, data)).narratives
    assert (comment.path, comment.place.sheet) == (("Läget",), "Blad7")
