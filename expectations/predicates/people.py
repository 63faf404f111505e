"""Rules on competence, the money for it, and staff."""

from __future__ import annotations

import re
from decimal import Decimal

from expectations.catalogue import Rule
from expectations.contract import Figure
from expectations.predicates.breaches import Breach, tests
from expectations.registers import City, plain
from expectations.staging import Case, World, tolerance
from expectations.swedish import swedish, swedish_day


@tests("F-GAP")
def _comment_matches_gap(case: Case, _: World, __: Rule) -> list[Breach] | None:
    gap = case.row
    if gap.comment is None or gap.years_2 is None or gap.years_5 is None:
        return None
    both_same = gap.years_2.code == gap.years_5.code == "SAME"
    text = gap.comment.text.casefold()
    if not both_same or not re.search(r"\bkvantitativt (?:och [\w-]+ )?gap", text):
        return []
    values = {"occupation": gap.occupation}
    return [Breach(gap.comment.place or case.place, gap.years_2.written, values=values)]


@tests("F-RISK")
def _risk_has_activity(case: Case, world: World, _: Rule) -> list[Breach] | None:
    gap = case.row
    if gap.risk is None or gap.risk.code is None:
        return None
    highest = max(world.city.scale("risk", world.day).words, key=lambda w: w.order, default=None)
    if highest is None or gap.risk.code != highest.code:
        return []
    stem = plain(gap.occupation)[:8]
    for activity in case.judged.reading.activities:
        described = activity.description.text if activity.description else ""
        if stem in plain(f"{activity.activity} {described}"):
            return []
    return [Breach(gap.risk.place, gap.risk.written, values={"occupation": gap.occupation})]


@tests("F-SUBSET")
def _parts_within_missing(case: Case, _: World, __: Rule) -> list[Breach] | None:
    row = case.row
    if row.missing is None or row.vacant_or_hired is None or row.other_competence is None:
        return None
    missing = row.missing.high if row.missing.high is not None else row.missing.value
    parts = [
        f.low if f.low is not None else f.value for f in (row.vacant_or_hired, row.other_competence)
    ]
    if missing is None or parts[0] is None or parts[1] is None:
        return None
    if parts[0] + parts[1] <= missing:
        return []
    values = {
        "position": row.position,
        "vacant": row.vacant_or_hired.written,
        "other": row.other_competence.written,
        "missing": row.missing.written,
    }
    return [Breach(row.missing.place or case.place, row.missing.written, values=values)]


@tests("F-MONEY")
def _grant_within_request(case: Case, _: World, __: Rule) -> list[Breach] | None:
    # Great Expectations' own expectation finds them; here only the words.
    row = case.row
    values = {
        "effort": row.effort[:80],
        "granted": swedish(row.granted.value) if row.granted else "",
        "requested": swedish(row.requested.value) if row.requested else "",
    }
    place = row.granted.place if row.granted else case.place
    return [Breach(place, values["granted"], values["requested"], "granted", values=values)]


@tests("F-TARGET")
def _effort_has_headcount(case: Case, _: World, __: Rule) -> list[Breach] | None:
    count = case.row.headcount
    if count is not None and (count.value is not None or count.low is not None):
        return []
    return [Breach(case.place, field="headcount", values={"title": case.row.title[:80]})]


def in_kronor(figure: Figure | None) -> Decimal | None:
    """Return a figure of money in kronor, None where it is no money or not read."""
    factor = {"kr": 1, "tkr": 1000, "mnkr": 1_000_000}.get((figure.unit or "") if figure else "")
    if figure is None or figure.value is None or factor is None:
        return None
    return figure.value * factor


def pool_of(city: City) -> Decimal | None:
    """Return the money set aside for competence, in kronor."""
    pool = city.settings.get("funding", {}).get("pool")
    return Decimal(str(pool)) if pool is not None else None


@tests("P-PERCENT")
def _is_a_share(case: Case, _: World, __: Rule) -> list[Breach] | None:
    return [
        Breach(f.place, f.written, field=key, values={"label": case.row.label})
        for key, f in case.row.columns.items()
        if f.unit == "percent" and f.value is not None and not 0 <= f.value <= 100  # noqa: PLR2004
    ]


@tests("P-PART")
def _parts_within_total(case: Case, _: World, __: Rule) -> list[Breach] | None:
    staff = case.judged.reading.staff
    total = next((row for row in staff if row.metric == "sick_leave_total"), None)
    parts = [row for row in staff if row.metric in ("sick_leave_short", "sick_leave_long")]
    if total is None or not parts:
        return None
    breaches = []
    for row in parts:
        for key, figure in row.columns.items():
            whole = total.columns.get(key)
            if whole is None or whole.value is None or figure.value is None:
                continue
            if figure.value > whole.value + tolerance([whole, figure], 1):
                values = {"label": row.label, "total": whole.written}
                breaches.append(Breach(figure.place, figure.written, field=key, values=values))
    return breaches


@tests("F-ORDER")
def _risk_has_both_sides(case: Case, _: World, __: Rule) -> list[Breach] | None:
    gap = case.row
    if (gap.risk is None) == (gap.probability is None):
        return []
    missing = "sannolikhet" if gap.probability is None else "konsekvens"
    values = {"occupation": gap.occupation, "missing": missing}
    return [Breach(case.place, values=values)]


@tests("F-ZERO")
def _money_is_asked_for(case: Case, _: World, __: Rule) -> list[Breach] | None:
    asked = case.row.requested
    if asked is None or asked.value is None:
        return None
    if asked.value > 0:
        return []
    return [Breach(asked.place or case.place, asked.written, values={"effort": case.row.effort})]


@tests("F-USED")
def _used_within_granted(case: Case, _: World, __: Rule) -> list[Breach] | None:
    used, granted = case.row.used, case.row.granted
    if used is None or granted is None or used.value is None or granted.value is None:
        return None
    if used.unit != granted.unit or used.value <= granted.value:
        return []
    values = {"effort": case.row.effort}
    return [Breach(used.place or case.place, used.written, granted.written, "used", values=values)]


@tests("F-ACT")
def _activity_is_not_overdue(case: Case, world: World, rule: Rule) -> list[Breach] | None:
    row = case.row
    if row.span is None or row.span.latest is None or row.status is None:
        return None
    if row.span.latest >= world.day or row.status.code in rule.parameters["done"]:
        return []
    values = {"activity": row.activity[:80], "due": swedish_day(row.span.latest)}
    return [Breach(row.status.place or case.place, row.status.written, values=values)]


def _outcome(case: Case, metric: str) -> Figure | None:
    rows = [r for r in case.judged.reading.staff if r.metric == metric and r.scope is None]
    found = rows[0].columns.get("outcome") if len(rows) == 1 else None
    return found if found is not None and found.value is not None else None


@tests("P-SICK")
def _parts_make_the_whole(case: Case, _: World, __: Rule) -> list[Breach] | None:
    names = ("sick_leave_short", "sick_leave_long", "sick_leave_total")
    figures = [figure for name in names if (figure := _outcome(case, name)) is not None]
    if len(figures) != len(names):
        return None
    short, long, total = (figure.value or Decimal(0) for figure in figures)
    if short > total or long > total or short + long - total <= tolerance(figures, 2):
        return []  # a part larger than the whole is another question
    values = {"parts": swedish(short + long), "total": swedish(total)}
    return [Breach(figures[2].place, figures[2].written, values["parts"], values=values)]


@tests("P-FTE")
def _no_more_years_than_people(case: Case, _: World, rule: Rule) -> list[Breach] | None:
    fte, people = _outcome(case, "annual_fte"), _outcome(case, "employees")
    if fte is None or people is None or not people.value or fte.value is None:
        return None
    if fte.value <= people.value * (1 + Decimal(str(rule.parameters["share"]))):
        return []
    return [Breach(fte.place, fte.written, people.written, values={"people": people.written})]


@tests("P-EXITS")
def _fewer_leave_than_work_there(case: Case, _: World, __: Rule) -> list[Breach] | None:
    exits, people = _outcome(case, "exits"), _outcome(case, "employees")
    if exits is None or people is None or exits.unit != people.unit:
        return None
    if (exits.value or 0) <= (people.value or 0):
        return []
    return [Breach(exits.place, exits.written, people.written, values={"people": people.written})]
