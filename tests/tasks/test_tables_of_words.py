"""Tables of words that lost their cells: rows are told by scales, numbers and order, or unread."""

from reading_texts import read


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


def verdicts(text: str) -> list[tuple[str, str | None]]:
    return [(g.title, g.assessment and g.assessment.written) for g in read(text).goals]


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


def test_a_position_alone_has_its_groups_name_and_one_without_comment_goes_on_below():
    rows = read(
        "Uppföljning av kompetensförsörjning 2025\n\n1 Kompetensförsörjning, nuläge\n"
        "Finns svårigheter idag?\nKurator  10-14  8  4  Oförändrat  Få söker\nsig hit.\n"
        "Chef  Områdeschef  2-4  1  0  Förbättrat\ngrundskola\n"
    ).competence_positions
    assert [(x.position, x.comment.text if x.comment else None) for x in rows] == [
        ("Kurator", "Få söker sig hit."),
        ("Områdeschef grundskola", None),
    ]


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


TOP = "Delårsrapport augusti 2025\nÄldrenämnden\n\n"


def test_a_row_that_a_page_has_cut_is_not_half_a_row():
    head = "Uppdrag Status Kommentar\n"
    rest = "kulturnämnden utreda\nett läslyft\n\nfebruari.\n\n"
    rest += "Nämnden ska minska hyrorna\n\nPågår Klart 2026.\n"
    found = read(f"{TOP}{head}Nämnden ska i samverkan med Genomfört Öppnade i\n\n\n\n{head}{rest}")

    assert [item.text for item in found.assignments] == ["Nämnden ska minska hyrorna"]
