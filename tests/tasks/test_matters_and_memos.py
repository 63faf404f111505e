"""Matters of a file, memos and their clauses as registries of other cities write them."""

import pytest
from reading_texts import read

FILE = (
    "Tjänsteskrivelse\nDiarienummer KUN 2025/0412\n\nFörslag till beslut\n"
    "1. Kulturnämnden godkänner delårsrapporten.\n"
    "\fDelårsrapport augusti 2025\n\n1 Mål\n\nText.\n\n2 Uppdrag\n\nText.\n\n3 Ekonomi\n\nText.\n"
    "\fBilaga 1\nUppföljning av kompetensförsörjning 2025\n\nKompetensförsörjning i nuläget\n\n"
    "Text.\n\fBilaga 2\nLägesrapport Agenda 2030\n\nMål 4 God utbildning för alla\n\nText.\n"
)


def test_every_matter_of_a_file_is_a_part_with_its_lines():
    parts = read(FILE).document.parts
    assert [(part.kind, part.lines) for part in parts] == [
        ("memo", (1, 5)),
        ("interim_report", (6, 18)),
        ("competence_followup", (19, 24)),
        ("agenda2030_status", (25, 30)),
    ]


def test_a_running_header_begins_no_matter():
    page = "\fDelårsrapport augusti 2025\n\n{} Kapitel\n\nText.\n"
    assert read("".join(page.format(n) for n in range(1, 5))).document.parts == ()


def test_a_report_that_quotes_another_kind_has_one_matter():
    text = "Årsrapport 2024\n\n1 Mål\n\nUppföljning av kompetensförsörjning sker i november.\n"
    assert read(text).document.parts == ()


def test_a_memo_that_reports_back_assignments_is_more_than_a_memo():
    memo = "Tjänsteskrivelse\nÅterrapportering av uppdrag\nDatum 2026-02-12\n\nÄrendet\nText.\n"
    given = "Kommunfullmäktige beslutade att uppdra åt kontoret:\n- att ta fram en prognos.\n"
    assert read(memo).document.kind == "memo"
    assert read(memo + given).document.kind == "assignment_report"


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("Dnr 25/BIN 0217\n\nVerksamhetsplan 2026", "board_plan - 25/BIN 0217"),
        ("Årsbokslut 2023\n\nDnr: 2024/112 042", "annual_report 2023-12 2024/112 042"),
        ("MBN 24/0012\n\nMånadsuppföljning maj 2024", "interim_report 2024-05 MBN 24/0012"),
        ("Dnr. 1.3.1-2-2024\n\nTertialbokslut april 2024", "interim_report 2024-04 1.3.1-2-2024"),
        ("Datum Diarienr\n2024-10-11 2024KS1\n\nDelår 2 2024", "interim_report 2024-08 2024KS1"),
        ("Beteckning\n2024/KS01\n\nNämndrapport mars 2024", "interim_report 2024-03 2024/KS01"),
        ("Servicenämnden\n\nRapport januari–april 2024", "interim_report 2024-04 -"),
        ("Delårsrapport 202408\n\nServicenämnden", "interim_report 2024-08 -"),
        ("Verksamhetsåret 2024\n\nÅrsrapport", "annual_report 2024-12 -"),
        ("Återrapportering av fullmäktiges uppdrag", "assignment_report - -"),
    ],
)
def test_a_head_says_kind_round_and_case_in_many_ways(head, told):
    found = read(f"{head}\n\nNämnden följer sin plan under året.\n").document
    assert f"{found.kind} {found.round or '-'} {found.case_number or '-'}" == told


def test_a_case_number_in_a_sentence_is_not_the_documents_own():
    clause = "Delårsrapport 2025\n\n2. Uppdraget om skog, ärendenummer 2022-01441, avslutas.\n"
    assert read(clause).document.case_number is None
    broken = clause.replace("skog, ", "skog,\n").replace("avslutas", "förklaras fullgjort")
    assert read(broken).document.case_number is None
    head = "Delårsrapport 2025\nNämnden   Dnr KS 2025/12\n"
    assert read(head).document.case_number == "KS 2025/12"


def clauses(text: str) -> list[tuple[str, str | None, str, bool]]:
    return [(c.ordinal, c.organ, c.text, c.complete) for c in read(text).decisions]


def test_one_organ_decides_and_proposes_to_another_in_the_infinitive():
    told = clauses(
        "Tjänsteskrivelse\nKS/2019:123\n\nFörvaltningens förslag till beslut för årsredovisning\n"
        "Kommunstyrelsen beslutar att godkänna årsredovisningen.\n\n"
        "Kommunstyrelsen beslutar föreslå kommunfullmäktige besluta att\n"
        "1. Fastslå årsredovisningen.\n2. Täcka underskottet ur reserven.\n\n"
        "Sammanfattning av ärendet\nText.\n"
    )
    assert told == [
        ("", None, "Kommunstyrelsen beslutar att godkänna årsredovisningen.", True),
        ("1", "kommunfullmäktige", "Fastslå årsredovisningen.", True),
        ("2", "kommunfullmäktige", "Täcka underskottet ur reserven.", True),
    ]


@pytest.mark.parametrize(
    "between",
    [
        "Postadress: Box 2 Telefon: 010-123 45 67\nOrg.nr 212000-1234 www.staden.se",
        "1 Avser januari till juni.\n\n2 Inklusive 3,4 mnkr i statsbidrag.",
    ],
)
def test_a_pages_foot_between_whole_clauses_is_of_none(between):
    told = clauses(
        "Tjänsteskrivelse\n\nFörslag till beslut\n1. Kulturnämnden godkänner rapporten.\n\n"
        f"{between}\n\n2. Kulturnämnden förklarar uppdraget fullgjort.\n\nBakgrund\nText.\n"
    )
    assert [(ordinal, text, whole) for ordinal, _, text, whole in told] == [
        ("1", "Kulturnämnden godkänner rapporten.", True),
        ("2", "Kulturnämnden förklarar uppdraget fullgjort.", True),
    ]


@pytest.mark.parametrize(
    "head", ["Beslutspunkter", "Förslag till nämndens beslut", "Nämnden föreslås besluta"]
)
def test_clauses_without_stops_are_whole_and_end_at_the_next_heading(head):
    told = clauses(
        f"Tjänsteskrivelse\n\n{head}\n1. att godkänna rapporten\n2. att lägga den till "
        "handlingarna\n\nÄrendet i korthet\nText.\n"
    )
    assert [(text, whole) for _, _, text, whole in told] == [
        ("att godkänna rapporten", True),
        ("att lägga den till handlingarna", True),
    ]


def test_the_last_item_of_a_list_is_no_heading():
    told = read("Delårsrapport 2025\n\n1. Rapport om sim\n2. Plan\n3. Budget\n\nText.\n").narratives
    assert [one.path for one in told] == []


def test_a_letterhead_says_that_a_document_is_a_memo_or_minutes():
    head = (
        "LUNDS KOMMUN            TJÄNSTESKRIVELSE        1 (2)\n"
        "                2025-09-10   SO 2025/0311\n"
    )
    memo = read(
        f"{head}\nDelårsrapport per augusti 2025\n\nFörslag till beslut\n\nText.\n"
    ).document
    assert (memo.kind, memo.case_number) == ("memo", "SO 2025/0311")
    top = "Helsingborgs stad          SAMMANTRÄDESPROTOKOLL\nKulturnämnden       2025-09-25\n"
    assert read(f"{top}\n§ 64\nDelårsrapport augusti 2025\n").document.kind == "minutes_extract"


def test_a_memo_in_front_of_a_report_is_part_of_it_but_a_memo_alone_stays_one():
    front = (
        "Tjänsteskrivelse\n\nTertialbokslut 2 2026 för parknämnden\n\nFörslag till beslut\n"
        "Nämnden fastställer tertialbokslutet.\n\n"
    )
    chapters = "".join(f"{n} {t}\n\nText.\n\n" for n, t in enumerate(("Mål", "Ekonomi", "Lag"), 1))
    whole = read(front + chapters).document
    assert (whole.kind, whole.round) == ("interim_report", "2026-08")
    assert read(front).document.kind == "memo"


TOP = "Delårsrapport augusti 2025\nÄldrenämnden\n\n"


@pytest.mark.parametrize(
    ("account", "words"),
    [
        ("Uppdraget återrapporteras i december 2025.", "i december 2025"),
        ("Planen redovisas för nämnden i december 2025.", None),
        ("Uppdraget redovisas i årsrapporten.", "i årsrapporten"),
    ],
)
def test_an_assignment_is_due_when_it_is_itself_to_be_reported(account, words):
    item = "1. Äldrenämnden får i uppdrag att utreda fler platser\n\n"
    found = read(f"{TOP}4 Uppdrag från fullmäktige\n\n{item}{account}\n").assignments[0]

    assert (found.due and found.due.written) == words
    assert found.due is None or (found.due.latest is None) == ("årsrapport" in found.due.written)


def test_what_stands_behind_clauses_without_numbers_and_decides_nothing_is_the_report() -> None:
    reading = read(
        "Delårsrapport augusti 2023\n\nFörslag till beslut\n"
        "Skolnämnden godkänner delårsrapporten.\n\n"
        "Skolnämnden begär att få disponera 3,5 miljoner kronor av eget kapital.\n\n"
        "Kort om perioden\nHöstterminen började den 17 augusti för 7 842 elever.\n\n"
        "Resultatet för perioden är plus 6,8 miljoner kronor.\n"
    )
    assert [row.text[:19] for row in reading.decisions] == [
        "Skolnämnden godkänn",
        "Skolnämnden begär a",
    ]
