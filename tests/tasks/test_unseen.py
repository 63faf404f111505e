"""A personal number is told of wherever it stands in a file, and repeated by no finding."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.comments import Comment

from expectations.judging import judge
from expectations.register_files import load_city
from expectations.verdicts import History
from flows.cli import main
from tasks.read import read_original
from tasks.receive import shown

CITY = load_city("lindhamn")
ROUND = CITY.round("2026-08")
NUMBER = "701063-2391"
FORM = Path(__file__).parents[2] / "examples/inbox/2026-08/servicenamnden/delarsrapport-2026.xlsx"


def workbook(edit):
    book = openpyxl.load_workbook(FORM)
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def in_cell(book):
    book["Mål"]["H5"] = f"Om {NUMBER}."


def in_comment(book):
    book["Mål"]["H5"].comment = Comment(f"se {NUMBER}", "x")


def on_hidden_sheet(book):
    sheet = book.create_sheet("Extra")
    sheet["A1"], sheet.sheet_state = NUMBER, "hidden"


def in_properties(book):
    book.properties.title = NUMBER


def word(edit):
    document = docx.Document()
    document.add_heading("Delårsrapport augusti 2026")
    document.add_paragraph("Servicenämnden i Lindhamns stad redovisar till och med 2026-08-31.")
    edit(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def in_header(document):
    document.sections[0].header.paragraphs[0].text = f"Ärende {NUMBER}"


def in_two_runs(document):
    paragraph = document.add_paragraph("Om 701063")
    paragraph.add_run("-2391.")


def judged(data, name):
    reading = read_original(data, name=name, city=CITY)
    document = replace(reading.document, sender=reading.document.board or "servicenamnden")
    reading = replace(reading, document=document)
    verdicts = judge([reading], city=CITY, round=ROUND, today=date(2026, 9, 21), history=History())
    return reading, [finding for verdict in verdicts for finding in verdict.findings]


def in_json():
    told = (FORM.parents[3] / "kinds/form.json").read_text(encoding="utf-8")
    return told.replace('"text": "', f'"text": "Om {NUMBER}. ', 1).encode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", in_json()),
        ("a.xlsx", workbook(in_cell)),
        ("a.xlsx", workbook(in_comment)),
        ("a.xlsx", workbook(on_hidden_sheet)),
        ("a.xlsx", workbook(in_properties)),
        (f"rapport {NUMBER}.xlsx", FORM.read_bytes()),
        ("a.docx", word(in_header)),
        ("a.docx", word(in_two_runs)),
        ("a.txt", f"Servicenämnden, Lindhamn\nDelårsrapport augusti 2026\n{NUMBER}\n".encode()),
        ("a.txt", f"Hej!\nOm {NUMBER} och ärendet.\n".encode()),
    ],
)
def test_a_personal_number_is_told_of_wherever_it_stands(name, data):
    reading, findings = judged(data, name)

    told = [finding for finding in findings if finding.rule == "B-PNR"]
    assert [finding.severity for finding in told] == ["STOPP"]
    assert "2391" not in repr(findings)
    assert "2391" not in reading.document.name


def test_a_form_without_one_is_left_alone():
    _, findings = judged(FORM.read_bytes(), "delarsrapport-2026.xlsx")

    assert not [finding for finding in findings if finding.rule == "B-PNR"]


def test_a_file_name_is_kept_and_compared_without_the_number():
    assert "2391" not in shown(f"servicenamnden/brev {NUMBER}.pdf")


@pytest.mark.parametrize(
    "asked",
    [
        ["answer", "--finding", "P-1", "--round", "2026-08", "--text", f"Gäller {NUMBER}"],
        ["lock", "--round", "2026-08", "--board", "x", "--sections", "y", "--reason", NUMBER],
        ["block", "--receipt", "K-1", "--ground", "x", "--reason", NUMBER],
        ["attach", "--round", "2026-08", "--part", "noter", "--file", f"{NUMBER}.pdf"],
    ],
)
def test_what_the_office_writes_is_refused_with_a_personal_number(asked, capsys):
    assert main([*asked, "--city", "lindhamn"]) == 2
    told = capsys.readouterr().err
    assert "personnummer" in told
    assert "2391" not in told


def test_packed_names_are_those_of_files_as_any_other():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(f"brev {NUMBER}.txt", "Hej")

    reading = read_original(packed.getvalue(), name=f"{NUMBER}.zip", city=CITY)
    assert "2391" not in repr(reading.document)
