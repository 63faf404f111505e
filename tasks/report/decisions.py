"""The proposal to decide, generated from the assignments that are proposed as fulfilled."""

from __future__ import annotations

from tasks.report.assignments import proposed_clauses
from tasks.report.blocks import Block, Listing, Paragraph, Section
from tasks.report.material import Material, say
from tasks.report.naming import kind_of, subject_of


def decisions(material: Material) -> Section:
    """Return the numbered clauses per organ: first the report itself, then each assignment."""
    clauses = proposed_clauses(material)
    blocks: list[Block] = [
        Paragraph(say("decisions.lead" if clauses else "decisions.none"), "lead")
    ]
    by_organ: dict[str, list[str]] = {}
    for organ, clause in [*_report_clause(material), *clauses]:
        by_organ.setdefault(organ, []).append(clause)
    for organ, said in by_organ.items():
        blocks.append(Paragraph(f"{organ}:", "strong"))
        blocks.append(Listing(tuple(said), is_numbered=True))
    return Section("beslut", say("decisions.title"), tuple(blocks), is_flowing=True)


def _report_clause(material: Material) -> list[tuple[str, str]]:
    """Return the clause on the report of a round, in the city's own formula."""
    formula = material.city.settings.get("decisions", {})
    if material.round is None or "report" not in formula:
        return []
    name = say("decisions.report_name", kind=kind_of(material), subject=subject_of(material))
    clause = formula["report"].format(name=name)
    return [(formula.get("heading_council", ""), clause[:1].upper() + clause[1:])]
