"""The controller answers a question and waives a rule from the command line, and takes it back."""

import contextlib
import io
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from expectations import judging
from expectations.register_files import load_city
from flows.cli import main
from flows.order import Order
from flows.round import collect
from flows.settings import settings_from
from flows.terminal import InProcess
from warehouse.store import open_store
from warehouse.warehouse import open_warehouse

pytestmark = pytest.mark.usefixtures("no_pdf")
INBOX = Path(__file__).parents[2] / "examples" / "inbox" / "2026-08"
ROUND = ("--city", "lindhamn", "--round", "2026-08")
CITY = load_city("lindhamn")
LATER = datetime(2026, 9, 21, 20, tzinfo=UTC)
APPROVED = ("--approved-by", "budgetchef", "--until", "2099-12-31")


RUN = ("run", *ROUND, "--today", "2026-09-21", "--json")


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """Two boards have handed in and the round has been run once; what it said is kept."""
    folder = tmp_path_factory.mktemp("first")
    for board in ("forskolenamnden", "socialnamnden"):
        shutil.copytree(INBOX / board, folder / "inbox" / board)
    with pytest.MonkeyPatch.context() as patch, io.StringIO() as said:
        patch.chdir(folder)
        patch.setenv("SAMLAD_INBOX", str(folder / "inbox"))
        patch.setenv("SAMLAD_SETTLE_SECONDS", "0")
        with contextlib.redirect_stdout(said):
            assert main(RUN) == 0
        return folder, json.loads(said.getvalue())


@pytest.fixture
def city(first_run, tmp_path, monkeypatch, capsys):
    shutil.copytree(first_run[0], tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAMLAD_INBOX", str(tmp_path / "inbox"))
    monkeypatch.setenv("SAMLAD_SETTLE_SECONDS", "0")

    def samlad(*arguments):
        code = main(arguments)
        return code, capsys.readouterr()

    return samlad


def findings(city):
    return {f["rule"]: f for f in json.loads(city("findings", *ROUND, "--json")[1].out)}


def test_a_waived_stop_lets_the_section_in_until_it_is_taken_back(city, first_run):
    before = first_run[1]
    citys = findings(city)["C-COVER"]
    stop = next(f for f in findings(city).values() if f["severity"] == "STOPP")
    question = findings(city)["D-CLOSE"]

    code, said = city(
        "waive", *ROUND, "--rule", stop["rule"], "--board", stop["board"],
        "--reason", "Målet är nytt", *APPROVED,
    )  # fmt: skip
    assert code == 0
    waiver = said.out.split()[0]
    city("answer", *ROUND, "--rule", "D-CLOSE", "--board", question["board"], "--text", "Bekräftat")
    code, told = city("answer", *ROUND, "--finding", citys["key"], "--text", "Ingen svarar i år")
    assert (code, "Lindhamns stad: Målet" in told.out) == (0, True)
    code, told = city("waive", *ROUND, "--rule", "C-COVER", "--again", *APPROVED)
    assert (code, "inget tidigare att ge igen" in told.err) == (2, True)
    after = json.loads(city(*RUN)[1].out)

    assert (before["findings"]["STOPP"], "STOPP" in after["findings"]) == (1, False)
    assert after["merged"] == before["merged"] + 1
    assert findings(city)["D-CLOSE"]["answer"]["text"] == "Bekräftat"
    assert "Besvarat: ”Bekräftat”" in city("findings", *ROUND)[1].out

    desk = Path("out/lindhamn/2026-08/pakekanden/staden.html").read_text(encoding="utf-8")
    report = Path("out/lindhamn/2026-08/rapport.html").read_text(encoding="utf-8")
    assert "Ingen svarar i år" in desk.split("Besvarat och undantaget")[1]
    assert "Ingen svarar i år" in report
    act = next(
        line for line in city("acts", "--city", "lindhamn")[1].out.splitlines() if "C-COVER" in line
    )
    assert "hela staden" in act
    assert city("withdraw", act.split()[0], "--city", "lindhamn", "--reason", "Fel")[0] == 0

    assert city("withdraw", waiver, "--city", "lindhamn", "--reason", "Fel")[0] == 0
    assert json.loads(city(*RUN)[1].out)["merged"] == before["merged"]
    assert "Ingen svarar i år" not in city("findings", *ROUND)[1].out
    assert waiver not in city("acts", "--city", "lindhamn")[1].out
    assert city("verify", "--city", "lindhamn")[0] == 0


def test_a_rule_that_samlad_has_changed_is_asked_anew_though_nothing_has_come(
    city, tmp_path, monkeypatch
):
    assert "D-CLOSE" in findings(city)
    known = judging.in_force
    monkeypatch.setattr(
        judging, "in_force", lambda *asked: [r for r in known(*asked) if r.id != "D-CLOSE"]
    )
    settings = settings_from(os.environ).for_city("lindhamn")
    order = Order("lindhamn", LATER, tmp_path / "out", round_id="2026-08")
    with open_warehouse(settings.warehouse) as warehouse:
        found = collect(
            CITY, order, settings, open_store(settings.store), warehouse, InProcess(quiet=True)
        )
    assert {receipt.state for receipt in found.taken} == {"known"}
    assert {f.rule for f in found.snapshot.findings} == set(findings(city))
    assert "D-CLOSE" not in findings(city)


def test_what_cannot_be_settled_is_answered_with_what_to_do_instead(city):
    code, said = city(
        "answer", *ROUND, "--rule", "B-REQ", "--board", "forskolenamnden", "--text", "x"
    )
    assert (code, "samlad waive" in said.err) == (2, True)
    code, said = city("answer", *ROUND, "--finding", "P-0", "--text", "x")
    assert (code, "samlad findings" in said.err) == (2, True)
    code, said = city("answer", *ROUND, "--rule", "D-CLOSE", "--text", "x")
    assert (code, "--board" in said.err) == (2, True)
