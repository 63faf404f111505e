"""The proposal to decide, generated from the assignments that are proposed as fulfilled."""

from __future__ import annotations

from tasks.report.assignments import proposed_clauses
from tasks.report.blocks import Block, Listing, Paragraph, Section
from tasks.report.material import Material, say
from tasks.report.naming import kind_of, legal_kind, subject_of


def decisions(material: Material, *, with_report: bool = True) -> Section:
    """Return the numbered clauses per organ: first the report itself, then each assignment."""
    clauses = proposed_clauses(material)
    blocks: list[Block] = [
        Paragraph(say("decisions.lead" if clauses else "decisions.none"), "lead")
    ]
    by_organ: dict[str, list[str]] = {}
    first = report_clause(material) if with_report else []
    for organ, clause in [*first, *clauses]:
        by_organ.setdefault(organ, []).append(clause)
    for organ, said in by_organ.items():
        blocks.append(Paragraph(f"{organ}:", "strong"))
        blocks.append(Listing(tuple(said), is_numbered=True))
    return Section("beslut", say("decisions.title"), tuple(blocks), is_flowing=True)


def report_clause(material: Material) -> list[tuple[str, str]]:
    """Return the clause on the report of a round, in the city's own formula.

    The council approves (godkänner) what the law asks for; any other report is noted where the
    city has a formula for that.
    """
    formula = material.city.settings.get("decisions", {})
    if material.round is None or "report" not in formula:
        return []
    name = say("decisions.report_name", kind=kind_of(material), subject=subject_of(material))
    is_by_law = legal_kind(material.round) and not material.snapshot.papers.lacking
    noted = formula.get("report_noted", formula["report"])
    clause = (formula["report"] if is_by_law else noted).format(name=name)
    return [(formula.get("heading_council", ""), clause[:1].upper() + clause[1:])]
