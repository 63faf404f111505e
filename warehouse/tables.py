"""The tables of the warehouse: append-only, every fact with when it held and when we knew it.

Every column carries a comment; `docs/data-dictionary.md` is printed from them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC; a moment without a zone is our mistake."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return with the zone UTC on every engine."""
        del dialect
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Table(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        dict[str, Any]: JSON,
        datetime: Moment,
    }


class DocumentRow(Table):
    """One original, known by its bytes."""

    __tablename__ = "document"
    __table_args__ = {"comment": "One original, known by its bytes"}  # noqa: RUF012

    sha256: Mapped[str] = mapped_column(
        String(64), primary_key=True, comment="SHA-256 of the bytes; the original lies in the store"
    )
    media_type: Mapped[str] = mapped_column(String(120), comment="What the bytes are, by content")
    size: Mapped[int] = mapped_column(Integer, comment="Size in bytes")


class ReceiptRow(Table):
    """One arrival of a document."""

    __tablename__ = "receipt"
    __table_args__ = {"comment": "One arrival of a document; also in the journal"}  # noqa: RUF012

    receipt_id: Mapped[str] = mapped_column(
        String(40), primary_key=True, comment="Id on the receipt, for example K-2026-08-31-0007"
    )
    city_id: Mapped[str] = mapped_column(String(40), comment="City register id")
    document_sha256: Mapped[str] = mapped_column(
        ForeignKey("document.sha256"), comment="The document that arrived"
    )
    inbox_key: Mapped[str] = mapped_column(String(1000), comment="Path in the inbox as found")
    sender: Mapped[str | None] = mapped_column(
        String(200), comment="First folder of the path; empty where the sender was not checked"
    )
    file_name: Mapped[str] = mapped_column(String(255), comment="Name of the file as sent")
    board_id: Mapped[str | None] = mapped_column(
        String(80), comment="Board it was taken to be from"
    )
    period: Mapped[str | None] = mapped_column(
        String(120), comment="Round or key of the matter; empty where the document says none"
    )
    kind: Mapped[str] = mapped_column(String(40), comment="Kind of document, by content")
    received_at: Mapped[datetime] = mapped_column(comment="Moment of receipt, UTC")
    is_identical: Mapped[bool] = mapped_column(
        Boolean, comment="The same bytes had come before: received, not merged"
    )


class ReadingRow(Table):
    """What a document says, as our reader of that version understood it."""

    __tablename__ = "reading"
    __table_args__ = {"comment": "What a document says; can be made again from it"}  # noqa: RUF012

    document_sha256: Mapped[str] = mapped_column(
        ForeignKey("document.sha256"), primary_key=True, comment="The document"
    )
    city_id: Mapped[str] = mapped_column(String(40), primary_key=True, comment="City register id")
    reader_version: Mapped[str] = mapped_column(
        String(80), primary_key=True, comment="Version of readers and registers"
    )
    content: Mapped[dict[str, Any]] = mapped_column(comment="The reading as contract JSON")


class SectionRow(Table):
    """One version of one group of sections of one board for one period."""

    __tablename__ = "section_version"
    __table_args__ = (
        UniqueConstraint("city_id", "board_id", "period", "section_group", "version"),
        Index("ix_section_current", "city_id", "period", "known_to"),
        {"comment": "One version of one group of sections of one board for one period"},
    )

    section_id: Mapped[int] = mapped_column(primary_key=True, comment="Running number")
    city_id: Mapped[str] = mapped_column(String(40), comment="City register id")
    board_id: Mapped[str] = mapped_column(String(80), comment="Board register id")
    period: Mapped[str] = mapped_column(String(120), comment="Round or key of the matter")
    section_group: Mapped[str] = mapped_column(
        String(20), comment="goals, assignments, competence, economy, staff or other"
    )
    version: Mapped[int] = mapped_column(Integer, comment="Counts from 1 within board and period")
    state: Mapped[str] = mapped_column(
        String(20), comment="merged, nothing_to_report, stopped or withdrawn"
    )
    document_sha256: Mapped[str] = mapped_column(
        ForeignKey("document.sha256"), comment="Document that the section comes from"
    )
    received_at: Mapped[datetime] = mapped_column(comment="When that document was received, UTC")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the facts in the section")
    valid_from: Mapped[date | None] = mapped_column(Date, comment="First day the facts speak of")
    valid_to: Mapped[date | None] = mapped_column(Date, comment="Last day the facts speak of")
    known_from: Mapped[datetime] = mapped_column(comment="Since when the city office knew it, UTC")
    known_to: Mapped[datetime | None] = mapped_column(
        comment="Until when it was what we knew, UTC; empty for what we know now"
    )


class FactRow(Table):
    """One row of a section, whole."""

    __tablename__ = "fact"
    __table_args__ = {"comment": "One row of a section, whole, as contract JSON"}  # noqa: RUF012

    fact_id: Mapped[int] = mapped_column(primary_key=True, comment="Running number")
    section_id: Mapped[int] = mapped_column(
        ForeignKey("section_version.section_id"), index=True, comment="Version it belongs to"
    )
    section: Mapped[str] = mapped_column(String(40), comment="Section of the contract")
    row_key: Mapped[str] = mapped_column(Text, comment="Words that tell the row from the others")
    ordinal: Mapped[int] = mapped_column(Integer, comment="Order in the document")
    document_sha256: Mapped[str] = mapped_column(
        ForeignKey("document.sha256"), comment="Document that says it"
    )
    content: Mapped[dict[str, Any]] = mapped_column(comment="The row with places, contract JSON")


class FigureRow(Table):
    """One figure of a row, for SQL and for tracing."""

    __tablename__ = "figure"
    __table_args__ = (
        Index("ix_figure_id", "figure_id"),
        {"comment": "One figure of a row: as written, as a number, and where it stands"},
    )

    number: Mapped[int] = mapped_column(primary_key=True, comment="Running number")
    fact_id: Mapped[int] = mapped_column(
        ForeignKey("fact.fact_id"), index=True, comment="Row it stands in"
    )
    figure_id: Mapped[str] = mapped_column(
        String(20), comment="Id printed in the report, the same in every version"
    )
    field: Mapped[str] = mapped_column(String(80), comment="Field of the row")
    written: Mapped[str] = mapped_column(Text, comment="Text as it stands in the document")
    value: Mapped[Decimal | None] = mapped_column(
        Numeric(24, 6), comment="The number in the unit given; empty if there is none"
    )
    low: Mapped[Decimal | None] = mapped_column(Numeric(24, 6), comment="Low end of an interval")
    high: Mapped[Decimal | None] = mapped_column(Numeric(24, 6), comment="High end of an interval")
    unit: Mapped[str | None] = mapped_column(String(20), comment="kr, tkr, mnkr, percent, fte, …")
    decimals: Mapped[int | None] = mapped_column(Integer, comment="Decimals as printed")
    state: Mapped[str] = mapped_column(
        String(20), comment="read, blank, unreadable, unknown or not_applicable"
    )
    place: Mapped[dict[str, Any] | None] = mapped_column(JSON, comment="Where it stands")


class FindingRow(Table):
    """One finding of the check of a document, or of boards held against each other."""

    __tablename__ = "finding"
    __table_args__ = (
        Index("ix_finding_current", "city_id", "known_to"),
        {"comment": "One finding; kept also when a later check no longer gives it"},
    )

    finding_id: Mapped[int] = mapped_column(primary_key=True, comment="Running number")
    city_id: Mapped[str] = mapped_column(String(40), comment="City register id")
    run_period: Mapped[str] = mapped_column(String(120), comment="Round or day that was run")
    document_sha256: Mapped[str | None] = mapped_column(
        ForeignKey("document.sha256"),
        comment="Document with the finding; empty for one of the city's, over several boards",
    )
    rule: Mapped[str] = mapped_column(String(20), comment="Rule id")
    severity: Mapped[str] = mapped_column(String(10), comment="STOPP, FRÅGA or TIPS")
    content: Mapped[dict[str, Any]] = mapped_column(comment="The finding with its place and texts")
    known_from: Mapped[datetime] = mapped_column(comment="When it was found, UTC")
    known_to: Mapped[datetime | None] = mapped_column(
        comment="When a later check no longer gave it, UTC; empty while it stands"
    )


class CheckRow(Table):
    """What the check of a document tried and what it did not, its findings aside."""

    __tablename__ = "check_made"
    __table_args__ = (
        Index("ix_check_current", "city_id", "known_to"),
        {"comment": "Which rules were tried on what in a document, and which could not be"},
    )

    check_id: Mapped[int] = mapped_column(primary_key=True, comment="Running number")
    city_id: Mapped[str] = mapped_column(String(40), comment="City register id")
    run_period: Mapped[str] = mapped_column(String(120), comment="Round or day that was run")
    document_sha256: Mapped[str | None] = mapped_column(
        ForeignKey("document.sha256"),
        comment="Document that was checked; empty for the check of all boards together",
    )
    content: Mapped[dict[str, Any]] = mapped_column(
        comment="Gates passed, what was not checked and why, rules tried by section, row and field"
    )
    known_from: Mapped[datetime] = mapped_column(comment="When it was checked so first, UTC")
    known_to: Mapped[datetime | None] = mapped_column(
        comment="When a later check differed, UTC; empty while it stands"
    )


class CentralSourceRow(Table):
    """One file of the city's own systems, as it was used for a round."""

    __tablename__ = "central_source"
    __table_args__ = (
        UniqueConstraint("city_id", "period", "kind", "version"),
        {"comment": "One version of a central source (ledger, staff system) for one round"},
    )

    source_id: Mapped[int] = mapped_column(primary_key=True, comment="Running number")
    city_id: Mapped[str] = mapped_column(String(40), comment="City register id")
    period: Mapped[str] = mapped_column(String(120), comment="Round that the figures are for")
    kind: Mapped[str] = mapped_column(
        String(20), comment="sie, ledger_csv, staff_csv, or unknown for a file that is neither"
    )
    version: Mapped[int] = mapped_column(Integer, comment="Counts from 1 within round and kind")
    document_sha256: Mapped[str] = mapped_column(
        ForeignKey("document.sha256"), comment="The file, kept like any other original"
    )
    file_name: Mapped[str] = mapped_column(String(255), comment="Name of the file as sent")
    reader: Mapped[str] = mapped_column(
        String(80), comment="Version of reader and registers that it was read with"
    )
    received_at: Mapped[datetime] = mapped_column(comment="Moment of receipt, UTC")
    state: Mapped[str] = mapped_column(
        String(10), comment="used, or refused where the file breaks its format"
    )
    faults: Mapped[list[Any]] = mapped_column(
        JSON, comment="Why it is refused: line, fault and remedy"
    )
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the figures in it")
    known_from: Mapped[datetime] = mapped_column(comment="Since when it was what we went by, UTC")
    known_to: Mapped[datetime | None] = mapped_column(
        comment="Until when, UTC; empty for what we go by now"
    )


class CentralFigureRow(Table):
    """One figure out of a central source; never mixed with what the boards say."""

    __tablename__ = "central_figure"
    __table_args__ = (
        Index("ix_central_figure_id", "figure_id"),
        {"comment": "One figure that the city's own systems give for a board and round"},
    )

    number: Mapped[int] = mapped_column(primary_key=True, comment="Running number")
    source_id: Mapped[int] = mapped_column(
        ForeignKey("central_source.source_id"), index=True, comment="Source it comes from"
    )
    figure_id: Mapped[str] = mapped_column(
        String(20), comment="Id for tracing, the same in every version"
    )
    board_id: Mapped[str | None] = mapped_column(
        String(80), comment="Board register id; empty for what the mapping gives to no board"
    )
    section: Mapped[str] = mapped_column(String(40), comment="finance or staff")
    row_key: Mapped[str] = mapped_column(Text, comment="Line or metric; an account if unplaced")
    field: Mapped[str] = mapped_column(String(80), comment="outcome, budget, budget_year, …")
    value: Mapped[Decimal | None] = mapped_column(
        Numeric(24, 6), comment="The number in the unit given, costs with minus"
    )
    unit: Mapped[str | None] = mapped_column(String(20), comment="kr, tkr, mnkr, fte, …")
    decimals: Mapped[int | None] = mapped_column(Integer, comment="Decimals as written")
    line: Mapped[int | None] = mapped_column(Integer, comment="First line of the file behind it")
    parts: Mapped[list[Any]] = mapped_column(
        JSON, comment="What the sum is made of: account, value, first line, number of rows"
    )


class OwedRow(Table):
    """What a board owes in a round by the registers: the denominator of every count."""

    __tablename__ = "owed"
    __table_args__ = (
        Index("ix_owed_current", "city_id", "period", "known_to"),
        {"comment": "What a board owes in a round by the registers: every count's denominator"},
    )

    owed_id: Mapped[int] = mapped_column(primary_key=True, comment="Running number")
    city_id: Mapped[str] = mapped_column(String(40), comment="City register id")
    period: Mapped[str] = mapped_column(String(120), comment="Round")
    kind: Mapped[str] = mapped_column(String(20), comment="section, goal or assignment")
    subject: Mapped[str] = mapped_column(
        String(120), comment="Group of sections, goal id or assignment id"
    )
    board_id: Mapped[str] = mapped_column(String(80), comment="Board register id")
    due_on: Mapped[date | None] = mapped_column(Date, comment="Last day, with extensions")
    known_from: Mapped[datetime] = mapped_column(comment="Since when the registers said so, UTC")
    known_to: Mapped[datetime | None] = mapped_column(
        comment="Until when, UTC; empty while it holds"
    )


class ScaleWordRow(Table):
    """One word of a city's scale as it held in a round: what the city tables count by."""

    __tablename__ = "scale_word"
    __table_args__ = (
        Index("ix_scale_word_current", "city_id", "period", "scale", "known_to"),
        {"comment": "One word of a scale as it held in a round; a step has as many as it goes by"},
    )

    scale_word_id: Mapped[int] = mapped_column(primary_key=True, comment="Running number")
    city_id: Mapped[str] = mapped_column(String(40), comment="City register id")
    period: Mapped[str] = mapped_column(String(120), comment="Round")
    scale: Mapped[str] = mapped_column(String(40), comment="goal_assessment, goal_role, …")
    code: Mapped[str] = mapped_column(String(40), comment="Step of the scale")
    word: Mapped[str] = mapped_column(String(200), comment="Word or synonym, in small letters")
    means: Mapped[str] = mapped_column(
        String(20), comment="What a step that is no judgement is; empty for a judgement"
    )
    known_from: Mapped[datetime] = mapped_column(comment="Since when the registers said so, UTC")
    known_to: Mapped[datetime | None] = mapped_column(
        comment="Until when, UTC; empty while it holds"
    )


class AssignmentDecisionRow(Table):
    """A dated decision on an assignment: by office, board and council these are three facts."""

    __tablename__ = "assignment_decision"
    __table_args__ = {  # noqa: RUF012
        "comment": "A dated decision that closes an assignment for one addressee, at one level"
    }

    act_id: Mapped[str] = mapped_column(
        String(40), primary_key=True, comment="Act of the journal that notes it"
    )
    city_id: Mapped[str] = mapped_column(String(40), comment="City register id")
    assignment_id: Mapped[str] = mapped_column(String(120), comment="Assignment register id")
    board_id: Mapped[str] = mapped_column(String(80), comment="Addressee that it closes it for")
    level: Mapped[str] = mapped_column(
        String(10), comment="office (proposed), board or council (decided)"
    )
    decided_on: Mapped[date] = mapped_column(Date, comment="Day of the decision")
    paragraph: Mapped[str] = mapped_column(String(40), comment="Paragraph, empty for the office")
    known_from: Mapped[datetime] = mapped_column(comment="When it was noted, UTC")
    known_to: Mapped[datetime | None] = mapped_column(
        comment="When it was taken back, UTC; empty while it holds"
    )


class EditionRow(Table):
    """One rendered report."""

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("city_id", "run_period", "number"),
        {"comment": "One rendered report and the facts that it was made from"},
    )

    edition_id: Mapped[int] = mapped_column(primary_key=True, comment="Running number")
    city_id: Mapped[str] = mapped_column(String(40), comment="City register id")
    run_period: Mapped[str] = mapped_column(String(120), comment="Round or day reported")
    number: Mapped[int] = mapped_column(Integer, comment="Counts from 1 within city and period")
    status: Mapped[str] = mapped_column(String(20), comment="draft, decided, published, corrected")
    head: Mapped[str] = mapped_column(String(64), comment="Digest of the facts it was made from")
    files: Mapped[dict[str, Any]] = mapped_column(comment="SHA-256 of each file")
    made_at: Mapped[datetime] = mapped_column(comment="Moment of the run, UTC")


class PersonRow(Table):
    """The name of a person that the chain knows by an id only."""

    __tablename__ = "person"
    __table_args__ = {  # noqa: RUF012
        "comment": "A person's name, erased under a recorded decision; the chain has the id only"
    }

    person_id: Mapped[str] = mapped_column(
        String(40), primary_key=True, comment="Id that acts and records carry, N-3f2a…"
    )
    city_id: Mapped[str] = mapped_column(String(40), comment="City register id")
    name: Mapped[str] = mapped_column(String(200), comment="Name as it was written")
    contact: Mapped[str | None] = mapped_column(
        String(200), comment="Mail address; empty where none was given"
    )


class JournalMarkRow(Table):
    """The hash of one record of the journal, remembered apart from the journal itself."""

    __tablename__ = "journal_mark"
    __table_args__ = {  # noqa: RUF012
        "comment": "The hash of one record of the journal, remembered apart from the journal"
    }

    city_id: Mapped[str] = mapped_column(String(40), primary_key=True, comment="City register id")
    number: Mapped[int] = mapped_column(
        Integer, primary_key=True, autoincrement=False, comment="Number of the record, from 1"
    )
    digest: Mapped[str] = mapped_column(
        String(64), comment="The record's hash, which covers all records before it"
    )
