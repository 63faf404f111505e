"""The board's own workbook back: every fault marked at its cell, everything else as it was."""

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment

from expectations.contract import GivenAnswer, Place
from expectations.form_layout import load_layouts
from expectations.judging import judge
from expectations.register_files import load_city
from expectations.verdicts import Answer, Finding
from tasks.annotate import CannotAnnotateError, annotated
from tasks.readers.workbook import read_workbook

EXAMPLES = Path(__file__).parents[2] / "examples" / "inbox"
CITY = load_city("lindhamn")
FORM = (EXAMPLES / "2026-08" / "forskolenamnden" / "delarsrapport-2026.xlsx").read_bytes()
LIST = "Att åtgärda"
QUESTION = Finding(
    rule="E-NEG30",
    severity="FRÅGA",
    city="lindhamn",
    board="forskolenamnden",
    period="2026-08",
    document="a" * 64,
    document_name="form.xlsx",
    message="Prognosen avviker mycket.",
    remedy="Förklara varför.",
    group="economy",
    section="finance",
    row_key="result",
    place=Place(sheet="Ekonomi", cell="G9"),
    written="-41,0",
)
STOP = replace(
    QUESTION,
    rule="B-REQ",
    severity="STOPP",
    message="Kolumnen Bedömning är tom.",
    remedy="Fyll i cellen.",
    group="goals",
    section="goals",
    place=Place(sheet="Mål", cell="F6"),
    written=None,
)


def opened(data, **more):
    return openpyxl.load_workbook(io.BytesIO(data), **more)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def values(book, but=(LIST,)):
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        if sheet.title not in but
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_the_cell_is_marked_by_colour_and_edge_and_says_what_to_do():
    cell = opened(annotated(FORM, [STOP]))["Mål"]["F6"]

    assert cell.fill.fgColor.rgb == "FFFFC9B8"
    assert cell.border.left.style == "thick"
    assert cell.comment.text == "STOPP: Kolumnen Bedömning är tom.\nFyll i cellen."
    assert not cell.protection.locked


def test_the_first_sheet_lists_what_to_mend_with_a_link_and_room_for_an_answer():
    sheet = opened(annotated(FORM, [QUESTION, STOP])).worksheets[0]

    assert sheet.title == LIST
    rows = [[cell.value for cell in row] for row in sheet["A5:I6"]]
    assert [row[1] for row in rows] == ["STOPP", "FRÅGA"]
    assert rows[0][3:6] == ["fliken Mål, cell F6", STOP.message, STOP.remedy]
    assert sheet["D5"].hyperlink.location == "'Mål'!F6"
    assert (sheet["I5"].protection.locked, sheet["I6"].protection.locked) == (True, False)
    assert (sheet["J6"].value, sheet.column_dimensions["J"].hidden) == (QUESTION.key, True)


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(EXAMPLES.rglob("[!~]*.xlsx")) if zipfile.is_zipfile(path)][::4],
    ids=lambda p: f"{p.parent.name}/{p.name}",
)
def test_every_value_and_formula_stays_and_the_file_reads_the_same(path):
    data = path.read_bytes()
    marked = annotated(data, [STOP, QUESTION])

    assert values(opened(marked)) == values(opened(data))
    before = read_workbook(data, city=CITY, layouts=load_layouts())
    assert read_workbook(marked, city=CITY, layouts=load_layouts()) == before


def test_what_is_not_touched_is_the_same_byte_for_byte():
    before, after = (zipfile.ZipFile(io.BytesIO(d)) for d in (FORM, annotated(FORM, [STOP])))
    changed = {n for n in before.namelist() if before.read(n) != after.read(n)}

    assert changed <= {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
    }


def test_a_note_of_the_boards_own_keeps_its_words_and_ours_come_and_go_below_it():
    book = opened(FORM)
    book["Mål"]["F6"].comment = Comment("Stäm av med Eva", "Nämnden")
    once = annotated(saved(book), [STOP])
    twice = annotated(once, [replace(STOP, message="Kolumnen är tom.")])
    mended = annotated(twice, [])

    def note(data):
        return opened(data)["Mål"]["F6"].comment.text

    told = "Stäm av med Eva\n\n— Från kontrollen —\nSTOPP: "
    assert note(once) == f"{told}Kolumnen Bedömning är tom.\nFyll i cellen."
    assert note(twice) == f"{told}Kolumnen är tom.\nFyll i cellen."
    assert note(mended) == "Stäm av med Eva"


def test_a_link_leads_to_a_sheet_with_an_apostrophe_in_its_name():
    book = opened(FORM)
    book["Mål"].title = "Nämndens 'egna' mål"
    found = replace(STOP, place=Place(sheet="Nämndens 'egna' mål", cell="F6"))

    sheet = opened(annotated(saved(book), [found]))[LIST]

    assert sheet["D5"].hyperlink.location == "'Nämndens ''egna'' mål'!F6"


def test_a_marked_cell_that_was_not_there_can_be_written_in():
    found = replace(STOP, place=Place(sheet="Mål", cell="Z90"))

    cell = opened(annotated(FORM, [found]))["Mål"]["Z90"]

    assert cell.fill.fgColor.rgb == "FFFFC9B8"
    assert not cell.protection.locked


def test_an_answer_goes_along_in_the_next_copy_and_an_outdated_one_is_shown_not_taken():
    given = Answer("answer", "Köpt vård.", "forskolenamnden", datetime(2026, 9, 14, tzinfo=UTC))
    answered = opened(annotated(FORM, [replace(QUESTION, answer=given), STOP]))
    row = [cell.value for cell in answered[LIST][6]]
    assert row[1] == "FRÅGA, besvarad"
    assert row[8:] == ["Köpt vård.", QUESTION.key, QUESTION.basis]
    assert answered["Ekonomi"]["G9"].comment is None
    assert read_workbook(saved(answered), city=CITY, layouts=load_layouts()).answers[0].text == (
        "Köpt vård."
    )

    old = GivenAnswer(QUESTION.key, "B-0", "Gällde −38,0.")
    sheet = opened(annotated(FORM, [QUESTION], [old]))[LIST]
    assert sheet["F5"].value.endswith(
        "Ert svar på uppgiften som den såg ut förut: ”Gällde −38,0.”. "
        "Skriv det igen om det gäller nu."
    )
    assert not sheet["I5"].value

    offered = replace(QUESTION, answer=replace(given, is_offered=True))
    sheet = opened(annotated(FORM, [offered]))[LIST]
    assert "Tidigare svar: ”Köpt vård.”" in sheet["F5"].value
    assert not sheet["I5"].value


def test_threaded_comments_are_refused_with_that_as_the_reason():
    data = io.BytesIO(FORM)
    with zipfile.ZipFile(data, "a") as package:
        package.writestr("xl/threadedComments/threadedComment1.xml", "<x/>")

    with pytest.raises(CannotAnnotateError) as refused:
        annotated(data.getvalue(), [STOP])
    assert refused.value.reason == "threads"


def test_the_same_findings_give_the_same_bytes():
    assert annotated(FORM, [STOP, QUESTION]) == annotated(FORM, [STOP, QUESTION])


def test_charts_own_comments_and_settings_of_the_board_stay():
    book = opened(FORM)
    sheet = book["Mål"]
    sheet["B5"].comment = Comment("Stäm av med Eva", "Nämnden")
    chart = BarChart()
    chart.add_data(Reference(book["Ekonomi"], min_col=3, min_row=5, max_row=8))
    sheet.add_chart(chart, "M20")
    data = saved(book)

    marked = opened(annotated(data, [STOP]))

    assert marked["Mål"]["B5"].comment.text == "Stäm av med Eva"
    assert marked["Mål"]["F6"].comment.text.startswith("STOPP")
    assert len(marked["Mål"]._charts) == 1  # noqa: SLF001 - openpyxl shows them nowhere else


def test_mended_and_marked_again_the_old_marks_are_gone():
    once = opened(annotated(FORM, [STOP, QUESTION]))
    once["Mål"]["F6"] = "God"
    again = opened(annotated(saved(once), [QUESTION]))

    assert again["Mål"]["F6"].value == "God"
    assert again["Mål"]["F6"].fill.fgColor.rgb == "FFFFF9DB"
    assert again["Mål"]["F6"].comment is None
    assert again["Ekonomi"]["G9"].comment is not None
    assert again.sheetnames.count(LIST) == 1


def test_an_answer_on_the_first_sheet_is_read_with_what_it_answers():
    book = opened(annotated(FORM, [STOP, QUESTION]))
    book[LIST]["I6"] = "Köpt vård i väntan på lokaler."

    reading = read_workbook(saved(book), city=CITY, layouts=load_layouts())

    (answer,) = reading.answers
    assert (answer.finding, answer.basis) == (QUESTION.key, QUESTION.basis)
    assert answer.text == "Köpt vård i väntan på lokaler."
    assert reading.unread == ()


def test_nothing_to_mend_is_said_on_the_first_sheet():
    sheet = opened(annotated(FORM, []))[LIST]

    assert sheet["A2"].value.startswith("Inget att åtgärda")


@pytest.mark.parametrize("data", [b"inget", FORM[:2000], saved(openpyxl.Workbook())[:-400]])
def test_a_file_that_cannot_be_marked_safely_is_refused_not_spoiled(data):
    with pytest.raises(CannotAnnotateError):
        annotated(data, [STOP])


def test_libreoffice_opens_the_copy_with_every_mark_and_what_it_saves_reads(tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) finns inte här")
    path = tmp_path / "kopia.xlsx"
    path.write_bytes(annotated(FORM, [STOP, QUESTION]))
    subprocess.run(
        [
            *(office, f"-env:UserInstallation=file://{tmp_path}/lo", "--headless"),
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "ut")),
            str(path),
        ],
        check=True,
        capture_output=True,
    )
    book = openpyxl.load_workbook(tmp_path / "ut" / "kopia.xlsx")

    assert "Kolumnen Bedömning är tom" in book["Mål"]["F6"].comment.text
    assert book["Mål"]["F6"].fill.fgColor.rgb == "FFFFC9B8"
    data = saved(book)
    marked = opened(annotated(data, [QUESTION]))
    assert marked["Mål"]["F6"].comment is None
    assert read_workbook(data, city=CITY, layouts=load_layouts()).goals


def test_an_empty_required_cell_is_told_of_at_its_own_place():
    reading = read_workbook(FORM, city=CITY, layouts=load_layouts())
    verdict = judge([reading], city=CITY, round=CITY.round("2026-08"), today=date(2026, 9, 14))[0]

    places = [f.place.in_words() for f in verdict.findings if f.rule == "B-REQ"]
    assert places == ["fliken Mål, cell F6"]
