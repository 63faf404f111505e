"""The dry run answers with the marked file and keeps nothing, anywhere."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from flows.cli import main

pytestmark = pytest.mark.usefixtures("no_pdf")
INBOX = Path(__file__).parents[2] / "examples" / "inbox" / "2026-08"
CANARY = "Kanariefågel-7f3a91"
ROUND = ("--city", "lindhamn", "--round", "2026-08")


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("SAMLAD_INBOX", str(tmp_path / "inbox"))
    monkeypatch.setenv("SAMLAD_SETTLE_SECONDS", "0")
    return tmp_path


def put_trial(place):
    book = openpyxl.load_workbook(INBOX / "forskolenamnden" / "delarsrapport-2026.xlsx")
    book["Mål"]["H5"] = CANARY
    path = place / "inbox" / "provkorning" / "forskolenamnden" / "provfil4711.xlsx"
    path.parent.mkdir(parents=True)
    book.save(path)
    return path


def files_with(text, folder, but=()):
    """Every file that holds the text as it is, or packed in an Office file."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and not any(path.is_relative_to(one) for one in but):
            data = path.read_bytes()
            packed = path.suffix == ".xlsx" and any(
                text in str(cell.value)
                for sheet in openpyxl.load_workbook(path)
                for row in sheet.iter_rows()
                for cell in row
            )
            if text.encode() in data or packed:
                found.append(path.relative_to(folder))
    return found


def test_a_file_in_the_dry_run_folder_is_answered_and_kept_nowhere(place, capfd):
    put_trial(place)
    shutil.copytree(INBOX / "socialnamnden", place / "inbox" / "socialnamnden")

    assert main(["run", *ROUND, "--today", "2026-09-14"]) == 0

    answers = place / "out" / "lindhamn" / "provkorning"
    copy = openpyxl.load_workbook(answers / "forskolenamnden" / "provfil4711-att-atgarda.xlsx")
    assert copy.worksheets[0].title == "Att åtgärda"
    page = (answers / "forskolenamnden" / "provfil4711-pakekanden.html").read_text(encoding="utf-8")
    assert "Provkörning" in page
    assert "Kolumnen Bedömning är tom" in page

    assert files_with(CANARY, place, but=(place / "inbox", answers)) == []
    assert files_with("provfil4711", place, but=(place / "inbox", answers)) == []
    assert list((place / "tmp").iterdir()) == []
    said = capfd.readouterr()
    assert CANARY not in said.out + said.err


def test_check_writes_the_answer_where_it_is_asked_and_nowhere_else(place, capsys):
    path = put_trial(place)

    code = main(["check", str(path), *ROUND, "--board", "forskolenamnden", "--out", "svar"])

    assert code == 1
    told = capsys.readouterr().out
    assert "fliken Mål, cell F6" in told
    assert "Inget jämfördes med förra omgången" in told
    assert {p.name for p in (place / "svar").glob("provfil4711*")} == {
        "provfil4711-att-atgarda.xlsx",
        "provfil4711-pakekanden.html",
    }
    assert files_with(CANARY, place, but=(place / "inbox", place / "svar")) == []
    assert not (place / "samlad-data").exists()


def test_the_dry_run_folder_is_known_however_it_is_spelled_and_its_answers_go_with_it(place):
    boards = {
        "Provkörning": "forskolenamnden",
        "PROVKORNING": "socialnamnden",
        "provko\u0308rning": "miljonamnden",
    }
    for folder, board in boards.items():
        path = put_trial(place)
        path.parent.rename(path.parent.parent / board)
        path.parent.parent.rename(place / "inbox" / folder)

    main(["run", *ROUND, "--today", "2026-09-14"])

    assert files_with(CANARY, place / "samlad-data") == []
    answered = place / "out" / "lindhamn" / "provkorning"
    assert {p.name for p in answered.iterdir() if p.is_dir()} == set(boards.values())

    for folder in boards:
        shutil.rmtree(place / "inbox" / folder)
    main(["run", *ROUND, "--today", "2026-09-14"])
    assert not answered.exists()
