"""Write one example of every kind of document, as contract JSON, to `examples/kinds/`.

The content is invented for the example city Lindhamn. Together the files use every section and
every field of the contract, so that whoever delivers JSON can see what each looks like.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from expectations.contract import (
    Activity,
    Agenda2030,
    Assignment,
    Audit,
    CentralItem,
    CompetenceGap,
    CompetencePosition,
    CompetenceShift,
    Decided,
    Decision,
    DecisionReference,
    Deviation,
    Document,
    Due,
    Effort,
    Figure,
    FinanceLine,
    Funding,
    Goal,
    Indicator,
    Investment,
    Measure,
    Meeting,
    Narrative,
    NotUsed,
    Part,
    Place,
    Planning,
    Reading,
    StaffFigure,
    Text,
    Word,
)
from expectations.contract_json import as_json

FOLDER = Path(__file__).parent / "kinds"


def figure(written: str, unit: str, place: Place | None = None) -> Figure:
    """Return a figure of a number written the Swedish way, without thousands."""
    plain = written.replace(",", ".").replace("−", "-")
    decimals = len(plain.partition(".")[2])
    return Figure(written, Decimal(plain), unit, decimals, place=place)


def interval(written: str, unit: str) -> Figure:
    """Return a figure of an interval as `0-4`."""
    low, high = written.split("-")
    return Figure(written, None, unit, 0, low=Decimal(low), high=Decimal(high))


def document(kind: str, **more: object) -> Document:
    """Return the head of a document from Lindhamn's leisure board."""
    head = Document(
        name=f"{kind}.json",
        media_type="application/json",
        city="lindhamn",
        board="kultur-och-fritidsnamnden",
        administration="kultur- och fritidsförvaltningen",
        kind=kind,
        confidence=Decimal("0.98"),
        reasons=("handlingens rubrik",),
        case_number="KFN-2026-0041",
    )
    return replace(head, **more)  # type: ignore[arg-type] # fields by name


ASSIGNMENT = Assignment(
    text="Pröva längre öppettider på stadens bibliotek.",
    place=Place(page=4, line=112, columns=(1, 47)),
    assignment_id="L-U-2025-03",
    ordinal="1",
    case_number="KFN-2025-0107",
    point="2",
    origin="council_other",
    decision=DecisionReference("KF", date(2025, 5, 22), "88", "2"),
    addressees=("kultur-och-fritidsnamnden",),
    status=Word("Pågår", "ongoing"),
    due=Due("december 2026", date(2026, 12, 1), date(2026, 12, 31)),
    report_back=Due("i årsrapport 2026", date(2027, 1, 1), date(2027, 3, 31)),
    narrative=Text("Två bibliotek har haft kvällsöppet sedan i mars."),
)

FINANCE = tuple(
    FinanceLine(
        line,
        label,
        table="resultat",
        columns={
            key: figure(written, "mnkr")
            for key, written in zip(
                (
                    "outcome",
                    "budget",
                    "deviation",
                    "outcome_prev",
                    "forecast",
                    "forecast_prev",
                    "budget_year",
                    "accounts_prev",
                ),
                values,
                strict=True,
            )
        },
    )
    for line, label, values in (
        ("income", "Intäkter", ("21,4", "20,0", "1,4", "20,9", "31,8", "31,0", "30,0", "31,2")),
        (
            "costs",
            "Kostnader",
            ("-142,9", "-145,0", "2,1", "-138,2", "-216,4", "-217,0", "-217,5", "-209,7"),
        ),
        (
            "municipal_grant",
            "Kommunbidrag",
            ("125,0", "125,0", "0,0", "119,4", "187,5", "187,5", "187,5", "179,1"),
        ),
        ("result", "Resultat", ("3,5", "0,0", "3,5", "2,1", "2,9", "1,5", "0,0", "0,6")),
    )
)

STAFF = (
    StaffFigure(
        "annual_fte",
        "Årsarbetare",
        scope="kultur- och fritidsförvaltningen",
        columns={
            "outcome": figure("148,2", "fte"),
            "outcome_prev": figure("151,0", "fte"),
            "forecast": figure("224,5", "fte"),
            "accounts_prev": figure("227,1", "fte"),
        },
        period_note="ackumulerat till och med juli",
    ),
    StaffFigure(
        "sick_leave_total",
        "Sjukfrånvaro, procent",
        columns={"outcome": figure("5,1", "percent"), "outcome_prev": figure("5,6", "percent")},
    ),
)

GOAL = Goal(
    title="Alla barn och unga ska ha en meningsfull fritid",
    goal_id="L-B2",
    area="En stad att växa upp i",
    sdgs=(3, 4, 10),
    role="aktivt driva",
    assessment=Word("God", "good"),
    motive=Text("Fler barn deltar, mest i de områden där deltagandet var lägst."),
    planning=(Planning("Planering 2026", "year", Text("Fritidsgårdarna har öppet på lov.")),),
    follow_up=Text("Andelen barn som deltar i en ledarledd aktivitet."),
    desired_outcome=Text("Minst 62 procent."),
)

KINDS: dict[str, Reading] = {
    "board_plan": Reading(
        document("board_plan", span="2026"),
        goals=(GOAL, replace(GOAL, level="board", goal_id=None, title="Fler öppna kvällar")),
        indicators=(
            Indicator(
                "Andel barn i ledarledd aktivitet",
                goal_id="L-B2",
                unit="percent",
                baseline=figure("57", "percent"),
                outcomes={"2024": figure("58", "percent"), "2025": figure("60", "percent")},
                target_year=figure("61", "percent"),
                target_term=figure("62", "percent"),
                direction="up",
                desired_outcome=Text("Andelen ökar."),
            ),
        ),
        assignments=(replace(ASSIGNMENT, status=None, narrative=None),),
        agenda2030=(Agenda2030(3, goal_id="L-B2", text=Text("Hälsa och välbefinnande")),),
    ),
    "interim_report": Reading(
        document(
            "interim_report",
            round="2026-08",
            parts=(
                Part("memo", lines=(1, 60), date=date(2026, 9, 16)),
                Part("interim_report", round="2026-08", lines=(61, 480)),
            ),
            meetings=(Meeting("kultur- och fritidsnämnden", date(2026, 9, 16)),),
            decided=Decided("kultur- och fritidsnämnden", date(2026, 9, 16), "71"),
        ),
        goals=(replace(GOAL, planning=()),),
        assignments=(ASSIGNMENT,),
        decisions=(
            Decision(
                "1",
                "Delårsrapporten godkänns.",
                organ="kultur- och fritidsnämnden",
                verb="godkänns",
            ),
        ),
        finance=FINANCE,
        central_items=(
            CentralItem(
                "Invigning av badet",
                outcome=figure("310", "tkr"),
                forecast=figure("400", "tkr"),
                budget=figure("400", "tkr"),
            ),
        ),
        measures=(
            Measure(
                "Besök på bad",
                scope="Lindhamnsbadet",
                columns={
                    "period": figure("84200", "count"),
                    "period_change": figure("3,4", "percent"),
                },
            ),
        ),
        staff=STAFF,
        deviations=(
            Deviation(
                Text("Ishallen var stängd i sex veckor efter ett läckage."),
                area="Anläggningar",
                consequence=Text("Intäkterna blev lägre än väntat."),
                measure_taken=Text("Föreningarna fick tider i grannkommunen."),
            ),
        ),
    ),
    "annual_report": Reading(
        document("annual_report", round="2025-12"),
        goals=(replace(GOAL, planning=()),),
        finance=FINANCE,
        investments=(
            Investment(
                "Konstgräsplan i Norrhamn",
                columns={"outcome": figure("-11,8", "mnkr"), "budget": figure("-12,5", "mnkr")},
            ),
        ),
        staff=STAFF,
        audits=(
            Audit(
                "stadsrevisionen",
                year=2025,
                object="bidrag till föreningar",
                judgement=Text("I huvudsak ändamålsenligt."),
                recommendation=Text("Följ upp hur bidragen används."),
                answer=Text("En modell för uppföljning beslutas i vår."),
            ),
        ),
        narratives=(Narrative(("1", "Sammanfattning"), Text("Året präglades av det nya badet.")),),
    ),
    "competence_plan": Reading(
        document("competence_plan", span="2026-2027"),
        not_used=(
            NotUsed(
                "competence_gaps",
                "level",
                Text(
                    "Förvaltningen har inte bedömt kompetensnivåer i årets analys.",
                    Place(page=3, line=88, columns=(1, 60)),
                ),
            ),
        ),
        competence_gaps=(
            CompetenceGap(
                "Bibliotekarie",
                aid="453010",
                years_2=Word("Samma", "SAME"),
                years_5=Word("Mer", "MORE"),
                risk=Word("Mindre allvarlig", "2"),
                probability=Word("Medel", "2"),
                gap_fte_short=figure("0", "fte"),
                gap_fte_long=figure("2,5", "fte"),
                level=Word("God", "2"),
                comment=Text("Pensionsavgångar väntas från 2029."),
            ),
        ),
        competence_shift=(
            CompetenceShift(
                "Digitala tjänster", "now", groups="Assistenter", count=figure("4", "headcount")
            ),
        ),
        funding=(
            Funding(
                "Språkutbildning",
                period="2025",
                purpose="Fler ska kunna möta besökare på lättläst svenska",
                requested=figure("500000", "kr"),
                granted=figure("400000", "kr"),
                used=figure("385000", "kr"),
                source="stadens kompetensmedel",
                deviation=Text("En kurs ställdes in."),
            ),
        ),
        activities=(
            Activity(
                "Mentor för nyanställda",
                description=Text("Varje nyanställd får en mentor i sex månader."),
                responsible="HR-enheten",
                phase="introduce",
                span=Due("2026–2027", date(2026, 1, 1), date(2027, 12, 31)),
                status=Word("Pågår", "ongoing"),
            ),
        ),
    ),
    "competence_followup": Reading(
        document("competence_followup", round="2026-08"),
        competence_positions=(
            CompetencePosition(
                "Badmästare",
                "now",
                group="Fritid",
                missing=interval("0-4", "headcount"),
                vacant_or_hired=figure("2", "headcount"),
                other_competence=figure("0", "headcount"),
                change=Word("Oförändrat", "unchanged"),
                comment=Text("Svårast inför sommaren."),
            ),
        ),
    ),
    "funding_application": Reading(
        document("funding_application", date=date(2026, 2, 2)),
        efforts=(
            Effort(
                "Livräddning för all personal",
                target_group=Text("Personal på bad och stränder"),
                headcount=figure("60", "headcount"),
                effect=Text("All personal kan ingripa."),
                goal_id="L-D1",
                cost=figure("240", "tkr"),
            ),
        ),
    ),
    "assignment_report": Reading(
        document(
            "assignment_report",
            date=date(2026, 5, 27),
            meetings=(Meeting("kommunstyrelsen", date(2026, 5, 27)),),
        ),
        assignments=(
            replace(ASSIGNMENT, status=Word("föreslås förklaras fullgjort", "proposed_fulfilled")),
            replace(
                ASSIGNMENT,
                assignment_id=None,
                ordinal="2",
                text="Utred kvällsöppet på simhallen.",
                status=Word("nytt", "new"),
                parent="L-U-2025-03",
            ),
        ),
        decisions=(
            Decision(
                "1",
                "Uppdraget att pröva längre öppettider, KFN-2025-0107, förklaras fullgjort.",
                organ="kommunstyrelsen",
                verb="förklaras fullgjort",
                case_numbers=("KFN-2025-0107",),
            ),
        ),
    ),
    "agenda2030_status": Reading(
        document("agenda2030_status", round="2026-08"),
        agenda2030=(Agenda2030(11, text=Text("Friluftsområdet nås nu med buss.")),),
    ),
    "memo": Reading(
        document("memo", date=date(2026, 9, 16)),
        decisions=(
            Decision("1", "Nämnden godkänner delårsrapporten.", organ="nämnden", verb="godkänner"),
        ),
    ),
    "minutes_extract": Reading(
        document(
            "minutes_extract",
            date=date(2026, 9, 16),
            decided=Decided(
                "kultur- och fritidsnämnden", date(2026, 9, 16), "71", immediately_confirmed=True
            ),
        ),
        decisions=(
            Decision("1", "Nämnden beslutar enligt förslaget.", organ="nämnden", verb="beslutar"),
        ),
    ),
    "form": Reading(
        document(
            "form", round="2026-08", template_version="2026.1", approved_by="förvaltningschef"
        ),
        goals=(replace(GOAL, planning=(), follow_up=None),),
        finance=FINANCE,
        staff=STAFF,
        nothing_to_report=("competence",),
    ),
}


def main() -> None:
    """Write the files anew."""
    FOLDER.mkdir(exist_ok=True)
    for kind, reading in KINDS.items():
        text = json.dumps(as_json(reading), ensure_ascii=False, indent=1)
        (FOLDER / f"{kind}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
