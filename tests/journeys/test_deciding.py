"""More time, a section kept out, a board's decision: noted, shown everywhere, and undone."""

import shutil
from pathlib import Path

import pytest

from expectations.contract import figure_id
from flows.cli import main

pytestmark = pytest.mark.usefixtures("no_pdf")
INBOX = Path(__file__).parents[2] / "examples" / "inbox" / "2026-08"
ROUND = ("--city", "lindhamn", "--round", "2026-08")
SOCIAL = (*ROUND, "--board", "socialnamnden")


@pytest.fixture
def samlad(tmp_path, monkeypatch, capsys):
    shutil.copytree(INBOX / "socialnamnden", tmp_path / "inbox" / "socialnamnden")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAMLAD_INBOX", str(tmp_path / "inbox"))
    monkeypatch.setenv("SAMLAD_SETTLE_SECONDS", "0")

    def run(*arguments):
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def line_of(samlad, section, *more):
    told = samlad("status", *ROUND, *more)[1]
    return next(line for line in told.splitlines() if "Socialnämnden" in line and section in line)


def test_more_time_a_section_kept_out_and_a_decision_show_everywhere_and_can_be_undone(samlad):
    run = ("run", *ROUND, "--today", "2026-09-21")
    samlad("extend", *SOCIAL, "--sections", "ekonomi", "--until", "2026-09-30", "--reason", "Nytt")
    out = samlad("withhold", *SOCIAL, "--sections", "mål", "--reason", "Skrivs om")[1]
    samlad("decide", *SOCIAL, "--date", "2026-09-24", "--paragraph", "87")
    samlad(*run)

    assert "dagar sent" not in line_of(samlad, "ekonomi")
    assert "dagar sent" in line_of(samlad, "personal")
    assert "Skrivs om, beslutat 2026-09-24 § 87, enligt förslaget" in line_of(samlad, "mål")
    report = Path("out/lindhamn/2026-08/rapport.html").read_text(encoding="utf-8")
    assert "undantaget av stadskontoret" in report
    assert "Skrivs om" in report

    samlad("withdraw", out.split()[0], "--city", "lindhamn", "--reason", "Klart")
    samlad(*run)
    assert "inläst" in line_of(samlad, "mål")
    assert samlad("rebuild", "--city", "lindhamn", "--to", "sqlite:///nytt.db")[0] == 0


EXTRACT = """\
Lindhamns stad
Socialnämnden
Protokollsutdrag
Sammanträdesdatum 2026-09-18

§ 87 Delårsrapport augusti 2026

Beslut
Socialnämnden beslutar
att godkänna rapporten och överlämna den till kommunstyrelsen.
"""


def test_an_earlier_day_and_an_extract_of_the_minutes_show_what_was_known_then(samlad, tmp_path):
    (tmp_path / "inbox" / "socialnamnden" / "protokoll.txt").write_text(EXTRACT, encoding="utf-8")
    samlad("run", *ROUND, "--today", "2026-09-21")

    for section in ("mål", "ekonomi"):
        told = line_of(samlad, section)
        assert "beslutat 2026-09-18 § 87, enligt protokollsutdrag" in told
        assert "i rapporten sedan version 1" in told
    worklist = Path("out/lindhamn/2026-08/pakekanden/index.html").read_text(encoding="utf-8")
    assert "beslutat av nämnden" not in worklist  # the decision's own words stand there
    assert "beslutat 2026-09-18 § 87, enligt protokollsutdrag" in worklist
    assert "nytt i den här rapporten" in worklist

    traced = figure_id(
        "lindhamn", "socialnamnden", "2026-08", "finance", "costs", "columns.outcome"
    )
    assert samlad("trace", traced, "--city", "lindhamn", "--as-of", "2026-09-21")[0] == 0
    assert samlad("trace", traced, "--city", "lindhamn", "--as-of", "2026-09-20")[0] == 2
    code, said = samlad("diff", *ROUND, "--as-of", "2026-09-20")
    assert (code, "går att visa" in said) == (2, True)

    assert "inläst" in line_of(samlad, "mål", "--as-of", "2026-09-22")
    assert "inte lämnat" in line_of(samlad, "mål", "--as-of", "2026-09-20")


def test_a_wrong_board_or_section_is_answered_with_what_there_is(samlad):
    code, said = samlad("extend", *ROUND, "--board", "x", "--until", "2026-09-30", "--reason", "y")
    assert (code, "mappnamnet" in said) == (2, True)
    code, said = samlad("withhold", *SOCIAL, "--sections", "väder", "--reason", "y")
    assert (code, "mål, uppdrag" in said) == (2, True)


@pytest.mark.long
def test_locked_asked_reconciled_adjusted_and_confirmed_from_the_command_line(samlad, tmp_path):
    shutil.copytree(INBOX / "centralt", tmp_path / "inbox" / "centralt")
    shutil.copytree(INBOX / "fastighetsnamnden", tmp_path / "inbox" / "fastighetsnamnden")
    run = ("run", *ROUND, "--today", "2026-09-21")
    samlad(*run)
    told = samlad("reconcile", *ROUND)[1]
    assert "Fastighetsnämnden: Kostnader, utfall: skiljer sig" in told
    assert "centralt −366,4 mnkr, nämnden −365,8 (+0,6)" in told
    slot = ("lindhamn", "fastighetsnamnden", "2026-08", "finance", "costs", "columns.outcome")
    costs = figure_id(*slot)
    code, said = samlad(
        "adjust", *ROUND, "--figure", costs, "--value", "-366,4", "--reason", "Sent bokförd"
    )
    assert (code, "−365,8 står kvar, justerat till −366,4 mnkr" in said) == (0, True)
    samlad("confirm", said.split()[0], *ROUND, "--text", "Nämnden delar bedömningen")
    assert "Nämnden: Nämnden delar bedömningen" in samlad("adjustments", *ROUND)[1]

    samlad("ask", *SOCIAL, "--sections", "mål", "--text", "Motivera mål L-C3")
    samlad("lock", *SOCIAL, "--sections", "ekonomi", "--reason", "Underlag till KS")
    samlad(*run)
    assert "komplettering begärd: Motivera mål L-C3" in line_of(samlad, "mål")
    assert "låst: Underlag till KS" in line_of(samlad, "ekonomi")
    assert samlad("rebuild", "--city", "lindhamn", "--to", "sqlite:///nytt.db")[0] == 0
