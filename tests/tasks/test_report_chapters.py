"""The chapters of the report: what the office says, what a page holds, and what is marked."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pypdfium2
import pytest

from expectations.contract import (
    Assignment,
    CompetenceGap,
    Deviation,
    Figure,
    FinanceLine,
    Goal,
    Indicator,
    StaffFigure,
    Text,
    Word,
)
from expectations.register_files import load_city
from tasks.central import read_central
from tasks.compose import compose, compose_theme
from tasks.render import render_pdf
from tasks.report.blocks import Cell, Footnotes, Pointer, Section, Table
from warehouse.central import CentralSource
from warehouse.office_words import OfficeWords
from warehouse.snapshot import SectionState, Snapshot, StoredRow

CITY = load_city("lindhamn")
ROUND = CITY.round("2026-08")
NOW = datetime(2026, 9, 28, 6, tzinfo=UTC)
LONG = "Det här är en lång text som en nämnd har skrivit för att den hade mycket att säga. " * 8


def stored(board, section, row, key="x"):
    return StoredRow(board, ROUND.round_id, section, key, row, "0" * 64, 1)


def snapshot(*rows, words=(), states=(), previous=None, round_id="2026-08"):
    return Snapshot(
        "lindhamn", round_id, ROUND.period_to, NOW, (round_id,), (), tuple(states), tuple(rows),
        (), "0" * 64, previous=previous, words=tuple(words),
    )  # fmt: skip


def said(place, text="", code=None):
    return OfficeWords(place, text, "Karin Holm", NOW, code)


def section(report, anchor):
    return next(s for s in every(report.sections) if s.anchor == anchor)


def every(sections):
    for one in sections:
        yield one
        yield from every(one.parts)


def table(report, table_id):
    found = (b for s in every(report.sections) for b in s.blocks if isinstance(b, Table))
    return next(one for one in found if one.table_id == table_id)


def texts(one: Section):
    return " ".join(getattr(block, "text", "") for block in one.blocks)


def judged(goal_id):
    step = CITY.scale("goal_assessment", ROUND.period_to).words[0]
    return Goal("Mål", goal_id=goal_id, assessment=Word(step.word, code=step.code))


def test_the_office_s_judgement_stands_beside_the_counts_and_against_the_round_before():
    rows = (
        stored("kommunstyrelsen", "goals", judged("L-A1"), "l-a1"),
        stored("lindhamn-energi", "goals", judged("L-A1"), "l-a1"),
    )
    steps = CITY.scale("goal_assessment", ROUND.period_to).words
    before = snapshot(*rows, words=[said("goal:L-A1", code=steps[1].code)], round_id="2026-03")
    now = snapshot(*rows, words=[said("goal:L-A1", "Bra.", steps[0].code)], previous=before)
    report = compose(now, CITY, status="Utkast")

    goals = table(report, "t-mal")
    assert goals.head[-3:] == ("Samlad bedömning", "Förra omgången", "Riktning")
    assert [cell.text for cell in goals.rows[0][-3:]] == [steps[0].word, steps[1].word, "↑ uppåt"]
    assert goals.rows[1][-3] == Cell("ej gjord", missing="none")
    apart = table(report, "t-mal-grupper")
    assert [cell.text for cell in apart.rows[0][1:]].count("1") == 2  # one board, one company
    assert "Stadskontorets bedömning av målen: 1\u00a0God." in texts(section(report, "oversikt"))
    changed = section(report, "andrat").blocks[0].items[0]
    assert changed == (
        "Stadskontoret bedömer bättre än förra gången, från viss till god: "
        "”Lindhamn ska vara klimatneutralt 2035”."
    )


def test_the_conclusion_on_housekeeping_is_the_offices_and_its_absence_is_said():
    silent = compose(snapshot(), CITY, status="Utkast")
    assert "Stadskontoret har inte skrivit någon slutsats" in texts(section(silent, "hushallning"))

    words = [
        said("housekeeping", "Två av tre mål nås.", "partly"),
        said("financial:resultat", "1,1 procent", "not_met"),
    ]
    report = compose(snapshot(words=words), CITY, status="Utkast")
    assert "uppnås delvis" in texts(section(report, "hushallning"))
    assert "uppnås delvis" in texts(section(report, "oversikt"))
    first = table(report, "t-hushallning").rows[0]
    assert [cell.text for cell in first[1:]] == ["finansiellt", "1,1 procent", "uppnås inte"]


def test_companies_are_tested_for_their_purpose_in_the_annual_report_and_where_it_is_written():
    ids = {one.anchor for one in every(compose(snapshot(), CITY, status="Utkast").sections)}
    assert "andamal" not in ids

    words = [said("company:lindhamn-arena", "Restaurangen.", "partly")]
    tested = table(compose(snapshot(words=words), CITY, status="Utkast"), "t-andamal")
    answers = {row[0].text: row[1].text for row in tested.rows}
    assert answers.pop("Lindhamn Arena och Evenemang AB") == "delvis"
    assert set(answers.values()) == {"inte prövat"}


def test_a_foreword_has_no_number():
    report = compose(snapshot(words=[said("foreword", "Hej.")]), CITY, status="Utkast")
    assert section(report, "forord").number == ""
    assert [s.number for s in report.sections if s.number.isdigit()][:3] == ["1", "2", "3"]


def test_an_indicator_is_printed_with_its_unit_and_years():
    values = {"2025": "61.0", "2026": "64.5"}
    outcomes = {year: Figure(v, Decimal(v), "percent", 1) for year, v in values.items()}
    row = Indicator("Andel nöjda", goal_id="L-A1", direction="increase", outcomes=outcomes)
    rows = (
        stored("socialnamnden", "goals", judged("L-A1")),
        stored("socialnamnden", "indicators", row),
    )
    shown = table(compose(snapshot(*rows), CITY, status="Utkast"), "t-indikatorer-L-A1")

    assert shown.head[:2] == ("Indikator (nämnd)", "Enhet")
    assert [cell.text for cell in shown.rows[0][1:4]] == ["procent", "61,0", "64,5"]


def figure(value):
    return Figure(value, Decimal(value), "fte", 0)


def test_a_figure_for_another_period_is_marked_with_a_footnote():
    columns = {"outcome": figure("12"), "outcome_prev": figure("11")}
    rows = [
        stored("kommunstyrelsen", "staff", StaffFigure("annual_fte", "a", columns=columns)),
        stored(
            "socialnamnden",
            "staff",
            StaffFigure("annual_fte", "a", columns=columns, period_note="januari–juli"),
        ),
        stored(
            "arbetsmarknads-och-vuxenutbildningsnamnden",
            "staff",
            StaffFigure("annual_fte", "a", columns=columns),
        ),
    ]
    staff = table(compose(snapshot(*rows), CITY, status="Utkast"), "t-personal")

    marks = {row[0].text: (row[1].mark, row[2].mark) for row in staff.rows}
    told = dict(staff.footnotes)
    assert marks["Kommunstyrelsen"] == ("", "")
    assert [told[mark] for mark in marks["Socialnämnden"]] == ["januari–juli"] * 2
    now, before = marks["Arbetsmarknads- och vuxenutbildningsnämnden"]
    assert now == ""
    assert "har från 2026-01-01 tagit över efter Arbetsmarknadsnämnden" in told[before]


def test_footnotes_with_the_same_words_have_the_same_letter():
    notes = Footnotes()
    assert [notes.mark("x"), notes.mark("y"), notes.mark("x"), notes.mark("")] == [
        "a",
        "b",
        "a",
        "",
    ]
    assert notes.all == (("a", "x"), ("b", "y"))


def test_measures_against_a_deficit_have_the_day_they_were_decided_or_must_be():
    minus = Figure("-5,0", Decimal("-5.0"), "mnkr", 1)
    zero = Figure("0,0", Decimal("0.0"), "mnkr", 1)
    line = FinanceLine("result", "R", columns={"forecast": minus, "budget_year": zero})
    rows = [stored(board, "finance", line) for board in ("socialnamnden", "kommunstyrelsen")]
    told = Text("Ett nytt avtal gäller. Nämnden beslutade om det den 9 september.")
    rows.append(stored("socialnamnden", "deviations", Deviation(Text("Dyrt."), measure_taken=told)))
    deficits = table(compose(snapshot(*rows), CITY, status="Utkast"), "t-underskott")

    days = {row[0].text: row[3].text for row in deficits.rows}
    assert days == {"Socialnämnden": "2026-09-09", "Kommunstyrelsen": "inget datum angivet"}


def money(value):
    return Figure(str(value), Decimal(value), "mnkr", 1)


def result(board, **lines):
    columns = {line: {"outcome": money(value)} for line, value in lines.items()}
    return [
        stored(board, "finance", FinanceLine(line, line, columns=own), line)
        for line, own in columns.items()
    ]


def test_results_tell_what_they_are_made_of_and_how_many_boards_a_sum_is_of():
    rows = [
        *result(
            "socialnamnden", income="10.0", costs="-50.0", municipal_grant="38.5", result="-1.5"
        ),
        *result("kommunstyrelsen", costs="-20.0", municipal_grant="21.0", result="1.0"),
        *result("lindhamn-energi", income="9.0", result="4.0"),
        *result("lindhamns-hamn", result="2.0"),
    ]
    report = compose(snapshot(*rows), CITY, status="Utkast")

    parts = [[cell.text for cell in row] for row in table(report, "t-rader").rows]
    assert parts[1] == ["Socialnämnden", "10,0", "−50,0", "38,5", "–", "−1,5"]
    assert parts[-1] == ["Summa nämnder", "10,0", "−70,0", "59,5", "0,0", "−0,5"]
    assert "Summan gäller 2 av 17 nämnder" in table(report, "t-resultat").note
    assert [row[1].text for row in table(report, "t-bolag").rows[-2:]] == ["–", "–"]


def test_companies_are_added_up_when_the_city_tells_what_is_eliminated():
    rows = [*result("lindhamn-energi", result="4.0"), *result("lindhamns-hamn", result="2.0")]
    listed = "board;line;period;column;value;unit\n;eliminations;2026-08;outcome;-1500;tkr\n"
    reading = read_central(listed.encode(), CITY, ROUND)
    source = CentralSource(
        reading.kind, 1, "0" * 64, "bolagen.csv", NOW, "x", "used", reading.faults, reading.figures
    )
    report = compose(replace(snapshot(*rows), central=(source,)), CITY, status="Utkast")

    shown = [[cell.text for cell in row[:2]] for row in table(report, "t-bolag").rows[-2:]]
    assert shown == [["Elimineringar", "−1,5"], ["Bolagen tillsammans", "4,5"]]
    assert "Summan gäller 2 av 7 bolag" in table(report, "t-bolag").note


def test_a_gap_in_competence_stands_against_what_the_board_said_the_time_before():
    less, more = CITY.scale("competence_gap", ROUND.period_to).words[-1], "Mer"
    old = replace(gap("Kock"), years_2=Word(more, code="MORE"))
    rows = [stored("socialnamnden", "competence_gaps", gap(n), n) for n in ("Kock", "Bagare")]
    before = replace(stored("socialnamnden", "competence_gaps", old, "Kock"), period="2026-03")
    report = compose(replace(snapshot(*rows), gaps_before=(before,)), CITY, status="Utkast")

    told = {row[0].text: row[6].text for row in table(report, "t-gap").rows}
    assert told == {"Kock": f"2 år: från mer till {less.word.lower()}", "Bagare": "ny"}


def test_an_assignment_that_goes_on_has_its_reason_and_several_boards_share_a_row():
    told = replace(work("L-U-2025-02"), narrative=Text("Domen dröjer."))
    rows = [stored(b, "assignments", told) for b in ("socialnamnden", "kommunstyrelsen")]
    shown = table(compose(snapshot(*rows), CITY, status="Utkast"), "t-delredovisade").rows

    assert [row[-1].text for row in shown] == ["Kommunstyrelsen: Domen dröjer."]


@pytest.mark.parametrize("theme", ["competence", "assignments"])
def test_a_report_about_one_thing_has_a_front_page_and_chapters_of_its_own(theme):
    rows = [
        stored("socialnamnden", "competence_gaps", gap("Socialsekreterare")),
        stored("socialnamnden", "assignments", work("L-U-2025-02"), "a"),
    ]
    report = compose_theme(snapshot(*rows), CITY, theme, status="Utkast")

    titles = [one.title for one in report.sections]
    assert titles[0] == "Läget på en sida"
    assert report.kind in ("Kompetensförsörjningsrapport", "Uppdragsredovisning")
    assert "Ekonomi i sammandrag" not in titles
    assert ("Risker" in titles) == (theme == "competence")
    assert ("Förslag till beslut" in titles) == (theme == "assignments")


def last(scale):
    step = CITY.scale(scale, ROUND.period_to).words[-1]
    return Word(step.word, code=step.code)


def gap(name):
    return CompetenceGap(
        name, years_2=last("competence_gap"), years_5=last("competence_gap"),
        risk=last("risk"), probability=last("probability"),
    )  # fmt: skip


def work(assignment_id):
    known = next(a for a in CITY.assignments if a.assignment_id == assignment_id)
    status = Word("Pågår", code="ongoing")
    return Assignment(LONG, assignment_id=known.assignment_id, status=status)


def fullest(board):
    """Return more of everything than a page holds."""
    goals = [
        replace(judged(goal.goal_id), title=LONG[:90], motive=Text(LONG)) for goal in CITY.goals
    ]
    works = [work(a.assignment_id) for a in CITY.assignments]
    rows = [stored(board, "goals", one, f"g{at}") for at, one in enumerate(goals)]
    rows += [stored(board, "assignments", one, f"a{at}") for at, one in enumerate(works)]
    rows += [stored(board, "competence_gaps", gap(f"{LONG[:30]} {n}"), f"k{n}") for n in range(9)]
    rows += [stored(board, "finance", FinanceLine("costs", f"Rad {n}"), f"e{n}") for n in range(5)]
    told = Deviation(Text(LONG), measure_taken=Text(LONG))
    return rows + [stored(board, "deviations", told, f"d{n}") for n in range(5)]


def test_the_fullest_board_has_one_page_and_says_what_stands_elsewhere():
    boards = ("socialnamnden", "tekniska-namnden", "grundskolenamnden")
    states = [
        SectionState(b, "2026-08", g, "withheld", reason=g + LONG[:80])
        for b in boards
        for g in ("goals", "assignments", "economy", "staff", "competence", "other")
    ]
    rows = [row for board in boards for row in fullest(board)]
    report = compose(snapshot(*rows, states=states), CITY, status="Utkast")
    annex = next(one for one in report.sections if one.anchor == "namnder")
    bare = [replace(one, blocks=(), parts=(), is_flowing=True) for one in report.sections]
    shown = [annex if one.anchor == annex.anchor else one for one in bare]
    made = pypdfium2.PdfDocument(render_pdf(replace(report, sections=tuple(shown))))
    pages = [page.get_textpage().get_text_range() for page in made]

    starts = [
        next(at for at, page in enumerate(pages) if part.title in page and "Avsnitt" in page)
        for part in annex.parts
    ]
    assert starts == [starts[0] + n for n in range(len(boards))]
    assert "Datakvalitet" in pages[starts[-1] + 1] or len(pages) == starts[-1] + 1
    rest = [block for block in annex.parts[0].blocks if isinstance(block, Pointer)]
    assert len(rest) == 5  # goals, assignments, groups, economy, deviations


def test_page_one_is_one_page_however_much_there_is_to_tell():
    steps = CITY.scale("goal_assessment", ROUND.period_to).words
    goals = [goal.goal_id for goal in CITY.goals_on(ROUND.period_to)]
    done = Word("Föreslås förklaras fullgjort", code="proposed_fulfilled")
    works = [replace(work(a.assignment_id), status=done) for a in CITY.assignments]
    rows = [
        stored(board, "assignments", one, f"{n}")
        for n, one in enumerate(works)
        for board in next(
            a for a in CITY.assignments if a.assignment_id == one.assignment_id
        ).addressees
    ]
    columns = {"forecast": money("-10"), "budget_year": money("0")}
    owed = CITY.owed(ROUND)
    rows += [stored(b, "finance", FinanceLine("result", "R", columns=columns)) for b in owed]
    rows += [stored(b, "goals", judged(goals[0])) for b in owed]
    states = [SectionState(b, "2026-08", g, "stopped") for b in owed for g in owed[b]]
    words = [
        [said(f"goal:{g}", code=steps[n % 2 + at].code) for n, g in enumerate(goals)]
        for at in (0, 1)
    ]
    earlier = [
        replace(row, row=replace(row.row, assessment=Word(steps[1].word, code=steps[1].code)))
        for row in rows
        if row.section == "goals"
    ]
    before = snapshot(*earlier, words=words[0], round_id="2026-03")
    now = snapshot(
        *rows,
        words=[*words[1], said("housekeeping", "x", "partly")],
        states=states,
        previous=before,
    )
    report = compose(now, CITY, status="Utkast")
    kept = ("oversikt", "ekonomi")
    shown = [s if s.anchor in kept else replace(s, blocks=(), parts=()) for s in report.sections]
    made = pypdfium2.PdfDocument(render_pdf(replace(report, sections=tuple(shown))))

    page = made[0].get_textpage().get_text_range()
    assert "Att besluta" in page
    assert "Underlagets fullständighet" in page


def test_a_goal_that_has_become_hard_to_judge_has_not_gone_up_or_down():
    steps = CITY.scale("goal_assessment", ROUND.period_to).words
    some, hard = (
        replace(judged("L-A1"), assessment=Word(step.word, code=step.code))
        for step in (steps[1], steps[3])
    )
    before = snapshot(stored("socialnamnden", "goals", some), round_id="2026-03")
    now = snapshot(stored("socialnamnden", "goals", hard), previous=before)
    report = compose(now, CITY, status="Utkast")

    assert table(report, "t-andrade").rows[0][-1].text == "–"
    assert "har ändrats: 1 till eller från ej bedömd." in " ".join(
        section(report, "andrat").blocks[0].items
    )
