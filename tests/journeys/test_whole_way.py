"""The whole way once: from an inbox to a report that can be followed back, on real documents."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pikepdf
import pypdfium2
import pytest

from expectations.register_files import load_city
from flows.cli import main
from flows.order import Order
from flows.publishing import internal
from flows.round import run_round
from flows.settings import settings_in
from flows.terminal import InProcess
from flows.updating import freeze
from warehouse.marks import printed_head
from warehouse.office_words import OfficeWords
from warehouse.runs import last_run
from warehouse.store import open_store
from warehouse.warehouse import open_warehouse

CITY = load_city("goteborg")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
GOTEBORG = "goteborg-kommunstyrelsen-delarsrapport-2024-08.txt"
COMPETENCE = "malmo-kommunstyrelsen-kompetensforsorjningsplan-2026.txt"


def run(folder, city, inbox, *, round_id=None, on=None, now=NOW):
    settings = replace(settings_in(folder), inbox=str(inbox), settle_seconds=0.0).for_city(city)
    order = Order(city, now, folder / "out", round_id, on)
    return run_round(order, settings, InProcess(quiet=True)), settings


@pytest.fixture(scope="module")
def goteborg(documents, tmp_path_factory):
    """The Göteborg interim report, alone in its board's folder, run for its round."""
    folder = tmp_path_factory.mktemp("goteborg")
    inbox = folder / "inbox" / "kommunstyrelsen"
    inbox.mkdir(parents=True)
    shutil.copy(documents / GOTEBORG, inbox)
    summary, settings = run(folder, "goteborg", inbox.parent, round_id="2024-08")
    return folder, summary, settings


def rows(folder):
    found = json.loads((folder / "out" / "data" / "rader.json").read_text(encoding="utf-8"))
    return Counter(row["section"] for row in found), found


def test_the_interim_report_goes_the_whole_way_with_all_that_it_holds(goteborg):
    folder, summary, _ = goteborg
    counts, found = rows(folder)

    wanted = {"finance": 5, "central_items": 5, "measures": 4, "goals": 7, "assignments": 13}
    assert {section: counts[section] for section in wanted} == wanted
    figures = [f for r in found if r["section"] == "finance" for f in r["row"]["columns"].values()]
    assert len(figures) == 40
    assert all(f["written"] and f["value"] and f["place"]["line"] for f in figures)
    assert summary.trial
    assert dict(summary.findings).get("STOPP") is None


def test_every_figure_stands_in_the_document_where_it_is_said_to_stand(goteborg, documents):
    lines = (documents / GOTEBORG).read_text(encoding="utf-8").split("\n")
    _, found = rows(goteborg[0])

    wrong = [
        figure
        for row in found
        if row["section"] in ("finance", "central_items", "measures", "staff")
        for figure in (row["row"].get("columns") or row["row"]).values()
        if isinstance(figure, dict) and figure.get("place") and "value" in figure
        for start, end in [figure["place"]["columns"]]
        if lines[figure["place"]["line"] - 1][start - 1 : end].strip() != figure["written"].strip()
    ]
    assert wrong == []


def test_the_report_says_who_has_not_handed_in_and_that_it_is_a_trial(goteborg):
    page = (goteborg[0] / "out" / "rapport.html").read_text(encoding="utf-8")

    assert "Kulturnämnden" in page
    assert "inte lämnat" in page
    assert "Provkörning" in page
    assert "Uppföljningsrapport för Göteborgs Stad" in page


def test_the_same_inbox_twice_changes_nothing(goteborg):
    folder, _, settings = goteborg
    before = (folder / "out" / "manifest.json").read_bytes()
    order = Order("goteborg", datetime(2026, 12, 24, tzinfo=UTC), folder / "out", "2024-08")

    again = run_round(order, settings, InProcess(quiet=True))

    assert again.new == 0
    assert again.outcome == "inget nytt sedan förra körningen"
    assert (folder / "out" / "manifest.json").read_bytes() == before


def test_a_report_that_somebody_has_changed_is_made_anew(goteborg):
    folder, _, settings = goteborg
    data = folder / "out" / "data" / "uppgifter.json"
    whole = data.read_bytes()
    data.write_bytes(b"[]")

    run_round(Order("goteborg", NOW, folder / "out", "2024-08"), settings, InProcess(quiet=True))

    assert data.read_bytes() == whole


def test_a_printed_figure_is_traced_to_line_and_hash(goteborg, capsys, monkeypatch):
    folder, _, settings = goteborg
    page = (folder / "out" / "rapport.html").read_text(encoding="utf-8")
    printed = re.findall(r'data-uppgift="(U-[0-9a-f]{10})"', page)
    monkeypatch.setenv("SAMLAD_WAREHOUSE", settings.warehouse)
    monkeypatch.setenv("SAMLAD_STORE", settings.store)
    data = folder / "out" / "data"
    sources = json.loads((data / "uppgifter.json").read_text(encoding="utf-8"))
    known = {source["figure_id"]: source for source in sources}
    figure = next(one for one in printed if known[one]["section"] == "finance")

    assert main(["trace", figure, "--city", "goteborg"]) == 0
    told = capsys.readouterr().out
    assert "rad " in told
    assert GOTEBORG in told
    assert "E-PREV: Inget jämfördes med förra året" in told.replace(", E-FPREV", "")
    with open_warehouse(settings.warehouse) as warehouse:
        words = [one for one in set(printed) if not warehouse.trace(one)]
    assert {known[one]["section"] for one in words} <= {"goals", "assignments"}


def test_every_number_of_the_report_has_a_source_or_says_how_it_was_computed(goteborg):
    text = (goteborg[0] / "out" / "data" / "rapport.json").read_text(encoding="utf-8")

    def cells(node):
        if isinstance(node, dict) and "is_number" in node:
            yield node
        for inner in (
            node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        ):
            yield from cells(inner)

    numbers = [c for c in cells(json.loads(text)) if c["is_number"] and re.search(r"\d", c["text"])]
    assert len(numbers) > 100
    assert [c["text"] for c in numbers if not c["figures"] and not c["how"]] == []
    assert [c["text"] for c in numbers if len(c["figures"]) > 1 and not c["how"]] == []


def test_the_competence_plan_is_reported_on_a_day_without_a_round(documents, tmp_path):
    inbox = tmp_path / "inbox" / "kommunstyrelsen"
    inbox.mkdir(parents=True)
    shutil.copy(documents / COMPETENCE, inbox)

    summary, _ = run(tmp_path, "malmo", inbox.parent, on=date(2026, 4, 1))
    counts, _ = rows(tmp_path)

    assert (counts["competence_gaps"], counts["funding"], counts["activities"]) == (12, 1, 6)
    assert summary.trial
    page = (tmp_path / "out" / "rapport.html").read_text(encoding="utf-8")
    assert "Beredskapssamordnare" in page
    assert "ärenden som gäller 2026-04-01" in page.casefold()


# --- the views ----------------------------------------------------------------------------------


class Outline(HTMLParser):
    """Ids, links, headings and tables of a page."""

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.headings, self.tables, self.captions = [], [], [], 0, 0
        self.language, self.scripts = None, 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" and "href" in given else []
        self.headings += [int(tag[1])] if re.fullmatch(r"h[1-6]", tag) else []
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.scripts += tag == "script"
        self.language = given.get("lang") if tag == "html" else self.language


@pytest.fixture(scope="module")
def outline(goteborg):
    parsed = Outline()
    parsed.feed((goteborg[0] / "out" / "rapport.html").read_text(encoding="utf-8"))
    return parsed


def test_the_page_is_in_order_for_those_who_cannot_see_it(outline):
    assert outline.language == "sv"
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    assert outline.tables == outline.captions > 5
    assert outline.scripts == 1  # our own, named by the policy; the page is whole without it


def test_every_id_is_unique_and_every_link_inside_the_page_leads_somewhere(outline):
    assert [one for one, n in Counter(outline.ids).items() if n > 1] == []
    targets = {link.removeprefix("#") for link in outline.links if link.startswith("#")}
    assert targets <= set(outline.ids)
    beside = {link for link in outline.links if not link.startswith("#")}
    assert beside == {"tillganglighet.html"}


@pytest.fixture(scope="module")
def pdf(goteborg):
    with pikepdf.open(goteborg[0] / "out" / "rapport.pdf") as opened:
        yield opened


def test_the_pdf_is_marked_for_archive_and_for_access(pdf):
    metadata = pdf.Root.Metadata.read_bytes().decode()

    assert re.search(r"pdfaid:part>2<|pdfaid:part=.2", metadata)
    assert re.search(r"pdfaid:conformance>A<|pdfaid:conformance=.A", metadata)
    assert re.search(r"pdfuaid:part>1<", metadata)
    assert "pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/<" in metadata
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "sv"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert "/StructTreeRoot" in pdf.Root
    assert "/OutputIntents" in pdf.Root
    assert "Uppföljningsrapport" in str(pdf.docinfo.Title)
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(pdf.Root.get("/Names", {}).keys())


def elements(node):
    if isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
    children = node.get("/K", []) if isinstance(node, pikepdf.Dictionary) else []
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield from elements(child)


def test_the_pdf_has_headers_on_cells_words_for_pictures_and_its_own_fonts(pdf):
    found = list(
        elements(
            pdf.Root.StructTreeRoot.K[0]
            if isinstance(pdf.Root.StructTreeRoot.K, pikepdf.Array)
            else pdf.Root.StructTreeRoot.K
        )
    )
    kinds = Counter(str(e.S) for e in found)

    assert kinds["/TH"] > 20
    assert kinds["/Table"] > 5
    assert all("/Alt" in e for e in found if str(e.S) == "/Figure")
    fonts = [
        font.DescendantFonts[0].FontDescriptor
        for page in pdf.pages
        for font in page.Resources.get("/Font", {}).values()
    ]
    assert fonts
    assert all("/FontFile2" in f or "/FontFile3" in f for f in fonts)


def test_the_contents_of_the_pdf_name_the_page_where_each_chapter_starts(goteborg):
    opened = pypdfium2.PdfDocument(goteborg[0] / "out" / "rapport.pdf")
    texts = [page.get_textpage().get_text_range() for page in opened]
    contents = next(text for text in texts if "Innehåll" in text and "....." in text)

    listed = re.findall(r"^(\d+ [A-ZÅÄÖ][^.\r\n]+?)\.{3,}\s*(\d+)", contents, re.MULTILINE)
    assert len(listed) > 8
    for title, page in listed:
        assert title.strip() in texts[int(page) - 1].replace("\r\n", "\n"), (title, page)


WORDS = "OfficeWords('foreword', 'Förord.', 'Anna Berg', NOW)"


def test_the_same_report_gives_the_same_bytes_in_another_process_and_time_zone(goteborg, tmp_path):
    folder, _, settings = goteborg
    order = f"Order('goteborg', NOW, Path({str(folder / 'out')!r}), '2024-08')"
    script = f"""
import sys; from dataclasses import replace; from datetime import UTC, datetime
from pathlib import Path
from expectations.register_files import load_city
from flows.publishing import internal, views
from flows.terminal import InProcess
from flows.order import Order
from flows.updating import freeze
from warehouse.marks import printed_head
from warehouse.office_words import OfficeWords
from warehouse.runs import last_run
from warehouse.statuses import Status
from warehouse.store import open_store
from warehouse.warehouse import open_warehouse
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
city, store, order = load_city('goteborg'), open_store({settings.store!r}), {order}
with open_warehouse({settings.warehouse!r}) as warehouse:
    snapshot = freeze(warehouse, city, order, ())
ran = last_run(store.journal(), 'goteborg', '2024-08', order.day)
snapshot = replace(snapshot, journal=printed_head(ran))
files = views(snapshot, city, store, Status(), InProcess(quiet=True))
inside = replace(snapshot, words=({WORDS},))
files |= internal(inside, city, 'Utkast')
for name, data in files.items():
    path = Path(sys.argv[1]) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
"""
    environment = {"PYTHONHASHSEED": "7", "TZ": "America/Lima", "PATH": "/usr/bin:/bin"}
    environment |= {"LC_ALL": "sv_SE.ISO-8859-1", "LANG": "sv_SE.ISO-8859-1"}
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], env=environment, check=True)
    made = {p.relative_to(tmp_path).as_posix(): p.read_bytes() for p in tmp_path.rglob("*.*")}
    own = {name: (folder / "out" / name) for name in made if not name.startswith("internt/")}

    assert {"rapport.html", "tillganglighet.html", "rapport.pdf", "word/rapport.docx"} <= set(own)
    assert {"data/tabeller.xlsx", "data/rapport.json", "internt/rapport.html"} <= set(made)
    assert [name for name, path in own.items() if path.read_bytes() != made[name]] == []
    with open_warehouse(settings.warehouse) as warehouse:
        order = Order("goteborg", NOW, folder / "out", "2024-08")
        snapshot = freeze(warehouse, CITY, order, ())
    ran = last_run(open_store(settings.store).journal(), "goteborg", "2024-08", order.day)
    words = (OfficeWords("foreword", "Förord.", "Anna Berg", NOW),)
    inside = replace(snapshot, journal=printed_head(ran), words=words)
    assert internal(inside, CITY, "Utkast")["internt/rapport.html"] == made["internt/rapport.html"]
