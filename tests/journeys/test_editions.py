"""An edition's life: words of the office, statuses, what changed, and a correction's effects."""

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from flows.cli import main
from tasks.personal_data import files_with_personal_data

pytestmark = pytest.mark.usefixtures("no_pdf")
ROOT = Path(__file__).parents[2]
BOARD = "servicenamnden"
FORM = ROOT / "examples" / "inbox" / "2026-08" / BOARD / "delarsrapport-2026.xlsx"
ROUND = ("--city", "lindhamn", "--round", "2026-08")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """One board's report, taken in and reported, with the command line's own settings."""
    folder = tmp_path_factory.mktemp("editions")
    inbox = folder / "inbox" / BOARD
    inbox.mkdir(parents=True)
    shutil.copy(FORM, inbox)
    patch = pytest.MonkeyPatch()
    patch.chdir(folder)
    patch.setenv("SAMLAD_WAREHOUSE", f"sqlite:///{folder}/lager.db")
    patch.setenv("SAMLAD_STORE", str(folder / "store"))
    patch.setenv("SAMLAD_INBOX", str(folder / "inbox"))
    assert run("2026-09-20") == 0
    yield folder
    patch.undo()


def run(day):
    return main(["run", *ROUND, "--out", "out", "--today", day])


def page(folder, name="rapport.html"):
    return (folder / "out" / name).read_text(encoding="utf-8")


def said(capsys):
    return capsys.readouterr().out


def test_the_offices_words_are_printed_as_theirs_and_the_name_only_inside(city, capsys):
    assert main(["words", "export", "ord.toml", *ROUND]) == 0
    text = (city / "ord.toml").read_text(encoding="utf-8")
    text = text.replace('av = ""', 'av = "Anna Berg"', 1)
    text = text.replace('forord = ""', 'forord = """Året var svårt.\n\nVi ser framåt."""')
    judged = 'bedomning = "Viss"\ntext = "På väg."'
    text = re.sub(r'bedomning = ""\ntext = ""', judged, text, count=1)
    text = text.replace('ekonomi = ""', 'ekonomi = "Läget är <b>ansträngt</b>."')
    (city / "ord.toml").write_text(text, encoding="utf-8")
    assert main(["words", "import", "ord.toml", *ROUND]) == 0
    assert main(["words", "import", "ord.toml", *ROUND]) == 0
    assert "3 texter är införda" in (told := said(capsys))
    assert "säger samma som redan är infört" in told
    assert run("2026-09-21") == 0

    for words in (
        "Året var svårt.",
        "Vi ser framåt.",
        "Samlad bedömning av stadskontoret: ◐ Viss.",
    ):
        assert words in page(city)
    assert "Kommentar från stadskontoret" in page(city)
    assert "&lt;b&gt;ansträngt" in page(city)
    files = {p.name: p.read_bytes() for p in (city / "out").rglob("*") if p.is_file()}
    assert files_with_personal_data(files, {"Anna Berg"}) == []
    inside = page(city, "../out-internt/rapport.html")
    assert main(["archive", "paket.zip", *ROUND]) == 0
    packed = {"paket.zip": (city / "paket.zip").read_bytes()}
    assert files_with_personal_data(packed, {"Anna Berg"}) == []
    assert main(["erase-person", "Anna Berg", *ROUND[:2], "--decision", "KS § 88"]) == 2
    assert "står kvar under kontorets egna ord" in said(capsys)
    assert "Anna Berg, " in inside
    assert "Intern, lämnas inte ut" in inside


def test_what_differs_between_two_editions_is_told_and_shown(city, capsys):
    assert main(["diff", "1", "2", *ROUND, "--out", "andringar.html"]) == 0
    told = said(capsys)

    assert "– → Året var svårt." in told
    assert "journal" not in told
    assert "→ Samlad bedömning av stadskontoret: ◐ Viss." in told
    shown = (city / "andringar.html").read_text(encoding="utf-8")
    assert "Från version 1 (Utkast) till version 2 (Utkast)." in shown
    assert "fanns inte" in shown


def test_a_correction_shows_what_it_would_change_and_changes_nothing(city, capsys):
    book = openpyxl.load_workbook(FORM)
    sheet = book["Ekonomi"]
    sheet["G9"] = "−99,5"
    book.save(city / "rattelse.xlsx")
    before = page(city)
    main(["check", "rattelse.xlsx", *ROUND, "--board", BOARD, "--effects", "--out", "svar"])
    told = said(capsys)

    assert re.search(r"Prognos helår: −1,5 → −99,5", told)
    assert re.search(r"mnkr.*: \S+ → −9\d,\d", told)
    assert "Nya påpekanden" in told
    shown = (city / "svar" / "effekter.html").read_text(encoding="utf-8")
    assert "Från det som är inläst till det som är inläst med filen." in shown
    assert "−99,5" in shown
    assert page(city) == before


def test_what_is_not_released_is_not_given_out(city, capsys):
    publish = ["publish", *ROUND, "--out", "out", "--today", "2026-09-22", "--status"]

    assert main([*publish, "beslutsunderlag"]) == 2
    assert "Rapporten är inte fastställd." in capsys.readouterr().err
    assert "Utkast" in page(city)


@pytest.mark.long
def test_statuses_come_in_order_and_a_run_after_a_decision_changes_nothing(city, capsys):
    publish = ["publish", *ROUND, "--out", "out", "--today", "2026-09-22", "--status"]
    assert main([*publish, "publicerad"]) == 2
    assert main([*publish, "beslutad"]) == 2
    reason = ["--override", "Nämnden svarar i morgon.", "--by", "ekonomidirektören"]
    assert main([*publish, "beslutsunderlag", *reason]) == 0
    assert "Underlag för beslut" in page(city)
    assert "Skäl enligt ekonomidirektören: Nämnden svarar i morgon." in page(city)
    assert run("2026-09-23") == 0  # the release came with the status: the run catches up
    assert "Underlag för beslut" in page(city)
    assert main([*publish, "beslutad", "--told", "KF 2026-10-22 § 214"]) == 0
    assert "Beslutad. KF 2026-10-22 § 214" in page(city)
    whole = (city / "out" / "manifest.json").read_bytes()
    assert run("2026-10-23") == 0

    assert (city / "out" / "manifest.json").read_bytes() == whole
    assert "inget nytt sedan förra körningen" in said(capsys)


@pytest.mark.long
def test_what_is_published_has_neither_the_stewards_pages_nor_names(city):
    publish = ["publish", *ROUND, "--out", "offentligt", "--today", "2026-10-24", "--status"]
    assert main([*publish, "publicerad"]) == 0
    names = {p.relative_to(city / "offentligt").parts[0] for p in (city / "offentligt").rglob("*")}

    assert names == {
        "data",
        "manifest.json",
        "rapport.html",
        "rapport.pdf",
        "tillganglighet.html",
        "word",
    }
    files = {p.name: p.read_bytes() for p in (city / "offentligt").rglob("*") if p.is_file()}
    assert files_with_personal_data(files, {"Anna Berg"}) == []
    assert not (city / "offentligt-internt").exists()
    about = json.loads((city / "offentligt" / "manifest.json").read_text())["about"]
    assert about["status"] == "Publicerad"
    assert not (city / "offentligt" / "data" / "pakekanden.json").exists()


def test_a_sample_and_a_computed_figure_lead_to_the_document(city, capsys):
    assert main(["sample", *ROUND, "--n", "4", "--seed", "x", "--out", "s.html"]) == 0
    assert said(capsys).count("delarsrapport-2026.xlsx") >= 4
    assert 'class="it"' in (city / "s.html").read_text(encoding="utf-8")
    told = json.loads((city / "out" / "data" / "beraknade.json").read_text(encoding="utf-8"))
    deviation = next(one for one in told if one["how"].startswith("Helårsprognos minus"))
    assert main(["trace", deviation["computed_id"], "--city", "lindhamn"]) == 0
    assert "Räknat så" in (traced := said(capsys))
    # The round before is not in this warehouse: its rules are not said to be passed.
    assert "Inget jämfördes med förra omgången" in traced


@pytest.mark.usefixtures("city")
def test_the_store_with_editions_and_words_is_whole():
    assert main(["verify", "--city", "lindhamn"]) == 0
