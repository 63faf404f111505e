"""The Word view: the whole report, each chapter and the official's memo as docx. Same bytes always.

The controller and the director work in Word the last weeks, and the memo goes into the case system
as Word. The file is written as XML by us: real styles, headings and header rows, alternative texts
on charts, the language set to Swedish, no macros and nothing fetched from outside.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import templates
from expectations.registers import City
from tasks.report.blocks import Block, Chart, Facts, Listing, Paragraph, Report, Section
from tasks.report.material import say, words
from tasks.word_blocks import (
    FIRST_NUMBERING,
    Body,
    heading_of,
    page,
    paragraph,
    placeholder,
    printable,
    run,
)

STYLES = Path(templates.__file__).parent / "word" / "styles.xml"
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{OFFICE}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
Pictures = Mapping[str, tuple[bytes, float]]
FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def render_word(report: Report, city: City, pictures: Pictures) -> dict[str, bytes]:
    """Return the whole report, each chapter and the memo by file name, as docx.

    `pictures` holds a PNG and its height in shares of its width for every chart (by chart id).
    """
    files = {"rapport.docx": _whole(report, pictures)}
    for number, section in enumerate(report.sections, start=1):
        name = f"{number:02d}-{section.anchor}.docx"
        files[f"kapitel/{name}"] = _chapter(report, section, pictures)
    memo = city.settings.get("wording", {}).get("memo", say("word.memo"))
    files[f"{_file_name(memo)}.docx"] = _memo(report, city, memo)
    return files


def _whole(report: Report, pictures: Pictures) -> bytes:
    body = Body(pictures)
    _cover(body, report)
    body.parts.append(paragraph(say("word.contents"), "Innehallsrubrik"))
    body.contents([(section.anchor, heading_of(section)) for section in report.sections])
    for section in report.sections:
        body.section(section)
    return _package(body, report, title=f"{report.title}, {report.subject}")


def _chapter(report: Report, section: Section, pictures: Pictures) -> bytes:
    body = Body(pictures)
    body.section(section)
    return _package(body, report, title=f"{section.title}. {report.title}, {report.subject}")


def _cover(body: Body, report: Report) -> None:
    body.parts.append(paragraph(report.city, "Framhavd"))
    body.parts.append(paragraph(report.title, "Title"))
    body.parts.append(paragraph(report.subject[:1].upper() + report.subject[1:], "Subtitle"))
    if report.is_trial:
        told = f"{say('cover.trial')}. {say('cover.trial_note')}"
        body.parts.append(paragraph(told, "Framhavd"))
    body.parts.append(paragraph(_mark(report), "Nottext"))


def _mark(report: Report) -> str:
    made = say("word.made", day=report.made_on, office=report.office)
    return f"{report.status}. {made} {say('word.version', edition=report.edition)}"


# --- the official's memo -------------------------------------------------------------------------


def _memo(report: Report, city: City, memo: str) -> bytes:
    """Return the memo: what is known filled in, the rest as fields and headings to write under."""
    body = Body({})
    body.parts.append(paragraph(f"{report.city}, {report.office}", "Framhavd"))
    body.parts.append(paragraph(memo[:1].upper() + memo[1:], "Title"))
    body.parts.append(paragraph(f"{report.title}, {report.subject}", "Subtitle"))
    for label in words()["word"]["memo_fields"]:
        body.parts.append(placeholder(label, say("word.fill_in")))
    for part in city.settings.get("memo", {}).get("parts", words()["word"]["memo_parts"]):
        kind, _, title = part.partition("|")
        body.heading(title, 1)
        for block in _memo_part(report, city, kind):
            body.block(block)
        if not kind:
            body.parts.append(placeholder("", say("word.write_here")))
    return _package(body, report, title=f"{memo[:1].upper()}{memo[1:]}: {report.title}")


def _memo_part(report: Report, city: City, kind: str) -> Iterator[Block]:
    if kind == "decisions":
        yield from _decisions(report, city)
    elif kind == "summary":
        yield from _summary(report)
    elif kind == "matter":
        yield Paragraph(say("word.matter", title=report.title, subject=report.subject))
        if report.is_trial:
            yield Paragraph(f"{say('cover.trial')}. {say('cover.trial_note')}", "strong")
    elif kind == "enclosures":
        named = say("word.enclosure", title=report.title, subject=report.subject)
        yield Listing((f"{named} {_mark(report)}",), is_numbered=True)


def _decisions(report: Report, city: City) -> Iterator[Block]:
    """Yield the clauses per organ; the report itself is the first clause of the last organ."""
    formula = city.settings.get("decisions", {})
    clauses = [(organ, text) for organ, text in report.clauses if organ]
    own = formula.get("report", words()["word"]["report_clause"])
    named = f"{report.title}, {report.subject},"
    organ = formula.get("heading_council", say("word.council"))
    clauses.insert(0, (organ, report.own_clause or own.format(name=named)))
    for heading in dict.fromkeys(organ for organ, _ in clauses):
        yield Paragraph(f"{heading}:", "strong")
        yield Listing(tuple(t for organ, t in clauses if organ == heading), is_numbered=True)


def _summary(report: Report) -> Iterator[Block]:
    front = report.sections[0]
    yield from (block for block in front.blocks if isinstance(block, Facts))
    for part in front.parts:
        told = list(_told(part))
        if told:
            yield Paragraph(part.title, "strong")
            yield from told


def _told(part: Section) -> Iterator[Block]:
    """Yield what a part of page one tells in words; the clauses stand on their own in the memo.

    A chart is told by its title and what its text equivalent lists.
    """
    for block in part.blocks:
        is_text = isinstance(block, Paragraph) and not block.text.endswith(":")
        if is_text or (isinstance(block, Listing) and part.anchor != "besluta"):
            yield block
        elif isinstance(block, Chart):
            yield Paragraph(f"{block.title}: {block.description.partition(': ')[2]}")


def _file_name(words_: str) -> str:
    plain = words_.lower().translate(str.maketrans("åäö", "aao"))
    return "".join(c if c.isalnum() else "-" for c in plain)


# --- the package ---------------------------------------------------------------------------------


def _package(body: Body, report: Report, *, title: str) -> bytes:
    document = (
        f"{HEAD}<w:document {SPACES}><w:body>{''.join(body.parts)}{page(lying=body.is_lying)}"
    )
    pictures = [(f"picture{i}.png", body.pictures[key][0]) for i, key in enumerate(body.used, 1)]
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            ("rId1", f"{OFFICE}/officeDocument", "word/document.xml"),
            (
                "rId2",
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                "docProps/core.xml",
            ),
        ),
        "docProps/core.xml": _core(report, title),
        "word/document.xml": f"{document}</w:body></w:document>",
        "word/_rels/document.xml.rels": _document_relations([name for name, _ in pictures]),
        "word/styles.xml": STYLES.read_text(encoding="utf-8"),
        "word/numbering.xml": _numbering(body.numberings),
        "word/settings.xml": SETTINGS,
        "word/header1.xml": _edge("hdr", "Header", run(f"{report.title}, {report.subject}")),
        "word/footer1.xml": _edge("ftr", "Footer", _foot(report)),
    }
    parts |= {f"word/media/{name}": data for name, data in pictures}
    return _zipped(parts)


def _zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return the parts as a zip without clocks: the order given, the date of the format."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            package.writestr(info, content)
    return out.getvalue()


def _content_types() -> str:
    named = {
        "/word/document.xml": f"{MIME}.document.main+xml",
        "/word/styles.xml": f"{MIME}.styles+xml",
        "/word/numbering.xml": f"{MIME}.numbering+xml",
        "/word/settings.xml": f"{MIME}.settings+xml",
        "/word/header1.xml": f"{MIME}.header+xml",
        "/word/footer1.xml": f"{MIME}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    told = "".join(f'<Override PartName="{n}" ContentType="{t}"/>' for n, t in named.items())
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>{told}</Types>'
    )


def _relations(*relations: tuple[str, str, str]) -> str:
    told = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>'
        for key, kind, target in relations
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{HEAD}<Relationships xmlns="{space}">{told}</Relationships>'


def _document_relations(pictures: Sequence[str]) -> str:
    fixed = (
        ("rIdStyles", f"{OFFICE}/styles", "styles.xml"),
        ("rIdNumbering", f"{OFFICE}/numbering", "numbering.xml"),
        ("rIdSettings", f"{OFFICE}/settings", "settings.xml"),
        ("rIdHeader", f"{OFFICE}/header", "header1.xml"),
        ("rIdFooter", f"{OFFICE}/footer", "footer1.xml"),
    )
    shown = tuple(
        (f"rIdPicture{i}", f"{OFFICE}/image", f"media/{name}")
        for i, name in enumerate(pictures, start=1)
    )
    return _relations(*fixed, *shown)


def _core(report: Report, title: str) -> str:
    moment = f"{report.made_on}T00:00:00Z"
    told: tuple[tuple[str, Any], ...] = (
        ("dc:title", title),
        ("dc:creator", f"{report.city}, {report.office}"),
        ("dc:language", "sv-SE"),
        ("cp:version", report.edition),
        ("cp:contentStatus", report.status),
    )
    inside = "".join(f"<{name}>{escape(printable(str(value)))}</{name}>" for name, value in told)
    days = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return (
        f"{HEAD}<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{inside}{days}</cp:coreProperties>'
    )


def _numbering(lists: int) -> str:
    """Return the bullet of lists and one numbering for each numbered list, from one."""
    shapes = ((0, "bullet", "•", 284), (1, "decimal", "%1.", 397))
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{key}"><w:multiLevelType w:val="singleLevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{mark}"/><w:lvlJc w:val="left"/><w:pPr>'
        f'<w:ind w:left="{room}" w:hanging="{room}"/></w:pPr></w:lvl></w:abstractNum>'
        for key, kind, mark, room in shapes
    )
    numbers = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>' + "".join(
        f'<w:num w:numId="{FIRST_NUMBERING + i}"><w:abstractNumId w:val="1"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for i in range(lists)
    )
    return f"{HEAD}<w:numbering {SPACES}>{abstract}{numbers}</w:numbering>"


SETTINGS = (
    f'{HEAD}<w:settings {SPACES}><w:zoom w:percent="100"/>'
    '<w:defaultTabStop w:val="1304"/><w:characterSpacingControl w:val="doNotCompress"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="sv-SE"/></w:settings>'
)


def _edge(kind: str, style: str, inside: str) -> str:
    return f"{HEAD}<w:{kind} {SPACES}>{paragraph('', style, inside=inside)}</w:{kind}>"


def _foot(report: Report) -> str:
    trial = f" · {say('cover.trial')}" if report.is_trial else ""
    told = run(f"{report.status}{trial} · version {report.edition}")
    page_of = run("Sida ") + _field("PAGE") + run(" av ") + _field("NUMPAGES")
    return f"{told}<w:r><w:tab/></w:r>{page_of}"


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
