"""Deviations, efforts, plans and global goals of other cities: what is read and what is refused."""

from reading_texts import read


def test_a_sentence_that_there_are_no_deviations_is_none():
    head = "Delårsrapport augusti 2025\n\nVäsentliga avvikelser\n\n"
    assert read(f"{head}Nämnden har inga väsentliga avvikelser att rapportera.\n").deviations == ()
    assert len(read(f"{head}Bygget är försenat. Inga avvikelser i övrigt.\n").deviations) == 1


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
