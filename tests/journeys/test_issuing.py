"""The forms that go out: what is known stands in them, locked; what remains is counted live."""

import io
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import openpyxl
import pytest

from examples.lindhamn.content import open_model
from expectations.form_layout import load_layouts
from expectations.register_files import load_city
from flows.cli import main
from tasks.readers.prose import read_prose
from tasks.readers.workbook import read_workbook

sys.path.insert(0, str(Path(__file__).parents[1] / "tasks"))
from word_file import filled

ROOT = Path(__file__).parents[2]
BOARD = "kultur-och-fritidsnamnden"
SECOND = "Belysningen är utbytt i fyra parker och fler känner sig trygga."
CITY = load_city("lindhamn")
MOTIVE = open_model(CITY).boards[BOARD]["goals"]["L-B2"]["2026-03"][1]
"""What the board said of a goal in March."""


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A city where one board has handed in the two rounds before."""
    folder = tmp_path_factory.mktemp("stad")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("SAMLAD_SETTLE_SECONDS", "0")
        for round_id, day in (("2025-12", "2026-02-01"), ("2026-03", "2026-04-10")):
            inbox = folder / round_id
            shutil.copytree(ROOT / "examples" / "inbox" / round_id / BOARD, inbox / BOARD)
            patch.setenv("SAMLAD_INBOX", str(inbox))
            ran = ("run", "--city", "lindhamn", "--round", round_id, "--today", day, "--json")
            assert main(ran) == 0
    return folder


@pytest.fixture
def samlad(city, monkeypatch, capsys):
    monkeypatch.chdir(city)

    def run(*arguments):
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@pytest.fixture
def form(samlad, tmp_path):
    samlad(
        "issue",
        "--city",
        "lindhamn",
        "--round",
        "2026-08",
        "--board",
        BOARD,
        "--out",
        str(tmp_path),
    )
    (path,) = tmp_path.rglob("*.xlsx")
    return path


def cells(sheet, heading):
    headings = {str(cell.value).rstrip("\xa0 *"): cell.column for cell in sheet[3]}
    return [sheet.cell(row, headings[heading]) for row in range(5, 10)]


def test_every_board_that_owes_gets_a_form_and_a_line_of_progress(samlad, tmp_path):
    code, said = samlad("issue", "--city", "lindhamn", "--round", "2026-08", "--out", str(tmp_path))

    assert code == 0
    assert "24 underlag" in said
    assert "Kultur- och fritidsnämnden" in said
    assert len(list(tmp_path.glob("*/underlag-2026-08-*.xlsx"))) == 24
    assert len(list(tmp_path.glob("*/text-2026-08-*.docx"))) == 24


def test_what_the_board_said_before_stands_beside_locked(form):
    book = openpyxl.load_workbook(form)

    before = cells(book["Mål"], "Förra omgången: bedömning")[0]
    assert (before.value in {"God", "Viss", "Svag"}, before.protection.locked) == (True, True)
    forecast = cells(book["Ekonomi"], "Föregående prognos")[0]
    accounts = cells(book["Ekonomi"], "Bokslut föregående år")[0]
    assert None not in (forecast.value, accounts.value)
    assert forecast.protection.locked
    assert not cells(book["Ekonomi"], "Prognos helår")[0].protection.locked


def test_a_form_nobody_has_filled_in_says_nothing(form):
    reading = read_workbook(form.read_bytes(), city=CITY, layouts=load_layouts())

    assert reading.groups() == ()
    assert (reading.unread, reading.faults) == ((), ())


def remaining(book):
    sheet = book["Start"]
    rows = {sheet.cell(r, 1).value: r for r in range(1, 40)}
    return {n: sheet.cell(rows[n], 4).value for n in ("Mål och indikatorer", "Personal")}


def test_the_start_sheet_counts_what_remains_with_a_last_day_per_section(form):
    data = openpyxl.load_workbook(form, data_only=True)
    sheet = data["Start"]
    days = [str(sheet.cell(r, 3).value)[:10] for r in range(1, 40) if sheet.cell(r, 4).value]

    assert remaining(data)["Mål och indikatorer"] > 0
    assert "2026-09-14" in days


def test_filled_in_by_libreoffice_the_count_goes_down_and_the_file_reads(form, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) finns inte här")
    book = openpyxl.load_workbook(form)
    before = remaining(openpyxl.load_workbook(form, data_only=True))
    cells(book["Mål"], "Bedömning")[0].value = "God"
    cells(book["Personal"], "Utfall perioden")[0].value = 312.5
    filled = tmp_path / "ifylld.xlsx"
    book.save(filled)
    subprocess.run(
        [
            *(office, f"-env:UserInstallation=file://{tmp_path}/lo", "--headless"),
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "ut")),
            str(filled),
        ],
        check=True,
        capture_output=True,
    )
    saved = (tmp_path / "ut" / "ifylld.xlsx").read_bytes()

    after = remaining(openpyxl.load_workbook(io.BytesIO(saved), data_only=True))
    assert after["Mål och indikatorer"] == before["Mål och indikatorer"] - 1
    # Of the printed lines the board answers one and leaves out the rest, which no rule asks about.
    assert (before["Personal"] > 1, after["Personal"]) == (True, 0)
    reading = read_workbook(saved, city=CITY, layouts=load_layouts())
    assert [g.assessment.written for g in reading.goals] == ["God"]
    assert reading.faults == ()


def both_parts(form, motive):
    """Fill in the goals and a line of accounts: figures in the workbook, motives in Word."""
    book = openpyxl.load_workbook(form)
    for cell in cells(book["Mål"], "Bedömning")[:2]:
        cell.value = "God"
    for name in ("Utfall perioden", "Budget perioden", "Prognos helår", "Budget helår"):
        cells(book["Ekonomi"], name)[0].value = 47.5
    cells(book["Ekonomi"], "Avvikelse")[0].value = 0
    book.save(form)
    (word,) = form.parent.glob("*.docx")
    word.write_bytes(
        filled(word.read_bytes(), {"goals/L-B2/motive": motive, "goals/L-C3/motive": SECOND})
    )
    return word


def test_workbook_and_word_file_become_one_submission_and_one_report(samlad, form, tmp_path):
    word = both_parts(form, "Fler barn lånar böcker än i fjol, och köerna är kortare.")
    inbox = tmp_path / "in" / BOARD
    inbox.mkdir(parents=True)
    shutil.copy(form, inbox)
    shutil.copy(word, inbox)
    ask = ("--city", "lindhamn", "--round", "2026-08")
    run = ("run", *ask, "--inbox", str(tmp_path / "in"), "--today", "2026-09-14")

    assert samlad(*run, "--out", str(tmp_path / "ut"))[0] == 0

    told = samlad("findings", *ask, "--json")[1]
    assert "A-PART" not in told
    samlad("board-report", *ask, "--board", BOARD, "--out", str(tmp_path / "egen"))
    page = (tmp_path / "egen" / f"redovisning-2026-08-{BOARD}.html").read_text(encoding="utf-8")
    assert "Fler barn lånar böcker än i fjol" in page
    assert SECOND in page


def test_a_word_file_is_carried_over_with_its_workbook(samlad, form, tmp_path):
    word = both_parts(form, "Fler barn lånar böcker.")
    ask = ("issue", "--city", "lindhamn", "--round", "2026-08", "--out", str(tmp_path / "ny"))

    assert samlad(*ask, "--from", str(form), "--from", str(word))[0] == 0

    (new,) = (tmp_path / "ny").rglob("*.docx")
    goal, _ = read_prose(new.read_bytes(), CITY, load_layouts()).goals
    assert goal.motive.text == "Fler barn lånar böcker."
    (book,) = (tmp_path / "ny").rglob("*.xlsx")
    figures = read_workbook(book.read_bytes(), city=CITY, layouts=load_layouts())
    assert figures.goals[0].assessment.written == "God"


def test_an_older_form_is_carried_over_and_what_has_no_place_is_told(samlad, form, tmp_path):
    book = openpyxl.load_workbook(form)
    cells(book["Mål"], "Bedömning")[0].value = "God"
    cells(book["Mål"], "Er roll")[0].value = "driver"
    book["Mål"]["Z5"] = "egen anteckning"
    old = tmp_path / "gammal.xlsx"
    book.save(old)

    code, said = samlad(
        "issue", "--city", "lindhamn", "--round", "2026-08",
        "--from", str(old), "--out", str(tmp_path / "ny"),
    )  # fmt: skip

    assert code == 0
    assert "Inte överfört: fliken Mål, cell Z5: ”egen anteckning”" in said
    (new,) = (tmp_path / "ny").rglob("*.xlsx")
    goals = read_workbook(new.read_bytes(), city=CITY, layouts=load_layouts()).goals
    assert (goals[0].assessment.written, goals[0].role) == ("God", "driver")


def test_a_wrong_board_round_or_file_is_answered(samlad, form, tmp_path):
    wrong = ("issue", "--city", "lindhamn", "--round", "2026-08")
    assert "Menade ni" in samlad(*wrong, "--board", "socialnamden")[1]
    assert samlad("issue", "--city", "lindhamn", "--round", "2026-80")[0] == 2
    (tmp_path / "x.xlsx").write_bytes(b"inget")
    assert "inget underlag" in samlad(*wrong, "--from", str(tmp_path / "x.xlsx"))[1]
    other = samlad(*wrong, "--from", str(form), "--board", "valnamnden")[1]
    assert "annan nämnd" in other


def test_the_boards_own_report_is_made_of_what_it_handed_in_and_of_nothing_else(samlad, tmp_path):
    ask = ("board-report", "--city", "lindhamn", "--round", "2026-03", "--board", BOARD)

    code, _ = samlad(*ask, "--out", str(tmp_path))

    assert code == 0
    page = (tmp_path / f"redovisning-2026-03-{BOARD}.html").read_text(encoding="utf-8")
    assert "Redovisning från Kultur- och fritidsnämnden" in page
    assert "Socialnämnden" not in page
    first = (tmp_path / f"redovisning-2026-03-{BOARD}.pdf").read_bytes()
    assert first.startswith(b"%PDF-")
    word = (tmp_path / f"redovisning-2026-03-{BOARD}.docx").read_bytes()
    samlad(*ask, "--out", str(tmp_path / "igen"))
    assert (tmp_path / "igen" / f"redovisning-2026-03-{BOARD}.pdf").read_bytes() == first
    assert (tmp_path / "igen" / f"redovisning-2026-03-{BOARD}.docx").read_bytes() == word
    said_in_word(docx.Document(io.BytesIO(word)), page)


def said_in_word(document, page):
    """The board's report in Word has the page's chapters as headings, its tables and its texts."""
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    for chapter in ("Mål", "Uppdrag", "Ekonomi", "Personal"):
        assert any(chapter in heading for heading in headings), chapter
    (title,) = (p.text for p in document.paragraphs if p.style.name == "Title")
    assert title == "Redovisning från Kultur- och fritidsnämnden"
    assert not document.element.xpath("//w:tbl[not(w:tr[1]/w:trPr/w:tblHeader)]")
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert MOTIVE in page
    assert any(MOTIVE in text for text in (*cells, *(p.text for p in document.paragraphs)))
    assert "Socialnämnden" not in cells
    assert not any("stadskontoret" in p.text for p in document.paragraphs[:20])


def test_a_board_that_has_handed_in_nothing_has_no_report(samlad):
    ask = ("board-report", "--city", "lindhamn", "--round", "2026-03", "--board", "valnamnden")
    code, said = samlad(*ask)

    assert (code, "har inte lämnat något" in said) == (2, True)


def test_a_form_that_somebody_has_begun_on_is_never_written_over_unasked(samlad, form, tmp_path):
    book = openpyxl.load_workbook(form)
    cells(book["Mål"], "Bedömning")[0].value = "God"
    book.save(form)
    begun = form.read_bytes()
    ask = ("issue", "--city", "lindhamn", "--round", "2026-08", "--board", BOARD)

    assert "finns redan och är rörd" in samlad(*ask, "--out", str(tmp_path))[1]
    assert form.read_bytes() == begun
    samlad(*ask, "--out", str(tmp_path), "--replace")
    assert form.read_bytes() != begun


def test_figures_of_another_round_are_never_carried_over_as_new(samlad, tmp_path):
    old = ROOT / "examples" / "inbox" / "2026-03" / "socialnamnden"
    (path,) = old.glob("*.xlsx")
    ask = ("issue", "--city", "lindhamn", "--round", "2026-08", "--from", str(path))

    code, said = samlad(*ask, "--out", str(tmp_path))

    assert (code, "omgången 2026-03" in said) == (2, True)
    assert not list(tmp_path.rglob("*.xlsx"))


def test_a_formula_that_was_never_calculated_is_told_when_a_form_is_carried_over(
    samlad, form, tmp_path
):
    book = openpyxl.load_workbook(form)
    cells(book["Ekonomi"], "Utfall perioden")[0].value = "=40+7"
    old = tmp_path / "gammal.xlsx"
    book.save(old)
    ask = ("issue", "--city", "lindhamn", "--round", "2026-08", "--from", str(old))

    said = samlad(*ask, "--out", str(tmp_path / "ny"))[1]

    assert "Inte överfört: fliken Ekonomi, cell C5: en formel utan beräknat värde" in said
