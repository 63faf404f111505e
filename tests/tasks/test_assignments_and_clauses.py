"""Assignments and clauses of reports and memos: number, status, day, organ, and what is whole."""

from reading_texts import read, with_table


def test_a_memo_on_how_assignments_stand_is_their_report_and_who_decides_is_no_clause() -> None:
    rows = "".join(f"{n} Utreda plats {n}\nKF 2024-06-1{n}\nPågår\n\n" for n in range(1, 5))
    reading = read(
        "Tjänsteskrivelse\n2025-09-08\nDnr: KFN 2025/0062\n\nUppföljning av uppdrag, september"
        " 2025\n\nFörslag till beslut\n\nKultur- och fritidsnämnden beslutar att\n"
        "1. godkänna uppföljningen av uppdrag, samt\n2. överlämna den till kommunstyrelsen.\n\n"
        f"Uppdrag från fullmäktige\n\nUppdrag Beslut Status\n{rows}"
    )
    assert reading.document.kind == "assignment_report"
    assert [one.ordinal for one in reading.decisions] == ["1", "2"]
    assert {one.organ for one in reading.decisions} == {"kultur- och fritidsnämnden"}


def test_assignments_in_a_list_have_case_number_status_and_due() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\n5 Uppdrag från kommunfullmäktige\n\n"
        "1. Fritidsnämnden får i uppdrag att utreda en ny ridbana, KF 2025-03-24 § 41, "
        "KS 2025/00123\n\nStatus: Pågår\nUtredningen återrapporteras i mars 2026.\n\n"
        "2. Fritidsnämnden får i uppdrag att se över taxorna, FRI-2024-77\n\n"
        "Status: Genomfört\nTaxorna beslutades i juni.\n"
    )
    first, second = reading.assignments
    assert (first.case_number, second.case_number) == ("KS 2025/00123", "FRI-2024-77")
    assert first.decision is not None
    assert (first.decision.organ, first.decision.paragraph) == ("KF", "41")
    assert first.status is not None
    assert (first.status.written, first.status.code) == ("Pågår", "ongoing")
    assert second.status is not None
    assert second.status.code == "fulfilled"
    assert first.due is not None
    assert str(first.due.earliest) == "2026-03-01"
    assert second.due is None


def test_assignments_in_a_table_are_read_by_their_headings() -> None:
    reading = with_table(
        [
            ["Uppdrag", "Diarienummer", "Status", "Klart senast", "Kommentar"],
            ["Utreda en ny ridbana", "KS 2025/00123", "Pågår", "mars 2026", "Platsen är vald."],
            ["Se över taxorna", "", "Vilar", "", ""],
        ]
    )
    first, second = reading.assignments
    assert (first.text, first.case_number) == ("Utreda en ny ridbana", "KS 2025/00123")
    assert first.due is not None
    assert str(first.due.latest) == "2026-03-31"
    assert second.status is not None
    assert (second.status.written, second.status.code, second.case_number) == (
        "Vilar",
        None,
        None,
    )


def test_a_boards_own_decision_and_who_answers_are_no_part_of_the_assignment() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\nUppdrag\n\nText om uppdragen.\n\n"
        "Uppdrag Beslut Ansvarig Slutdatum Status\n\n"
        "Se över reglerna KFN 2025-01-27 §\n6\n\nKulturchefen 2025-11-30 Pågår med avvikelse\n\n"
        "Öppna ett bibliotek Mål och budget 2025 Kulturchefen 2025-12-31 Ej påbörjat\n"
    )
    assert [(a.text, a.status.written, str(a.due.latest)) for a in reading.assignments] == [
        ("Se över reglerna", "Pågår med avvikelse", "2025-11-30"),
        ("Öppna ett bibliotek", "Ej påbörjat", "2025-12-31"),
    ]
    first, second = (a.decision for a in reading.assignments)
    assert (first.organ, first.paragraph, second.budget_year) == ("KFN", "6", 2025)


def test_an_assignment_under_a_heading_of_its_own() -> None:
    reading = read(
        "Delårsrapport 2025-08-31\n\n4 Uppdrag från kommunfullmäktige\n\n"
        "4.1 Utreda en familjecentral, KS/2024:123\n"
        "Status: Pågår. Redovisas i december 2025.\n"
    )
    (item,) = reading.assignments
    assert (item.text, item.case_number) == ("Utreda en familjecentral", "KS/2024:123")
    assert item.status is not None
    assert (item.status.written, item.status.code) == ("Pågår", "ongoing")
    assert item.due is not None
    assert str(item.due.latest) == "2025-12-31"
    assert reading.document.meetings == ()


def test_clauses_without_numbers_have_the_organ_that_decides() -> None:
    reading = read(
        "Tjänsteskrivelse\nDelårsrapport augusti 2025\n\nFörslag till beslut\n\n"
        "Fritidsnämnden beslutar att\n\natt godkänna delårsrapporten.\n\n"
        "att överlämna den till kommunstyrelsen.\n\nSammanfattning\n\nText om året.\n"
    )
    assert [(c.organ, c.text, c.complete) for c in reading.decisions] == [
        ("fritidsnämnden", "att godkänna delårsrapporten.", True),
        ("fritidsnämnden", "att överlämna den till kommunstyrelsen.", True),
    ]


def test_clauses_without_numbers_begin_with_the_body_that_decides_whatever_its_verb() -> None:
    clauses = [
        "Kulturnämnden godkänner rapporten och överlämnar den till\nkommunstyrelsen.",
        "Kulturnämnden ansöker om budgetjustering om 2 mnkr.",
        "Kulturnämnden beslutar att justera paragrafen omedelbart.",
    ]
    listed = "\n".join(clauses)
    reading = read(f"Tjänsteutlåtande\n\nFörslag till beslut\n\n{listed}\n\nBakgrund\n\nText.\n")
    assert [c.text for c in reading.decisions] == [c.replace("\n", " ") for c in clauses]


def test_a_clause_that_breaks_off_is_not_complete() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\nFörslag till beslut\n\n"
        "1. Delårsrapporten godkänns.\n\n2. Uppdraget om ridbanan, KS 2025/00123, förklaras\n\n"
        "Ärendet\n\nHär står mer.\n"
    )
    assert [(c.ordinal, c.complete) for c in reading.decisions] == [("1", True), ("2", False)]
    assert reading.decisions[1].case_numbers == ("KS 2025/00123",)
