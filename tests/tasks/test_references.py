"""Case numbers and decisions as cities nobody has seen write them."""

from datetime import date

import pytest

from tasks.readers.case_numbers import case_numbers, without_cases
from tasks.readers.decision_references import decision_reference
from tasks.readers.wording import wording

WORDS = wording(None, date(2025, 8, 31))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sov 412/2025", ["Sov 412/2025"]),
        ("Dnr 1.2.1-345/2025", ["1.2.1-345/2025"]),
        ("ärende KS/2024:00231 och KSKF/2024:12", ["KS/2024:00231", "KSKF/2024:12"]),
        ("Diarienummer BMN 2025/0087-4", ["BMN 2025/0087-4"]),
        ("ärendenummer N162-0331/25, förklaras", ["N162-0331/25"]),
        ("Diarienr: 24ON77", ["24ON77"]),
        ("Dnr sbn/2025:00190", ["sbn/2025:00190"]),
        ("Dnr KFN23/14", ["KFN23/14"]),
        ("Ärendebeteckning: 00842-2023", ["00842-2023"]),
        ("Diarienummer BUN 2021.0031", ["BUN 2021.0031"]),
        ("Dnr 2025-04-14", []),
        ("KF 2024-06-17 § 98", []),
        ("KF § 112/2024 i maj, se sida 12/2024", []),
        ("Maj 12/2024 och Kap 3/2024", []),
    ],
)
def test_case_numbers_are_read_as_registries_print_them(text, found):
    assert case_numbers(text, WORDS) == found


def test_a_text_without_its_case_numbers_has_no_words_that_announce_them():
    assert without_cases("Utreda mottagningen (Dnr Ks 623/2024)") == "Utreda mottagningen"


@pytest.mark.parametrize(
    ("text", "organ", "day", "paragraph"),
    [
        ("KF 2024-06-17 § 98", "KF", date(2024, 6, 17), "98"),
        ("kommunfullmäktige den 17 juni 2024 (§ 98)", "KF", date(2024, 6, 17), "98"),
        ("KF § 112/2024", "KF", None, "112/2024"),
        ("KS § 41, 2025-03-05", "KS", date(2025, 3, 5), "41"),
        ("Kommunstyrelsens beslut 2025-03-05", "KS", date(2025, 3, 5), None),
        ("KF 2024-06-\n17 § 98", "KF", date(2024, 6, 17), "98"),
        ("2024-06-17", None, date(2024, 6, 17), None),
        ("SNH 2024-10-22 § 188", "SNH", date(2024, 10, 22), "188"),
    ],
)
def test_a_decision_is_read_in_the_forms_that_reports_have(text, organ, day, paragraph):
    found = decision_reference(text, WORDS)
    assert (found.organ, found.date, found.paragraph) == (organ, day, paragraph)
