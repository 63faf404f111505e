"""The report in a real browser: no axe violations, sources by keyboard, search, filter."""

import re
from dataclasses import replace

import pytest

from tasks.render import render_html
from tasks.report.blocks import (
    Cell,
    Chart,
    Check,
    Facts,
    Listing,
    Paragraph,
    Report,
    Section,
    Source,
    Table,
)
from tasks.report.numbering import numbered

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 20" width="200" height="20">'
    '<rect x="0" y="0" width="90" height="14" fill="#14517c"/></svg>'
)
SCHOOL, CULTURE = "Grundskolenämnden", "Kulturnämnden"


def a_report():
    def figure(text, *ids, how=""):
        return Cell(text, is_number=True, figures=ids, how=how)

    money = Table(
        "t-resultat",
        "Nämndernas resultat",
        ("Nämnd", "Utfall"),
        (
            (Cell(SCHOOL), figure("−4,8", "U-0000000001")),
            (Cell(CULTURE), figure("1,2", "U-0000000002")),
            (
                Cell("Summa"),
                figure("−3,6", "U-0000000001", "U-0000000002", how="Summan av uppgifterna."),
            ),
        ),
        note="I mnkr.",
        numbers=(1,),
    )
    words = Table("t-ord", "Ordlista", ("Ord", "Betydelse"), ((Cell("gap"), Cell("skillnad")),))
    front = Section(
        "oversikt",
        "Läget på en sida",
        (Facts(((Cell("23"), "av 24 har lämnat"),)), Chart("d", "Avvikelser", "A först.", SVG)),
        (
            Section(
                "x", "Att besluta", (Paragraph("Prognosen är svag.", figures=("U-0000000001",)),)
            ),
        ),
    )
    boards = Section(
        "namnder",
        "Nämnd för nämnd",
        (),
        tuple(
            Section(f"n{i}", name, (Listing((f"{name} har lämnat.",)),))
            for i, name in enumerate((SCHOOL, CULTURE))
        ),
        is_annex=True,
    )
    sources = tuple(
        Source(
            f"U-000000000{i}",
            name,
            "a.xlsx",
            str(i) * 64,
            "cell B2",
            w,
            1,
            "finance",
            "2026",
            check="K-1",
        )
        for i, (name, w) in enumerate(((SCHOOL, "-4,8"), (CULTURE, "1,2")), start=1)
    )
    return Report(
        title="Uppföljningsrapport för Lindhamns stad",
        kind="Uppföljningsrapport",
        city="Lindhamns stad",
        office="stadskontoret",
        subject="delårsrapport augusti 2026",
        status="Utkast",
        is_trial=True,
        made_on="2026-09-28",
        edition="0" * 12,
        head="0" * 64,
        sections=numbered((front, Section("ekonomi", "Ekonomi", (money, words)), boards)),
        sources=sources,
        checks=(
            Check(
                "K-1",
                on_value=("E-SUM",),
                asked_here=("E-SIGN",),
                not_tried=(("Förra omgången finns inte i lagret.", ("E-PREV",)),),
            ),
        ),
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "rapport.html"
    path.write_text(render_html(a_report()), encoding="utf-8")
    return path


def shown(page, selector):
    return page.run(
        f"[...document.querySelectorAll({selector!r})].filter(e => e.checkVisibility())"
        ".map(e => [...(e.cells || [e])].map(c => c.textContent).join(' '))"
        ".map(text => text.replace(/\\s+/g, ' ').trim())"
    )


def press(page, key, code):
    for kind in ("keyDown", "keyUp"):
        more = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
        page.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **more)


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_to_say(page, address, width):
    page.open(address, width=width)
    told = page.axe()

    assert told["violations"] == []
    assert {rule for rule, *_ in told["incomplete"]} <= {"color-contrast"}
    assert told["passes"] > 30


def test_axe_finds_nothing_in_the_open_source_box(page, address):
    page.open(address)
    page.run("document.querySelector('#t-resultat a.figure').click()")
    told = page.axe()

    assert told["violations"] == []


def test_a_figure_opens_its_source_by_keyboard_and_gives_focus_back(page, address):
    page.open(address)
    page.run("document.querySelector('#t-resultat a.figure').focus()")
    press(page, "Enter", 13)

    assert page.run("document.querySelector('#kalla').open")
    told = shown(page, "#kalla-text dd")
    assert told[:5] == ["U-0000000001", SCHOOL, "-4,8", "a.xlsx", "cell B2"]
    assert shown(page, "#kalla-text li") == [
        "Prövat på uppgiften, utan påpekande: E-SUM",
        "Påpekat om uppgiften eller raden: E-SIGN",
        "Inte prövat: Förra omgången finns inte i lagret. (E-PREV)",
    ]
    press(page, "Escape", 27)
    assert not page.run("document.querySelector('#kalla').open")
    assert page.run("document.activeElement.className") == "figure"


def test_a_computed_figure_says_how_and_of_what(page, address):
    page.open(address)
    page.run("[...document.querySelectorAll('#t-resultat a.figure')].at(-1).click()")

    told = shown(page, "#kalla-text dd")
    assert re.fullmatch(r"R-[0-9a-f]{10}", told[0])
    assert "Summan av uppgifterna." in told
    assert shown(page, "#kalla-text h3") == ["Räknat av 2 uppgifter"]
    assert {"U-0000000001", "U-0000000002", "-4,8", "1,2"} <= set(told)


def test_search_keeps_what_holds_the_words_and_counts_it(page, address):
    page.open(address)
    page.run(
        "const f = document.querySelector('#sok'); f.value = 'SKILLNAD';"
        "f.dispatchEvent(new Event('input')); new Promise(r => setTimeout(r, 400))"
    )

    assert shown(page, "main tbody tr") == ["gap skillnad"]
    assert shown(page, "#traffar") == ["Träffar: 1"]
    page.run("document.querySelector('#visaallt').click()")
    assert len(shown(page, "main tbody tr")) > 5


def test_a_chosen_board_leaves_its_own_rows_and_what_is_about_no_board(page, address):
    page.open(address)
    page.run(
        f"const v = document.querySelector('#namndval'); v.value = '{CULTURE}';"
        "v.dispatchEvent(new Event('change'))"
    )

    assert shown(page, "#t-resultat tbody tr") == [f"{CULTURE} 1,2"]
    assert shown(page, "#t-ord tbody tr") == ["gap skillnad"]
    assert shown(page, "#namnder h3") == [CULTURE]


def test_without_script_the_page_is_complete_and_a_figure_leads_to_its_row(page, address):
    page.open(address, script=False)

    assert shown(page, "#verktyg") == []
    assert len(shown(page, "main tbody tr")) == 8
    page.run("document.querySelector('#t-resultat a.figure').click()")
    assert page.run("document.querySelector(':target').cells[1].textContent") == SCHOOL


def test_the_page_asks_for_nothing_from_outside(page, address):
    page.open(address)

    asked = "performance.getEntriesByType('resource').map(e => e.name.slice(0, 5))"
    assert set(page.run(asked)) <= {"data:"}
    assert page.run("document.fonts.check('16px \"IBM Plex Sans\"')")


def test_no_foreign_script_runs(page, tmp_path):
    evil = "<img src=http://127.0.0.1:9/x onerror=document.title='ond'>"
    text = render_html(replace(a_report(), subject=evil))
    # As if somebody had got markup past the escaping: the policy stops it all the same.
    path = tmp_path / "x.html"
    path.write_text(text.replace("</main>", f"{evil}<script>document.title='ond'</script></main>"))
    page.open(path)
    page.run("new Promise(r => setTimeout(r, 200))")

    assert page.run("document.title") != "ond"
    assert page.run("[...document.images].every(i => !i.naturalWidth)")
    assert page.run("!document.querySelector('#verktyg').hidden")
