"""The archive export: a zip file with METS and PREMIS, as E-ARK CSIP and Riksarkivet's FGS ask.

Originals byte for byte, the reports as they were made, the registers that runs went by, the
journal, and what is needed to understand them. METS lists every file with its SHA-256; PREMIS says
of every document when it came, in what format, and what was done with it. Sources: E-ARK CSIP 2.1
and PREMIS 3.0 (dilcis.eu, loc.gov/premis), FGS Paketstruktur 2.0 (Riksarkivet). What is closed to
view is left out and named. Same content, same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import PurePosixPath

from lxml import etree

from tasks.receive import Receipt

METS = "http://www.loc.gov/METS/"
CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
XLINK = "http://www.w3.org/1999/xlink"
PREMIS = "http://www.loc.gov/premis/v3"
PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
NAMES = {"mets": METS, "csip": CSIP, "xlink": XLINK}
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
DATA = "representations/rep1/data"
PREMIS_FILE = "metadata/preservation/premis.xml"
MEDIA_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".jsonl": "text/plain",  # JSON Lines has no media type at IANA, which CSIP asks for
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".html": "text/html",
    ".xml": "application/xml",
}
GROUPS = (
    ("Documentation", "documentation/"),
    ("Schemas", "schemas/"),
    ("Representations/rep1", "representations/rep1/"),
)


@dataclass(frozen=True, slots=True)
class Deposit:
    """What an archive package holds.

    `documents` are receipts with the date, number and matter of their registration where the diary
    has given them; `left_out` receipts that are closed to view, with why; `files` everything else
    by its path in the package; `label` what the package is, in Swedish; `made_at` is in UTC.
    """

    package_id: str
    label: str
    city: str
    made_at: datetime
    documents: Sequence[tuple[Receipt, Mapping[str, str]]]
    left_out: Sequence[tuple[Receipt, str]]
    files: Mapping[str, bytes]


class ArchiveError(Exception):
    """An archive package that does not hold; says in Swedish which file and how."""


def archive_package(deposit: Deposit, original: Callable[[str], bytes]) -> bytes:
    """Return the package as a zip file; `original` gives a document's bytes by SHA-256."""
    files = dict(deposit.files)
    for receipt, _ in deposit.documents:
        files[_path(receipt)] = original(receipt.sha256)
    files["documentation/handlingar.csv"] = _listing(deposit)
    files[PREMIS_FILE] = _premis(deposit)
    files["METS.xml"] = _mets(deposit, files)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name in sorted(files):
            one = zipfile.ZipInfo(f"{deposit.package_id}/{name}", ZIP_DATE)
            one.compress_type = zipfile.ZIP_DEFLATED
            one.external_attr = 0o644 << 16
            package.writestr(one, files[name])
    return target.getvalue()


def checked_package(data: bytes) -> int:
    """Return how many files a package lists, all of them there and unchanged; else ArchiveError."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise ArchiveError("filen är inget arkivpaket: den går inte att öppna som zip") from None
    names = [name for name in package.namelist() if not name.endswith("/")]
    root = next((n.partition("/")[0] for n in names if n.endswith("/METS.xml")), None)
    if root is None:
        raise ArchiveError("paketet saknar METS.xml")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    mets = etree.fromstring(package.read(f"{root}/METS.xml"), parser)
    listed = dict(_listed(mets))
    for name, digest in listed.items():
        if f"{root}/{name}" not in names:
            raise ArchiveError(f"{name} saknas i paketet")
        if hashlib.sha256(package.read(f"{root}/{name}")).hexdigest() != digest:
            raise ArchiveError(f"{name} har ändrats")
    more = {n.removeprefix(f"{root}/") for n in names} - set(listed) - {"METS.xml"}
    if more:
        raise ArchiveError(f"{min(more)} står inte i METS.xml")
    return len(listed)


def _listed(mets: etree._Element) -> Iterable[tuple[str, str]]:
    for reference in mets.iter(f"{{{METS}}}mdRef"):
        yield reference.get(f"{{{XLINK}}}href", ""), reference.get("CHECKSUM", "")
    for file in mets.iter(f"{{{METS}}}file"):
        place = file.find(f"{{{METS}}}FLocat")
        if place is not None:
            yield place.get(f"{{{XLINK}}}href", ""), file.get("CHECKSUM", "")


# --- the parts ------------------------------------------------------------------------------------


def _path(receipt: Receipt) -> str:
    """Return a document's place: its receipt id, so that no name of a file can break anything."""
    ending = PurePosixPath(receipt.name).suffix.lower()
    return f"{DATA}/handlingar/{receipt.receipt_id}{ending if ending in MEDIA_TYPES else ''}"


def _listing(deposit: Deposit) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        (
            *("Kvitto", "Inkommen (UTC)", "Avsändare", "Namn", "Diarienummer", "Ärende"),
            *("Storlek, byte", "SHA-256", "Plats i paketet"),
        )
    )
    for receipt, registered in deposit.documents:
        writer.writerow(_row(receipt, registered, _path(receipt)))
    for receipt, why in deposit.left_out:
        writer.writerow(_row(receipt.without_name(), {}, why))
    return text.getvalue().encode("utf-8-sig")


def _row(receipt: Receipt, registered: Mapping[str, str], place: str) -> tuple[str, ...]:
    return (
        receipt.receipt_id,
        receipt.received_at.isoformat(),
        receipt.sender or "",
        # A name that begins like a formula must stay text in a spreadsheet.
        f"'{receipt.name}" if receipt.name.startswith(("=", "+", "-", "@")) else receipt.name,
        registered.get("number", ""),
        registered.get("matter", ""),
        str(receipt.size),
        receipt.sha256,
        place,
    )


def _premis(deposit: Deposit) -> bytes:
    root = etree.Element(f"{{{PREMIS}}}premis", nsmap={"premis": PREMIS}, version="3.0")
    for receipt, _ in deposit.documents:
        _object(root, receipt, _path(receipt))
    for receipt, _ in deposit.left_out:
        _object(root, receipt.without_name(), "")
    for receipt, _ in deposit.documents:
        _event(root, receipt.receipt_id, "ingestion", receipt.received_at.isoformat(), "mottagen")
    for receipt, why in deposit.left_out:
        _event(root, receipt.receipt_id, "ingestion", receipt.received_at.isoformat(), "mottagen")
        _event(root, receipt.receipt_id, "redaction", deposit.made_at.isoformat(), why)
    return _xml(root)


def _object(root: etree._Element, receipt: Receipt, path: str) -> None:
    one = _under(root, "object")
    one.set("{http://www.w3.org/2001/XMLSchema-instance}type", "file")
    identifier = _under(one, "objectIdentifier")
    _under(identifier, "objectIdentifierType", "kvitto")
    _under(identifier, "objectIdentifierValue", receipt.receipt_id)
    characteristics = _under(one, "objectCharacteristics")
    fixity = _under(characteristics, "fixity")
    _under(fixity, "messageDigestAlgorithm", "SHA-256")
    _under(fixity, "messageDigest", receipt.sha256)
    _under(characteristics, "size", str(receipt.size))
    designation = _under(_under(characteristics, "format"), "formatDesignation")
    _under(designation, "formatName", _media_type(path))
    _under(one, "originalName", receipt.name)
    if path:
        location = _under(_under(one, "storage"), "contentLocation")
        _under(location, "contentLocationType", "sökväg i paketet")
        _under(location, "contentLocationValue", path)


def _event(root: etree._Element, receipt_id: str, kind: str, moment: str, told: str) -> None:
    one = _under(root, "event")
    identifier = _under(one, "eventIdentifier")
    _under(identifier, "eventIdentifierType", "lokal")
    _under(identifier, "eventIdentifierValue", f"{receipt_id}-{kind}")
    _under(one, "eventType", kind)
    _under(one, "eventDateTime", moment)
    _under(_under(one, "eventDetailInformation"), "eventDetail", told)
    linked = _under(one, "linkingObjectIdentifier")
    _under(linked, "linkingObjectIdentifierType", "kvitto")
    _under(linked, "linkingObjectIdentifierValue", receipt_id)


def _under(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    one = etree.SubElement(parent, f"{{{PREMIS}}}{name}")
    one.text = text
    return one


def _mets(deposit: Deposit, files: Mapping[str, bytes]) -> bytes:
    root = etree.Element(f"{{{METS}}}mets", nsmap=NAMES)
    root.set("OBJID", deposit.package_id)
    root.set("LABEL", deposit.label)
    root.set("TYPE", "Other")
    root.set(f"{{{CSIP}}}OTHERTYPE", "Samlad uppföljning")
    root.set("PROFILE", PROFILE)
    _of_our_kind(root)
    made = deposit.made_at.isoformat()
    _header(root, deposit, made)
    section = etree.SubElement(root, f"{{{METS}}}amdSec")
    provenance = etree.SubElement(
        section, f"{{{METS}}}digiprovMD", ID="digiprov-1", STATUS="CURRENT"
    )
    reference = etree.SubElement(provenance, f"{{{METS}}}mdRef", MDTYPE="PREMIS", LOCTYPE="URL")
    _pointed(reference, PREMIS_FILE, files[PREMIS_FILE], made)
    listing = etree.SubElement(root, f"{{{METS}}}fileSec", ID="filer")
    counter = 0
    for use, start in GROUPS:
        group = etree.SubElement(listing, f"{{{METS}}}fileGrp", USE=use, ID=_id_of(use))
        _of_our_kind(group)
        for name in sorted(n for n in files if n.startswith(start)):
            counter += 1
            file = etree.SubElement(group, f"{{{METS}}}file", ID=f"fil-{counter:05d}")
            place = etree.SubElement(file, f"{{{METS}}}FLocat", LOCTYPE="URL")
            _measured(file, name, files[name], made)
            place.set(f"{{{XLINK}}}type", "simple")
            place.set(f"{{{XLINK}}}href", name)
    _structure(root)
    return _xml(root)


def _of_our_kind(element: etree._Element) -> None:
    """Say that the content follows none of the content specifications that E-ARK has a name for."""
    element.set(f"{{{CSIP}}}CONTENTINFORMATIONTYPE", "OTHER")
    element.set(f"{{{CSIP}}}OTHERCONTENTINFORMATIONTYPE", "Samlad")


def _header(root: etree._Element, deposit: Deposit, made: str) -> None:
    header = etree.SubElement(root, f"{{{METS}}}metsHdr", CREATEDATE=made, LASTMODDATE=made)
    header.set(f"{{{CSIP}}}OAISPACKAGETYPE", "SIP")
    software = etree.SubElement(
        header, f"{{{METS}}}agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE"
    )
    etree.SubElement(software, f"{{{METS}}}name").text = "Samlad"
    note = etree.SubElement(software, f"{{{METS}}}note")
    note.set(f"{{{CSIP}}}NOTETYPE", "SOFTWARE VERSION")
    note.text = version("samlad")
    creator = etree.SubElement(header, f"{{{METS}}}agent", ROLE="ARCHIVIST", TYPE="ORGANIZATION")
    etree.SubElement(creator, f"{{{METS}}}name").text = deposit.city


def _structure(root: etree._Element) -> None:
    plan = etree.SubElement(
        root, f"{{{METS}}}structMap", ID="struktur", TYPE="PHYSICAL", LABEL="CSIP"
    )
    whole = etree.SubElement(plan, f"{{{METS}}}div", ID="hela", LABEL=root.get("OBJID", ""))
    etree.SubElement(
        whole, f"{{{METS}}}div", ID="div-metadata", LABEL="Metadata", ADMID="digiprov-1"
    )
    for use, _ in GROUPS:
        label = use.partition("/")[0]  # no representation has a METS of its own
        part = etree.SubElement(whole, f"{{{METS}}}div", ID=f"div-{_id_of(use)}", LABEL=label)
        etree.SubElement(part, f"{{{METS}}}fptr", FILEID=_id_of(use))


def _id_of(use: str) -> str:
    return "grupp-" + use.lower().replace("/", "-")


def _pointed(reference: etree._Element, name: str, data: bytes, made: str) -> None:
    _measured(reference, name, data, made)
    reference.set(f"{{{XLINK}}}type", "simple")
    reference.set(f"{{{XLINK}}}href", name)


def _measured(element: etree._Element, name: str, data: bytes, made: str) -> None:
    element.set("MIMETYPE", _media_type(name))
    element.set("SIZE", str(len(data)))
    element.set("CREATED", made)
    element.set("CHECKSUM", hashlib.sha256(data).hexdigest())
    element.set("CHECKSUMTYPE", "SHA-256")


def _media_type(name: str) -> str:
    return MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


def _xml(root: etree._Element) -> bytes:
    etree.indent(root)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return data
