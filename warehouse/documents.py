"""Documents in the warehouse: their receipts, what was read out of them, which one is in force."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from expectations.contract import Document, Reading
from expectations.contract_json import as_json, from_json
from warehouse.snapshot import StoredDocument
from warehouse.tables import DocumentRow, ReadingRow, ReceiptRow


def remember_reading(
    engine: Engine,
    reading: Reading,
    *,
    city_id: str,
    reader_version: str,
    receipt: Mapping[str, Any],
) -> None:
    """Keep a document's reading and its receipt; again is nothing.

    `receipt` holds receipt_id, key, sender, name, board, period, received_at and identical.
    """
    document = reading.document
    with Session(engine) as session, session.begin():
        if session.get(DocumentRow, document.sha256) is None:
            session.add(
                DocumentRow(
                    sha256=document.sha256,
                    media_type=document.media_type,
                    size=document.size,
                )
            )
            session.flush()
        if session.get(ReadingRow, (document.sha256, city_id, reader_version)) is None:
            session.execute(  # an older reading can be made again and would only mislead
                delete(ReadingRow).where(
                    ReadingRow.document_sha256 == document.sha256,
                    ReadingRow.city_id == city_id,
                )
            )
            session.add(
                ReadingRow(
                    document_sha256=document.sha256,
                    city_id=city_id,
                    reader_version=reader_version,
                    content=as_json(reading),
                )
            )
        row = session.get(ReceiptRow, receipt["receipt_id"])
        if row is None:
            row = ReceiptRow(
                receipt_id=receipt["receipt_id"],
                city_id=city_id,
                document_sha256=document.sha256,
                sender=receipt["sender"],
                received_at=receipt["received_at"],
                is_identical=receipt["identical"],
            )
            session.add(row)
        elif row.inbox_key == receipt["key"]:
            return
        # A document that is closed to view is known by its receipt id until it is opened again.
        row.inbox_key, row.file_name = receipt["key"], receipt["name"]
        row.board_id, row.period = receipt["board"], receipt["period"]
        row.kind = document.kind


def stored_documents(
    engine: Engine, city_id: str, as_of: datetime | None
) -> tuple[StoredDocument, ...]:
    """Return every document of a city in the order of receipt, with its version."""
    query = select(ReceiptRow).where(ReceiptRow.city_id == city_id)
    with Session(engine) as session:
        receipts = session.scalars(
            query.order_by(ReceiptRow.received_at, ReceiptRow.receipt_id)
        ).all()
        found: list[StoredDocument] = []
        versions: dict[tuple[str | None, str | None, str], list[int]] = {}
        # A form's Word file lies beside its workbook: neither replaces the other.
        for receipt in receipts:
            if as_of is not None and receipt.received_at > as_of:
                continue
            reading = _last_reading(session, receipt)
            part = " (prose)" if reading.form_part == "prose" else ""
            place = (receipt.board_id, receipt.period, f"{receipt.kind}{part}")
            first = _first_of(found, receipt) if receipt.is_identical else None
            if not receipt.is_identical:
                versions.setdefault(place, []).append(len(found))
            found.append(
                StoredDocument(
                    document=reading,
                    board=receipt.board_id,
                    period=receipt.period,
                    version=len(versions.get(place, ())) or 1,
                    received_at=receipt.received_at,
                    receipt_id=receipt.receipt_id,
                    identical_to=first,
                )
            )
        return _superseded(found, versions)


def _last_reading(session: Session, receipt: ReceiptRow) -> Document:
    content = session.scalars(
        select(ReadingRow.content).where(
            ReadingRow.document_sha256 == receipt.document_sha256,
            ReadingRow.city_id == receipt.city_id,
        )
    ).first()
    head = content["document"] if content else {"sha256": receipt.document_sha256}
    document: Document = from_json(Document, head | {"name": receipt.file_name}, "document")
    return document


def _first_of(found: Sequence[StoredDocument], receipt: ReceiptRow) -> str | None:
    same = (d for d in found if d.document.sha256 == receipt.document_sha256)
    return next((d.receipt_id for d in same), None)


def _superseded(
    found: Sequence[StoredDocument],
    versions: Mapping[tuple[str | None, str | None, str], Sequence[int]],
) -> tuple[StoredDocument, ...]:
    old = {
        index
        for (board, period, _), places in versions.items()
        if board and period
        for index in places[:-1]
    }
    return tuple(replace(d, superseded=i in old) for i, d in enumerate(found))


def receipts_that_say(engine: Engine, city_id: str, folded: Collection[str]) -> list[str]:
    """Return the receipts whose documents hold one of some names, given in small letters."""
    query = select(ReceiptRow.receipt_id, ReceiptRow.file_name, ReadingRow.content).join(
        ReadingRow,
        (ReadingRow.document_sha256 == ReceiptRow.document_sha256)
        & (ReadingRow.city_id == ReceiptRow.city_id),
    )
    found = set()
    with Session(engine) as session:
        for receipt_id, name, content in session.execute(
            query.where(ReceiptRow.city_id == city_id)
        ):
            told = f"{name} {json.dumps(content, ensure_ascii=False)}".casefold()
            if any(one in told for one in folded):
                found.add(receipt_id)
    return sorted(found)


def file_name(session: Session, sha256: str) -> str:
    """Return the name a document came under, its hash where it has none."""
    name = session.scalars(
        select(ReceiptRow.file_name).where(ReceiptRow.document_sha256 == sha256)
    ).first()
    return name or sha256
