"""Files made to harm: each ends as a finding with its reason, and nothing else is opened."""

import io
import re
import zipfile
import zlib

import pytest

from benchmarks.spoiled_files import files
from tasks.read import read_original

PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
START = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)
END = b"</w:body></w:document>"


def pdf(*objects, catalog=b""):
    """A PDF of objects numbered from 2; the catalog is the first."""
    out, places = b"%PDF-1.7\n", []
    whole = (b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog, *objects)
    for number, content in enumerate(whole, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(whole) + 1)
    return out + head + rows + trailer % (len(whole) + 1, len(out))


def docx(body):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(files()["own_docx"])) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            is_text = entry.filename == "word/document.xml"
            new.writestr(entry.filename, START + body + END if is_text else old.read(entry), 8)
    return out.getvalue()


def tree(depth):
    levels = (b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 3) for n in range(depth))
    return pdf(*levels, b"<</Type/Page/MediaBox[0 0 9 9]>>")


def packed(content, filters=b"/FlateDecode"):
    data = zlib.compress(content, 9)
    return b"<</Length %d/Filter%s>>stream\n%s\nendstream" % (len(data), filters, data)


DRAWN = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
TWICE = zlib.compress(b"q Q " * 1_000_000, 9)
MANY = b"<</Type/Pages/Kids[%s]/Count 2000>>" % b" ".join(b"%d 0 R" % n for n in range(3, 2003))


def without_targets():
    """A package whose relation to its document leads nowhere (found by fuzzing: file 5632)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(files()["own_docx"])) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "_rels/.rels":
                content = re.sub(rb'Target="[^"]*"', b"", content, count=1)
            new.writestr(entry.filename, content)
    return out.getvalue()


def forms_in_forms(depth):
    """Forms that each draw the next one ten times: ten to the power of the depth in all."""
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>"
    draws = b"/F Do " * 10
    body = b"/Length %d>>stream\n%s\nendstream" % (len(draws), draws)
    return [(form % (n + 5)) + body for n in range(depth)]


HOSTILE = {
    "forms that draw forms that draw forms": (
        pdf(
            ONE_PAGE,
            DRAWN.replace(b"/Contents", b"/Resources<</XObject<</F 5 0 R>>>>/Contents"),
            *[packed(b"/F Do")],
            *[
                one.replace(b"/F %d 0 R" % (n + 5), b"/F %d 0 R" % (n + 6))
                for n, one in enumerate(forms_in_forms(9))
            ],
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 1>>stream\nq\nendstream",
        ),
        "packed",
    ),
    "a relation that leads nowhere": (without_targets(), "damaged"),
    "a stream of twenty megabytes": (
        pdf(ONE_PAGE, DRAWN, packed(b"0 0 m 9 9 l S\n" * 1_500_000)),
        "packed",
    ),
    "a stream packed twice": (
        pdf(ONE_PAGE, DRAWN, packed(TWICE, b"[/FlateDecode/FlateDecode]")),
        "packed",
    ),
    "many streams that are large together": (
        pdf(ONE_PAGE, DRAWN, *[packed(b"q Q " * 2_500_000)] * 7),
        "packed",
    ),
    "a page tree that bites its tail": (pdf(b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), "damaged"),
    "a page tree five thousand deep": (tree(5000), "damaged"),
    "two thousand pages": (pdf(MANY, *[PAGE] * 2000), "too_many_pages"),
    "a command": (pdf(ONE_PAGE, PAGE, catalog=b"/OpenAction<</S/Launch/F(cmd)>>"), "active"),
    "a script": (pdf(ONE_PAGE, PAGE, catalog=b"/AA<</WC<</S/JavaScript/JS(x)>>>>"), "active"),
    "a link to another file": (
        pdf(ONE_PAGE, PAGE, catalog=b"/OpenAction<</S/GoToR/F(annan.pdf)>>"),
        "no_text",
    ),
    "paragraphs in paragraphs": (docx(b"<w:p>" * 20_000 + b"</w:p>" * 20_000), "damaged"),
    "tables in tables": (
        docx(b"<w:tbl><w:tr><w:tc>" * 3000 + b"</w:tc></w:tr></w:tbl>" * 3000),
        "damaged",
    ),
    "lists in lists": (b'{"document":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not_json"),
}


@pytest.mark.parametrize("named", HOSTILE)
def test_a_hostile_file_is_a_finding_with_its_reason(named):
    data, why = HOSTILE[named]
    suffix = {b"%": "pdf", b"P": "docx", b"{": "json"}[data[:1]]
    (fault,) = read_original(data, name=f"a.{suffix}", city=None).faults
    assert (fault.rule, fault.values["fel"]) == ("A-FILE", why)
