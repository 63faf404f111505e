"""The ledger file: what SIE 4 says is read as it stands, and every breach is told at its line."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.lindhamn.content import open_model
from examples.lindhamn.ledger import ledger
from expectations.register_files import load_city
from tasks.readers.sie import is_sie, read_sie

HEAD = """#FLAGGA 0
#FORMAT PC8
#SIETYP 4
#FNAMN "Lindhamns stad \\"redovisning\\""
#RAR 0 20260101 20261231
#RAR -1 20250101 20251231
#KONTO 1930 "Checkkonto"
#KONTO 3010 "Avgifter"
#DIM 1 "Ansvar"
#OBJEKT 1 "210" "Socialnämnden"
"""
VOUCHER = """#VER "A" 1 20260131 "Räkning"
{
#TRANS 3010 {1 "210"} -100.50
#TRANS 1930 {} 100.50
}
"""


def file(text):
    return read_sie(text.encode("cp437"))


def faults(text):
    return [(fault.line, fault.fault) for fault in file(text).faults]


def test_a_file_of_the_format_is_read_without_a_fault():
    found = file(HEAD + VOUCHER)
    assert found.faults == []
    assert found.company == 'Lindhamns stad "redovisning"'
    assert found.objects["1", "210"] == "Socialnämnden"
    first, second = found.of("trans")
    assert (first.account, first.objects, first.value, first.line) == (
        "3010",
        (("1", "210"),),
        Decimal("-100.50"),
        13,
    )
    assert second.objects == ()
    assert found.reaches.isoformat() == "2026-01-31"


def test_swedish_letters_are_those_of_code_page_437():
    assert b"Socialn\x84mnden" in (HEAD + VOUCHER).encode("cp437")
    assert file(HEAD + VOUCHER).objects["1", "210"] == "Socialnämnden"


def test_labels_that_we_do_not_know_are_skipped_and_counted():
    found = file(HEAD + '#NYTT 1 "x"\n#SRU 3010 7410\n' + VOUCHER)
    assert found.faults == []
    assert found.skipped == {"#NYTT": 1, "#SRU": 1}


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (VOUCHER, 1, "Filen börjar inte med #FLAGGA."),
        (HEAD.replace("PC8", "UTF8"), 2, "Teckenkoden är UTF8, den ska vara PC8."),
        (HEAD.replace("SIETYP 4", "SIETYP 2"), 3, "Filen är SIE typ 2."),
        (HEAD + VOUCHER.replace("-100.50", "-100,50"), 13, "”-100,50” är inget belopp."),
        (HEAD + VOUCHER.replace("20260131", "20260231"), 11, "”20260231” är inget datum."),
        (HEAD + VOUCHER.replace('"210"', '"999"'), 13, "Objektet 999 i dimension 1 finns inte"),
        (HEAD + VOUCHER.replace("3010 {", "4010 {"), 13, "Kontot 4010 finns inte bland #KONTO."),
        (HEAD + VOUCHER.replace("{} 100.50", "{} 100.00"), 11, "balanserar inte: -0.50 kr"),
        (HEAD + VOUCHER.replace("\n}\n", "\n"), 11, "Verifikationen är inte stängd med }."),
        (HEAD + VOUCHER.replace('"Räkning"', '"Räkning'), 11, "Ett citattecken är inte stängt."),
        (HEAD + VOUCHER + "#RES 0 3010 -99.00\n", 16, "#RES för konto 3010 är -99.00"),
        (HEAD + VOUCHER + "#PSALDO 0 202601 3010 {} -1.00\n", 16, "#PSALDO för konto 3010 är"),
        (HEAD + "#PBUDGET 0 202701 3010 {} 1.00\n", 11, "Perioden 202701 ligger utanför"),
        (HEAD + "#TRANS 3010 {} 1.00\n", 11, "#TRANS står utanför en verifikation."),
        (HEAD + "#RES 0\n", 11, "Posten #RES har för få fält."),
        (HEAD + '#OBJEKT 1 "1" "x" {1}\n', 11, "en dimension utan objekt"),
    ],
)
def test_a_breach_of_the_format_is_told_at_its_line(text, line, told):
    assert any(at == line and told in fault for at, fault in faults(text)), faults(text)


def test_a_file_that_is_cut_off_is_never_taken_for_whole():
    data = ledger(open_model(load_city("lindhamn")), load_city("lindhamn").round("2026-08"))
    assert read_sie(data).faults == []
    for cut in (40, len(data) // 4, len(data) // 2, len(data) * 9 // 10):
        assert read_sie(data[: len(data) - cut]).faults, cut


def test_only_the_first_faults_are_told():
    assert len(faults(HEAD + "utan etikett\n" * 500)) == 20


def test_what_begins_as_a_ledger_is_one():
    assert is_sie(b"\xef\xbb\xbf#FLAGGA 0")
    assert not is_sie(b"board;metric;period;value")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_told_never_an_error(data):
    assert read_sie(data).faults or read_sie(data).accounts


@given(
    st.lists(st.decimals(-(10**9), 10**9, places=2).filter(bool), min_size=1, max_size=20),
)
def test_amounts_come_back_as_they_were_written(amounts):
    rows = "".join(f'#TRANS 3010 {{1 "210"}} {amount}\n' for amount in amounts)
    total = -sum(amounts)
    text = f'{HEAD}#VER "A" 1 20260131\n{{\n{rows}#TRANS 1930 {{}} {total}\n}}\n'
    found = file(text)
    assert found.faults == []
    assert [one.value for one in found.of("trans")] == [*amounts, total]
