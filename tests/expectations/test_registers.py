"""The registers: what cities say, how names are told, and that every fault names its place."""

from __future__ import annotations

import logging
import pickle
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.contract import GROUPS
from expectations.register_checks import CODES
from expectations.register_files import bundle, city_ids, city_in, generic_vocabulary, load_city
from expectations.register_rows import FILES, OPTIONAL
from expectations.registers import RegisterError
from flows.cli import main

ROOT = Path(__file__).parents[2]
DOCUMENTS = ROOT.parent / "shared" / "documents"
GOTEBORG = load_city("goteborg")
MALMO = load_city("malmo")
AUGUST = date(2024, 8, 31)

# --- a third city, small enough to be read whole ---------------------------------------------

SJOSTAD = {
    "city.toml": """\
city_id = "sjostad"
name = "Sjöstads kommun"
office = "kommunkontoret"
municipality_code = "9902"
verified = true

[units]
finance = "tkr"

[signs]
costs = "negative"

[cases]
pattern = '(?P<prefix>[A-Z]{2,3})[- ](?P<year>20\\d{2})-(?P<number>\\d{3})'
template = "{prefix}-{year}-{number}"

[organs]
KF = "kommunfullmäktige"
KS = "kommunstyrelsen"

[calendar]
known = "single_days"
weekdays = { KF = "monday" }

[decisions]
fulfilled = "Uppdraget {text} avslutas."

[vocabulary]
city_words = ["Sjöstad"]

[vocabulary.finance_lines]
"anslag från fullmäktige" = "municipal_grant"
""",
    "boards.csv": """\
board_id,name,kind,group,administration,aliases,case_prefix,case_pattern,case_example,valid_from,valid_to,verified
ks,Kommunstyrelsen,board,Nämnder,Kommunkontoret,KS,KS,KS-\\d{4}-\\d{3},KS-2026-101,,,yes
skola,Skolnämnden,board,Nämnder,Skolförvaltningen,,,,,2020-01-01,,yes
park,Parknämnden,board,Nämnder,,,,,,,2024-12-31,yes
energi,Sjöstads Energi AB,company,Bolag,,,,,,,,yes
revision,Revisorerna,audit,Revision,,,,,,,,yes
""",
    "goals.csv": """\
goal_id,title,sdgs,designated,aliases,valid_from,valid_to,verified
S1,Sjöstad ska minska utsläppen med 40 procent,11|13,ks|energi,,2023-01-01,2026-12-31,yes
S2,Alla barn ska klara skolan,4,,skolmålet,2023-01-01,2026-12-31,yes
""",
    "assignments.csv": """\
assignment_id,text,origin,addressees,case_number,organ,date,budget_year,due_written,due_earliest,due_latest,parent,closed
S-1,Minska pappret,council_other,*,KS-2025-001,KF,2025-03-03,,senast i juni,2025-06-01,2025-06-30,,
S-2,Öva kris,council_budget,ks,,,,2026,,,,S-1,
S-3,Rusta lekplatser,executive,park|skola,KS-2023-044,KS,2023-05-10,,,,,,2024-02-01
""",
    "rounds.csv": """\
round_id,type,name,period_from,period_to,opens_on,due_on,due
2026-08,august,Delårsrapport 2026,2026-01-01,2026-08-31,2026-08-17,2026-09-18,staff=2026-09-11
2026-12,annual,Årsrapport 2026,2026-01-01,2026-12-31,2026-12-14,2027-02-05,
""",
    "meetings.csv": "organ,date\nKF,2026-03-02\nKS,2026-03-11\n",
    "owes.csv": """\
boards,rounds,groups,owes
*,*,goals|economy|staff,yes
group:Bolag,*,staff,no
skola,2026-08,competence,yes
kind:audit,*,*,no
""",
    "rules.csv": """\
rule,rounds,severity,reason,decided_by,decided_on
C-COPY,*,off,Prövas först nästa år,budgetchef,2026-01-10
""",
    "scales.csv": """\
scale,code,word,order,symbol,synonyms,valid_from,valid_to
goal_assessment,good,God,1,●,god måluppfyllelse,,2025-12-31
goal_assessment,met,Nått,1,●,,2026-01-01,
goal_assessment,not_met,Ej nått,2,○,inte nått,2026-01-01,
""",
    "ledger_objects.csv": """\
dimension,objects,board_id,valid_from,valid_to
1,100-199|300,ks,,
""",
    "ledger_lines.csv": """\
accounts,line
3000-3999,income
4000-7999,costs
""",
    "successions.csv": """\
board_id,successor,valid_from,extent,decision
park,ks,2025-01-01,whole,KF 2024-06-01 § 8
""",
    "contacts.csv": """\
board_id,role,mail,stand_in,stand_in_mail,away_from,away_to
ks,controller,ks@sjostad.example,registrator,diariet@sjostad.example,2026-07-01,2026-07-31
""",
}


@pytest.fixture
def sjostad(tmp_path: Path) -> Path:
    """Write the third city, outside the package; return the folder that cities stand in."""
    folder = tmp_path / "cities" / "sjostad"
    folder.mkdir(parents=True)
    for name, text in SJOSTAD.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder.parent


def changed(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "sjostad" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults_of(folder: Path) -> tuple[tuple[str, int | None, str, str], ...]:
    with pytest.raises(RegisterError) as raised:
        load_city("sjostad", [folder])
    return raised.value.faults


def test_a_city_outside_the_package_loads_and_works(sjostad):
    city = load_city("sjostad", [sjostad])
    assert city.verified
    assert [b.board_id for b in city.boards_on(date(2026, 8, 31))] == [
        "ks",
        "skola",
        "energi",
        "revision",
    ]
    assert city.owed(city.round("2026-08")) == {
        "ks": ("goals", "economy", "staff"),
        "skola": ("goals", "competence", "economy", "staff"),
        "energi": ("goals", "economy"),
    }
    assert city.normal_case_number("ks 2026-017") == "KS-2026-017"
    assert city.settings["vocabulary"]["city_words"] == ["Sjöstad"]


def test_a_folder_may_be_the_citys_own_or_its_parent(sjostad):
    by_parent = load_city("sjostad", [sjostad])
    by_itself = load_city("sjostad", [sjostad / "sjostad"])
    assert by_parent == by_itself
    assert "sjostad" in city_ids([sjostad])
    assert "sjostad" in city_ids([sjostad / "sjostad"])
    assert "sjostad" not in city_ids()


def test_a_citys_own_words_are_laid_over_the_shared_ones(sjostad):
    lines = load_city("sjostad", [sjostad]).settings["vocabulary"]["finance_lines"]
    assert lines["anslag från fullmäktige"] == "municipal_grant"
    assert lines["intäkter"] == "income"
    assert "anslag från fullmäktige" not in generic_vocabulary()["finance_lines"]


def test_the_version_changes_with_what_is_said_and_not_with_the_system(sjostad):
    before = load_city("sjostad", [sjostad]).version
    path = sjostad / "sjostad" / "boards.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_city("sjostad", [sjostad]).version == before
    (sjostad / "sjostad" / "anteckningar.txt").write_text("ingår inte", encoding="utf-8")
    assert load_city("sjostad", [sjostad]).version == before
    changed(sjostad, "goals.csv", "40 procent", "50 procent")
    assert load_city("sjostad", [sjostad]).version != before


def test_what_excel_writes_is_read(sjostad):
    path = sjostad / "sjostad" / "meetings.csv"
    path.write_bytes("\ufefforgan,date\r\nKF,2026-03-02\r\n,\r\n\r\n".encode())
    assert load_city("sjostad", [sjostad]).meetings == {"KF": (date(2026, 3, 2),)}


def test_a_city_with_a_row_that_nobody_confirmed_is_not_verified(sjostad):
    changed(sjostad, "goals.csv", "2026-12-31,yes", "2026-12-31,no")
    city = load_city("sjostad", [sjostad])
    assert not city.verified
    assert city.unverified == {"sjostad/goals.csv": 1}


def test_an_assignment_to_all_is_given_to_those_that_existed_and_not_to_the_auditors(sjostad):
    city = load_city("sjostad", [sjostad])
    assert city.assignments[0].addressees == ("ks", "skola", "energi")


def test_assignments_are_open_from_their_decision_or_budget_year_until_closed(sjostad):
    city = load_city("sjostad", [sjostad])

    def opened(board: str, day: date) -> list[str]:
        return [item.assignment_id for item in city.assignments_for(board, day)]

    assert opened("ks", date(2025, 3, 2)) == []
    assert opened("ks", date(2025, 3, 3)) == ["S-1"]
    assert opened("ks", date(2026, 1, 1)) == ["S-1", "S-2"]
    assert opened("skola", date(2024, 1, 31)) == ["S-3"]
    assert opened("skola", date(2024, 2, 1)) == []


def test_a_scale_is_that_of_its_years(sjostad):
    city = load_city("sjostad", [sjostad])
    assert city.scale("goal_assessment", date(2025, 12, 31)).code_of("God") == "good"
    new = city.scale("goal_assessment", date(2026, 1, 1))
    assert new.code_of("God") is None
    assert new.code_of("Inte nått") == "not_met"
    word = new.word_of("met")
    assert word is not None
    assert word.word == "Nått"
    assert city.scale("risk", date(2026, 1, 1)).words == ()


def test_a_later_row_of_the_requirements_wins(sjostad):
    changed(sjostad, "owes.csv", "group:Bolag,*,staff,no\n", "")
    changed(sjostad, "owes.csv", "*,*,goals", "group:Bolag,*,staff,no\n*,*,goals")
    city = load_city("sjostad", [sjostad])
    assert "staff" in city.owed(city.round("2026-08"))["energi"]


# --- a register with a fault -----------------------------------------------------------------

FAULTS = [
    ("boards.csv", "skola,Skolnämnden,board", "skola,Skolnämnden,bord", 3, "Menade ni board?"),
    ("boards.csv", "skola,Skolnämnden", "ks,Skolnämnden", 3, "Ta bort den ena raden"),
    ("boards.csv", "skola,Skolnämnden,", "skola,,", 3, "Fyll i den"),
    ("boards.csv", "aliases", "alises", 1, "Menade ni aliases?"),
    ("boards.csv", "name,kind,", "name,typ,", 1, "Lägg till den i första raden"),
    ("boards.csv", "2020-01-01", "2020-13-01", 3, "Skriv datum som 2026-03-31"),
    ("boards.csv", "2020-01-01", "20200101", 3, "Skriv datum som 2026-03-31"),
    ("boards.csv", "KS-\\d{4}-\\d{3}", "KS-(\\d{4}", 2, "Rätta mönstret"),
    ("boards.csv", "KS-2026-101", "KS-26-101", 2, "Rätta mönstret eller exemplet"),
    ("boards.csv", "2024-12-31,yes", ",2024-12-31,yes", 4, "Sätt citattecken om text med komma"),
    ("boards.csv", ",2024-12-31,yes", ",2024-12-31,ja", 4, "Skriv yes eller no"),
    ("goals.csv", "ks|energi", "ks|energy", 2, "Menade ni energi?"),
    ("goals.csv", "11|13", "11|18", 2, "Skriv tal 1-17"),
    ("goals.csv", "11|13", "11,13", 2, "Sätt citattecken"),
    ("goals.csv", "2023-01-01,2026-12-31", "2027-01-01,2026-12-31", 2, "Byt plats på dagarna"),
    ("assignments.csv", "park|skola", "park|skolan", 4, "Menade ni skola?"),
    ("assignments.csv", "council_budget", "council_buget", 3, "Menade ni council_budget?"),
    ("assignments.csv", ",,2026,", ",,2026 års,", 3, "Skriv ett heltal"),
    ("assignments.csv", ",,S-1,", ",,S-9,", 3, "Menade ni S-"),
    ("assignments.csv", ",,S-1,", ",,S-2,", 3, "Rätta parent"),
    ("assignments.csv", "KS-2025-001,KF", "KS-2025-001,KFS", 2, "Menade ni KF?"),
    ("assignments.csv", "KS-2025-001", "KS-2025-1", 2, "Rätta numret"),
    ("assignments.csv", "KS-2025-001", "KS 2025-001", 2, "Skriv KS-2025-001"),
    ("rounds.csv", "staff=2026-09-11", "staf=2026-09-11", 2, "Menade ni staff?"),
    ("rounds.csv", "staff=2026-09-11", "staff 11 september", 2, "Skriv staff=2026-09-05"),
    ("rounds.csv", "2026-08-17,2026-09-18", "2026-10-17,2026-09-18", 2, "Byt plats på dagarna"),
    ("rounds.csv", "2026-08-17,2026-09-18", ",2026-09-18", 2, "Fyll i den"),
    ("rounds.csv", "2026-12,annual", "2026-08,annual", 3, "Ta bort den ena raden"),
    ("meetings.csv", "KS,2026-03-11", "KX,2026-03-11", 3, "Välj bland KF, KS"),
    ("meetings.csv", "2026-03-11", "11/3 2026", 3, "Skriv datum som 2026-03-31"),
    ("owes.csv", "skola,2026-08", "skolan,2026-08", 4, "Menade ni skola?"),
    ("owes.csv", "group:Bolag", "group:Bolagen", 3, "Menade ni group:Bolag?"),
    ("owes.csv", "2026-08,competence", "2025-08,competence", 4, "Menade ni 2026-08?"),
    ("owes.csv", "competence,yes", "kompetens,yes", 4, "Menade ni competence?"),
    ("owes.csv", "competence,yes", "competence,true", 4, "Skriv yes eller no"),
    ("owes.csv", "boards,rounds,groups,owes", "boards;rounds;groups;owes", 1, "komma emellan"),
    ("scales.csv", "goal_assessment,good", "goal_asessment,good", 2, "goal_assessment?"),
    ("scales.csv", "goal_assessment,good", "assignment_status,good", 2, "Välj bland"),
    ("scales.csv", "not_met,Ej nått,2", "met,Ej nått,2", 4, "på ett ställe"),
    ("scales.csv", "○,inte nått", "○,nått", 4, "på ett ställe"),
    ("scales.csv", "Nått,1", "Nått,ett", 3, "Skriv ett heltal"),
    ("scales.csv", ",2025-12-31", ",2026-06-30", 3, "Avsluta den äldre"),
    ("scales.csv", "god måluppfyllelse", '"god', 2, "Rätta citattecknen"),
    ("city.toml", "verified = true", 'verified = "no"', 5, "utan citattecken"),
    ("city.toml", "verified = true", "verifed = true", 5, "Menade ni verified?"),
    ("city.toml", "[signs]", "[sings]", 10, "Menade ni signs?"),
    ("city.toml", 'finance = "tkr"', 'finance = "tkkr"', 8, "Menade ni tkr?"),
    ("city.toml", '"negative"', '"negativ"', 11, "Menade ni negative?"),
    ("city.toml", "(?P<prefix>", "(?P<prefix", 14, "Rätta mönstret"),
    ("city.toml", "{prefix}-{year}", "{prefix}-{yeer}", 15, "Mönstrets delar"),
    ("city.toml", '"monday"', '"måndag"', 23, "Menade ni monday?"),
    ("city.toml", '"single_days"', '"single"', 22, "Menade ni single_days?"),
    ("city.toml", "{text} avslutas", "{txt} avslutas", 26, "Använd {case} och {text}"),
    ("city.toml", '{ KF = "monday" }', '"monday"', 23, "Skriv värdet som"),
    ("city.toml", '"{prefix}-{year}-{number}"', "3", 15, "Skriv värdet som"),
    ("city.toml", '["Sjöstad"]', '"Sjöstad"', 29, "Skriv värdet som"),
    ("city.toml", '"municipal_grant"', '["municipal_grant"]', 31, "generic.toml"),
    ("city.toml", "[signs]", "[[signs]]", 10, "Skriv rubriken [signs]"),
    ("city.toml", "finance_lines", "finans_lines", 31, "Menade ni finance_lines?"),
    ("city.toml", 'name = "Sjöstads kommun"', 'name = "Sjöstads', 2, "Kontrollera citattecken"),
    ("city.toml", 'office = "', 'name = "', 3, "Ta bort den ena"),
    ("city.toml", 'city_id = "sjostad"', 'city_id = "sjostan"', None, "Ge dem samma namn"),
    ("city.toml", 'office = "kommunkontoret"', "", None, "Lägg till raden office"),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "remedy"), FAULTS)
def test_a_fault_in_a_register_is_told_with_file_line_and_remedy(
    sjostad, name, old, new, line, remedy
):
    changed(sjostad, name, old, new)
    faults = faults_of(sjostad)
    told = [fault for fault in faults if fault[0] == f"sjostad/{name}" and remedy in fault[3]]
    assert told, faults
    assert told[0][1] == line
    assert told[0][2].endswith(".")


@pytest.mark.parametrize("name", ["city.toml", *(n for n in FILES if n not in OPTIONAL)])
def test_a_missing_file_is_told_by_its_name(sjostad, name):
    (sjostad / "sjostad" / name).unlink()
    with pytest.raises(RegisterError) as raised:
        load_city("sjostad", [sjostad])
    assert raised.value.file == f"sjostad/{name}"
    assert "Filen saknas." in raised.value.fault
    assert len(raised.value.faults) == 1


@pytest.mark.parametrize("name", ["city.toml", *FILES])
def test_a_file_in_another_encoding_is_told_with_its_line(sjostad, name):
    path = sjostad / "sjostad" / name
    path.write_bytes(path.read_bytes() + "åäö\n".encode("latin-1"))
    fault = faults_of(sjostad)[0]
    lines = SJOSTAD[name].count("\n") + 1
    assert fault[:2] == (f"sjostad/{name}", lines)
    assert fault[2] == "Filen är inte UTF-8."


def test_a_ledgers_objects_are_one_boards_at_a_time_and_its_accounts_on_one_line(sjostad):
    city = load_city("sjostad", [sjostad])
    assert city.ledger_board((("6", "x"), ("1", "150")), None) == "ks"
    assert city.ledger_board((("1", "1500"),), None) is None
    assert (city.ledger_line("3999"), city.ledger_line("8000")) == ("income", None)
    changed(sjostad, "ledger_objects.csv", "|300", "|300|150")
    changed(sjostad, "ledger_lines.csv", "4000-7999", "3500-7999|90-8")
    with pytest.raises(RegisterError) as raised:
        load_city("sjostad", [sjostad])
    told = [(file.partition("/")[2], line, fault) for file, line, fault, _ in raised.value.faults]
    assert told == [
        ("ledger_objects.csv", 2, "Objekten 150–150 finns redan på rad 2."),
        ("ledger_lines.csv", 3, "Kontona 3500–7999 finns redan på rad 2."),
        ("ledger_lines.csv", 3, "”90-8” i kolumnen accounts är ingen serie."),
    ]


def test_the_stand_in_is_reached_while_the_contact_is_away_and_no_run_keeps_either(sjostad):
    city = load_city("sjostad", [sjostad])
    (contact,) = city.contacts
    assert contact.reached(date(2026, 6, 30)) == ("controller", "ks@sjostad.example")
    assert contact.reached(date(2026, 7, 1)) == ("registrator", "diariet@sjostad.example")
    kept = bundle(sjostad / "sjostad")
    assert b"sjostad.example" not in kept
    assert city_in(kept, "sjostad").contacts == ()
    changed(sjostad, "contacts.csv", "registrator", "vikarie")
    assert load_city("sjostad", [sjostad]).version == city.version


def test_a_succession_needs_two_boards_that_exist_on_its_day_and_a_decision(sjostad):
    assert [row.board_id for row in load_city("sjostad", [sjostad]).successions] == ["park"]
    more = (
        "skola,ks,2026-01-01,whole,KF\nskola,skola,2026-01-01,part,KF\n"
        "park,skola,2027-01-01,part,\npark,energi,2025-01-01,hel,KF\n"
    )
    changed(sjostad, "successions.csv", "§ 8\n", f"§ 8\n{more}")
    with pytest.raises(RegisterError) as raised:
        load_city("sjostad", [sjostad])
    told = [(line, fault) for _, line, fault, _ in raised.value.faults]
    gone = "Hela Skolnämnden går över men nämnden finns kvar den 2026-01-01."
    assert told == [
        (3, gone),
        (4, "Nämnden är sin egen efterträdare."),
        (5, "Kolumnen decision är tom."),
        (5, "Parknämnden finns inte den 2026-12-31, dagen före."),
        (6, "”hel” i kolumnen extent är okänt."),
    ]


def test_all_faults_of_all_files_are_told_at_once_in_the_order_of_lines(sjostad):
    changed(sjostad, "boards.csv", "energi,Sjöstads Energi AB,company", "energi,,compani")
    changed(sjostad, "boards.csv", "2020-01-01", "igår")
    changed(sjostad, "goals.csv", "11|13", "elva")
    faults = faults_of(sjostad)
    assert [fault[:2] for fault in faults] == [
        ("sjostad/boards.csv", 3),
        ("sjostad/boards.csv", 5),
        ("sjostad/boards.csv", 5),
        ("sjostad/goals.csv", 2),
    ]


def test_a_row_behind_a_cell_with_line_breaks_has_its_own_line(sjostad):
    changed(sjostad, "assignments.csv", "Minska pappret", '"Minska\npappret"')
    changed(sjostad, "assignments.csv", "park|skola", "parken|skola")
    assert [fault[1] for fault in faults_of(sjostad)] == [5]


def test_the_error_reads_as_one_line_per_fault_and_survives_a_change_of_process(sjostad):
    changed(sjostad, "boards.csv", "skola,Skolnämnden,board", "skola,Skolnämnden,bord")
    with pytest.raises(RegisterError) as raised:
        load_city("sjostad", [sjostad])
    expected = "sjostad/boards.csv, rad 3: ”bord” i kolumnen kind är okänt. Menade ni board?"
    assert str(raised.value) == expected
    again = pickle.loads(pickle.dumps(raised.value))
    assert again.faults == raised.value.faults


def test_an_unknown_city_is_answered_with_the_known_ones():
    with pytest.raises(RegisterError, match=r"Menade ni goteborg\? Kända städer: goteborg, "):
        load_city("göteborg")


def test_an_unknown_round_is_answered_with_the_known_ones():
    with pytest.raises(RegisterError, match=r"Menade ni 2024-08\? Välj en av .*2024-08"):
        GOTEBORG.round("2024-8")


@given(
    st.sampled_from(["city.toml", *FILES]),
    st.floats(0, 1),
    st.integers(0, 5),
    st.text(alphabet=',|"\n=*[]{}#ä1-: ;x', max_size=5),
)
def test_any_slip_of_the_pen_gives_a_city_or_a_register_error(
    tmp_path_factory, name, share, cut, slip
):
    folder = tmp_path_factory.mktemp("cities") / "sjostad"
    folder.mkdir()
    for other, text in SJOSTAD.items():
        (folder / other).write_text(text, encoding="utf-8")
    text = SJOSTAD[name]
    at = int(share * len(text))
    (folder / name).write_text(text[:at] + slip + text[at + cut :], encoding="utf-8")
    try:
        told = load_city("sjostad", [folder]).city_id
    except RegisterError as error:
        told = str(error)
    assert told == "sjostad" or any(other in told for other in SJOSTAD)


def test_the_paper_on_files_lists_the_columns_that_are_read():
    paper = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for name, columns in FILES.items():
        row = re.search(rf"^\| `{re.escape(name)}` \| `([^`]+)`", paper, re.MULTILINE)
        assert row is not None, name
        told = [column for column in row[1].split(",") if column not in ("verified", "source")]
        assert sorted(told) == sorted((*columns.required, *columns.optional))
    assert all(f"`{scale}`" in paper for scale in CODES)


# --- the third city on the command line -------------------------------------------------------


@pytest.fixture
def command(sjostad, tmp_path, monkeypatch):
    """Return a function that runs Samlad on the third city with an empty inbox, all in tmp_path."""
    data = tmp_path / "data"
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name, value in {
        "SAMLAD_CITIES": sjostad,
        "SAMLAD_WAREHOUSE": f"sqlite:///{data}/{{city}}/warehouse.db",
        "SAMLAD_STORE": data / "store",
        "SAMLAD_SETTLE_SECONDS": 0,
        "DO_NOT_TRACK": 1,  # else the command sets these for the rest of the tests
        "GX_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.delenv("SAMLAD_DEBUG", raising=False)

    def run(city="sjostad", round_id="2026-08"):
        asked = ["run", "--city", city, "--round", round_id, "--today", "2026-09-25"]
        return main([*asked, "--inbox", str(inbox), "--out", str(tmp_path / "out")])

    yield run
    logging.disable(logging.NOTSET)  # the command quiets other people's libraries


def test_a_city_outside_the_package_runs_the_whole_way_from_the_command_line(command, tmp_path):
    assert command() == 0

    page = (tmp_path / "out" / "rapport.html").read_text(encoding="utf-8")
    assert "Sjöstads kommun" in page
    assert "Skolnämnden" in page
    assert "Göteborg" not in page


def test_a_typo_in_the_city_ends_the_command_with_file_line_and_remedy(
    command, sjostad, tmp_path, capsys
):
    changed(sjostad, "goals.csv", "ks|energi", "ks|energy")

    assert command() == 2
    told = capsys.readouterr().err
    assert "sjostad/goals.csv, rad 2: ”energy”" in told
    assert "Menade ni energi?" in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "data" / "store").exists()


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [({"city": "sjöstad"}, "Menade ni sjostad?"), ({"round_id": "2026-8"}, "Menade ni 2026-08?")],
)
def test_a_city_or_round_that_is_not_there_is_answered_with_the_meant_one(
    command, capsys, asked, remedy
):
    assert command(**asked) == 2
    told = capsys.readouterr().err
    assert remedy in told
    assert "Traceback" not in told


# --- the cities that ship --------------------------------------------------------------------


@pytest.mark.parametrize("city_id", city_ids())
def test_every_city_of_the_package_loads_with_all_scales_and_owing_boards(city_id):
    city = load_city(city_id)
    assert {scale.scale for scale in city.scales} == set(CODES)
    for round_ in city.rounds:
        owed = city.owed(round_)
        assert owed
        assert all(set(groups) <= set(GROUPS) for groups in owed.values())
        audits = [b.board_id for b in city.boards if b.kind == "audit"]
        assert audits
        assert not set(audits) & set(owed)


@pytest.mark.parametrize("city_id", city_ids())
def test_every_name_of_a_board_leads_to_that_board(city_id):
    city = load_city(city_id)
    for board in city.boards:
        for name in board.names:
            assert city.board_named(name) == board, name


@pytest.mark.parametrize("city_id", city_ids())
def test_every_goal_is_found_by_its_title_broken_over_lines(city_id):
    city = load_city(city_id)
    for goal in city.goals:
        broken = re.sub(r" (?=\S+ \S+$)", "\n", goal.title.upper())
        assert city.goal_named(broken, goal.valid_from) == goal


def test_only_the_invented_city_is_verified():
    assert {city_id: load_city(city_id).verified for city_id in city_ids()} == {
        "goteborg": False,
        "lindhamn": True,
        "malmo": False,
    }


def test_goteborg_has_seven_goals_in_august_2024():
    goals = GOTEBORG.goals_on(AUGUST)
    assert [goal.goal_id for goal in goals] == [f"G{n}" for n in range(1, 8)]
    assert GOTEBORG.goals_on(date(2022, 8, 31)) == ()


MALMO_SDGS = {
    "M-A1": (1, 2, 3, 4, 5, 10, 16),
    "M-B1": (1, 3, 5, 7, 8, 9, 10, 11),
    "M-B2": (1, 2, 3, 5, 8, 10, 16),
    "M-B3": (5, 7, 8, 9, 10, 11, 12, 13, 14, 16),
    "M-C1": (1, 6, 11, 13, 14, 15),
    "M-C2": (7, 8, 9, 13),
    "M-D1": (1, 3, 4, 5, 8, 10, 11, 16),
    "M-D2": (1, 3, 4, 5, 8, 10, 11, 16),
    "M-D3": (1, 3, 4, 5, 8, 10, 16),
    "M-E1": (1, 2, 3, 5, 8, 10, 16),
    "M-E2": (1, 3, 4, 5, 8, 10, 16),
    "M-E3": (5, 10, 16),
}


def test_malmos_twelve_goals_have_their_global_goals():
    assert {goal.goal_id: goal.sdgs for goal in MALMO.goals_on(AUGUST)} == MALMO_SDGS
    assert len({goal.area for goal in MALMO.goals}) == 5


GOTEBORG_ASSIGNMENTS = [
    ("SLK-2022-01441", "council_budget", None, None, None, 2023),
    ("SLK-2023-01044", "council_budget", None, None, None, 2024),
    ("SLK-2023-01137", "council_other", date(2023, 12, 7), "85", "2", None),
    ("SLK-2023-01138", "council_other", date(2023, 12, 7), "85", "3", None),
    ("SLK-2024-00548", "council_other", date(2024, 4, 5), None, None, None),
    ("SLK-2023-00638", "council_other", date(2023, 6, 8), "159", None, None),
    ("SLK-2024-00819", "council_other", date(2024, 5, 23), "214", "1", None),
    ("SLK-2023-00866", "executive", date(2023, 11, 8), "771", None, None),
    ("SLK-2022-01432", "executive", date(2022, 12, 14), "974", None, None),
    ("SLK-2024-00325", "executive", date(2024, 2, 21), None, None, None),
    ("SLK-2024-00324", "executive", date(2024, 2, 21), "138", None, None),
    ("SLK-2024-00155", "executive", date(2024, 1, 10), "28", "2", None),
    ("SLK-2023-00896", "executive", date(2023, 11, 22), None, None, None),
]


def test_goteborgs_thirteen_assignments_are_those_of_the_golden_table():
    found = []
    for item in GOTEBORG.assignments:
        decision = item.decision
        assert decision is not None
        where = (decision.date, decision.paragraph, decision.point, decision.budget_year)
        found.append((item.case_number, item.origin, *where))
    assert found == GOTEBORG_ASSIGNMENTS
    assert len(GOTEBORG.assignments_for("kommunstyrelsen", AUGUST)) == 13
    assert len(GOTEBORG.assignments_for("namnden-for-intraservice", AUGUST)) == 3


def test_an_assignment_to_all_boards_of_goteborg_leaves_out_ended_ones_and_the_auditors():
    to_all = next(a for a in GOTEBORG.assignments if a.assignment_id == "SLK-2024-00548")
    assert "kulturnamnden" in to_all.addressees
    assert "goteborg-energi" in to_all.addressees
    assert not {"trafiknamnden", "stadsrevisionen"} & set(to_all.addressees)


def test_malmos_report_back_has_six_clauses_and_its_budget_three_assignments():
    assert Counter(item.origin for item in MALMO.assignments) == {
        "executive": 6,
        "council_budget": 3,
    }
    clauses = [a for a in MALMO.assignments if a.case_number == "STK-2025-1955"]
    assert [item.point for item in clauses] == list("123456")
    assert not any(item.verified for item in clauses)


@pytest.mark.parametrize(
    ("city", "board", "day", "exists"),
    [
        (GOTEBORG, "exploateringsnamnden", date(2022, 12, 31), False),
        (GOTEBORG, "exploateringsnamnden", date(2023, 1, 1), True),
        (GOTEBORG, "trafiknamnden", date(2022, 12, 31), True),
        (GOTEBORG, "trafiknamnden", date(2023, 1, 1), False),
        (MALMO, "parkeringsovervakning", date(2025, 12, 31), True),
        (MALMO, "parkeringsovervakning", date(2026, 1, 1), False),
        (MALMO, "malmo-stadshus", date(2014, 12, 30), False),
    ],
)
def test_a_board_exists_within_its_dates(city, board, day, exists):
    assert (board in {b.board_id for b in city.boards_on(day)}) is exists


def test_what_is_owed_follows_the_round():
    august = GOTEBORG.owed(GOTEBORG.round("2024-08"))
    assert august["kommunstyrelsen"] == (
        "goals",
        "assignments",
        "competence",
        "economy",
        "staff",
    )
    assert august["goteborg-energi"] == ("goals", "assignments", "economy")
    assert "goals" not in august["valnamnden"]
    march = GOTEBORG.owed(GOTEBORG.round("2024-03"))
    assert "competence" not in march["kommunstyrelsen"]
    supplement = GOTEBORG.owed(GOTEBORG.round("2024-12/supplement"))
    assert supplement["kommunstyrelsen"] == ("other",)
    malmo = MALMO.owed(MALMO.round("2024-08"))
    assert "competence" not in malmo["kommunstyrelsen"]
    assert not {"va-syd", "sysav", "revisorskollegiet"} & set(malmo)


# --- names -----------------------------------------------------------------------------------

ANNEX_3 = {
    "Arbetsmarknad och Vuxenutbildning": "namnden-for-arbetsmarknad-och-vuxenutbildning",
    "Boplats Göteborg AB": "boplats",
    "Business Region Göteborg": "business-region",
    "Demokrati och medborgarservice": "namnden-for-demokrati-och-medborgarservice",
    "Exploateringsförvaltningen": "exploateringsnamnden",
    "Förskoleförvaltningen": "forskolenamnden",
    "Försäkrings AB Göta Lejon": "gota-lejon",
    "Förvaltnings AB Framtiden": "framtiden",
    "Got Event AB": "got-event",
    "GREFAB": "grefab",
    "Grundskoleförvaltningen": "grundskolenamnden",
    "Göteborg & Co": "goteborg-co",
    "Göteborg Energi AB": "goteborg-energi",
    "Göteborgs Spårvägar": "sparvagar",
    "Göteborgs Stads Leasing AB": "leasing",
    "Förvaltningen för funktionsstöd": "namnden-for-funktionsstod",
    "Göteborgs Stadsteater AB": "stadsteatern",
    "Göteborgs Stads Parkering AB": "stads-parkering",
    "Hamnen": "goteborgs-hamn",
    "HIGAB": "higab",
    "Idrotts- och föreningsförvaltningen": "idrotts-och-foreningsnamnden",
    "Intraservice": "namnden-for-intraservice",
    "Kretslopp och vatten": "kretslopp-och-vattennamnden",
    "Kulturförvaltningen": "kulturnamnden",
    "Inköps- och upphandlingsförvaltningen": "namnden-for-inkop-och-upphandling",
    "Miljöförvaltningen": "miljo-och-klimatnamnden",
    "Renova": "renova",
    "Liseberg AB": "liseberg",
    "Socialförvaltningen Centrum": "socialnamnd-centrum",
    "Socialförvaltning Hisingen": "socialnamnd-hisingen",
    "Socialförvaltning Nordost": "socialnamnd-nordost",
    "Socialförvaltningen Sydväst": "socialnamnd-sydvast",
    "Stadsbyggnadsförvaltningen": "stadsbyggnadsnamnden",
    "Stadsfastighetsförvaltningen": "stadsfastighetsnamnden",
    "Stadsledningskontoret": "kommunstyrelsen",
    "Stadshus AB": "goteborgs-stadshus",
    "Stadsmiljöförvaltningen": "stadsmiljonamnden",
    "Älvstranden Utveckling AB": "alvstranden",
    "Äldre- samt vård och omsorgsförvaltningen": "aldre-samt-vard-och-omsorgsnamnden",
    "Utbildningsförvaltningen": "utbildningsnamnden",
}
"""Annex 3 of the August report lists 40 departments and companies in short forms; Leasing twice."""


@pytest.mark.parametrize(("name", "board"), ANNEX_3.items())
def test_a_short_name_of_the_annex_is_its_board(name, board):
    found = GOTEBORG.board_named(name)
    assert found is not None
    assert found.board_id == board


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the real documents are not here")
def test_the_names_of_the_annex_stand_in_the_document():
    text = (DOCUMENTS / "goteborg-kommunstyrelsen-delarsrapport-2024-08.txt").read_text("utf-8")
    words = " ".join(text.split())
    split_in_cells = {
        "Arbetsmarknad och Vuxenutbildning",
        "Inköps- och upphandlingsförvaltningen",
        "Äldre- samt vård och omsorgsförvaltningen",
    }
    assert [name for name in ANNEX_3 if name not in words and name not in split_in_cells] == []


@pytest.mark.parametrize(
    ("city", "name", "board"),
    [
        (GOTEBORG, "Socialnämnd centrum", "socialnamnd-centrum"),
        (GOTEBORG, "socialnämnden Centrum", "socialnamnd-centrum"),
        (GOTEBORG, "socialförvaltning Centrum", "socialnamnd-centrum"),
        (GOTEBORG, "social-\nnämnden Centrum", "socialnamnd-centrum"),
        (GOTEBORG, "Göteborgs Stads kulturnämnd", "kulturnamnden"),
        (GOTEBORG, "kulturnämndens", "kulturnamnden"),
        (GOTEBORG, "idrotts-\noch föreningsnämnden", "idrotts-och-foreningsnamnden"),
        (GOTEBORG, "Göteborgs Hamn Aktiebolag", None),
        (GOTEBORG, "socialnämnden", None),
        (GOTEBORG, "nämnden", None),
        (GOTEBORG, "", None),
        (MALMO, "Malmö stads servicenämnd", "servicenamnden"),
        (MALMO, "hälsa-, vård- och omsorgsnämnden", "halsa-vard-och-omsorgsnamnden"),
        (MALMO, "hälsa, vård och omsorgsnämnden", "halsa-vard-och-omsorgsnamnden"),
        (MALMO, "Fastighets- och gatukontoret", "tekniska-namnden"),
        (MALMO, "Lindhamns kulturnämnd", None),
    ],
)
def test_a_name_as_people_write_it_is_a_board_or_nobody(city, name, board):
    found = city.board_named(name)
    assert (found.board_id if found else None) == board


def test_a_name_that_two_boards_go_by_is_nobodys(sjostad):
    changed(sjostad, "boards.csv", "park,Parknämnden", "park,Skolnämnden")
    assert load_city("sjostad", [sjostad]).board_named("skolnämnd") is None


@pytest.mark.parametrize(
    ("written", "goal"),
    [
        ("Segregationen i Göteborg ska brytas", "G2"),
        ("Göteborg ska klara kompetens-\nförsörjningen", "G3"),
        ("göteborgs stad ska ha en välfärd som\nmöter göteborgarnas behov.", "G6"),
        ("Göteborgs Stad ska ha en välfärd som möter göteborgarns behov", "G6"),
        ("En välfärd som möter göteborgarnas behov", "G6"),
        ("Göteborg ska vara", None),
        ("Göteborgs Stad ska ha en välfärd som möter bolagens behov", None),
        ("", None),
    ],
)
def test_a_goal_is_known_by_a_title_with_a_slip_and_by_no_other_text(written, goal):
    found = GOTEBORG.goal_named(written, AUGUST)
    assert (found.goal_id if found else None) == goal


def test_a_goal_with_another_figure_is_another_goal(sjostad):
    city = load_city("sjostad", [sjostad])
    title = "Sjöstad ska minska utsläppen med {} procent"
    assert city.goal_named(title.format(40).replace("minska", "minskka")) == city.goals[0]
    assert city.goal_named(title.format(45)) is None


@pytest.mark.parametrize(
    ("city", "written", "number"),
    [
        (GOTEBORG, "SLK-2023-01137", "SLK-2023-01137"),
        (GOTEBORG, "SLK-\n2023-01137", "SLK-2023-01137"),
        (GOTEBORG, "SLK-2024-\n00155", "SLK-2024-00155"),
        (GOTEBORG, "SLK-2024 – 00155", "SLK-2024-00155"),
        (GOTEBORG, "slk-2024-00155", "SLK-2024-00155"),
        (GOTEBORG, "2023-01137", "SLK-2023-01137"),
        (GOTEBORG, "SLK 2023-00588", "SLK-2023-00588"),
        (GOTEBORG, "ärende SLK-2023-00588", "SLK-2023-00588"),
        (GOTEBORG, "Ärendenummer: 2023-00588", "SLK-2023-00588"),
        (GOTEBORG, "0936/17", "0936/17"),
        (GOTEBORG, "Dnr 0263/20", "0263/20"),
        (GOTEBORG, "dnr1384/22", "1384/22"),
        (GOTEBORG, "SLK-2024-155", None),
        (GOTEBORG, "2024-08-31", None),
        (GOTEBORG, "", None),
        (MALMO, "STK-2024-182", "STK-2024-182"),
        (MALMO, "STK-2025-\n1955", "STK-2025-1955"),
        (MALMO, "2025-1955", None),
        (MALMO, "dnr STK-2025-1955.", "STK-2025-1955"),
    ],
)
def test_a_case_number_has_one_form_however_it_is_written(city, written, number):
    assert city.normal_case_number(written) == number


@given(st.integers(2000, 2099), st.integers(0, 99999), st.sampled_from(["", " ", "\n"]))
def test_a_normal_case_number_stays_as_it_is(year, number, space):
    normal = GOTEBORG.normal_case_number(f"SLK-{space}{year}-{space}{number:05}")
    assert normal == f"SLK-{year}-{number:05}"
    assert GOTEBORG.normal_case_number(normal) == normal


# --- days ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("organ", "day", "met"),
    [
        ("KF", date(2024, 5, 23), True),
        ("KF", date(2024, 4, 5), False),  # a Friday; the council meets on Thursdays
        ("KF", date(2024, 2, 22), None),  # a Thursday that no document of ours names
        ("KS", date(2024, 2, 21), True),
        ("KSAU", date(2024, 2, 21), None),
    ],
)
def test_a_calendar_of_single_days_knows_those_and_the_weekday(organ, day, met):
    assert GOTEBORG.met_on(organ, day) is met


def test_a_calendar_of_whole_years_knows_every_day_of_them():
    lindhamn = load_city("lindhamn")
    day = lindhamn.meetings["KF"][0]
    assert lindhamn.met_on("KF", day) is True
    assert lindhamn.met_on("KF", day.replace(day=day.day - 1)) is False
    assert lindhamn.met_on("KF", day.replace(year=day.year - 10)) is None


@pytest.mark.parametrize(
    ("group", "received", "days"),
    [
        ("staff", datetime(2026, 9, 11, 21, 59, tzinfo=UTC), 0),  # 23:59 in Stockholm
        ("staff", datetime(2026, 9, 11, 22, 0, tzinfo=UTC), 1),  # midnight in Stockholm
        ("economy", datetime(2026, 9, 11, 22, 0, tzinfo=UTC), 0),
        ("economy", datetime(2026, 9, 21, 8, 0, tzinfo=UTC), 3),
        ("economy", datetime(2027, 9, 18, 8, 0, tzinfo=UTC), 365),
        ("economy", datetime(2027, 9, 19, 8, 0, tzinfo=UTC), None),
    ],
)
def test_lateness_is_counted_in_days_of_the_citys_clock(sjostad, group, received, days):
    assert load_city("sjostad", [sjostad]).round("2026-08").days_late(group, received) == days
