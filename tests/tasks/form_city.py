"""A small invented city and a realistic set of answers for the tests of the issued form."""

import dataclasses
from datetime import date
from decimal import Decimal

from expectations.contract import (
    Activity,
    Assignment,
    CentralItem,
    CompetenceGap,
    CompetencePosition,
    Decided,
    DecisionReference,
    Deviation,
    Document,
    Due,
    Figure,
    FinanceLine,
    Funding,
    Goal,
    Indicator,
    Measure,
    Narrative,
    Place,
    Reading,
    StaffFigure,
    Text,
    Word,
)
from expectations.registers import (
    Board,
    City,
    CityAssignment,
    CityGoal,
    Round,
    Scale,
    ScaleWord,
)

BOARD = Board("kulturnamnden", "Kulturnämnden", "board", "facknämnder")
COMPANY = Board("hamnbolaget", "Hamnbolaget AB", "company", "bolag")
ROUND = Round(
    "2026-08",
    "interim",
    "Delårsrapport augusti 2026",
    date(2026, 1, 1),
    date(2026, 8, 31),
    date(2026, 8, 15),
    date(2026, 9, 15),
)
GOALS = (
    CityGoal("M1", "Alla barn ska ha nära till kultur", area="Kultur", sdgs=(4, 10)),
    CityGoal("M2", "Hamnen ska växa", designated=("hamnbolaget",)),
)
ASSIGNMENTS = (
    CityAssignment(
        "U-1",
        "Ta fram en plan för bibliotekens öppettider",
        "council_budget",
        case_number="KUN-2025-00041",
        decision=DecisionReference("KF", date(2025, 11, 20), "85", "2", 2026),
        addressees=("kulturnamnden",),
        due=Due("kvartal 4 2026", date(2026, 10, 1), date(2026, 12, 31)),
    ),
    CityAssignment("U-2", "Ett uppdrag till någon annan", "executive", addressees=("hamnbolaget",)),
    CityAssignment(
        "U-3",
        "Ett avslutat uppdrag",
        "board",
        addressees=("kulturnamnden",),
        closed=date(2026, 1, 9),
    ),
)


def scale(name, *words):
    steps = tuple(ScaleWord(f"{name}_{at}", word, at) for at, word in enumerate(words))
    return Scale(name, steps)


SCALES = (
    scale("goal_assessment", "God", "Viss", "Ingen", "Svårbedömt"),
    scale("assignment_status", "Pågår", "Delredovisat", "Föreslås förklaras fullgjort"),
    scale("competence_gap", "Mer", "Samma", "Mindre"),
    scale("risk", "Inte allvarlig", "Mindre allvarlig", "Allvarlig"),
    scale("probability", "Låg", "Medel", "Hög"),
    scale("competence_level", "Viss", "God", "Hög", "Mycket hög"),
    scale("competence_change", "Förbättrat", "Oförändrat", "Försämrat"),
    scale("activity_status", "Planerad", "Pågår", "Klar"),
)
CITY = City(
    "provstad",
    "Provstad",
    "stadskontoret",
    "0000",
    (BOARD, COMPANY),
    GOALS,
    ASSIGNMENTS,
    (ROUND,),
    SCALES,
    {},
    (),
    verified=True,
    settings={},
    version="1",
)


def word(name, written):
    found = next(s for s in SCALES if s.scale == name)
    return Word(written, next((w.code for w in found.words if w.word == written), None))


def number(written, unit):
    plain = written.replace("−", "-").replace(",", ".")
    decimals = len(plain.partition(".")[2])
    return Figure(written, Decimal(plain), unit, decimals)


def amounts(unit, **written):
    return {key: number(value, unit) for key, value in written.items()}


def unplaced(value):
    """The same value without places: a round trip gives every value a place it did not have."""
    if isinstance(value, Place):
        return None
    if dataclasses.is_dataclass(value):
        inner = {f.name: unplaced(getattr(value, f.name)) for f in dataclasses.fields(value)}
        if isinstance(value, Reading):
            inner |= {"headings": {}, "places": {}}
        return type(value)(**inner)
    if isinstance(value, tuple):
        return tuple(unplaced(item) for item in value)
    if isinstance(value, dict):
        return {key: unplaced(item) for key, item in value.items()}
    return value


def columns_of_result(*written):
    keys = ("outcome", "budget", "deviation", "outcome_prev")
    keys += ("forecast", "forecast_prev", "budget_year", "accounts_prev")
    return {key: number(value, "mnkr") for key, value in zip(keys, written, strict=True)}


def answers():
    """A board's whole answer in the autumn; every section that the form has rows for but two."""
    return Reading(
        Document(
            kind="form",
            confidence=Decimal(1),
            city="provstad",
            board="kulturnamnden",
            round="2026-08",
            template_version="2026.1",
            date=date(2026, 9, 10),
            case_number="KUN-2026-00112",
            submitted_by="Controller",
            approved_by="Förvaltningschef",
            decided=Decided("Kulturnämnden", date(2026, 9, 22), "§ 61"),
        ),
        goals=(
            Goal(
                "Alla barn ska ha nära till kultur",
                goal_id="M1",
                area="Kultur",
                sdgs=(4, 10),
                role="Driver",
                assessment=word("goal_assessment", "God"),
                motive=Text(
                    "Fler barn går på kulturskolan än förra året. Kön har halverats i två av "
                    "stadens fyra delar, och vårens prov med öppna lördagar blir fast verksamhet."
                ),
                follow_up=Text("Öppna lördagar har prövats på tre bibliotek."),
            ),
            Goal("Egna samlingar ska vara sökbara", level="board", motive=Text("Arbetet pågår.")),
        ),
        indicators=(
            Indicator(
                "Andel barn som deltar",
                goal_id="M1",
                unit="percent",
                outcomes={"2025": number("41,5", "percent"), "2026": number("44,0", "percent")},
                target_year=number("45,0", "percent"),
                direction="increase",
            ),
        ),
        assignments=(
            Assignment(
                "Ta fram en plan för bibliotekens öppettider",
                assignment_id="U-1",
                case_number="KUN-2025-00041",
                origin="council_budget",
                decision=DecisionReference("KF", date(2025, 11, 20), "85", "2", 2026),
                addressees=("kulturnamnden",),
                status=word("assignment_status", "Delredovisat"),
                due=Due("2026-12-31", date(2026, 12, 31), date(2026, 12, 31)),
                narrative=Text("Ett förslag har varit på remiss. Nämnden tar ställning i oktober."),
            ),
        ),
        finance=(
            FinanceLine(
                "income",
                "Intäkter",
                columns=columns_of_result(
                    "78,5", "79,4", "−0,8", "76,7", "125,1", "125,6", "124,0", "125,9"
                ),
            ),
            FinanceLine(
                "costs",
                "Kostnader",
                columns=columns_of_result(
                    "−1340,5",
                    "−1372,7",
                    "32,1",
                    "−1343,3",
                    "−1566,6",
                    "−1575,3",
                    "−580,6",
                    "−574,1",
                ),
            ),
            FinanceLine("other", "Överskott till staden", columns=columns_of_result(*["0,0"] * 8)),
        ),
        central_items=(
            CentralItem(
                "Kulturår 2026",
                outcome=number("19165", "tkr"),
                forecast=number("30000", "tkr"),
                budget=number("30000", "tkr"),
            ),
        ),
        measures=(
            Measure(
                "Nettokostnad per invånare",
                scope="Bibliotek",
                columns={
                    "period": number("412", "kr"),
                    "period_change": number("1,2", "percent"),
                    "year": number("620", "kr"),
                },
            ),
        ),
        staff=(
            StaffFigure(
                "annual_fte",
                "Årsarbetare",
                columns=amounts("fte", outcome="154,9", outcome_prev="161,4", forecast="247,5"),
            ),
            StaffFigure(
                "sick_leave_total",
                "Sjukfrånvaro totalt",
                columns=amounts("percent", outcome="4,6"),
                period_note="januari–juli",
            ),
        ),
        competence_gaps=(
            CompetenceGap(
                "Bibliotekarie",
                years_2=word("competence_gap", "Mer"),
                years_5=word("competence_gap", "Samma"),
                risk=word("risk", "Allvarlig"),
                probability=word("probability", "Medel"),
                gap_fte_short=Figure("0-4", None, "fte", 0, low=Decimal(0), high=Decimal(4)),
                comment=Text("Svårt att rekrytera till landsorten."),
            ),
        ),
        competence_positions=(
            CompetencePosition(
                "Scentekniker",
                "now",
                missing=Figure("Svårbedömt", unit="headcount", state="unknown"),
                change=word("competence_change", "Oförändrat"),
            ),
        ),
        funding=(
            Funding(
                "Ledarutveckling",
                period="2026",
                purpose="Stärkt ledarskap",
                requested=number("500000", "kr"),
                granted=number("450000", "kr"),
            ),
        ),
        activities=(
            Activity(
                "Traineeprogram",
                responsible="HR-enheten",
                phase="recruit",
                span=Due("2026-10-01", date(2026, 10, 1), date(2026, 10, 1)),
                status=word("activity_status", "Pågår"),
            ),
        ),
        deviations=(
            Deviation(
                Text("Bygget av scenen är försenat ett halvår."),
                area="Lokaler",
                consequence=Text("Höstens program flyttas."),
                measure_taken=Text("Tillfällig lokal är hyrd."),
            ),
        ),
        narratives=(Narrative(("Verksamhet", "Bibliotek"), Text("Besöken ökar igen.")),),
        nothing_to_report=(),
    )
