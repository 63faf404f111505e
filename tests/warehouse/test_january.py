"""January 2027, when two mandates meet: the old one's annual report beside the new one's plan.

The city of Lindhamn after an election: goals and a scale end and others begin, one board goes up
in another, two are merged into a new one, and a part of one is moved.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from expectations.central import CentralFigure, CentralReading
from expectations.contract import (
    Assignment,
    Document,
    Figure,
    FinanceLine,
    Goal,
    Place,
    Reading,
    StaffFigure,
    Word,
)
from expectations.lineage import PART, Succession, comparable, lineage
from expectations.register_files import load_city
from expectations.registers import CityGoal, Round, Scale, ScaleWord
from expectations.verdicts import Verdict
from tasks.compose import compose
from tasks.render import render_html
from tasks.report.blocks import Section, Table
from warehouse.central import CentralFile
from warehouse.merging import Handed
from warehouse.warehouse import open_warehouse

NOW = datetime(2027, 1, 29, 8, tzinfo=UTC)
ENDS, BEGINS = date(2026, 12, 31), date(2027, 1, 1)
DECISION = "KF 2026-10-15 § 120"


def january():
    city = load_city("lindhamn")
    gone = ("miljonamnden", "tekniska-namnden", "fastighetsnamnden")
    boards = tuple(replace(b, valid_to=ENDS) if b.board_id in gone else b for b in city.boards)
    new = [
        replace(city.board("miljonamnden"), board_id=one, name=name, valid_from=BEGINS, aliases=())
        for one, name in (
            ("klimatnamnden", "Klimatnämnden"),
            ("samhallsnamnden", "Samhällsnämnden"),
        )
    ]
    rows = (
        ("miljonamnden", "klimatnamnden", "whole"),
        ("tekniska-namnden", "samhallsnamnden", "whole"),
        ("fastighetsnamnden", "samhallsnamnden", "whole"),
        ("socialnamnden", "vard-och-omsorgsnamnden", PART),
    )
    words = (ScaleWord("met", "Uppfyllt", 1), ScaleWord("not_met", "Ej uppfyllt", 2))
    scales = tuple(
        replace(s, valid_to=ENDS) if s.scale == "goal_assessment" else s for s in city.scales
    )
    spring = (BEGINS, date(2027, 3, 31), date(2027, 3, 15), date(2027, 4, 14))
    return replace(
        city,
        goals=(
            *(replace(goal, valid_to=ENDS) for goal in city.goals),
            CityGoal("N-1", "En stad som håller ihop", valid_from=BEGINS),
        ),
        boards=(*boards, *new),
        scales=(*scales, Scale("goal_assessment", words, BEGINS)),
        rounds=(*city.rounds, Round("2027-03", "march", "Uppföljning mars 2027", *spring)),
        successions=tuple(Succession(a, b, BEGINS, how, DECISION) for a, b, how in rows),
    )


CITY = january()
ANNUAL, MARCH = CITY.round("2026-12"), CITY.round("2027-03")


def put(warehouse, board, period, *, document=None, **sections):
    """Keep and merge what one board says; nobody else has to hand in."""
    sha = f"{abs(hash((board, period))):x}".rjust(64, "0")[-64:]
    said = {"kind": "form", "round": period} | (document or {})
    reading = Reading(
        Document(sha256=sha, name=f"{board}.xlsx", size=1, board=board, **said), **sections
    )
    receipt = {
        "receipt_id": f"K-{board}-{period}",
        "key": f"{board}/{period}",
        "sender": board,
        "name": f"{board}.xlsx",
        "board": board,
        "period": period,
        "received_at": NOW,
        "identical": False,
    }
    warehouse.remember(reading, city_id="lindhamn", reader_version="1", receipt=receipt)
    handed = [Handed(reading, board, period, NOW, receipt["receipt_id"])]
    verdicts = {sha: Verdict(sha, board, period)}
    warehouse.merge(handed, verdicts, city_id="lindhamn", span={}, now=NOW)


def result(**columns):
    figures = {
        name: Figure(written, Decimal(written.replace(",", ".")), "mnkr", 1, place=Place(line=3))
        for name, written in columns.items()
    }
    return FinanceLine("result", "Resultat", columns=figures)


def people(metric, unit, **columns):
    figures = {
        name: Figure(written, Decimal(written.replace(",", ".")), unit, 0, place=Place(line=9))
        for name, written in columns.items()
    }
    return StaffFigure(metric, metric, columns=figures)


def blocks(report):
    """Every block of a report by its anchor or table id."""
    found = {}

    def walk(section: Section):
        for block in section.blocks:
            if isinstance(block, Table):
                found[block.table_id] = block
        for part in section.parts:
            walk(part)

    for section in report.sections:
        walk(section)
    return found


def row_of(table, name):
    return next(row for row in table.rows if row[0].text.startswith(name))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept(request, tmp_path_factory):
    """The warehouse of both mandates, once on each database: these tests only read."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('january')}/warehouse.db"
    else:
        url = request.getfixturevalue("empty_postgres")()
    with open_warehouse(url) as warehouse:
        old = CITY.goals_on(ENDS)[0]
        judged = Goal(old.title, goal_id=old.goal_id, assessment=Word("God", "good"))
        work = Assignment("Ett uppdrag", assignment_id="L-U-1", status=Word("Pågår", "ongoing"))
        done = replace(work, status=Word("Föreslås förklaras fullgjort", "proposed_fulfilled"))
        fresh = Goal("En stad som håller ihop", goal_id="N-1", assessment=Word("Uppfyllt", "met"))
        for board, said in (
            ("miljonamnden", {"goals": (judged,), "assignments": (work,)}),
            ("tekniska-namnden", {"finance": (result(outcome="-3,5"),)}),
            ("fastighetsnamnden", {"finance": (result(outcome="1,2"),)}),
            ("socialnamnden", {"goals": (judged,), "finance": (result(outcome="2,0"),)}),
        ):
            staff = (people("annual_fte", "fte", outcome="100"),)
            put(warehouse, board, "2026-12", staff=staff, **said)
        plan = {"kind": "board_plan", "round": None, "span": "2027-2027"}
        put(warehouse, "klimatnamnden", "board_plan/2027-2027", document=plan, goals=(fresh,))
        for board, said in (
            ("klimatnamnden", {"goals": (fresh,), "assignments": (done,)}),
            ("samhallsnamnden", {"finance": (result(outcome="-0,4"),)}),
            ("socialnamnden", {"goals": (fresh,), "finance": (result(accounts_prev="2,0"),)}),
        ):
            staff = (people("annual_fte", "fte", outcome="50"),)
            put(warehouse, board, "2027-03", staff=staff, **said)
        ledger = Figure("-500000,00", Decimal(-500000), "kr", 2, place=Place(line=7))
        central = CentralFigure("samhallsnamnden", "finance", "result", "outcome", ledger)
        file = CentralFile("c" * 64, "huvudbok.se", 10, NOW, "r1")
        said = CentralReading("sie", (central,))
        warehouse.keep_central(file, said, city_id="lindhamn", period="2027-03", now=NOW)
        for round_ in (ANNUAL, MARCH):
            warehouse.keep_owed(CITY, round_, (), NOW)
        yield warehouse


def report_of(warehouse, round_, day=None):
    snapshot = warehouse.snapshot(CITY, round_=round_, on=day or round_.period_to, now=NOW)
    return compose(snapshot, CITY, status="Utkast")


def test_the_annual_report_has_the_old_goals_beside_a_plan_with_the_new_ones(kept):
    annual, plan = report_of(kept, ANNUAL), report_of(kept, None, date(2027, 1, 20))
    old, new = (render_html(one) for one in (annual, plan))
    assert all(goal.title in old for goal in CITY.goals_on(ENDS))
    assert "En stad som håller ihop" not in old
    assert "Miljönämnden" in old
    assert "Klimatnämnden" not in old
    assert "En stad som håller ihop" in new
    assert "Klimatnämnden" in new
    assert CITY.goals_on(ENDS)[0].title not in new
    assert "Uppfyllt" in new
    assert "Ej uppfyllt" not in old


def test_the_first_report_of_the_new_mandate_says_what_it_does_not_compare(kept):
    found = blocks(report_of(kept, MARCH))
    told = [tuple(cell.text for cell in row) for row in found["t-jamforbarhet"].rows]
    assert (
        "Nämnd eller bolag",
        "Miljönämnden",
        "Klimatnämnden från 2027-01-01, KF 2026-10-15 § 120",
        "Omräknat: jämförs med Miljönämnden.",
    ) in told
    merged = next(row for row in told if row[2].startswith("Samhällsnämnden"))
    assert merged[3].startswith("Omräknat: belopp och antal jämförs med summan av Fastighets")
    for moved in ("Socialnämnden", "Vård- och omsorgsnämnden"):
        row = next(row for row in told if row[2].startswith(moved))
        assert row[3].startswith("Jämförs inte: en del av verksamheten har flyttats")
    assert (
        "Skalan för mål",
        "God, Viss, Svag, Kan ej bedömas",
        "Uppfyllt, Ej uppfyllt",
        "Bedömningar jämförs inte: orden betyder inte samma sak.",
    ) in told
    goals = f"{len(CITY.goals_on(ENDS))} mål som gällde till 2026-12-31"
    assert ("Fullmäktiges mål", goals, "1 nytt mål", "Nya mål jämförs inte med gamla.") in told
    assert "t-andrade" not in found  # God and Uppfyllt are not two steps of one scale


def test_a_board_that_follows_another_is_compared_with_it_by_name(kept):
    moved = blocks(report_of(kept, MARCH))["t-andrade-uppdrag"]
    assert [cell.text for cell in moved.rows[0][2:]] == [
        "Klimatnämnden (tidigare Miljönämnden)",
        "Pågår",
        "Föreslås förklaras fullgjort",
    ]


def test_merged_boards_figures_are_added_and_marked_and_traced_to_both(kept):
    report = report_of(kept, MARCH)
    table = blocks(report)["t-resultat"]
    row = row_of(table, "Samhällsnämnden")
    assert (row[8].text, bool(row[8].mark)) == ("−2,3", True)
    behind = {s.board: s.written for s in report.sources if s.figure_id in row[8].figures}
    assert behind == {"Tekniska nämnden": "-3,5", "Fastighetsnämnden": "1,2"}
    note = dict(table.footnotes)[row[8].mark]
    assert note == (
        "Omräknat: summan av vad Fastighetsnämnden och Tekniska nämnden redovisade i årsrapport "
        "2026. Samhällsnämnden har tagit över från 2027-01-01 (KF 2026-10-15 § 120)."
    )
    staff = blocks(report)["t-personal"]
    column = staff.head.index("föregående år")
    assert row_of(staff, "Samhällsnämnden")[column].text == "200"


def test_the_figure_of_a_board_that_gave_a_part_away_is_marked_as_not_comparable(kept):
    table = blocks(report_of(kept, MARCH))["t-resultat"]
    cell = row_of(table, "Socialnämnden")[8]
    assert cell.text == "2,0"
    assert dict(table.footnotes)[cell.mark].startswith("Inte jämförbart: en del av verksamheten")


def test_the_ledger_stands_beside_the_boards_and_every_figure_of_it_has_its_source(kept):
    report = report_of(kept, MARCH)
    found = blocks(report)
    counts = [cell.text for cell in row_of(found["t-avstamning"], "Samhällsnämnden")]
    assert counts == ["Samhällsnämnden", "0", "1", "0"]
    apart = [cell.text for cell in row_of(found["t-avstamning-skillnader"], "Samhällsnämnden")]
    assert apart == ["Samhällsnämnden", "Resultat, utfall (mnkr)", "−0,4", "−0,5", "+0,1"]
    (source,) = [one for one in report.sources if one.section == "central"]
    assert (source.document, source.place) == ("huvudbok.se", "rad 7")
    assert "huvudbok.se" in render_html(report)


def test_every_round_asks_the_boards_and_goals_of_its_own_registers(kept):
    with kept.engine.connect() as connection:
        found = connection.execute(
            text("SELECT period, goal_id, board_id, standing FROM mart_goal")
        ).all()
    goals = {period: {g for p, g, _, _ in found if p == period} for period, *_ in found}
    assert goals["2027-03"] == {"N-1"}
    assert "N-1" not in goals["2026-12"]
    boards = {period: {b for p, _, b, _ in found if p == period} for period in goals}
    assert "klimatnamnden" not in boards["2026-12"]
    assert "miljonamnden" not in boards["2027-03"]
    assert ("2027-03", "N-1", "socialnamnden", "assessed") in found
    scales = [CITY.scale("goal_assessment", day) for day in (ENDS, MARCH.period_to)]
    assert [scale.code_of("Uppfyllt") for scale in scales] == [None, "met"]


# --- who follows on whom -------------------------------------------------------------------------


def test_a_lineage_is_the_same_carried_summed_moved_or_new():
    kinds = {
        board: (line.kind, line.boards)
        for board in ("klimatnamnden", "samhallsnamnden", "socialnamnden", "servicenamnden")
        if (line := lineage(CITY, board, ENDS, MARCH.period_to))
    }
    assert kinds == {
        "klimatnamnden": ("carried", ("miljonamnden",)),
        "samhallsnamnden": ("summed", ("fastighetsnamnden", "tekniska-namnden")),
        "socialnamnden": ("moved", ()),
        "servicenamnden": ("same", ("servicenamnden",)),
    }
    alone = replace(CITY, successions=())
    assert lineage(alone, "klimatnamnden", ENDS, MARCH.period_to).kind == "new"


def test_two_changes_in_a_row_lead_back_to_the_first_board_and_an_absorber_is_a_sum():
    later = Succession("klimatnamnden", "servicenamnden", date(2027, 3, 1), "whole", "KF")
    city = replace(CITY, successions=(*CITY.successions, later))
    line = lineage(city, "servicenamnden", ENDS, MARCH.period_to)
    assert (line.kind, line.boards) == ("summed", ("servicenamnden", "miljonamnden"))
    assert lineage(city, "servicenamnden", date(2027, 2, 1), MARCH.period_to).boards == (
        "servicenamnden",
        "klimatnamnden",
    )


def test_rules_hold_a_board_against_itself_and_a_form_shows_what_the_one_before_said(kept):
    said = kept.submissions("lindhamn", "2026-12")

    def boards(*, carried):
        found = comparable(CITY, said, ENDS, MARCH.period_to, carried=carried)
        return {one.board for one in found}

    assert boards(carried=True) == {"klimatnamnden"}
    assert boards(carried=False) == set()
