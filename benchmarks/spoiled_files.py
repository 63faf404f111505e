"""Files to read that are spoiled in every way: bytes, packages, XML, cells, JSON, PDF, text.

Seeded: the same number makes the same file. `fuzz_bench.py` reads them by the thousand.
"""

from __future__ import annotations

import copy
import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
INBOX = ROOT / "examples" / "inbox"
CORPUS = ROOT / "examples" / "reading" / "documents"
Dice = random.Random


# --- the files that are mutated ------------------------------------------------------------------


@cache
def files() -> dict[str, bytes]:
    """Return a small file of every kind, ours: workbook, Word, PDF, JSON and running text."""
    found = {
        "xlsx": _smallest("xlsx"),
        "docx": _smallest("docx"),
        "json": (ROOT / "examples" / "kinds" / "interim_report.json").read_bytes(),
    }
    return found | {"txt": SPECIMEN.encode(), "own_docx": _own_docx(), "own_pdf": _own_pdf()}


@cache
def corpus(suffix: str) -> list[Path]:
    """Return the reading corpus's documents of a format: the tables of many cities, our own text."""
    return sorted(CORPUS.glob(f"*.{suffix}"))


def unspoilt(source: str, dice: Dice) -> bytes:
    """Return the file that a mutator starts from: a named one, or one drawn from the corpus."""
    if source.startswith("corpus."):
        return dice.choice(corpus(source.removeprefix("corpus."))).read_bytes()
    return files()[source]


def _smallest(suffix: str) -> bytes:
    whole = (p.read_bytes() for p in INBOX.rglob(f"*.{suffix}") if zipfile.is_zipfile(p))
    return min(whole, key=len)


SPECIMEN = """Delårsrapport augusti 2026 för kulturnämnden
Ärendenummer KN-2026-00123

Förslag till beslut
1. Delårsrapporten godkänns.
2. Uppdraget att se över biblioteken, ärendenummer KN-2025-00044, förklaras fullgjort.

1 Ekonomi
Tabell 1. Belopp i mnkr
          Utfall   Budget  Avvikelse  Utfall fg år  Prognos  Budget år
Intäkter    78,5     79,4       -0,8          76,7    125,1      124,0
Kostnader -340,5   -372,7       32,1        -343,3   -566,6     -580,6
Kommunbidrag 263,0  263,0        0,0         257,7    395,4      395,4
Resultat     1,0    -30,3       31,3          -8,9    -46,1      -61,2

2 Personal
                     2026-08   2025-08
Antal årsarbetare     154,9     161,4
Total sjukfrånvaro %    2,6       2,2

3 Mål
3.1 Malmö stad ger en god och likvärdig service
Bedömning: God måluppfyllelse. Nämnden har arbetat vidare med klarspråk.

4 Uppdrag
4.1 Nämnden får i uppdrag att redovisa en plan senast den 12 september 2026.
Uppdraget är delredovisat och ett ärende lämnas under kvartal 1, 2027.
"""


def _own_docx() -> bytes:
    import docx  # noqa: PLC0415 - the files are made once, in the parent

    document = docx.Document()
    for line in SPECIMEN.split("\n"):
        if re.match(r"\d(\.\d)? [A-ZÅÄÖ]", line):
            document.add_heading(line, level=1)
        else:
            document.add_paragraph(line)
    table = document.add_table(rows=3, cols=3)
    for at, word in enumerate(
        ["Post", "Utfall", "Budget", "Intäkter", "78,5", "79,4", "Resultat", "1,0", "-30,3"]
    ):
        table.cell(at // 3, at % 3).text = word
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _own_pdf() -> bytes:
    """Return a small PDF of one page, written by hand: uncompressed, so that mutations bite."""
    shown = "".join(
        f"1 0 0 1 50 {800 - 14 * at} Tm ({line})Tj\n"
        for at, line in enumerate(SPECIMEN.replace("(", "").replace(")", "").split("\n"))
    )
    stream = f"BT /F1 9 Tf\n{shown}ET".encode("latin-1", errors="replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources 6 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>",
        b"<</Font<</F1 5 0 R>>>>",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )


# --- the mutators: each takes a file and dice, and returns another file ---------------------------


def flipped(data: bytes, dice: Dice) -> bytes:
    """Return the bytes with some of them changed, taken out, doubled or moved."""
    out = bytearray(data)
    for _ in range(dice.choice((1, 2, 5, 20, 100))):
        if not out:
            break
        at = dice.randrange(len(out))
        way = dice.randrange(5)
        if way == 0:
            out[at] ^= 1 << dice.randrange(8)
        elif way == 1:
            out[at] = dice.choice((0, 255, 127, 32, 10, 60, 40))
        elif way == 2:
            del out[at : at + dice.choice((1, 4, 64, 1000))]
        elif way == 3:
            out[at:at] = out[at : at + dice.choice((1, 16, 500))]
        else:
            out[at:at] = dice.randbytes(dice.choice((1, 8, 64)))
    return bytes(out[: dice.randrange(len(out))] if out and dice.random() < 0.1 else out)


ODD_NAMES = ("../../x", "/etc/passwd", "xl\\x", "a" * 300, "xl/vbaProject.bin", "word/media/a.zip")


def zipped(data: bytes, dice: Dice) -> bytes:
    """Return the package with its list of parts spoiled: names, sizes, doubles, bombs, flags."""
    out, way = io.BytesIO(), dice.randrange(7)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        entries = old.infolist()
        gone = dice.choice(entries).filename if way == 0 else None
        for entry in entries:
            if entry.filename != gone:
                name = (
                    dice.choice(ODD_NAMES) if way == 1 and dice.random() < 0.1 else entry.filename
                )
                new.writestr(name, old.read(entry), zipfile.ZIP_DEFLATED)
        if way == 2:
            new.writestr("word/media/big.bin", bytes(dice.choice((10**5, 2 * 10**7))), 8)
        if way == 3:
            for number in range(dice.choice((10, 1200))):
                new.writestr(f"xl/extra{number}.xml", b"<a/>")
        if way == 4:
            new.writestr(dice.choice(ODD_NAMES), data)
    return flipped_tail(out.getvalue(), dice) if way > 4 else out.getvalue()


def flipped_tail(data: bytes, dice: Dice) -> bytes:
    """Return a package with bytes changed in its list of parts, where sizes and flags stand."""
    start = max(0, data.rfind(b"PK\x01\x02", 0, len(data)) - dice.randrange(400))
    return data[:start] + flipped(data[start:], dice)


XML_BITS = (
    b"<!DOCTYPE a [<!ENTITY b 'x'>]>",
    b"&undefined;",
    b"<a>" * 3000,
    b"</w:p>",
    b"<w:p><w:r><w:t>1 2 3 4,5</w:t></w:r></w:p>",
    b"<![CDATA[ ]]>",
    b"\xff\xfe",
    b'<c r="A1048576" t="n"><v>1</v></c>',
    b"<w:tbl><w:tr><w:tc/></w:tr></w:tbl>",
    b'<w:gridSpan w:val="-5"/>',
    b'<w:gridSpan w:val="99999999"/>',
    b'<mergeCell ref="A1:ZZZ9"/>',
    b"",
)


def in_xml(data: bytes, dice: Dice) -> bytes:
    """Return the package with one part's XML changed: tags, attributes, entities, depth."""
    return _part_changed(data, dice, r"\.(xml|rels)$", _xml_changed)


def _xml_changed(xml: bytes, dice: Dice) -> bytes:
    tags = list(re.finditer(rb"<[^>]+>", xml))
    if not tags:
        return xml
    tag = dice.choice(tags)
    before, after = xml[: tag.start()], xml[tag.end() :]
    odd = dice.choice((b'"-1"', b'"99999999999"', b'""', b'"x"', b'"1e999"'))
    end = min(len(xml), tag.end() + dice.randrange(2000))
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: before + after,
        lambda: before + tag[0] * dice.choice((2, 50)) + after,
        lambda: before + dice.choice(XML_BITS) + xml[tag.start() :],
        lambda: before + re.sub(rb'"[^"]*"', odd, tag[0], count=1) + after,
        lambda: xml[:end] + xml[tag.start() : end] + xml[end:],
        lambda: flipped(xml, dice),
    )
    return dice.choice(ways)()


ODD_VALUES = (
    b"NaN", b"1e400", b"-0", b"", b"=1+1", b"45,6", b"9" * 400, b"#REF!", b"1900-02-30", b"\xc3\xa5",
    b"-1e-320", b"Infinity", b"0x1F", b"1 234,5", b"12-34",
)  # fmt: skip


def in_cells(data: bytes, dice: Dice) -> bytes:
    """Return the workbook with cells changed: values, types, styles, addresses, formulas."""
    return _part_changed(data, dice, r"worksheets/.*\.xml$|sharedStrings|styles", _cells_changed)


def _cells_changed(xml: bytes, dice: Dice) -> bytes:
    way = dice.randrange(6)
    patterns: tuple[tuple[bytes, Callable[[], bytes]], ...] = (
        (rb"<v>[^<]*</v>", lambda: b"<v>%s</v>" % dice.choice(ODD_VALUES)),
        (rb' t="\w+"', lambda: b' t="%s"' % dice.choice((b"s", b"b", b"e", b"d", b"str", b"x"))),
        (rb' s="\d+"', lambda: b' s="%d"' % dice.choice((0, 9999, 10**12))),
        (
            rb' r="[A-Z]+\d+"',
            lambda: b' r="%s"' % dice.choice((b"A1", b"XFD1048576", b"A0", b"1A", b"ZZZZ1", b"")),
        ),
        (rb"<v>", lambda: b"<f>%s</f><v>" % dice.choice((b"1/0", b"A1", b"SUM(A1:A9", b"x"))),
        (rb"<t[^>]*>[^<]*</t>", lambda: b"<t>%s</t>" % dice.choice(ODD_VALUES)),
    )
    pattern, new = patterns[way]
    share = dice.choice((0.02, 0.2, 1.0))
    return re.sub(pattern, lambda found: new() if dice.random() < share else found[0], xml)


def _part_changed(
    data: bytes, dice: Dice, pattern: str, change: Callable[[bytes, Dice], bytes]
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        fitting = [name for name in old.namelist() if re.search(pattern, name)]
        main = [n for n in fitting if "document.xml" in n or "worksheets" in n]
        chosen = dice.choice(main if main and dice.random() < 0.7 else fitting)
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == chosen:
                content = change(content, dice)
            new.writestr(entry.filename, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


ODD_JSON = (
    None,
    True,
    -1,
    1.5,
    "",
    "x" * 5000,
    [],
    {},
    [[]],
    {"a": 1},
    "NaN",
    10**30,
    "2026-13-45",
)


def in_json(data: bytes, dice: Dice) -> bytes:
    """Return the JSON with values of another type, keys gone or doubled, depth, odd numbers."""
    way = dice.randrange(5)
    if way == 0:
        return flipped(data, dice)
    if way == 1:
        depth = dice.choice((10, 100, 100_000))
        return data.replace(b"null", b"[" * depth + b"]" * depth, 1)
    if way == 2:
        odd = dice.choice((b"NaN", b"1e999", b"-Infinity", b"9" * 5000, b'"\\ud800"'))
        nulls = data.split(b"null")
        at = dice.randrange(1, len(nulls))
        return b"null".join(nulls[:at]) + odd + b"null".join(nulls[at:])
    tree = json.loads(data)
    for _ in range(dice.choice((1, 3, 20))):
        _json_changed(tree, dice)
    return json.dumps(tree, ensure_ascii=dice.random() < 0.5).encode()


def _json_changed(tree: object, dice: Dice) -> None:
    node = tree
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))  # type: ignore[arg-type] # only containers get here
        if not keys:
            return
        key = dice.choice(keys)
        inner = node[key]  # type: ignore[index] # as above
        if isinstance(inner, dict | list) and inner and dice.random() < 0.8:
            node = inner
            continue
        if dice.random() < 0.2:
            del node[key]  # type: ignore[attr-defined] # as above
        else:
            node[key] = copy.deepcopy(dice.choice(ODD_JSON))  # type: ignore[index] # as above
        return


PDF_BITS = (
    b"/JS (app.alert(1))", b"/S/Launch/F(cmd.exe)", b"/Type/EmbeddedFile", b"/OpenAction 3 0 R",
    b"/Kids[2 0 R]", b"/Parent 3 0 R", b"/MediaBox[0 0 1e9 1e9]", b"/MediaBox[0 0 0 0]", b"/Count 99999",
    b"/Length 99999999", b"/Rotate 45", b"/Encrypt 5 0 R", b"/Filter/FlateDecode", b"/XFA 1 0 R",
    b"<<" * 2000, b"[" * 5000, b"1e308 0 0 1e308 0 0 cm", b"q " * 3000, b"/Filter[/ASCIIHexDecode/LZWDecode]",
)  # fmt: skip


def in_pdf(data: bytes, dice: Dice) -> bytes:
    """Return the PDF with entries put in, numbers changed, objects doubled or bytes flipped."""
    way = dice.randrange(4)
    if way == 0:
        return flipped(data, dice)
    if way == 1:
        places = [found.end() for found in re.finditer(rb"<<|BT|\[", data)] or [9]
        at = dice.choice(places)
        return data[:at] + b" " + dice.choice(PDF_BITS) + b" " + data[at:]
    if way == 2:
        numbers = list(re.finditer(rb"\d+", data))
        found = dice.choice(numbers)
        odd = dice.choice((b"0", b"-1", b"99999999999", b"1", b"2", b"3", b"4", b"1e9"))
        return data[: found.start()] + odd + data[found.end() :]
    names = list(re.finditer(rb"/[A-Za-z]+", data))
    one, other = dice.choice(names), dice.choice(names)
    return data[: one.start()] + other[0] + data[one.end() :]


TEXT_BITS = (
    "1 " * 4000, "." * 9000, "(" * 4000, "-" * 4000, "1,2,3," * 2000, "\x0c" * 50, "\t" * 3000,
    "å" * 5000, "§ 12 " * 900, "2026-13-45", "−−−", "12 345 678 901 234 567 890,12", "100 %%", "0-4-5",
    "Intäkter " * 400, "\u202e", "\u0336" * 500, "ärendenummer " * 300, "1. " * 1500, "\n" * 2000,
    "Kostnader -", "mnkr tkr kr", "att " * 2000, "1.1.1.1.1.1.1.1.1 Rubrik", "Q" * 100_000,
)  # fmt: skip


def in_text(data: bytes, dice: Dice) -> bytes:
    """Return the text with lines cut, moved, doubled or joined, and hostile runs put in."""
    way = dice.randrange(4)
    if way == 0:
        return flipped(data, dice)
    lines = data.decode("utf-8").split("\n")
    for _ in range(dice.choice((1, 3, 10))):
        at = dice.randrange(len(lines))
        kind = dice.randrange(5)
        if kind == 0:
            lines[at] = lines[at][: dice.randrange(len(lines[at]) + 1)]
        elif kind == 1:
            lines.insert(dice.randrange(len(lines)), lines[at])
        elif kind == 2:
            lines[at] += " " + dice.choice(TEXT_BITS)
        elif kind == 3:
            lines[at] = re.sub(r"\d", lambda _: dice.choice("0123456789 ,.-−"), lines[at])
        else:
            lines[at : at + 2] = [" ".join(lines[at : at + 2])]
    coding = dice.choice(("utf-8", "utf-8", "cp1252", "utf-16", "cp850"))
    return "\n".join(lines).encode(coding, errors="replace")


@dataclass(frozen=True, slots=True)
class Mutator:
    """One way to spoil a file; `source` as `unspoilt` takes it, `name` what it is handed in as."""

    kind: str
    source: str
    name: str
    change: Callable[[bytes, Dice], bytes]


MUTATORS = (
    Mutator("zip", "xlsx", "a.xlsx", zipped),
    Mutator("zip", "own_docx", "a.docx", zipped),
    Mutator("xml", "xlsx", "a.xlsx", in_xml),
    Mutator("cell", "xlsx", "a.xlsx", in_cells),
    Mutator("docx", "own_docx", "a.docx", in_xml),
    Mutator("docx", "docx", "a.docx", in_xml),
    Mutator("docx", "corpus.docx", "a.docx", in_xml),
    Mutator("json", "json", "a.json", in_json),
    Mutator("pdf", "own_pdf", "a.pdf", in_pdf),
    Mutator("pdf", "own_pdf", "a.pdf", in_pdf),
    Mutator("text", "txt", "a.txt", in_text),
    Mutator("text", "corpus.txt", "a.txt", in_text),
    Mutator("text", "corpus.txt", "a.txt", in_text),
    Mutator("bytes", "own_docx", "a.docx", flipped),
)


def mutated(number: int) -> tuple[Mutator, bytes]:
    """Return the file of a number, always the same."""
    mutator = MUTATORS[number % len(MUTATORS)]
    dice = random.Random(f"samlad-{number}")
    return mutator, mutator.change(unspoilt(mutator.source, dice), dice)
