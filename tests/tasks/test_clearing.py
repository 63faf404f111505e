"""Parcels are taken apart, every file with a receipt of its own; the scanner is asked first."""

import importlib.util
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from expectations.register_files import load_city
from flows.order import Order
from flows.round import collect
from flows.settings import settings_in
from flows.terminal import InProcess
from tasks.readers.file_checks import RefusedError
from tasks.readers.parcels import is_parcel, parts_of
from warehouse.store import open_store
from warehouse.warehouse import open_warehouse

CITY = load_city("lindhamn")
NOW = datetime(2026, 9, 21, 10, tzinfo=UTC)


def zipped(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    return packed.getvalue()


def message(*attachments, inline=b""):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "namnd@example.se", "stad@example.se", "Rapport"
    mail.set_content("Här kommer vår rapport.")
    for name, data in attachments:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if inline:
        mail.add_attachment(inline, maintype="image", subtype="png", filename="logo.png", cid="<1>")
    return mail.as_bytes()


def names(data, name):
    return [part.name for part in parts_of(data, name)]


def test_a_zip_gives_its_files_and_leaves_what_programs_put_there():
    data = zipped(
        **{"rapport.xlsx": b"a", "__MACOSX/._rapport.xlsx": b"b", "bilagor/plan.pdf": b"c"}
    )

    assert is_parcel(data, "allt.zip")
    assert names(data, "allt.zip") == ["rapport.xlsx", "bilagor/plan.pdf"]


@pytest.fixture(scope="module")
def outlook():
    path = Path(__file__).with_name("msg_file.py")
    spec = importlib.util.spec_from_file_location("msg_file", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_message_as_outlook_saves_it_gives_its_files_and_those_of_a_message_in_it(outlook):
    plan = b"PK\x03\x04" + bytes(range(256)) * 40
    inner = outlook.tree("Vb: plan", "Se bilagan.", [("Plan åren 2027–2029.docx", plan, None)])
    attached = [
        ("Delårsrapport Förskolenämnden.xlsx", plan[::-1], None),
        ("liten.pdf", b"%PDF-1.4", None),
        ("image001.png", b"\x89PNG", "image001.png@01DC"),
    ]
    data = outlook.message("Delårsrapport", "Hej!", attached, [("Vb: plan", inner)])

    assert is_parcel(data, "Delårsrapport.msg")
    assert [(part.name, part.data) for part in parts_of(data, "Delårsrapport.msg")] == [
        ("Delårsrapport Förskolenämnden.xlsx", plan[::-1]),
        ("liten.pdf", b"%PDF-1.4"),
        ("Vb: plan/Plan åren 2027–2029.docx", plan),
    ]
    for cut in (600, 2000, len(data) // 2):
        with pytest.raises(RefusedError):
            parts_of(data[:cut], "Delårsrapport.msg")


def test_a_message_gives_its_attachments_and_keeps_the_pictures_of_its_signature():
    data = message(("rapport.xlsx", b"PK-a"), inline=b"\x89PNG")

    assert is_parcel(data, "Rapport.eml")
    assert names(data, "Rapport.eml") == ["rapport.xlsx"]


def test_a_zip_in_a_message_is_opened_too():
    data = message(("allt.zip", zipped(**{"a.xlsx": b"a"})), ("b.pdf", b"%PDF-b"))

    assert names(data, "m.eml") == ["allt.zip/a.xlsx", "b.pdf"]


def test_an_attachment_is_never_named_out_of_its_parcel():
    assert names(message(("../../etc/passwd", b"x")), "m.eml") == ["passwd"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zipped(), "nothing_inside"),
        (message(), "nothing_inside"),
        (zipped(**{"../ut.txt": b"x"}), "packed"),
        (zipped(**{"a.txt": b"x"})[:-30], "damaged"),
        (zipped(**{f"{n}.txt": b"x" for n in range(101)}), "too_full"),
    ],
    ids=["empty zip", "message without attachment", "path out of it", "cut off", "too many"],
)
def test_a_parcel_that_cannot_be_opened_says_why(data, code):
    with pytest.raises(RefusedError) as refused:
        parts_of(data, "m.eml")
    assert refused.value.fault.values["fel"] == code


def test_an_office_document_is_no_parcel():
    assert not is_parcel(zipped(**{"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "a")
    assert not is_parcel(b"From a board\nhello", "brev.txt")


@pytest.fixture
def city(tmp_path):
    def run(scan=None):
        places = replace(settings_in(tmp_path), inbox=str(tmp_path / "inbox"), scan=scan)
        settings = replace(places, settle_seconds=0.0).for_city("lindhamn")
        order = Order("lindhamn", NOW, tmp_path / "out", round_id="2026-08")
        store = open_store(settings.store)
        with open_warehouse(settings.warehouse) as warehouse:
            found = collect(CITY, order, settings, store, warehouse, InProcess(quiet=True))
        return found, store

    def put(key, data):
        path = tmp_path / "inbox" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    run.put = put
    return run


@pytest.fixture
def example_file():
    folder = Path(__file__).parents[2] / "examples" / "inbox" / "2026-08"
    return lambda board: (folder / board / "delarsrapport-2026.xlsx").read_bytes()


def receipts(store):
    return [e.content for e in store.journal() if e.act == "receipt"]


def test_a_mailed_report_is_received_with_its_message_and_merged(city, example_file):
    city.put(
        "forskolenamnden/Rapport.eml",
        message(("delarsrapport-2026.xlsx", example_file("forskolenamnden"))),
    )

    found, store = city()

    kept = receipts(store)
    assert [r["key"] for r in kept] == [
        "forskolenamnden/Rapport.eml",
        "forskolenamnden/Rapport.eml/delarsrapport-2026.xlsx",
    ]
    assert kept[1]["part_of"] == kept[0]["receipt_id"]
    assert {row.board for row in found.snapshot.rows} == {"forskolenamnden"}
    assert not any(f.document == kept[0]["sha256"] for f in found.snapshot.findings)

    before = store.file.read_bytes()
    again, _ = city()
    assert store.file.read_bytes() == before
    assert again.snapshot.head == found.snapshot.head


def test_a_parcel_with_nothing_in_it_is_a_finding_with_what_to_do(city):
    city.put("socialnamnden/tom.zip", zipped())

    found, _ = city()

    (finding,) = [f for f in found.snapshot.findings if f.rule == "A-FILE"]
    assert "det finns ingen fil i den" in finding.message
    assert "Bifoga redovisningen" in finding.remedy


def scanner(tmp_path, code):
    """A program that reads its input and answers with a code."""
    path = tmp_path / f"scanner{code}"
    path.write_text(f"#!/bin/sh\ncat > /dev/null\nexit {code}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("code", "words"), [(1, "virusskyddet har stoppat"), (2, "virusskyddet svarade inte")]
)
def test_a_file_that_the_scanner_does_not_clear_is_kept_and_not_opened(
    city, tmp_path, example_file, code, words
):
    city.put("forskolenamnden/a.xlsx", example_file("forskolenamnden"))

    found, store = city(scanner(tmp_path, code))

    ours = [f for f in found.snapshot.findings if f.board is not None]
    assert [words in f.message for f in ours] == [True]
    assert found.snapshot.rows == ()
    assert store.original(receipts(store)[0]["sha256"])


def test_a_file_that_was_not_scanned_is_opened_when_the_scanner_answers(
    city, tmp_path, example_file
):
    city.put("forskolenamnden/a.xlsx", example_file("forskolenamnden"))
    city("/ingen/sadan/skanner")

    found, store = city(scanner(tmp_path, 0))

    assert found.snapshot.rows
    assert [e.content["answer"] for e in store.journal() if e.act == "scanned"] == ["clean"]
