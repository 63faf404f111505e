"""Labels of pressed tables: whole though a narrow cell broke them, and never the next row's."""

from tasks.readers.centred_labels import centred_rows
from tasks.readers.running import read_pages
from tasks.readers.streamed import stream_runs
from tasks.readers.text import text_pages

VOLUMES = """Idrottsnämnden
Delårsrapport augusti 2025
Volymutveckling
Mått Utfall
perioden
Prognos helår
Bokade timmar i hallar (antal samt procentuell
förändring)
18 450
(+1,7%)
29 100
(+1,5%)
"""


def test_the_name_of_a_key_figure_is_whole_though_its_brackets_end_on_the_next_line():
    [row] = read_pages(text_pages(VOLUMES.encode()), city=None, name="handling.txt").measures
    assert row.name == "Bokade timmar i hallar"
    assert {key: str(f.value) for key, f in row.columns.items()} == {
        "period": "18450",
        "period_change": "1.7",
        "year": "29100",
        "year_change": "1.5",
    }


CUT = """Socialnämnden
Delårsrapport augusti 2025
Resultat
Belopp i tkr Utfall Budget Avvikelse
Intäkter 48 210 46 900 1 310
Personalk
ostnader

-231 480 -227 650 -3 830

Vård i särskilt boende
för äldre med behov av
daglig tillsyn av
sjuksköterska
enligt beslut

-21 940 -22 100 160

Summa -337 810 -332 200 -5 610

Socialnämnden 2 (9)

kostnader
Nettokost
nad

-289 600 -285 300 -4 300
"""


def test_a_label_that_a_narrow_cell_broke_is_whole_and_its_end_below_the_values_is_not_the_next():
    said = read_pages(text_pages(CUT.encode()), city=None, name="handling.txt")
    assert {row.label: (row.line, str(row.columns["outcome"].value)) for row in said.finance} == {
        "Intäkter": ("income", "48210"),
        "Personalkostnader": ("staff_costs", "-231480"),
        "Vård i särskilt boende för äldre med behov av daglig tillsyn av sjuksköterska enligt "
        "beslut": ("other", "-21940"),
        "Summa kostnader": ("costs", "-337810"),
        "Nettokostnad": ("net_cost", "-289600"),
    }


CENTRED = """Kulturnämnden
Delårsrapport augusti 2025

5.4 Effektmått

Namn Utfall 2023 Utfall 2024 Utfall 2025
Friskvårdstimmar 4,4 % 5,3 % 6,2 %
Korttidssjukfrån
2,4 %      3,3 %      4,2 %
varo
Korttidssjukfrån
1,5 %      2,6 %      3,7 %
varo Kvinnor
Sjukfrånvaro,
andel av
21,1 %     22,2 %     23,3 %
sjukfrånvaro 60
dagar eller mer
"""


def test_values_in_the_middle_of_a_label_are_those_of_the_whole_label():
    rows = read_pages(text_pages(CENTRED.encode()), city=None, name="handling.txt").indicators
    assert [row.name for row in rows] == [
        "Friskvårdstimmar",
        "Korttidssjukfrånvaro",
        "Korttidssjukfrånvaro Kvinnor",
        "Sjukfrånvaro, andel av sjukfrånvaro 60 dagar eller mer",
    ]


def test_lines_that_cannot_be_dealt_out_evenly_name_no_row_by_half_of_its_label():
    uneven = CENTRED.replace("varo Kvinnor\n", "varo\nKvinnor\n")
    lines = text_pages(uneven.encode()).lines
    assert centred_rows(lines) == {}


PARTS = """Kulturnämnden
Delårsrapport augusti 2025

5.4 Effektmått

Namn Utfall 2023 Utfall 2024 Utfall 2025

Korttidssjukfrånvaro 2,4 % 3,3 % 4,2 %

Korttidssjukfrånvaro
Kvinnor

1,5 % 2,6 % 3,7 %

Långtidssjukfrånvaro
Kvinnor

1,2 % 2,3 % 3,4 %
"""


def test_a_part_of_the_staff_alone_is_no_label_where_the_line_above_begins_it():
    [(_, rows)] = stream_runs(text_pages(PARTS.encode()).lines, lambda _: False)
    names = [row.label for row in rows]
    assert names[-2:] == ["Korttidssjukfrånvaro Kvinnor", "Långtidssjukfrånvaro Kvinnor"]
