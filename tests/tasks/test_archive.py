"""The archive package is held against the schema and rules that the E-ARK validator is made of.

They are not ours to spread and come with the package eark-validator (METS 1.12, CSIP 2.1), which
asks for another version of a library than we use: `pip install --no-deps eark-validator` beside.
"""

import importlib.util
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from lxml.isoschematron import Schematron

from tasks.archive import Deposit, archive_package, checked_package
from tasks.receive import Receipt

NOW = datetime(2026, 9, 21, 8, tzinfo=UTC)
OWN = "_vocabulary_test", "_IANA_test"
"""What the validator's own program puts in place of these words; here that there is a value."""


def receipt(number, name):
    sha256 = f"{number:064x}"
    key = f"socialnamnden/{name}"
    return Receipt(f"K-2026-09-21-{number:04d}", sha256, key, name, "socialnamnden", 3, NOW, "new")


def package():
    deposit = Deposit(
        package_id="samlad-lindhamn-2026-08",
        label="Lindhamns stad: omgång 2026-08",
        city="Lindhamns stad",
        made_at=NOW,
        documents=[(receipt(1, "a.xlsx"), {"number": "KS-2026-0107", "matter": "Delårsrapport"})],
        left_out=[(receipt(2, "b.docx"), "spärrat av stadskontoret")],
        files={
            "documentation/LAS-MIG.txt": b"Arkivpaket",
            "schemas/submission.schema.json": b"{}",
            "representations/rep1/data/journal.jsonl": b"{}\n",
        },
    )
    return archive_package(deposit, lambda _: b"abc")


@pytest.fixture(scope="module")
def mets():
    with zipfile.ZipFile(io.BytesIO(package())) as packed:
        return etree.ElementTree(etree.fromstring(packed.read("samlad-lindhamn-2026-08/METS.xml")))


@pytest.fixture(scope="module")
def resources():
    found = importlib.util.find_spec("eark_validator")
    if found is None or found.origin is None:
        pytest.skip("eark-validator is not installed: METS is not held against its schema")
    return Path(found.origin).parent / "ipxml/resources"


def test_a_package_lists_itself_whole():
    assert checked_package(package()) == 6


def test_mets_follows_its_schema(mets, resources):
    schema = etree.XMLSchema(etree.parse(resources / "schema/mets.csip.local.v2-0.xsd"))

    schema.assertValid(mets)


def test_mets_follows_the_rules_of_csip(mets, resources):
    broken = []
    for path in sorted((resources / "schematron/V2.1.0/CSIP").glob("*.xml")):
        text = path.read_text(encoding="utf-8")
        for word in OWN:
            text = text.replace(word, "")
        rules = Schematron(etree.fromstring(text.encode()), store_report=True)
        rules.validate(mets)
        told = rules.validation_report.iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")
        broken += [one.get("id") for one in told if one.get("role") == "ERROR"]

    assert broken == []
