"""The steward's pages: what to mend, in which order, told once, and nothing of it as markup."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from desk.boards import Before, Copy
from desk.pages import fonts, render_check, render_findings
from expectations.contract import Place
from expectations.verdicts import NotChecked, Verdict
from tests.steward_desk import CITY, FINDING, NOW, pages, whole_desk
from warehouse.snapshot import SectionState, Snapshot


def test_the_worklist_shows_every_board_with_state_lateness_and_last_day():
    page = pages(FINDING)["index.html"]

    assert "Stoppat" in page
    assert "3 dagar sent" in page
    assert 'sista dag <span class="day">2026-09-18</span>' in page
    assert 'href="socialnamnden.html"' in page


def test_equal_findings_are_told_once_with_all_their_places():
    other = replace(FINDING, place=Place(sheet="Personal", cell="C9"))
    page = pages(FINDING, other)["socialnamnden.html"]

    assert page.count(FINDING.message) == 1
    assert "fliken Personal, cell C7" in page
    assert "fliken Personal, cell C9" in page


def test_what_stops_comes_first_and_tips_are_folded():
    question = replace(
        FINDING, severity="FRÅGA", rule="D-PARA", message="Beslutet saknar paragraf."
    )
    tip = replace(FINDING, severity="TIPS", rule="C-COPY", message="Texten är nästan samma.")
    page = pages(tip, question, FINDING)["socialnamnden.html"]

    order = [page.index(f.message) for f in (FINDING, question, tip)]
    assert order == sorted(order)
    assert page.index("<details>") < order[2]


def test_what_a_board_wrote_is_text_and_never_markup():
    page = pages(replace(FINDING, written="<script>alert(1)</script>"))["socialnamnden.html"]

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_an_unknown_sender_has_a_page_of_its_own():
    assert "Okänd avsändare" in pages(replace(FINDING, board=None))["okand-avsandare.html"]


def test_what_was_not_checked_is_said():
    skipped = (NotChecked("periods", "Inget jämfördes med förra omgången."),)

    assert skipped[0].reason in pages(FINDING, not_checked=skipped)["socialnamnden.html"]


@pytest.mark.parametrize("name", ["index.html", "socialnamnden.html"])
def test_the_pages_are_swedish_and_their_fonts_lie_beside_them(name):
    page = pages(FINDING)[name]

    assert '<html lang="sv">' in page
    assert all(font in page for font in fonts())


def test_a_letter_to_the_board_says_what_is_missing_and_what_to_mend():
    letter = pages(FINDING)["brev-socialnamnden.docx"]

    head, to = letter.splitlines()[:2]
    assert (head, to) == (
        "Delårsrapport augusti 2026: läget för er redovisning",
        "Till Socialnämnden",
    )
    assert "Kort sagt: en sak måste rättas." in letter
    point = "”ca 3” är inte ett tal.\nPlats: fliken Personal, cell C7.\nSkriv bara siffror."
    assert point in letter.split("Måste rättas")[1]
    assert "uppfoljning@lindhamn.example" in letter
    missing = pages(FINDING)["brev-kommunstyrelsen.docx"]
    assert "Saknas\nMål, sista dag 2026-09-18\n" in missing
    assert "Måste rättas" not in missing


def test_a_letter_to_a_board_without_faults_says_so():
    assert "utan fel" in pages()["brev-socialnamnden.docx"]


def test_the_worklist_says_what_has_come_in_since_the_report_before():
    arrived = SectionState(
        "socialnamnden", "2026-08", "staff", "merged", received_at=NOW, version=2
    )
    snapshot = Snapshot(
        city="lindhamn", round="2026-08", on=date(2026, 8, 31), as_of=NOW, periods=("2026-08",),
        documents=(), sections=(arrived,), rows=(), findings=(), head="0" * 64,
    )  # fmt: skip

    def page(since):
        before = Before(since) if since else None
        return render_findings(snapshot, [], CITY, title="x", before=before)["index.html"]

    assert "Nytt: personal" in page(NOW - timedelta(hours=1))
    assert "Nytt:" not in page(NOW)
    assert "Nytt:" not in page(None)


def rendered(*findings, **more):
    boards = {f.board for f in findings if f.board}
    verdicts = [
        Verdict("a" * 64, b, "2026-08", tuple(f for f in findings if f.board == b)) for b in boards
    ]
    verdicts.append(Verdict("", None, "2026-08", tuple(f for f in findings if f.is_citys)))
    snapshot = Snapshot(
        city="lindhamn", round="2026-08", on=date(2026, 8, 31), as_of=NOW, periods=("2026-08",),
        documents=(), sections=(), rows=(), findings=findings, head="0" * 64,
    )  # fmt: skip
    return whole_desk(snapshot, verdicts, title="Delårsrapport", **more)


CITYS = replace(
    FINDING,
    rule="E-INTERNAL",
    severity="FRÅGA",
    board=None,
    document="",
    document_name="",
    group="economy",
    message="Kommuninterna bidrag går inte jämnt ut.",
    place=None,
    written=None,
    boards=("kommunstyrelsen", "socialnamnden"),
)


def test_a_finding_of_the_citys_is_on_its_own_page_the_worklist_and_each_board_it_concerns():
    made = rendered(CITYS, FINDING)

    assert CITYS.message in made["staden.html"]
    assert 'href="kommunstyrelsen.html">Kommunstyrelsen</a>' in made["staden.html"]
    assert CITYS.message in made["index.html"]
    assert "Rör er och andra nämnder" in made["socialnamnden.html"]
    assert CITYS.message in made["brev-socialnamnden.docx"]
    assert "okand-avsandare.html" not in made


def test_boards_stand_under_what_to_do_first_and_the_headings_say_how_many():
    question = replace(FINDING, severity="FRÅGA", board="kommunstyrelsen")
    page = rendered(FINDING, question)["index.html"]

    assert '<h2 id="stoppat">Stoppat: 1</h2>' in page
    assert '<h2 id="fragor">Frågor att svara på: 1</h2>' in page
    assert page.index("socialnamnden.html") < page.index("kommunstyrelsen.html")
    assert '<a href="#stoppat">Stoppat</a> (1)' in page


def test_what_is_found_and_mended_since_the_report_before_is_counted():
    mended = replace(FINDING, rule="B-LIST", row_key="x")
    before = Before(NOW, (mended,))
    made = rendered(FINDING, before=before)

    assert "+1 påpekande" in made["index.html"]
    assert "−1 åtgärdat" in made["index.html"]
    assert '<span class="new">Nytt</span>' in made["socialnamnden.html"]
    assert (
        '<span class="new">'
        not in rendered(FINDING, before=Before(NOW, (FINDING,)))["socialnamnden.html"]
    )


def test_the_letter_about_another_boards_form_says_only_that():
    foreign = replace(
        FINDING,
        rule="A-BODY",
        group=None,
        place=None,
        message="Formuläret är utfärdat för Valnämnden men kom från Socialnämnden.",
        remedy="Använd ert eget formulär.",
    )
    copies = {"socialnamnden": [Copy("form.xlsx", reason="foreign")]}
    made = rendered(foreign, copies=copies)
    letter = made["brev-socialnamnden.docx"]

    assert "Vi kan inte använda den fil som ni har lämnat:" in letter
    assert "Er egen redovisning saknas alltså fortfarande." in letter
    assert "Så gör ni" not in letter
    assert "bifogas" not in letter
    assert "ingen markerad kopia av form.xlsx" in made["socialnamnden.html"]


@pytest.mark.parametrize("reason", ["threads", "unsafe", "foreign", "data", "other"])
def test_the_page_says_why_there_is_no_marked_copy(reason):
    page = rendered(FINDING, copies={"socialnamnden": [Copy("f.docx", reason=reason)]})

    assert "markerad kopia" in page["socialnamnden.html"]
    assert "f.docx" in page["socialnamnden.html"]


def test_a_document_without_cells_is_quoted_with_heading_page_and_line():
    found = replace(
        FINDING,
        place=Place(page=4, line=112),
        heading="Läget > Ekonomi",
        quote="… prognosen är ett överskott på 31,0 mnkr för helåret …",
    )
    verdict = Verdict("a" * 64, "socialnamnden", "2026-08", (found,))
    page = render_check(
        verdict, CITY, name="rapport.docx", copy=Copy("rapport.docx", reason="other")
    )

    assert "Plats: sidan 4, rad 112, under rubriken ”Läget &gt; Ekonomi”." in page
    assert (
        "<blockquote>… prognosen är ett överskott på 31,0 mnkr för helåret …</blockquote>" in page
    )


def test_quotes_are_quotes_in_letters_and_in_the_style_sheet():
    quoted = replace(FINDING, message='Skriv "12,5".')
    made = pages(quoted)

    assert '"12,5"' in made["brev-socialnamnden.docx"]
    assert 'font-family: "IBM Plex Sans"' in made["index.html"]
    assert "&#34;12,5&#34;" in made["socialnamnden.html"]
