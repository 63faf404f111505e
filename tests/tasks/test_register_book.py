"""The registers as a workbook: out and back unchanged, faults by sheet and row, changes told."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from expectations.register_files import city_folder, load_city
from expectations.registers import RegisterError
from tasks.register_book import (
    BookError,
    changes,
    read_book,
    rows_in,
    sheets,
    told_by_sheet,
    write_book,
    write_folder,
)


def book_of(city_id):
    city = load_city(city_id)
    return write_book(rows_in(city_folder(city_id)), city_name=city.name)


def edited(data, edit):
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("city_id", ["lindhamn", "goteborg", "malmo"])
def test_out_and_back_changes_nothing_and_gives_the_same_city(city_id, tmp_path):
    rows = rows_in(city_folder(city_id))
    back = read_book(book_of(city_id))

    assert changes(rows, back) == []
    folder = tmp_path / city_id
    folder.mkdir()
    (folder / "city.toml").write_bytes((city_folder(city_id) / "city.toml").read_bytes())
    write_folder(back, folder)
    again = load_city(city_id, (folder,))
    before = load_city(city_id)
    assert (again.boards, again.goals, again.assignments) == (
        before.boards,
        before.goals,
        before.assignments,
    )
    assert (again.rounds, again.scales, again.requirements) == (
        before.rounds,
        before.scales,
        before.requirements,
    )


def test_the_same_registers_give_the_same_bytes():
    assert book_of("lindhamn") == book_of("lindhamn")


def test_the_book_speaks_of_every_column_that_a_register_may_have():
    from expectations.register_rows import FILES  # noqa: PLC0415

    assert {s.file: set(s.columns) for s in sheets() if not s.is_acts} == {
        name: set(columns.known) for name, columns in FILES.items()
    }


def test_dates_and_numbers_that_excel_made_of_the_text_are_read_as_the_register_writes_them():
    def edit(book):
        page = book["Mål"]
        page["G2"] = datetime(2023, 1, 1)  # noqa: DTZ001 - as Excel keeps it
        page["C2"] = 2023.0
        page["I2"] = True

    row = read_book(edited(book_of("lindhamn"), edit))["goals.csv"][0]

    assert (row["valid_from"], row["area"], row["verified"]) == ("2023-01-01", "2023", "yes")


def test_changes_are_told_row_by_row_with_the_headings():
    def edit(book):
        page = book["Nämnder och bolag"]
        page["B2"] = "Stadsstyrelsen"
        page.append(["nynamnden", "Nya nämnden", "board", "Centrala nämnder"])
        book["Sammanträden"].delete_rows(2)

    rows = rows_in(city_folder("lindhamn"))
    found = changes(rows, read_book(edited(book_of("lindhamn"), edit)))

    told = {(c.sheet, c.kind): c for c in found}
    changed = told["Nämnder och bolag", "changed"]
    assert (changed.row, changed.fields) == (
        "kommunstyrelsen",
        (("Namn", "Kommunstyrelsen", "Stadsstyrelsen"),),
    )
    assert told["Nämnder och bolag", "new"].row == "nynamnden"
    assert told["Sammanträden", "gone"].row == "KF 2024-09-26"


def test_faults_are_told_by_sheet_row_and_heading(tmp_path):
    def edit(book):
        book["Nämnder och bolag"]["B3"] = None
        book["Omgångar"]["D2"] = "31 december"

    folder = tmp_path / "lindhamn"
    folder.mkdir()
    (folder / "city.toml").write_bytes((city_folder("lindhamn") / "city.toml").read_bytes())
    write_folder(read_book(edited(book_of("lindhamn"), edit)), folder)

    with pytest.raises(RegisterError) as error:
        load_city("lindhamn", (folder,))
    told = told_by_sheet(error.value)
    assert told[0] == "fliken Nämnder och bolag, rad 3: Kolumnen Namn är tom. Fyll i den."
    assert any(line.startswith("fliken Omgångar, rad 2:") for line in told)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"inget", "ingen Excel-arbetsbok"),
        (edited(book_of("lindhamn"), lambda b: b.remove(b["Mål"])), "Fliken Mål saknas"),
        (
            edited(book_of("lindhamn"), lambda b: b["Mål"].__setitem__("B1", "Rubrik")),
            "kolumnen Rubrik",
        ),
    ],
    ids=["no workbook", "a sheet is gone", "a heading is changed"],
)
def test_a_workbook_that_is_no_register_book_is_answered(data, words):
    with pytest.raises(BookError, match=words):
        read_book(data)


def test_import_shows_first_changes_with_apply_and_leaves_a_record(tmp_path, monkeypatch, capsys):
    from flows.cli import main  # noqa: PLC0415

    monkeypatch.chdir(tmp_path)
    assert main(["registers", "export", "bok.xlsx", "--city", "lindhamn"]) == 0
    book = Path("bok.xlsx")
    book.write_bytes(
        edited(
            book.read_bytes(),
            lambda b: b["Nämnder och bolag"].__setitem__("B2", "Stadsstyrelsen"),
        )
    )
    look = ["registers", "import", "bok.xlsx", "--city", "lindhamn"]

    assert main(look) == 0
    assert "”Kommunstyrelsen” → ”Stadsstyrelsen”" in capsys.readouterr().out
    assert load_city("lindhamn").board("kommunstyrelsen").name == "Kommunstyrelsen"
    assert not Path("samlad-data/registers").exists()

    assert main([*look, "--apply"]) == 0
    city = load_city("lindhamn", (Path("samlad-data/registers"),))
    assert city.board("kommunstyrelsen").name == "Stadsstyrelsen"
    capsys.readouterr()
    assert main(["acts", "--city", "lindhamn"]) == 0
    assert "1 rader i registren ändrade" in capsys.readouterr().out
    assert main(look) == 0
    assert "Ingenting att ändra" in capsys.readouterr().out


def test_contacts_and_acts_come_back_as_they_went_and_names_stay_out_of_what_is_kept(
    tmp_path, monkeypatch, capsys
):
    from flows.cli import main  # noqa: PLC0415

    monkeypatch.chdir(tmp_path)
    assert main(["registers", "export", "bok.xlsx", "--city", "lindhamn"]) == 0
    book = Path("bok.xlsx")

    def edit(b):
        b["Kontakter"].append(
            ["socialnamnden", "goals", "utvecklare", "Canaria Namnsson", "u@lindhamn.example"]
        )
        b["Anstånd"].append(["2026-08", "socialnamnden", "economy", "2026-09-30", "Nytt system"])
        b["Beslut om uppdrag"].append(["L-U-2025-05", "miljonamnden", "board", "2026-09-24", "91"])

    import_ = ["registers", "import", "bok.xlsx", "--city", "lindhamn"]
    book.write_bytes(edited(book.read_bytes(), edit))
    assert main([*import_, "--apply", "--by", "samordnare"]) == 0
    told = capsys.readouterr().out
    assert "Anstånd: 2026-08 socialnamnden economy, ny rad" in told
    assert main(["acts", "--city", "lindhamn"]) == 0
    told = capsys.readouterr().out
    assert "anstånd" in told
    assert "Nytt system" in told
    assert "Nämnden har beslutat att det är fullgjort 2026-09-24 § 91" in told
    assert main(["acts", "--city", "lindhamn", "--as-of", "2026-01-01"]) == 0
    assert "Nytt system" not in capsys.readouterr().out
    assert main(import_) == 0
    assert "Ingenting att ändra" in capsys.readouterr().out

    kept = [path for path in Path("samlad-data").rglob("*") if path.is_file()]
    holding = [path for path in kept if b"Canaria" in _plain(path)]
    assert [path.name for path in holding] == ["contacts.csv"]
    assert main(["contacts", "--city", "lindhamn", "--board", "socialnamnden"]) == 0
    assert "Canaria Namnsson <u@lindhamn.example>" in capsys.readouterr().out

    book.write_bytes(edited(book.read_bytes(), lambda b: b["Anstånd"].delete_rows(2)))
    assert main([*import_, "--apply"]) == 0
    capsys.readouterr()
    assert main(["acts", "--city", "lindhamn"]) == 0
    assert "Nytt system" not in capsys.readouterr().out


def _plain(path):
    """The bytes of a file, those inside a workbook unpacked."""
    data = path.read_bytes()
    if data[:2] != b"PK":
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as parcel:
        return b"".join(parcel.read(name) for name in parcel.namelist())


def test_faults_in_contacts_and_acts_are_told_by_sheet_and_row_and_change_nothing(
    tmp_path, monkeypatch, capsys
):
    from flows.cli import main  # noqa: PLC0415

    monkeypatch.chdir(tmp_path)

    def edit(b):
        b["Kontakter"].append(["socialnamden", "mål", "chef", "", "ingen adress"])
        b["Anstånd"].append(["2026-08", "socialnamnden", "economy", "2026-09-01", ""])
        b["Beslut om uppdrag"].append(["L-U-2025-05", "miljonamnden", "council", "i höst", ""])

    Path("bok.xlsx").write_bytes(edited(book_of("lindhamn"), edit))
    assert main(["registers", "import", "bok.xlsx", "--city", "lindhamn", "--apply"]) == 2
    told = capsys.readouterr().err
    assert "fliken Kontakter, rad 6" in told
    assert "Menade ni socialnamnden?" in told
    assert "ingen adress" not in told  # it could name a person

    def later(b):
        edit(b)
        b["Kontakter"].delete_rows(6)

    Path("bok.xlsx").write_bytes(edited(book_of("lindhamn"), later))
    assert main(["registers", "import", "bok.xlsx", "--city", "lindhamn", "--apply"]) == 2
    told = capsys.readouterr().err
    assert "fliken Anstånd, rad 2: 2026-09-01 är inte senare än den sista dag" in told
    assert "fliken Anstånd, rad 2: Kolumnen Skäl är tom." in told
    assert "fliken Beslut om uppdrag, rad 2: Kolumnen Paragraf är tom." in told
    assert not Path("samlad-data/registers").exists()


def test_every_sheet_can_be_read_on_paper():
    book = openpyxl.load_workbook(io.BytesIO(book_of("lindhamn")))

    for page in book.worksheets:
        width = sum(page.column_dimensions[cell.column_letter].width for cell in page[1])
        room = {8: 270, 9: 190}[page.page_setup.paperSize]  # A3 and A4, in characters
        assert (page.page_setup.orientation, page.print_title_rows) == ("landscape", "$1:$1")
        assert width <= room, page.title
