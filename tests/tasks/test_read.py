"""Whatever the bytes are, reading ends in a Reading: with rows, or with the fault that explains."""

import dataclasses
import hashlib
import io
import json
import struct
import zipfile

import docx
import pikepdf
import pytest
from form_city import BOARD, CITY, ROUND, answers, unplaced
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.contract import Document, Reading
from expectations.contract_json import as_json
from expectations.form_layout import load_layouts, newest
from tasks.form import write_docx, write_pdf, write_workbook
from tasks.read import read_original
from tasks.readers.docx import docx_pages
from tasks.readers.file_checks import RefusedError, check_file
from tasks.readers.json_document import read_json
from tasks.readers.text import text_pages

LAYOUT = newest(load_layouts())
FORM = {"city": CITY, "board": BOARD, "round": ROUND, "filled": answers()}


@pytest.fixture(scope="module")
def workbook():
    return write_workbook(LAYOUT, **FORM)


@pytest.fixture(scope="module")
def word_file():
    return write_docx(LAYOUT, **FORM)


@pytest.fixture(scope="module")
def pdf():
    return write_pdf(LAYOUT, **FORM)


def repacked(data, extra=None, change=None):
    """The same package with parts added, or with every part changed by a function."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            content = change(entry.filename, content) if change else content
            new.writestr(entry.filename, content, zipfile.ZIP_DEFLATED)
        for name, content in (extra or {}).items():
            new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def only_fault(reading):
    assert reading.groups() == ()
    (fault,) = reading.faults
    assert fault.rule == "A-FILE"
    assert {"fel", "format", "orsak", "råd"} <= set(fault.values)
    return fault.values["fel"]


def why_refused(data, name):
    with pytest.raises(RefusedError) as refused:
        check_file(data, name)
    return refused.value.fault.values["fel"]


def outcome(act, *arguments):
    """What comes of an act: the type of its answer, or the rule of the fault it is refused by."""
    try:
        return type(act(*arguments)).__name__
    except RefusedError as refused:
        return refused.fault.rule


# --- the whole way, through the child process -----------------------------------------------


def test_a_workbook_is_read_and_its_bytes_are_named(workbook):
    reading = read_original(workbook, name="höst.xlsx", city=CITY)
    document = reading.document
    assert unplaced(reading).finance == answers().finance
    assert document.sha256 == hashlib.sha256(workbook).hexdigest()
    assert (document.name, document.size) == ("höst.xlsx", len(workbook))
    assert document.media_type.endswith("spreadsheetml.sheet")
    assert (document.sender, document.received_at) == (None, None)


@pytest.mark.parametrize("kind", ["word_file", "pdf"])
def test_word_and_pdf_of_our_form_are_read(kind, request):
    name = {"word_file": "svar.docx", "pdf": "svar.pdf"}[kind]
    reading = read_original(request.getfixturevalue(kind), name=name, city=CITY)
    assert reading.faults == ()
    assert unplaced(reading).assignments == answers().assignments


def test_json_is_read_as_it_was_printed():
    printed = json.dumps(as_json(answers()), ensure_ascii=False).encode()
    reading = read_original(printed, name="svar.json", city=CITY)
    assert dataclasses.replace(unplaced(reading), document=answers().document) == answers()
    assert reading.finance[1].columns["outcome"].place.pointer == "/finance/1/columns/outcome"


def test_a_file_without_a_city_is_read_without_codes(workbook):
    reading = read_original(workbook, name="a.xlsx", city=None)
    assert reading.goals[0].assessment.written == "God"
    assert reading.goals[0].assessment.code is None


def test_a_file_is_known_by_its_content_where_the_name_says_nothing(workbook):
    assert read_original(workbook, name="svar", city=CITY).document.board == "kulturnamnden"


def test_a_name_is_shown_on_one_line_and_not_too_long():
    reading = read_original(b"", name="a\nb\u202e" + "x" * 300 + ".xlsx", city=None)
    assert len(reading.document.name) == 200
    assert reading.document.name.isprintable()


OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;">]><z>&b;</z>'
)
FAR = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row>'
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)

FARTHER = FAR.replace(b"1048576", b"99999999999")


def in_sheet(content):
    return lambda name, old: content if name == "xl/worksheets/sheet2.xml" else old


@pytest.mark.parametrize(
    ("name", "make", "why"),
    [
        ("a.xlsx", lambda _: b"Intakter 12", "other_kind"),
        ("a.xlsx", lambda _: b"", "empty"),
        ("a.xlsx", lambda data: data[: len(data) // 2], "damaged"),
        ("a.xlsx", lambda data: repacked(data, change=in_sheet(BOMB)), "unsafe_xml"),
        ("a.xlsx", lambda data: repacked(data, change=in_sheet(FAR)), "spread"),
        ("a.xlsx", lambda data: repacked(data, change=in_sheet(FARTHER)), "spread"),
        ("a.xlsx", lambda data: repacked(data, change=in_sheet(b"<nonsense")), "damaged"),
        ("a.json", lambda _: b'{"document": {}, "document": {}}', "not_json"),
        ("a.json", lambda _: b"[" * 10_000 + b"]" * 10_000, "not_json"),
    ],
)
def test_a_bad_file_ends_in_one_fault_and_nothing_else(workbook, name, make, why):
    reading = read_original(make(workbook), name=name, city=CITY)
    assert only_fault(reading) == why
    assert reading.document.sha256


# --- the checks on raw bytes ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "external"),
        ("xl/connections.xml", "external"),
        ("xl/embeddings/oleObject1.bin", "embedded"),
        ("xl/media/inner.zip", "embedded"),
        ("../../etc/passwd", "packed"),
        ("/etc/passwd", "packed"),
        ("xl/worksheets/sheet1.xml", "packed"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_package_with_odd_parts_is_refused(workbook, part, why):
    assert why_refused(repacked(workbook, {part: b"x"}), "a.xlsx") == why


def test_a_zip_bomb_is_refused_by_its_ratio(workbook):
    assert (
        why_refused(repacked(workbook, {"xl/media/a.png": bytes(3_000_000)}), "a.xlsx") == "packed"
    )


def test_a_size_that_lies_is_found_while_unpacking(workbook):
    data = repacked(workbook, {"docProps/z.xml": b"<z>" + b"a" * 5000 + b"</z>"})
    lie = data.replace(struct.pack("<L", 5007), struct.pack("<L", 10))
    assert lie != data
    assert why_refused(lie, "a.xlsx") == "damaged"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_entities_that_hide_in_utf_16_are_refused(workbook, encoding):
    hidden = BOMB.decode().encode(encoding)
    assert why_refused(repacked(workbook, change=in_sheet(hidden)), "a.xlsx") == "unsafe_xml"


def test_an_entity_is_found_where_two_pieces_meet(workbook):
    padded = b"<z>" + b" " * (262_144 - 6) + b"<!ENTITY a 'b'></z>"
    assert why_refused(repacked(workbook, change=in_sheet(padded)), "a.xlsx") == "unsafe_xml"


def test_macros_are_told_by_the_content_type_too(workbook):
    def change(name, content):
        if name != "[Content_Types].xml":
            return content
        return content.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")

    assert why_refused(repacked(workbook, change=change), "a.xlsx") == "macros"


def package(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as inside:
        for name in names:
            inside.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (OLE2 + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "encrypted"),
        (OLE2 + b"\0" * 600, "a.xls", "old_format"),
        (b"{\\rtf1 hej}", "a.rtf", "unknown_kind"),
        (bytes(range(256)), "a.pdf", "unknown_kind"),
        (b"%PDF-1.7 nothing more", "a.pdf", "damaged"),
        (b"PK\x03\x04 and nothing more", "a.docx", "damaged"),
        (b" \n\n", "a.txt", "empty"),
        (b"<html>hej</html>", "a.html", "unknown_kind"),
        (package("mimetype", "content.xml"), "a.ods", "opendocument"),
        (package("Index/Document.iwa"), "a.numbers", "iwork"),
        (package("Index/Document.iwa"), "a.xlsx", "iwork"),
        (b"{" + b" " * 5_100_000, "a.json", "too_large"),
    ],
)
def test_other_files_are_refused_with_their_own_words(data, name, why):
    assert why_refused(data, name) == why


def test_a_workbook_called_docx_is_refused_and_both_kinds_are_named(workbook):
    with pytest.raises(RefusedError) as refused:
        check_file(workbook, "svar.docx")
    cause = refused.value.fault.values["orsak"]
    assert cause == "namnet säger Word-dokument men innehållet är Excel-arbetsbok"


def pdf_with(change):
    document = pikepdf.new()
    document.add_blank_page()
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_script(document):
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
    )


def with_launch(document):
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)
    document.pages[0].Annots = pikepdf.Array([link])


def with_attachment(document):
    document.attachments["a.txt"] = b"hej"


@pytest.mark.parametrize(
    ("change", "why"),
    [(with_script, "active"), (with_launch, "active"), (with_attachment, "embedded")],
)
def test_a_pdf_with_scripts_commands_or_attachments_is_refused(change, why):
    assert why_refused(pdf_with(change), "a.pdf") == why


@pytest.mark.parametrize("user", ["", "hemligt"])
def test_an_encrypted_pdf_is_refused(user):
    document = pikepdf.new()
    document.add_blank_page()
    out = io.BytesIO()
    document.save(out, encryption=pikepdf.Encryption(user=user, owner="ägare"))
    assert why_refused(out.getvalue(), "a.pdf") == "encrypted"


def test_a_scanned_pdf_says_that_it_has_no_text():
    reading = read_original(pdf_with(lambda _: None), name="a.pdf", city=None)
    assert only_fault(reading) == "no_text"


# --- JSON -----------------------------------------------------------------------------------


def json_with(**changes):
    tree = as_json(answers())
    tree.update(changes)
    return json.dumps(tree).encode()


def test_every_breach_of_the_schema_is_a_fault_with_its_path():
    tree = as_json(answers())
    tree["finance"][0]["columns"]["outcome"]["value"] = 78.5
    tree["finance"][1]["colour"] = "röd"
    del tree["goals"][1]["title"]
    tree["staff"] = "inga"
    reading = read_json(json.dumps(tree).encode())
    assert {(fault.rule, fault.section, fault.values["plats"]) for fault in reading.faults} == {
        ("A-SCHEMA", "finance", "finance[0].columns.outcome.value"),
        ("A-SCHEMA", "finance", "finance[1]"),
        ("A-SCHEMA", "goals", "goals[1].title"),
        ("A-SCHEMA", "staff", "staff"),
    }
    assert (len(reading.finance), len(reading.goals)) == (3, 1)
    assert reading.finance[1].place.in_words() == "platsen /finance/1"
    assert reading.finance[0].columns["outcome"].written == "78,5"


@pytest.mark.parametrize(
    "data",
    [
        b'{"document": {"size": NaN}}',
        b'{"document": {"size": 1234567890123456789}}',
        b'{"document": {"name": "a"',
        b'{"goals": []}',
        b"[]",
        b'{"document": "x"}',
    ],
)
def test_json_outside_the_limits_is_refused(data):
    with pytest.raises(RefusedError) as refused:
        read_json(data)
    assert refused.value.fault.values["fel"] == "not_json"


def test_json_in_another_encoding_is_refused():
    with pytest.raises(RefusedError) as refused:
        read_json('{"document": {"name": "å"}}'.encode("cp1252"))
    assert refused.value.fault.values["fel"] == "not_utf8"


def test_brackets_in_texts_are_not_counted_as_depth():
    assert read_json(json_with(nothing_to_report=["[" * 100])).nothing_to_report == ("[" * 100,)


trees = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([f.name for f in dataclasses.fields(Reading)]), trees))
def test_any_json_gives_a_reading_or_is_refused(tree):
    tree = {"document": as_json(Document())} | tree
    assert outcome(read_json, json.dumps(tree).encode()) in ("Reading", "A-FILE")


# --- text -----------------------------------------------------------------------------------


def test_lines_are_counted_by_newlines_and_pages_by_form_feeds():
    lines = text_pages("ett\r\ntvå\n\fTRE\nfyra\n".encode()).lines
    assert [(line.text.strip(), line.number, line.page) for line in lines] == [
        ("ett", 1, 1),
        ("två", 2, 1),
        ("TRE", 3, 2),
        ("fyra", 4, 2),
    ]


def test_a_text_without_form_feeds_has_no_pages():
    assert text_pages(b"a\nb").lines[1].page is None


def test_windows_text_is_read_and_said():
    pages = text_pages("Nämnden åker".encode("cp1252"))
    assert pages.lines[0].text == "Nämnden åker"
    assert pages.properties["encoding"] == "cp1252"


# --- fuzz: a short profile ------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_workbook_with_flipped_bytes_is_accepted_or_refused(workbook, data):
    broken = bytearray(workbook)
    for _ in range(data.draw(st.integers(1, 20))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at] = data.draw(st.integers(0, 255))
    assert outcome(check_file, bytes(broken), "a.xlsx") in ("str", "A-FILE")


def test_a_word_file_with_a_style_that_has_lost_its_name_is_said_to_be_damaged() -> None:
    whole, spoilt = io.BytesIO(), io.BytesIO()
    docx.Document().save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(spoilt, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/styles.xml":
                data = data.replace(b'<w:name w:val="heading 1"/>', b"<w:name/>")
            new.writestr(name, data)
    with pytest.raises(RefusedError):
        docx_pages(spoilt.getvalue())
