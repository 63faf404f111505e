"""The diary: everything received is listed to be registered, and the numbers come back."""

import csv
import shutil
from pathlib import Path

import pytest

from flows.cli import main

pytestmark = pytest.mark.usefixtures("no_pdf")
INBOX = Path(__file__).parents[2] / "examples" / "inbox" / "2026-08"
CITY = ("--city", "lindhamn")


@pytest.fixture
def samlad(tmp_path, monkeypatch, capsys):
    shutil.copytree(INBOX / "socialnamnden", tmp_path / "inbox" / "socialnamnden")
    (tmp_path / "inbox" / "socialnamnden" / "=1+1.txt").write_text("En rad text.", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAMLAD_INBOX", str(tmp_path / "inbox"))
    monkeypatch.setenv("SAMLAD_SETTLE_SECONDS", "0")

    def run(*arguments):
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out + said.err

    run("run", *CITY, "--round", "2026-08", "--today", "2026-09-14")
    return run


def rows(path="diarium-lindhamn.csv"):
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_what_was_received_is_listed_and_the_diarys_numbers_come_back(samlad):
    assert "2 handlingar, 2 utan diarienummer" in samlad("diary", "export", *CITY)[1]
    listed = rows()
    assert {row["Avsändare"] for row in listed} == {"Socialnämnden"}
    assert "'=1+1.txt" in {row["Handling"] for row in listed}
    assert listed[0]["Inkommen"] == "2026-09-14 12:00"
    form = next(row for row in listed if row["Handling"].endswith(".xlsx"))
    assert (form["Lämnas av"], form["Godkänd av"]) == ("controller", "förvaltningschef")
    shown = samlad("diary", "show", form["Kvitto"], *CITY)[1]
    assert "Godkänd av    förvaltningschef" in shown
    assert form["SHA-256"] in shown
    # Who approved is read out of the file when it is asked for: the chain never holds it.
    (journal,) = Path().rglob("journal.jsonl")
    assert "rvaltningschef" not in journal.read_text("utf-8")
    assert "finns inte" in samlad("diary", "show", "K-1", *CITY)[1]

    listed[0]["Diarienummer"] = "SN-2026-0188"
    with Path("ifylld.csv").open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, listed[0], delimiter=";")
        writer.writeheader()
        writer.writerows(listed)
    assert "1 diarienummer" in samlad("diary", "import", "ifylld.csv", *CITY)[1]
    assert "0 diarienummer" in samlad("diary", "import", "ifylld.csv", *CITY)[1]

    assert "1 utan diarienummer" in samlad("diary", "export", *CITY)[1]
    assert rows()[0]["Diarienummer"] == "SN-2026-0188"
    assert "SN-2026-0188" in samlad("acts", *CITY)[1]
    assert samlad("verify", *CITY)[0] == 0


def test_a_list_of_something_else_is_answered_and_nothing_is_read_in(samlad):
    Path("x.csv").write_text("a;b\n1;2\n", "utf-8")
    assert "Kvitto och Diarienummer" in samlad("diary", "import", "x.csv", *CITY)[1]
    Path("y.csv").write_text("Kvitto;Diarienummer\nK-1;SN-1\n", "utf-8")
    assert "K-1 finns inte" in samlad("diary", "import", "y.csv", *CITY)[1]
