"""The Word file beside the workbook: written for one board, filled in, saved by others, read."""

import copy
import dataclasses
import io
import shutil
import subprocess

import docx
import pytest
from docx.oxml.ns import qn
from form_city import BOARD, CITY, ROUND, answers, unplaced
from hypothesis import given, settings
from hypothesis import strategies as st
from word_file import changed, controls, filled, inside, unboxed, untagged, write

from expectations.contract import Document, Goal, Narrative, Reading, Text
from expectations.form_layout import load_layouts, newest
from expectations.register_files import city_folder, load_city
from expectations.registers import CityGoal, RegisterError
from tasks.form import write_workbook
from tasks.form_prose import ProseError, write_prose
from tasks.joining import joined
from tasks.prose_places import BOX
from tasks.readers.file_checks import RefusedError
from tasks.readers.opening import open_as
from tasks.readers.prose import read_prose
from tasks.readers.workbook import read_workbook

LAYOUTS = load_layouts()
LAYOUT = newest(LAYOUTS)
FOR_BOARD = {"city": CITY, "board": BOARD, "round": ROUND}
EMPTY = write_prose(LAYOUT, **FOR_BOARD)
WRITTEN = {
    "goals/M1/motive": "Fler barn har kommit.\nTvå nya scener är öppna.",
    "goals/+1/title": "Ett eget mål",
    "goals/+1/motive": "Det står nämnden för.",
    "assignments/U-1/narrative": "Planen är ute på remiss.",
    "deviations/+2/area": "Ekonomi",
    "deviations/+2/text": "Hyran ökar.",
    "narratives/+1/path": "Läget > I stort",
    "narratives/+1/text": "Det går bra.",
}
FULL = filled(EMPTY, WRITTEN)


def read(data, city=CITY):
    return read_prose(data, city, LAYOUTS)


def said(reading):
    """Return all prose of a reading, short enough to compare."""
    return (
        [(g.goal_id, g.title, g.motive.text) for g in reading.goals],
        [(a.assignment_id, a.narrative.text) for a in reading.assignments],
        [(d.area, d.text.text) for d in reading.deviations],
        [(n.path, n.text.text) for n in reading.narratives],
    )


EVERYTHING = (
    [
        ("M1", "Alla barn ska ha nära till kultur", WRITTEN["goals/M1/motive"]),
        (None, "Ett eget mål", "Det står nämnden för."),
    ],
    [("U-1", "Planen är ute på remiss.")],
    [("Ekonomi", "Hyran ökar.")],
    [(("Läget", "I stort"), "Det går bra.")],
)


# --- the empty file ------------------------------------------------------------------------------


def headings(data):
    paragraphs = docx.Document(io.BytesIO(data)).paragraphs
    return [p.text for p in paragraphs if p.style.name.startswith("Heading")]


def test_the_file_lists_the_boards_own_goals_and_open_assignments_under_numbered_headings():
    assert headings(EMPTY)[:5] == [
        "Mål",
        "Alla barn ska ha nära till kultur",
        "Eget mål 1",
        "Uppdrag",
        "Ta fram en plan för bibliotekens öppettider",
    ]
    style = docx.Document(io.BytesIO(EMPTY)).styles["Heading 2"].element
    assert style.xpath("w:pPr/w:numPr/w:ilvl/@w:val") == ["1"]


def test_the_citys_own_chapters_come_in_its_order_and_what_it_forgot_comes_last():
    chapters = ["Sammanfattning", "Styrning", "Styrning > Budgetmål = goals"]
    city = dataclasses.replace(CITY, settings=CITY.settings | {"form": {"chapters": chapters}})
    data = write_prose(LAYOUT, **(FOR_BOARD | {"city": city}))
    assert headings(data)[:3] == ["Sammanfattning", "Styrning", "Budgetmål"]
    assert "Uppdrag" in headings(data)
    reading = read(filled(data, {"narratives/k1/text": "Kort sagt."}), city)
    assert [(n.path, n.text.text) for n in reading.narratives] == [
        (("Sammanfattning",), "Kort sagt.")
    ]


def test_every_box_has_a_tag_a_title_and_help():
    boxes = controls(docx.Document(io.BytesIO(EMPTY)))
    box = boxes["samlad/goals/M1/motive"]
    assert inside(box, "w:sdtPr/w:alias/@w:val") == ["Motivering (Mål M1)"]
    assert "".join(inside(box, ".//w:t/text()")) == "Skriv här: Vad bygger bedömningen på?"
    numbers = [n for b in boxes.values() for n in inside(b, "w:sdtPr/w:id/@w:val")]
    assert len(set(numbers)) == len(boxes)
    assert all(len(tag) <= 64 for tag in boxes)


def test_a_place_to_write_is_seen_as_a_box_and_the_help_says_where_the_rest_is_filled_in():
    document = docx.Document(io.BytesIO(EMPTY))
    places = document.element.body.iter(qn("w:sdtContent"))
    styles = {p.style for content in places for p in content.iter(qn("w:p"))}
    assert {document.styles[BOX].style_id} == styles
    assert document.styles[BOX].element.find(f".//{qn('w:shd')}").get(qn("w:fill")) == "FFF9DB"
    assert any("bedömningen väljs i arbetsboken" in p.text for p in document.paragraphs)


def test_an_empty_file_says_nothing():
    reading = read(EMPTY)
    assert (reading.groups(), reading.unread, reading.faults) == ((), (), ())
    told = reading.document
    assert (told.board, told.round, told.form_part) == ("kulturnamnden", "2026-08", "prose")


def test_the_same_file_has_the_same_bytes():
    assert write_prose(LAYOUT, **FOR_BOARD) == EMPTY
    assert write_prose(LAYOUT, **FOR_BOARD, filled=answers()) == write_prose(
        LAYOUT, **FOR_BOARD, filled=answers()
    )


def test_an_id_that_no_box_can_be_called_by_is_said():
    long = CityGoal("M" * 60, "Ett mål")
    with pytest.raises(ProseError):
        write_prose(LAYOUT, **(FOR_BOARD | {"city": dataclasses.replace(CITY, goals=(long,))}))


# --- filled in, and saved by other programs ------------------------------------------------------


def test_what_is_written_in_the_boxes_comes_back_with_its_place():
    reading = read(FULL)
    assert said(reading) == EVERYTHING
    assert (reading.unread, reading.coverage) == ((), 1)
    assert reading.goals[0].motive.place.in_words() == (
        "Word-filen: Alla barn ska ha nära till kultur, Motivering"
    )


def test_answers_written_by_us_come_back():
    whole = answers()
    reading = unplaced(read(write_prose(LAYOUT, **FOR_BOARD, filled=whole)))
    assert [g.motive for g in reading.goals] == [g.motive for g in whole.goals if g.motive]
    assert reading.deviations == whole.deviations
    assert reading.narratives == whole.narratives


@pytest.mark.parametrize("program", [untagged, unboxed])
def test_without_tags_or_without_boxes_the_text_is_still_in_its_place(program):
    reading = read(changed(FULL, program))
    assert said(reading) == EVERYTHING
    assert reading.unread == ()


@pytest.mark.parametrize("program", [untagged, unboxed])
def test_an_empty_file_of_another_program_says_nothing(program):
    reading = read(changed(EMPTY, program))
    assert (reading.groups(), reading.unread) == ((), ())


def test_saved_by_libreoffice_the_text_is_still_in_its_place(tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) finns inte här")
    (tmp_path / "text.docx").write_bytes(FULL)
    subprocess.run(
        [
            *(office, f"-env:UserInstallation=file://{tmp_path}/lo", "--headless"),
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(tmp_path / "ut")),
            str(tmp_path / "text.docx"),
        ],
        check=True,
        capture_output=True,
    )
    reading = read((tmp_path / "ut" / "text.docx").read_bytes())
    assert said(reading) == EVERYTHING
    assert reading.unread == ()


def test_renumbered_and_renamed_headings_change_nothing():
    def change(document):
        for paragraph in document.paragraphs:
            if paragraph.style.name.startswith("Heading"):
                paragraph.text = f"7.3 {paragraph.text}, reviderat"

    assert said(read(changed(FULL, change))) == EVERYTHING


def test_text_that_grew_out_of_its_box_belongs_to_it():
    def change(document):
        box = controls(document)["samlad/assignments/U-1/narrative"]
        document.add_paragraph("Svaren väntas i oktober.")
        box.addnext(document.element.body.findall(qn("w:p"))[-1])

    (assignment,) = read(changed(FULL, change)).assignments
    assert assignment.narrative.text == "Planen är ute på remiss.\nSvaren väntas i oktober."


def test_a_copied_place_is_a_row_of_its_own():
    def change(document):
        boxes = controls(document)
        last = boxes["samlad/deviations/+3/measure_taken"]
        for name in ("measure_taken", "consequence", "text", "area"):
            box = boxes[f"samlad/deviations/+2/{name}"]
            outer = box if box.getparent().tag.endswith("body") else box.getparent()
            last.addnext(copy.deepcopy(outer))

    deviations = read(changed(FULL, change)).deviations
    assert [d.text.text for d in deviations] == ["Hyran ökar.", "Hyran ökar."]


def test_a_text_outside_every_box_is_handed_back_and_under_an_own_heading_it_is_told():
    def change(document):
        heading = next(p for p in document.paragraphs if p.text == "Eget mål 1")
        heading.insert_paragraph_before("Vi vill tillägga en sak.")
        document.paragraphs[-1].insert_paragraph_before("Bilaga", style="Heading 1")
        document.paragraphs[-1].insert_paragraph_before("Mer om läget.")

    reading = read(changed(FULL, change))
    assert ("Bilaga",) in [n.path for n in reading.narratives]
    assert reading.goals[0].motive.text == WRITTEN["goals/M1/motive"]
    assert "Vi vill tillägga en sak." in {
        *(item.text for item in reading.unread),
        *(g.desired_outcome.text for g in reading.goals if g.desired_outcome),
    }


def test_nothing_to_report_is_chosen_per_section():
    def change(document):
        write(controls(document)["samlad/assignments/*/state"], "Inget att rapportera")

    chosen = changed(EMPTY, change)
    assert read(chosen).nothing_to_report == ("assignments",)
    assert read(changed(chosen, untagged)).nothing_to_report == ("assignments",)


def test_a_picture_in_a_box_is_told_of():
    def change(document):
        drawing = docx.oxml.OxmlElement("w:drawing")
        box = controls(document)["samlad/goals/M1/motive"]
        next(box.iter(qn("w:r"))).append(drawing)

    (item,) = read(changed(FULL, change)).unread
    assert (item.text, item.place.heading) == (
        "(en bild)",
        "Word-filen: Alla barn ska ha nära till kultur, Motivering",
    )


def test_it_is_opened_as_our_form_and_another_document_is_not():
    assert open_as("docx", FULL, name="text.docx", city=CITY).document.form_part == "prose"
    other = docx.Document()
    other.add_paragraph("Tjänsteutlåtande")
    out = io.BytesIO()
    other.save(out)
    assert read(out.getvalue()) is None


letters = st.characters(
    min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cc", "Cs", "Cn"]
)
texts = st.text(letters, min_size=1, max_size=60).map(str.strip).filter(bool)


@settings(max_examples=15, deadline=None)
@given(texts, texts)
def test_any_text_comes_back_as_it_was_written(motive, comment):
    reading = Reading(
        Document(),
        goals=(Goal("Alla barn ska ha nära till kultur", goal_id="M1", motive=Text(motive)),),
        narratives=(Narrative(("Läget",), Text(comment)),),
    )
    back = read(write_prose(LAYOUT, **FOR_BOARD, filled=reading))
    assert (back.goals[0].motive.text, back.narratives[0].text.text) == (motive, comment)


# --- together with the workbook ------------------------------------------------------------------


def figures(whole):
    data = write_workbook(LAYOUT, **FOR_BOARD, filled=whole, prose_file="text.docx")
    return read_workbook(data, city=CITY, layouts=LAYOUTS)


def test_workbook_and_word_file_together_say_what_one_form_says():
    whole = answers()
    prose = read(write_prose(LAYOUT, **FOR_BOARD, filled=whole))
    one, other = joined(figures(whole), prose, LAYOUT)
    assert unplaced(one).goals == whole.goals
    assert unplaced(one).assignments == whole.assignments
    assert (other.goals, other.assignments) == ((), ())
    assert unplaced(other).deviations == whole.deviations
    assert one.document.form_part == "figures"


def test_a_row_that_only_the_word_file_has_follows_the_workbooks():
    one, other = joined(figures(Reading(Document())), read(FULL), LAYOUT)
    assert [g.title for g in one.goals] == ["Alla barn ska ha nära till kultur", "Ett eget mål"]
    assert other.groups() == ("other",)


def test_a_text_that_must_be_written_is_asked_for_in_the_word_file():
    whole = answers()
    one, _ = joined(figures(whole), read(EMPTY), LAYOUT)
    motive = one.goals[0].motive
    assert (motive.text, motive.place.in_words()) == (
        "",
        f"Word-filen: {whole.goals[0].title}, Motivering",
    )


def test_two_texts_for_the_same_place_are_asked_about_and_the_workbooks_stands():
    whole = read_workbook(
        write_workbook(LAYOUT, **FOR_BOARD, filled=answers()), city=CITY, layouts=LAYOUTS
    )
    theirs = read(filled(EMPTY, {"goals/M1/motive": "Något annat."}))
    one, other = joined(whole, theirs, LAYOUT)
    assert one.goals[0].motive == whole.goals[0].motive
    assert [(f.rule, f.written) for f in other.faults] == [("B-TWICE", "Något annat.")]


def test_saved_as_pdf_it_is_sent_back_with_the_way_out():
    mark = LAYOUT.mark.format(version="2026.1", round="2026-08", board="kulturnamnden", city="x")
    text = f"Text till uppföljningen\n{mark} · {LAYOUT.parts['prose']}\nMål\n"
    with pytest.raises(RefusedError) as refused:
        open_as("text", text.encode(), name="text.txt", city=CITY)
    assert "(.docx)" in refused.value.fault.values["råd"]


def test_the_chapters_of_every_city_name_sections_of_the_form():
    data = write_prose(
        LAYOUT,
        city=load_city("goteborg"),
        board=load_city("goteborg").board("kommunstyrelsen"),
        round=load_city("goteborg").round("2024-08"),
    )
    assert headings(data)[:3] == [
        "Sammanfattning",
        "Väsentlig styrinformation till kommunledningen",
        "Verksamhetens utveckling",
    ]


def test_a_chapter_that_no_section_answers_to_is_a_fault_in_the_register(tmp_path):
    folder = tmp_path / "goteborg"
    shutil.copytree(city_folder("goteborg"), folder)
    file = folder / "city.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("= goals", "= mål"), encoding="utf-8")
    with pytest.raises(RegisterError, match=r"form\.chapters"):
        load_city("goteborg", (folder,))
