"""God ekonomisk hushållning: the goals, and the one conclusion that the law asks for.

The conclusion and the judgements are the city office's own words; nothing here is computed but
how many boards judge what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from expectations.registers import CityGoal
from tasks.report.blocks import Block, Cell, Paragraph, Section, Table, missing, text
from tasks.report.material import Material, counted, say, words
from tasks.report.naming import legal_kind
from tasks.report.office import companies_on, fixed_scale, judged, said_at, told
from warehouse.office_words import HOUSEKEEPING


def housekeeping(material: Material) -> Section | None:
    """Return the chapter of an interim or annual report, and of any where the office has written.

    What has not been judged is said not to be.
    """
    said = said_at(material, HOUSEKEEPING)
    if said is None and legal_kind(material.round) is None:
        return None
    lead = Paragraph(say("housekeeping.lead", office=material.city.office), "lead")
    blocks = (lead, *_conclusion(material), *_goals(material))
    return Section("hushallning", say("housekeeping.title"), blocks)


def conclusion(material: Material) -> str:
    """Return the office's conclusion as one sentence for page one, empty where there is none."""
    said = said_at(material, HOUSEKEEPING)
    step = fixed_scale(HOUSEKEEPING).word_of(said.code or "") if said else None
    if step is None:
        return ""
    told = say("housekeeping.front", office=material.city.office, word=step.word)
    return f"{told[:1].upper()}{told[1:]}"


def _conclusion(material: Material) -> Iterator[Block]:
    office, said = material.city.office, said_at(material, HOUSEKEEPING)
    if said is None:
        absent = say("housekeeping.none", office=office)
        yield Paragraph(f"{absent[:1].upper()}{absent[1:]}", "strong")
        return
    step = fixed_scale(HOUSEKEEPING).word_of(said.code or "")
    shown = f"{step.symbol} {step.word}" if step else ""
    key = "housekeeping.conclusion" if step else "housekeeping.conclusion_bare"
    yield Paragraph(say(key, office=office, word=shown), "strong")
    yield from told(material, said)


def _goals(material: Material) -> Iterator[Block]:
    """Yield the financial goals first, then those of the operations, each with its judgement."""
    financial = material.city.settings.get("financial_goals", {})
    rows = [_financial(material, name, title) for name, title in financial.items()]
    rows += [_operational(material, goal) for goal in material.city.goals_on(material.day)]
    if not financial:
        yield Paragraph(say("housekeeping.no_goals"), "note")
    if rows:
        head, title = tuple(words()["housekeeping"]["head"]), say("housekeeping.table")
        yield Table("t-hushallning", title, head, tuple(rows), broad=(2,))


def _financial(material: Material, name: str, title: str) -> tuple[Cell, ...]:
    said = said_at(material, f"financial:{name}")
    step = fixed_scale("financial").word_of(said.code or "") if said else None
    return (
        text(title),
        text(say("housekeeping.financial")),
        text(said.text) if said and said.text else missing("none", say("housekeeping.not_told")),
        Cell(step.word, symbol=step.symbol) if step else missing("none", say("goals.not_judged")),
    )


def _operational(material: Material, goal: CityGoal) -> tuple[Cell, ...]:
    step = judged(material, goal.goal_id)
    return (
        text(goal.title),
        text(say("housekeeping.operational")),
        _spread(material, goal),
        Cell(step.word, symbol=step.symbol) if step else missing("none", say("goals.not_judged")),
    )


def _spread(material: Material, goal: CityGoal) -> Cell:
    """Return how many boards and companies judge the goal at each step."""
    steps = material.city.scale("goal_assessment", material.day).words
    rows = [stored for stored in material.rows("goals") if stored.row.goal_id == goal.goal_id]
    counts = Counter(stored.row.assessment.code for stored in rows if stored.row.assessment)
    if rows and not counts:
        return text(counted("housekeeping.reported", len({stored.board for stored in rows})))
    shown = [
        say("housekeeping.told", count=counts[step.code], word=step.word.lower())
        for step in steps
        if counts[step.code]
    ]
    return text(", ".join(shown)) if shown else missing("none", say("housekeeping.not_told"))


def purpose(material: Material) -> Iterator[Block]:
    """Yield the yearly test of each company's purpose: in the annual report, and where written."""
    companies = companies_on(material.city, material.day)
    said = {board.board_id: said_at(material, f"company:{board.board_id}") for board in companies}
    if not companies or (legal_kind(material.round) != "annual" and not any(said.values())):
        return
    rows = []
    for board in companies:
        own = said[board.board_id]
        step = fixed_scale("company").word_of(own.code or "") if own else None
        tested = Cell(step.word, symbol=step.symbol) if step else None
        rows.append(
            (
                text(board.name),
                tested or missing("none", say("purpose.none")),
                text(own.text if own else ""),
            )
        )
    yield Paragraph(say("purpose.lead", office=material.city.office))
    title = say("purpose.table", year=material.day.year)
    yield Table("t-andamal", title, tuple(words()["purpose"]["head"]), tuple(rows))
