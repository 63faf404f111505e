"""The issued form as workbook, Word and PDF: pre-filled, filled in, and read back the same."""

import dataclasses
import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from form_city import BOARD, CITY, COMPANY, ROUND, SCALES, answers, number, unplaced, word
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.central import CentralFigure, figures_for
from expectations.contract import (
    Assignment,
    CentralItem,
    Deviation,
    Document,
    Due,
    Figure,
    FinanceLine,
    Goal,
    Indicator,
    Narrative,
    Reading,
    Text,
    Word,
)
from expectations.form_layout import load_layouts, newest
from tasks.form import FormError, write_docx, write_pdf, write_workbook
from tasks.form_values import Before, Central
from tasks.readers.docx import docx_pages
from tasks.readers.pdf import pdf_pages
from tasks.readers.template import read_template
from tasks.readers.workbook import read_workbook

LAYOUTS = load_layouts()
LAYOUT = newest(LAYOUTS)
FOR_BOARD = {"city": CITY, "board": BOARD, "round": ROUND}


def workbook(filled=None, **changes):
    return write_workbook(LAYOUT, **(FOR_BOARD | changes), filled=filled)


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def column(sheet, heading):
    headings = {str(cell.value).rstrip("\xa0 *"): cell.column for cell in sheet[3]}
    return [sheet.cell(row, headings[heading]).value for row in range(5, sheet.max_row + 1)]


def without_coverage(reading):
    return dataclasses.replace(unplaced(reading), coverage=None)


# --- the empty form -------------------------------------------------------------------------


def test_the_form_holds_the_boards_own_goals_and_open_assignments_only():
    book = opened(workbook())
    assert [v for v in column(book["Mål"], "Mål-id") if v] == ["M1"]
    assert [v for v in column(book["Uppdrag"], "Uppdrags-id") if v] == ["U-1"]
    assert column(book["Uppdrag"], "Paragraf")[0] == "85"
    assert column(book["Uppdrag"], "Ska vara klart")[0] == "kvartal 4 2026"


def test_a_company_gets_the_lines_of_a_company():
    posts = column(opened(workbook(board=COMPANY))["Ekonomi"], "Post")
    assert "Eget kapital" in posts
    assert "Kommunbidrag" not in posts


def test_units_stand_under_the_headings_and_scales_are_lists():
    book = opened(workbook())
    assert [cell.value for cell in book["Ekonomi"][4]][2:] == ["mnkr"] * 8
    rules = book["Mål"].data_validations.dataValidation
    lists = {str(rule.sqref): rule.formula1 for rule in rules if rule.type == "list"}
    assert any(area.startswith("F5") for area in lists)
    assert [row[0].value for row in book["Listor"]["A1:A3"]] == list(
        LAYOUT.choices["level"].values()
    )


def test_only_what_the_board_fills_in_is_unlocked():
    sheet = opened(workbook())["Mål"]
    assert sheet.protection.sheet
    assert sheet["A5"].protection.locked
    assert not sheet["F5"].protection.locked
    assert not sheet["A6"].protection.locked
    assert not sheet.merged_cells.ranges


def test_a_sheet_begins_where_the_board_writes_and_its_headings_are_named_for_screen_readers():
    sheet = opened(workbook(prose_file="text.docx"))["Mål"]
    assert sheet.sheet_view.selection[-1].activeCell == "C5"
    assert sheet.defined_names["ColumnTitle"].attr_text == "'Mål'!$A$3:$H$3"
    assert sheet.print_area == "'Mål'!$A$1:$H$15"
    assert "Motiveringen skrivs i Word-filen" in sheet["A2"].value


def test_help_is_no_wider_than_the_table_that_it_stands_over():
    for section in LAYOUT.sections:
        width = sum(c.width for c in section.columns if not c.prose) or 200
        assert len(section.figures_help or section.help) <= width, section.sheet
    assert "Kulturnämnden" in column(opened(workbook())["Uppdrag"], "Riktat till")


def test_groups_that_are_not_owed_get_no_sheet():
    book = opened(workbook(groups=("goals",)))
    assert book.sheetnames == ["Start", "Mål", "Indikatorer", "Listor"]


def test_an_unfilled_form_says_nothing():
    reading = read_workbook(workbook(), city=CITY, layouts=LAYOUTS)
    assert reading.groups() == ()
    assert (reading.unread, reading.faults) == ((), ())
    assert (reading.document.board, reading.document.round) == ("kulturnamnden", "2026-08")


def test_the_same_form_has_the_same_bytes():
    assert workbook(answers()) == workbook(answers())
    documents = [write_docx(LAYOUT, **FOR_BOARD, filled=answers()) for _ in range(2)]
    assert documents[0] == documents[1]


def test_what_a_board_wrote_never_becomes_a_formula_or_a_link():
    sly = dataclasses.replace(
        answers(), goals=(Goal("=1+1", motive=Text('=HYPERLINK("http://x.example";"y")')),)
    )
    data = workbook(sly)
    reading = read_workbook(data, city=CITY, layouts=LAYOUTS)
    assert reading.goals[0].title == "=1+1"
    sheets = zipfile.ZipFile(io.BytesIO(data))
    of_boards = [name for name in sheets.namelist() if name != "xl/worksheets/sheet1.xml"]
    assert not any(b"<f>" in sheets.read(name) for name in of_boards)


def test_a_text_that_no_cell_holds_is_refused_not_cut():
    long = Reading(Document(), goals=(Goal("Mål", motive=Text("a" * 40_000)),))
    with pytest.raises(FormError):
        workbook(long)


# --- filled in and read back ----------------------------------------------------------------


def test_a_whole_answer_comes_back_from_the_workbook():
    reading = read_workbook(workbook(answers()), city=CITY, layouts=LAYOUTS)
    assert without_coverage(reading) == answers()
    assert reading.coverage == 1


def test_a_whole_answer_comes_back_from_word():
    pages = docx_pages(write_docx(LAYOUT, **FOR_BOARD, filled=answers()))
    reading = read_template(pages, CITY, LAYOUTS)
    assert without_coverage(reading) == answers()
    assert reading.finance[0].columns["outcome"].place.line is not None


@pytest.fixture(scope="module")
def pdf():
    return write_pdf(LAYOUT, **FOR_BOARD, filled=answers())


def test_a_whole_answer_comes_back_from_pdf_with_pages_and_rectangles(pdf):
    pages = pdf_pages(pdf)
    reading = read_template(pages, CITY, LAYOUTS)
    assert without_coverage(reading) == answers()
    place = reading.finance[-1].columns["outcome"].place
    assert place.page > reading.finance[0].columns["outcome"].place.page
    assert place.box[0] < place.box[2]


def test_the_same_pdf_has_the_same_bytes(pdf):
    assert write_pdf(LAYOUT, **FOR_BOARD, filled=answers()) == pdf


def test_nothing_to_report_is_said_and_read_per_group():
    empty = Reading(Document(), nothing_to_report=("staff", "other"))
    reading = read_workbook(workbook(empty), city=CITY, layouts=LAYOUTS)
    assert reading.nothing_to_report == ("staff", "other")
    pages = docx_pages(write_docx(LAYOUT, **FOR_BOARD, filled=empty))
    assert read_template(pages, CITY, LAYOUTS).nothing_to_report == ("staff", "other")


# Excel keeps neither control characters nor a lone carriage return.
letters = st.characters(
    min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cc", "Cs", "Cn"]
)
texts = st.text(letters, min_size=1, max_size=40).map(str.strip).filter(bool)
names = texts.filter(lambda text: ">" not in text and ";" not in text)


@st.composite
def figures(draw, unit):
    decimals = draw(st.integers(0, 3))
    whole = draw(st.integers(-(10**9), 10**9))
    value = Decimal(whole).scaleb(-decimals)
    written = f"{value:.{decimals}f}".replace(".", ",").replace("-", "−")
    return number(written, unit)


@st.composite
def words(draw, name):
    steps = next(scale.words for scale in SCALES if scale.scale == name)
    return word(name, draw(st.sampled_from([step.word for step in steps])))


days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
dues = days.map(lambda day: Due(day.isoformat(), day, day))
keys = ["outcome", "budget", "deviation", "forecast", "budget_year"]
readings = st.builds(
    Reading,
    st.just(answers().document),
    goals=st.lists(
        st.builds(
            Goal,
            names,
            goal_id=st.sampled_from([None, "M1", "M7"]),
            level=st.sampled_from(["council", "focus", "board"]),
            assessment=st.none() | words("goal_assessment"),
            motive=st.builds(Text, texts),
            sdgs=st.lists(st.integers(1, 17), unique=True).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    indicators=st.lists(
        st.builds(
            Indicator,
            names,
            unit=st.just("fte"),
            outcomes=st.fixed_dictionaries({"2026": figures("fte")}),
            target_year=figures("fte"),
        ),
        max_size=2,
    ).map(tuple),
    assignments=st.lists(
        st.builds(
            Assignment,
            names,
            addressees=st.lists(st.sampled_from(["a", "b-c"]), unique=True).map(tuple),
            origin=st.none() | st.sampled_from(list(LAYOUT.choices["origin"])),
            status=words("assignment_status"),
            due=st.none() | dues,
            narrative=st.none() | st.builds(Text, texts),
        ),
        max_size=3,
    ).map(tuple),
    finance=st.lists(
        st.builds(
            FinanceLine,
            st.just("result"),
            st.just("Resultat"),
            table=st.none() | names,
            columns=st.fixed_dictionaries({key: figures("mnkr") for key in keys}),
        ),
        max_size=2,
    ).map(tuple),
    central_items=st.lists(
        st.builds(
            CentralItem,
            names,
            outcome=figures("tkr"),
            forecast=figures("tkr"),
            budget=figures("tkr"),
        ),
        max_size=2,
    ).map(tuple),
    deviations=st.lists(
        st.builds(Deviation, st.builds(Text, texts), area=st.none() | names), max_size=2
    ).map(tuple),
    narratives=st.lists(
        st.builds(
            Narrative, st.lists(names, min_size=1, max_size=3).map(tuple), st.builds(Text, texts)
        ),
        max_size=2,
    ).map(tuple),
    nothing_to_report=st.just(()),
)


@settings(max_examples=25, deadline=None)
@given(readings)
def test_any_answer_comes_back_from_the_workbook_as_it_was_given(reading):
    back = read_workbook(workbook(reading), city=CITY, layouts=LAYOUTS)
    assert without_coverage(back) == reading


# --- what boards do to a workbook -----------------------------------------------------------


def changed(data, change):
    book = opened(data)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_changed(change, filled=None):
    return read_workbook(changed(workbook(filled or answers()), change), city=CITY, layouts=LAYOUTS)


def test_moved_columns_renamed_sheets_and_new_order_change_nothing():
    def change(book):
        book["Ekonomi"].move_range("A1:J60", rows=2, cols=3)
        book["Uppdrag"].title = "Våra uppdrag"
        book.move_sheet("Personal", offset=-6)
        book["Mål"].insert_cols(3)

    reading = read_changed(change)
    assert without_coverage(reading) == answers()
    assert reading.finance[0].columns["outcome"].place.cell == "F7"
    assert reading.assignments[0].place.sheet == "Våra uppdrag"


def test_what_stands_beside_the_forms_columns_is_handed_back_with_its_cell():
    def change(book):
        book["Personal"]["K6"] = "se bilaga"
        book.create_sheet("Egna noter")["B2"] = "kom ihåg"

    unread = read_changed(change).unread
    assert [(item.text, item.place.in_words()) for item in unread] == [
        ("se bilaga", "fliken Personal, cell K6"),
        ("kom ihåg", "fliken Egna noter, cell B2"),
    ]


@pytest.mark.parametrize(
    ("written", "state", "value", "low"),
    [
        ("tolv", "unreadable", None, None),
        ("12,5 mnkr", "unreadable", None, None),
        ("12.5", "unreadable", None, None),
        ("1 234,5", "read", Decimal("1234.5"), None),
        ("−3", "read", Decimal(-3), None),
        ("1-5", "read", None, Decimal(1)),
        ("Svårbedömt", "unknown", None, None),
        ("ej aktuellt", "not_applicable", None, None),
    ],
)
def test_a_text_in_a_number_cell_is_kept_as_written(written, state, value, low):
    def change(book):
        book["Ekonomi"]["C5"] = written

    figure = read_changed(change).finance[0].columns["outcome"]
    assert (figure.written, figure.state, figure.value, figure.low) == (written, state, value, low)
    assert figure.place.cell == "C5"


def test_an_empty_required_figure_has_a_place_to_point_at():
    def change(book):
        book["Ekonomi"]["C5"] = None

    figure = read_changed(change).finance[0].columns["outcome"]
    assert (figure.state, figure.value, figure.place.cell) == ("blank", None, "C5")


def test_the_start_sheet_and_an_unanswered_row_have_cells_to_point_at_filled_in_or_not():
    data = workbook()
    start, places = (
        opened(data)[LAYOUT.start_sheet],
        read_workbook(data, city=CITY, layouts=LAYOUTS).places,
    )
    labels = {f.field: f.label for f in LAYOUT.start}
    labels |= {f"group.{group}": LAYOUT.group_labels[group] for group in ("goals", "economy")}

    for name, label in labels.items():
        assert places[name].sheet == LAYOUT.start_sheet
        assert start[places[name].cell].offset(0, -1).value == label
    goal, after = places["goals/M1"], places["goals"]
    assert (goal.in_words(), after.in_words()) == ("fliken Mål, cell F5", "fliken Mål, cell A6")


def test_a_cell_for_intervals_is_text_so_that_excel_makes_no_day_of_it():
    def change(book):
        cell = book["Bristbefattningar"]["D5"]
        assert (cell.number_format, cell.value) == ("@", "Svårbedömt")
        cell.value = 2.5

    missing = read_changed(change).competence_positions[0].missing
    assert (missing.value, missing.decimals, missing.written) == (Decimal("2.5"), 1, "2,5")


def test_a_formula_that_was_never_calculated_is_a_fault_never_a_zero():
    def change(book):
        book["Ekonomi"]["C5"] = "=D5+E5"
        book["Ekonomi"]["D6"] = "#REF!"
        book["Ekonomi"]["D6"].data_type = "e"

    reading = read_changed(change)
    assert [(f.rule, f.section, f.place.cell) for f in reading.faults] == [
        ("B-FORMULA", "finance", "C5"),
        ("B-FORMULA", "finance", "D6"),
    ]
    assert reading.finance[0].columns["outcome"].state == "unreadable"
    assert reading.finance[0].columns["outcome"].value is None


def test_a_number_keeps_the_fifteen_digits_of_excel_and_the_decimals_it_shows():
    def change(book):
        book["Ekonomi"]["C5"] = 0.1 + 0.2
        book["Ekonomi"]["D5"] = 78.5123

    columns = read_changed(change).finance[0].columns
    assert columns["outcome"].value == Decimal("0.3")
    assert (columns["budget"].written, columns["budget"].decimals) == ("78,5123", 1)


def test_words_outside_the_lists_are_kept_and_said():
    def change(book):
        book["Mål"]["F5"] = "Toppen"
        book["Aktiviteter"]["D5"] = "Locka"
        book["Uppdrag"]["G5"] = "i höstas"

    reading = read_changed(change)
    assert reading.goals[0].assessment == Word("Toppen", None, reading.goals[0].assessment.place)
    assert reading.activities[0].phase == "Locka"
    assert {item.text for item in reading.unread} == {"Locka", "i höstas"}


def test_a_time_in_words_is_kept_with_the_days_it_can_mean():
    def change(book):
        book["Uppdrag"]["N5"] = "kvartal 1 2027"

    due = read_changed(change).assignments[0].due
    assert due == Due("kvartal 1 2027", date(2027, 1, 1), date(2027, 3, 31))


@pytest.mark.parametrize("version", ["2025.9", "x"])
def test_a_form_of_an_unknown_version_is_read_and_said(version):
    def change(book):
        for row in book["Start"].iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace("2026.1", version)

    reading = read_changed(change)
    assert [fault.rule for fault in reading.faults] == ["A-TPL"]
    assert reading.faults[0].values == {"version": version, "gällande": "2026.1"}
    assert reading.document.template_version == version
    assert len(reading.finance) == 3


def test_a_workbook_of_another_make_is_not_taken_for_the_form():
    book = openpyxl.Workbook()
    book.active["A1"] = "Budget 2026"
    out = io.BytesIO()
    book.save(out)
    reading = read_workbook(out.getvalue(), city=CITY, layouts=LAYOUTS)
    assert [fault.rule for fault in reading.faults] == ["A-FILE"]
    assert reading.groups() == ()


def test_a_figure_without_a_value_keeps_its_words():
    item = CentralItem("Post", outcome=Figure("Svårbedömt", unit="tkr", state="unknown"))
    back = read_workbook(
        workbook(Reading(Document(), central_items=(item,))), city=CITY, layouts=LAYOUTS
    )
    assert unplaced(back.central_items[0].outcome) == item.outcome
    assert back.central_items[0].forecast.state == "blank"


# --- what the city's own systems say -------------------------------------------------------------


def central(section, key, column_, written, unit):
    figure = Figure(written, Decimal(written), unit, 2)
    return CentralFigure(BOARD.board_id, section, key, column_, figure)


CENTRAL = Central(
    figures_for(
        [
            central("finance", "income", "outcome", "12345678.50", "kr"),
            central("finance", "costs", "budget_year", "-150000000", "kr"),
            central("staff", "employees", "outcome", "450", "headcount"),
        ],
        BOARD.board_id,
    ),
    {"finance": "huvudbok.se (version 1)"},
)
WITH_CENTRAL = workbook(before=Before(central=CENTRAL))


def test_central_figures_are_filled_in_locked_marked_and_with_their_source():
    sheet = opened(WITH_CENTRAL)["Ekonomi"]
    cell = sheet["C5"]
    assert (cell.value, cell.protection.locked) == (12.3, True)
    assert cell.number_format.endswith('" ◆"')
    assert "huvudbok.se (version 1)" in sheet["B1"].value
    assert not sheet["D5"].protection.locked
    assert workbook(before=Before(central=CENTRAL)) == WITH_CENTRAL


def test_central_figures_alone_are_nothing_that_the_board_has_said():
    assert read_workbook(WITH_CENTRAL, city=CITY, layouts=LAYOUTS).groups() == ()


def test_central_figures_are_handed_in_with_what_the_board_writes_on_the_sheet():
    def change(book):
        book["Ekonomi"]["G5"] = 20

    reading = read_workbook(changed(WITH_CENTRAL, change), city=CITY, layouts=LAYOUTS)
    told = {line.line: line.columns for line in reading.finance}
    assert told["income"]["outcome"].value == Decimal("12.3")
    assert told["costs"]["budget_year"].value == Decimal(-150)
    assert reading.staff == ()


def test_a_sheet_that_central_figures_fill_is_handed_in_when_somebody_stands_for_the_form():
    def change(book):
        book["Start"]["B11"] = "controller"

    reading = read_workbook(changed(WITH_CENTRAL, change), city=CITY, layouts=LAYOUTS)
    assert reading.document.submitted_by == "controller"
    assert [(s.metric, s.columns["outcome"].written) for s in reading.staff] == [
        ("employees", "450")
    ]


def test_what_the_board_has_filled_in_itself_is_never_written_over_by_a_central_figure():
    filled = workbook(answers(), before=Before(central=CENTRAL))
    reading = read_workbook(filled, city=CITY, layouts=LAYOUTS)
    assert unplaced(reading).finance == answers().finance
