"""What of a form in two files is merged: prose waits for its workbook and completes it."""

from datetime import UTC, datetime, timedelta

from expectations.contract import Deviation, Document, Goal, Reading, Text, Word
from expectations.verdicts import Verdict
from warehouse.merging import Handed, section_facts

NOW = datetime(2026, 9, 14, 8, tzinfo=UTC)
BOARD = "socialnamnden"


def handed(part, number, days=0, spoken=(), **sections):
    document = Document(sha256=number * 64, kind="form", form_part=part, template_version="2026.1")
    at = NOW + timedelta(days=days)
    return Handed(Reading(document, **sections), BOARD, "2026-08", at, f"K-{number}", spoken)


def facts(*documents, group="goals"):
    shas = [one.reading.document.sha256 for one in documents]
    verdicts = {sha: Verdict(sha, BOARD, "2026-08") for sha in shas}
    return section_facts(documents, verdicts, group)


PROSE = {
    "goals": (Goal("Målet", motive=Text("Fler kommer.")),),
    "deviations": (Deviation(Text("Hyran ökar.")),),
}
ASSESSED = (Goal("Målet", assessment=Word("God", "good"), motive=Text("Fler kommer.")),)


def test_prose_alone_waits_and_never_stands_for_goals_that_nobody_has_assessed():
    alone = handed("prose", "b", **PROSE)
    assert facts(alone) is None
    assert [f.section for f in facts(alone, group="other").facts] == ["deviations"]


def test_a_section_is_complete_when_the_later_of_the_two_files_came():
    figures = handed("figures", "a", goals=ASSESSED)
    late = handed("prose", "b", days=5, spoken=("goals",))
    assert facts(figures, late).received_at == NOW + timedelta(days=5)
    assert facts(figures, late).document == "a" * 64
    assert facts(figures, handed("prose", "b", days=5, spoken=("other",))).received_at == NOW
