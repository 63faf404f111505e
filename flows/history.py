"""What was said before: in the rounds compared with, and in answers and waivers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from expectations.contract import Reading, Submission, period_of
from expectations.lineage import comparable
from expectations.registers import City, Round
from expectations.settling import Settlement
from expectations.staging import board_of
from expectations.verdicts import History
from flows.reading import Known
from warehouse.acts import OfficeAct
from warehouse.warehouse import Warehouse


def history_of(city: City, round_: Round | None, warehouse: Warehouse) -> History:
    """Return what the boards said in the rounds that this one compares with."""
    if round_ is None:
        return History()
    previous, annual = rounds_before(city, round_)
    return History(
        previous=said_in(city, previous, round_, warehouse, carried=False),
        last_year=said_in(city, annual, round_, warehouse, carried=False),
        central=warehouse.central(city.city_id, round_.round_id),
    )


def said_in(
    city: City, earlier: Round | None, now: Round, warehouse: Warehouse, *, carried: bool
) -> tuple[Submission, ...]:
    """Return what was said in an earlier round, under the boards of now that it is like."""
    if earlier is None:
        return ()
    said = warehouse.submissions(city.city_id, earlier.round_id)
    return comparable(city, said, earlier.period_to, now.period_to, carried=carried)


def rounds_before(city: City, round_: Round) -> tuple[Round | None, Round | None]:
    """Return the round before, and the annual round whose accounts this round compares with."""
    before = [r for r in city.rounds if r.period_to < round_.period_to]
    year = round_.period_to.year - 1
    annual = [r for r in before if r.type == "annual" and r.period_to.year == year]
    previous = max(before, key=lambda r: r.period_to, default=None)
    return previous, annual[-1] if annual else None


def settlements(city: City, acts: Sequence[OfficeAct], known: Sequence[Known]) -> list[Settlement]:
    """Return every answer and waiver: those in documents that came back, and the office's own."""
    in_documents = [
        given
        for one in known
        for given in answers_in(
            one.reading, city, at=one.receipt.received_at, document=one.receipt.sha256
        )
    ]
    return in_documents + office_settlements(acts)


def answers_in(
    reading: Reading, city: City, *, at: datetime, document: str | None = None
) -> list[Settlement]:
    """Return the board's own answers that stand in a document that came back."""
    board, period = board_of(reading, city), period_of(reading.document)
    if board is None or period is None:
        return []
    return [
        Settlement(
            kind="answer",
            period=period,
            key=given.finding,
            basis=given.basis,
            text=given.text,
            by=board.board_id,
            at=at,
            document=document,
        )
        for given in reading.answers
    ]


def office_settlements(acts: Sequence[OfficeAct]) -> list[Settlement]:
    """Return the answers and waivers that the city office has given itself."""
    return [
        Settlement(
            kind=act.kind,  # type: ignore[arg-type] # one of the two asked for
            period=act.period,
            key=act.about["finding"],
            basis=act.about["basis"],
            text=act.text,
            by=act.by,
            at=act.at,
            until=act.until,
        )
        for act in acts
        if act.kind in ("answer", "waiver")
    ]
