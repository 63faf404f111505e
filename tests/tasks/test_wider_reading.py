"""Goals, assignments, decisions and matters as cities nobody has seen write them.

The layouts are in examples/reading; here is what must be refused, and what must hold at the edges.
"""

from datetime import date

import pytest

from expectations.contract import Reading
from tasks.readers.case_numbers import case_numbers, without_cases
from tasks.readers.decision_references import decision_reference
from tasks.readers.pages import Line
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages
from tasks.readers.verdicts import verdict
from tasks.readers.wording import wording

WORDS = wording(None, date(2025, 8, 31))


def read(text: str) -> Reading:
    return read_pages(text_pages(text.encode()), city=None, name="handling.txt")


def said(text: str) -> str | None:
    found = verdict([Line(text, 1)], WORDS)
    return found.written if found else None


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("Målet bedöms inte bli uppfyllt under året.", "Målet bedöms inte bli uppfyllt"),
        ("Nämnden bedömer att målet är i huvudsak uppfyllt.", "målet är i huvudsak uppfyllt"),
        ("Sammantaget bedöms målet som delvis uppfyllt.", "målet som delvis uppfyllt"),
        ("Uppfylls helt", "Uppfylls helt"),
        ("Status: Enligt plan", "Enligt plan"),
        ("Målet är i liten utsträckning uppfyllt.", "Målet är i liten utsträckning uppfyllt"),
        ("Prognos för måluppfyllelse: Bedöms uppnås", "Bedöms uppnås"),
        ("För att målet ska uppnås krävs fler platser.", None),
        ("Om målet är uppfyllt vid årets slut avgörs av statistiken.", None),
        ("Delmålet är uppnått.", None),
        ("Målet är uppfyllt för barn men inte för vuxna.", None),
        ("I hela staden är målet uppfyllt.", None),
        ("Det är osäkert att målet nås.", None),
    ],
)
def test_a_verdict_is_a_sentence_on_the_goal_itself(sentence, written):
    assert said(sentence) == written


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


def test_a_row_that_can_be_split_in_two_ways_is_unread_with_its_reason():
    reading = read(
        "Delårsrapport augusti 2025\n\nNämndens mål Status Kommentar\n\n"
        "Hallen är öppen Grön Skylten visar Röd Den byts.\n\nParken är ren Gul Skräp ligger kvar.\n"
    )
    assert [(g.title, g.assessment.written) for g in reading.goals] == [("Parken är ren", "Gul")]
    assert [one.why for one in reading.unread] == [
        "Raden går inte entydigt att dela i tabellens kolumner."
    ]


def test_sentences_are_cells_only_where_every_row_has_one_for_each_column():
    head = "Delårsrapport augusti 2025\n\nOmråde Avvikelse Konsekvens Åtgärd\n\n"
    whole = "Bad Vattnet var otjänligt. Badet stängdes. Ett avlopp anläggs.\n\n"
    torn = "Park Träd föll. Vägar spärrades. En mur rasade. Trädvård köps in.\n\n"
    both = read(f"{head}{whole}{whole.replace('Bad ', 'Kaj ')}").deviations
    assert [(d.area, d.consequence.text) for d in both] == [
        ("Bad", "Badet stängdes."),
        ("Kaj", "Badet stängdes."),
    ]
    assert read(f"{head}{whole}{torn}").deviations == ()


def test_a_status_in_brackets_counts_only_where_it_is_a_known_one():
    reading = read(
        "Delårsrapport augusti 2025\n\nNämndens uppdrag\n\n"
        "- Utreda skolskjuts (slutfört)\n- Bygga ut gården (etapp två)\n"
    )
    assert [(a.text, a.status.code) for a in reading.assignments] == [
        ("Utreda skolskjuts", "fulfilled")
    ]


def test_a_global_goal_is_no_goal_of_the_city():
    reading = read(
        "Delårsrapport augusti 2025\n\nMål 4 God utbildning för alla\n\nStatus: Uppfyllt\n"
        "Sagostunder på sex språk.\n"
    )
    assert reading.goals == ()
    assert [link.sdg for link in reading.agenda2030] == [4]


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


def test_a_sentence_that_there_are_no_deviations_is_none():
    head = "Delårsrapport augusti 2025\n\nVäsentliga avvikelser\n\n"
    assert read(f"{head}Nämnden har inga väsentliga avvikelser att rapportera.\n").deviations == ()
    assert len(read(f"{head}Bygget är försenat. Inga avvikelser i övrigt.\n").deviations) == 1


# --- text as pdftotext gives it: no blank lines, titles over lines, columns pressed together ------


def verdicts(text: str) -> list[tuple[str, str | None]]:
    return [(g.title, g.assessment and g.assessment.written) for g in read(text).goals]


def test_the_line_above_a_verdict_is_its_goal_where_no_blank_line_parts_them():
    told = verdicts(
        "Årsredovisning 2024\n2 Måluppfyllelse\nBedömningen görs i fyra steg.\n"
        "Barn växer upp under trygga förhållanden\nBedömning: Målet är i huvudsak uppfyllt\n"
        "Öppenvården har byggts ut.\nFler försörjer sig själva\nBedömning: Målet är inte uppfyllt\n"
        "Konjunkturen har slagit hårt.\n"
    )
    assert told == [
        ("Barn växer upp under trygga förhållanden", "Målet är i huvudsak uppfyllt"),
        ("Fler försörjer sig själva", "Målet är inte uppfyllt"),
    ]


def test_a_goals_title_goes_on_over_its_lines_up_to_the_verdict():
    told = verdicts(
        "Tertialrapport 2 2025\n\nKF:s mål för verksamhetsområdet: 1.1. Barn ska få en\n"
        "likvärdig uppväxt\nUppfylls delvis\nAndelen lärare ligger under årsmålet.\n\n"
        "Nämndmål: Språket växer\nUppfylls helt\nLäsombud finns.\n"
    )
    assert told == [
        ("1.1. Barn ska få en likvärdig uppväxt", "Uppfylls delvis"),
        ("Språket växer", "Uppfylls helt"),
    ]


def test_columns_that_were_pressed_together_are_parted_at_the_words_of_a_scale():
    reading = read(
        "Delårsrapport augusti 2025\n\n"
        "  Uppdrag                        Uppdragsgivare      Status     Klart\n"
        "                                                                senast\n\n"
        "  Utreda fler mötesplatser       Kommunfullmäktige Pågår        2025-12-31\n"
        "  Införa digital tillsyn på      Kommunfullmäktige Avslutat     2025-06-30\n"
        "  samtliga boenden\n\n\nEkonomi\n\nText.\n"
    )
    assert [(a.text, a.status.written, str(a.due.latest)) for a in reading.assignments] == [
        ("Utreda fler mötesplatser", "Pågår", "2025-12-31"),
        ("Införa digital tillsyn på samtliga boenden", "Avslutat", "2025-06-30"),
    ]


def test_rows_that_are_counted_begin_with_their_number():
    reading = read(
        "Årsredovisning 2024\n5 Uppdrag\nNr Uppdrag Status Kommentar\n"
        "1 Utreda en social\ninvesteringsfond\nAvslutat Redovisat i\njuni.\n"
        "2 Minska antalet vräkningar Pågår Nio barn berördes.\n"
    )
    assert [(a.text, a.status.written) for a in reading.assignments] == [
        ("Utreda en social investeringsfond", "Avslutat"),
        ("Minska antalet vräkningar", "Pågår"),
    ]


def test_deviations_stand_under_short_lines_where_no_blank_line_parts_them():
    reading = read(
        "Delårsrapport augusti 2025\n2.1 Väsentliga avvikelser i verksamheten\n"
        "Placeringar\nAntalet placeringar på institution är fler än planerat i budgeten\n"
        "och priset har stigit.\nBistånd till boende\n"
        "Genomströmningen har stannat av under sommaren och hösten i hela staden.\n2.2 Mål\n"
    )
    assert [one.area for one in reading.deviations] == ["Placeringar", "Bistånd till boende"]


def test_the_day_of_a_report_is_not_its_round():
    top = "Tertialrapport\nDnr SKA 2025/412\n2025-09-11\n\nTertialrapport 2 2025\n"
    assert read(top).document.round == "2025-08"


# --- memos and verdicts as web pages and registries of other cities write them --------------------


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


@pytest.mark.parametrize("label", ["Bedömning", "Status", "Måluppfyllelse"])
@pytest.mark.parametrize("said", ["Målet bedöms inte kunna uppnås", "I linje med plan"])
def test_a_verdict_behind_its_label_is_read_whatever_the_word(label, said):
    told = verdicts(f"Delårsrapport 2025\n\nMål: Fler ska cykla\n{label}: {said}\nBanor finns.\n")
    assert told == [("Fler ska cykla", said)]
    assert verdicts(
        f"Delårsrapport 2025\n\nMål: Fler ska cykla\n{label}: Vi har 3 nya banor.\n"
    ) == [("Fler ska cykla", None)]


# --- other kinds of documents, of other cities ----------------------------------------------------


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


def test_a_cause_among_labelled_parts_is_told_and_is_no_deviation():
    reading = read(
        "Delårsrapport augusti 2025\n\n4 Väsentliga avvikelser\n\nAvvikelse: Färre elever.\n"
        "Orsak: En skola har öppnat.\nKonsekvens: Mindre pengar.\nÅtgärd: Klasser slås samman.\n"
    )
    (one,) = reading.deviations
    assert (one.text.text, one.consequence.text) == ("Färre elever.", "Mindre pengar.")
    assert [left.text for left in reading.unread] == ["En skola har öppnat."]


def test_an_effort_has_the_amount_of_its_own_form_and_the_sum_is_none():
    reading = read(
        "Ansökan om kompetensutvecklingsmedel 2026\n\nInsats 1: Handledarutbildning\n"
        "Målgrupp: Chefer\nAntal medarbetare: 9 personer\nKostnad: 95 000 kr\n\n"
        "Totalt sökt belopp: 95 tkr\n"
    )
    (effort,) = reading.efforts
    assert (str(effort.cost.value), str(effort.headcount.value)) == ("95000", "9")


def test_a_plan_has_goals_under_numbers_targets_and_assignments_of_two_sentences():
    reading = read(
        "Verksamhetsplan 2026 för miljönämnden\n\n"
        "2.1 Kommunfullmäktiges mål: Klimatneutral kommun\n\n"
        "Nämndens mål: Minska utsläppen\n"
        "Indikator: Andel fossilfri körning. Målvärde 2026: 80 %.\n\n"
        "3 Uppdrag\nMiljönämnden får i uppdrag att ta fram en våtmarksplan. "
        "Uppdraget ska redovisas senast 2026-10-31.\n"
    )
    assert [(g.level, g.title) for g in reading.goals] == [
        ("council", "Klimatneutral kommun"),
        ("board", "Minska utsläppen"),
    ]
    assert [str(one.target_year.value) for one in reading.indicators] == ["80"]


def test_global_goals_head_their_text_without_a_blank_line():
    reading = read(
        "Uppföljning av Agenda 2030 för 2025\n\nMål 3: God hälsa och välbefinnande\n"
        "Fritidsbanken lånar ut skidor.\n\nMål 5: Jämställdhet\nAndelen flickor är 47 procent.\n"
    )
    assert [one.sdg for one in reading.agenda2030] == [3, 5]


def test_a_plans_table_in_columns_is_read_over_its_lines():
    reading = read(
        "Kompetensförsörjningsplan 2026–2028\n\n"
        "Yrkesgrupp       Behov 2 år   Behov 5 år   Risk          Sannolikhet\n"
        "Undersköterska   Ökar         Ökar         Allvarlig     Hög\n"
        "Sjuksköterska    Oförändrat   Ökar         Mindre        Medel\n"
        "                                           allvarlig\n"
    )
    assert [(g.occupation, g.risk.written) for g in reading.competence_gaps] == [
        ("Undersköterska", "Allvarlig"),
        ("Sjuksköterska", "Mindre allvarlig"),
    ]


COLUMNS = (
    "Verksamhetsberättelse 2025\n\nMåluppföljning\n\n"
    "Fokusområde   Utvecklingsmål       Bedömning   Bedömning   Kommentar till\n"
    "                                   2024        2025        bedömning\n\n"
    "Klimat        Utsläppen från       Uppnås      Uppnås      Nio bilar är\n"
    "              transporter minskar  delvis                  utbytta.\n\n"
    "Klimat        Fler solceller       Uppnås      Uppnås      Två tak är\n"
    "                                   inte        delvis      klara.\n"
)


def test_of_two_years_verdicts_the_last_is_the_goals_in_a_table_without_rules():
    assert verdicts(COLUMNS) == [
        ("Utsläppen från transporter minskar", "Uppnås"),
        ("Fler solceller", "Uppnås delvis"),
    ]


def test_a_fallen_table_is_no_deviation():
    table = (
        "Verksamhet   Beskrivning av   Orsak          Beslutade\n"
        "             avvikelsen                      åtgärder\n"
        "Bygglov      Handläggningen är lång och tar fjorton veckor   Konsulter\n"
    )
    assert read(f"Delårsrapport 2025\n\nVäsentliga avvikelser\n\n{table}").deviations == ()


def test_a_position_may_stand_above_its_counts_with_words_that_the_cell_cut():
    (row,) = read(
        "Uppföljning av kompetensförsörjning 2025\n\n1 Kompetensförsörjning, nuläge\n"
        "Finns svårigheter idag?\nBehandlingspers\nonal\nBehandlingsassist\nent natt\n"
        "10-14 8 4 Oförändra\nt\nStor konkurrens från\nregion och stat.\n"
    ).competence_positions
    assert (row.group, row.position) == ("Behandlingspersonal", "Behandlingsassistent natt")
    assert (row.missing.low, row.vacant_or_hired.value, row.change.written) == (10, 8, "Oförändrat")
    assert row.comment.text == "Stor konkurrens från region och stat."


PRESSED = (
    "Delårsrapport augusti 2025 \nKulturnämnden i Västervik har fått uppdrag av \nfullmäktige.\n\n"
    "Uppdrag Beslut Status Klart \n\nsenast\nKommentar\n\n"
    "Utreda meröppet på \nfilialerna\n\nKF 2025-02-\n24 § 12\n\n"
    "Pågår 2025-12-31 Två filialer är \n\nklara.\n"
    "Se över avgifterna KF 2025-03-31 § 40 Klart 2025-06-30\n"
    "Pröva nya tider KS 2025-04-07 Försenat Väntar på \n\nbudget.\n"
)


def test_cells_that_came_one_after_another_out_of_a_pdf_are_rows():
    told = [
        (one.text, one.status.written, str(one.due.latest) if one.due else None)
        for one in read(PRESSED).assignments
    ]
    assert told == [
        ("Utreda meröppet på filialerna", "Pågår", "2025-12-31"),
        ("Se över avgifterna", "Klart", "2025-06-30"),
        ("Pröva nya tider", "Försenat", None),
    ]


def test_a_row_whose_cells_go_on_over_a_page_is_unread():
    reading = read(
        "Delårsrapport augusti 2025 \nVägar och parker har det \nbra.\n\n"
        "Område Avvikelse Konsekvens Åtgärd\n"
        "Vägar Halkan kom \n\ntidigt.\nMer sand på \nvägarna.\n\nNytt avtal från \nmaj.\n\n"
        "Parker Träden har Parken är stängd under Nya träd och\n\n"
        "Område Avvikelse Konsekvens Åtgärd\nfallit.\n\nvåren. bänkar.\n"
    )
    assert [(one.area, one.measure_taken.text) for one in reading.deviations] == [
        ("Vägar", "Nytt avtal från maj.")
    ]


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


def goals_in(text: str) -> list[tuple[str, str | None]]:
    return [(g.title, g.assessment and g.assessment.written) for g in read(f"{TOP}{text}").goals]


MIXED = """Nr Mål Indikator Utfall
2024

Mål
2025

Prognos

2.1 Fler är trygga hemma
i sin bostad

Andel trygga
brukare

84 % 86 % Uppfylls
delvis

2.2 Maten är god Andel nöjda 71 % 73 % Uppfylls
"""
BY_INDICATOR = """Mål Indikator 2024 Mål 2025 Uppfyllt
En trygg stad Antal lampor 21 30 Nej
En trygg stad Antal rundor 8 8 Ja
"""
STEP = "2 Uppföljning av mål\n\nVi reser hållbart\n\n● Pågår med avvikelse\n\nFler tar bussen.\n"
OPENING = "Måluppfyllelse\n\nFler får hjälp\n\nMålet är delvis uppfyllt. Väntan är kort.\n"
TRENDS = (
    "Prioriterade mål\n\n1. Staden växer\nTrenden är positiv\n\n2. Fler trivs\nTrenden är negativ\n"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (STEP, [("Vi reser hållbart", "Pågår med avvikelse")]),
        (OPENING, [("Fler får hjälp", "Målet är delvis uppfyllt")]),
        (TRENDS, [("Staden växer", "Trenden är positiv"), ("Fler trivs", "Trenden är negativ")]),
        (
            MIXED,
            [
                ("Fler är trygga hemma i sin bostad", "Uppfylls delvis"),
                ("Maten är god", "Uppfylls"),
            ],
        ),
        (BY_INDICATOR, [("En trygg stad", None)]),
    ],
)
def test_goals_have_the_verdict_that_stands_with_them(text, found):
    assert goals_in(text) == found


def test_a_row_that_a_page_has_cut_is_not_half_a_row():
    head = "Uppdrag Status Kommentar\n"
    rest = "kulturnämnden utreda\nett läslyft\n\nfebruari.\n\n"
    rest += "Nämnden ska minska hyrorna\n\nPågår Klart 2026.\n"
    found = read(f"{TOP}{head}Nämnden ska i samverkan med Genomfört Öppnade i\n\n\n\n{head}{rest}")

    assert [item.text for item in found.assignments] == ["Nämnden ska minska hyrorna"]


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


def test_a_sentence_on_the_scale_is_no_goal_though_a_line_ends_before_its_last_verdict():
    goals = read(
        "Skolnämnden\nVerksamhetsberättelse 2024\n\nMåluppfyllelse\nNämndens mål bedöms som "
        "uppnått, i hög grad uppnått, i viss grad uppnått eller ej\nuppnått.\n\n"
        "Trygga barn och elever\nBedömning: I hög grad uppnått\n\nFler vågar berätta.\n"
    ).goals
    assert [(g.title, g.assessment.written) for g in goals if g.assessment] == [
        ("Trygga barn och elever", "I hög grad uppnått")
    ]
