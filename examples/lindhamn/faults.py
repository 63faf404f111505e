"""The faults that the example city's boards make on purpose, by the name that plan.toml uses.

Some change what a board says, some what its file holds. Each is made in one board and one round.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from examples.lindhamn.numbers import counted, figure, tenths
from expectations.contract import Assignment, Figure, Reading, Text, Word, row_key

Change = Callable[[Reading], Reading]
CHANGES: dict[str, Change] = {}
"""Faults in what a board says."""
Damage = Callable[[bytes], bytes]
DAMAGES: dict[str, Damage] = {}
"""Faults in a file, made on its bytes."""

TEST_PERSON = "19121212-1212"
"""The number of Tolvan Tolvansson, whom Swedish systems are tested with; nobody has it."""


def change(function: Change) -> Change:
    """Register a fault in what is said, by the function's name."""
    CHANGES[function.__name__] = function
    return function


def damage(function: Damage) -> Damage:
    """Register a fault in a file, by the function's name."""
    DAMAGES[function.__name__] = function
    return function


def _with_row(reading: Reading, section: str, key: str, **fields: Any) -> Reading:
    """Return the reading with one row changed."""
    rows: Any = tuple(
        replace(row, **fields) if row_key(section, row) == key else row
        for row in reading.rows(section)
    )
    return replace(reading, **{section: rows})


def _with_column(reading: Reading, section: str, key: str, column: str, to: Figure) -> Reading:
    row = next(row for row in reading.rows(section) if row_key(section, row) == key)
    return _with_row(reading, section, key, columns=row.columns | {column: to})


def _column(reading: Reading, key: str, column: str) -> Decimal:
    row = next(row for row in reading.finance if row_key("finance", row) == key)
    return row.columns[column].value or Decimal(0)


def _money(value: Decimal) -> Figure:
    return figure(value, "mnkr", 1)


def _words(written: str, unit: str) -> Figure:
    return Figure(written, unit=unit, state="unreadable")


@change
def personal_number(reading: Reading) -> Reading:
    """Write a personal number in the summary."""
    text = reading.narratives[0].text.text
    more = f" Frågor om skolskjutsen för elev {TEST_PERSON} besvaras av rektor."
    return replace(reading, narratives=(replace(reading.narratives[0], text=Text(text + more)),))


@change
def measure_twice(reading: Reading) -> Reading:
    """Report the last measure on two rows."""
    return replace(reading, measures=(*reading.measures, reading.measures[-1]))


@change
def assessment_without_motive(reading: Reading) -> Reading:
    """Leave out a motive, in the board's own report rather than in the issued form."""
    document = replace(reading.document, kind="annual_report", template_version=None)
    return _with_row(replace(reading, document=document), "goals", "l-d1", motive=None)


@change
def sum_off(reading: Reading) -> Reading:
    """Change the costs of one column so that it adds up no more."""
    costs = _column(reading, "costs", "budget_year")
    return _with_column(reading, "finance", "costs", "budget_year", _money(costs - Decimal(3)))


@change
def no_meeting_that_day(reading: Reading) -> Reading:
    """Date a decision on the day after the meeting."""
    return _with_decision(reading, "l-u-2025-05", date=date(2025, 4, 10))


@change
def without_paragraph(reading: Reading) -> Reading:
    """Leave out the paragraph of a decision."""
    return _with_decision(reading, "l-u-2025-02", paragraph=None)


def _with_decision(reading: Reading, key: str, **fields: Any) -> Reading:
    row = next(row for row in reading.assignments if row_key("assignments", row) == key)
    if row.decision is None:
        raise LookupError(key)
    return _with_row(reading, "assignments", key, decision=replace(row.decision, **fields))


@change
def words_for_a_number(reading: Reading) -> Reading:
    """Write the number of employees in letters."""
    fte = _words("fyrahundratolv", "fte")
    return _with_column(reading, "staff", "annual_fte", "outcome", fte)


@change
def about_three(reading: Reading) -> Reading:
    """Write "ca 3" where a number or an interval is asked."""
    gap = _words("ca 3", "fte")
    return _with_row(reading, "competence_gaps", "specialpedagog", gap_fte_short=gap)


@change
def granted_more(reading: Reading) -> Reading:
    """Grant more money than was asked for."""
    granted = figure(900_000, "kr")
    return _with_row(reading, "funding", "2026/validering av vårdbiträden", granted=granted)


@change
def parts_above_missing(reading: Reading) -> Reading:
    """Let vacant and otherwise filled posts be more than those that are missing."""
    return _with_row(
        reading,
        "competence_positions",
        "now/personlig assistent, helg",
        vacant_or_hired=counted("9"),
        other_competence=counted("11"),
    )


@change
def unknown_status(reading: Reading) -> Reading:
    """Use a word that is not in the city's list."""
    return _with_row(reading, "assignments", "l-u-2025-08", status=Word("Rullar på"))


@change
def costs_without_minus(reading: Reading) -> Reading:
    """Write one cost without its minus sign."""
    costs = _column(reading, "costs", "outcome_prev")
    return _with_column(reading, "finance", "costs", "outcome_prev", _money(-costs))


@change
def assessment_left_out(reading: Reading) -> Reading:
    """Leave a required cell empty."""
    return _with_row(reading, "goals", "l-d1", assessment=None)


@change
def assignment_of_ones_own(reading: Reading) -> Reading:
    """Report on an assignment that the register lacks."""
    own = Assignment(
        "Se över språkkraven i stadens introduktionsutbildningar",
        assignment_id="L-U-2026-19",
        case_number="AVN-2026-0031",
        origin="board",
        status=next(row.status for row in reading.assignments if row.status),
        narrative=Text("Kraven är jämförda med tre andra kommuners. Förslag lämnas i vinter."),
    )
    return replace(reading, assignments=(*reading.assignments, own))


@change
def last_year_restated(reading: Reading) -> Reading:
    """Give another figure for last year than the annual report did."""
    income = _column(reading, "income", "accounts_prev")
    other = _money(income + Decimal("4.3"))
    return _with_column(reading, "finance", "income", "accounts_prev", other)


@change
def thousand_times(reading: Reading) -> Reading:
    """Write one amount in tkr where mnkr is asked."""
    equity = _column(reading, "equity", "forecast")
    return _with_column(reading, "finance", "equity", "forecast", _money(equity * 1000))


@damage
def text_named_workbook(_: bytes) -> bytes:
    """Return plain text; its name says that it is a workbook."""
    lines = ("Överförmyndarnämnden", "Årsrapport 2025", "Vi återkommer med siffrorna per post.")
    return "\r\n".join(lines).encode()


@damage
def encrypted(_: bytes) -> bytes:
    """Return the outside of a workbook with a password: an OLE file with encrypted parts."""
    sector = 512
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += bytes.fromhex("3e000300feff0900") + bytes(sector - 32)
    names = ("Root Entry", "EncryptionInfo", "EncryptedPackage")
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)
    return header + directory.ljust(sector, b"\0") + bytes(range(256)) * 16


@damage
def truncated(data: bytes) -> bytes:
    """Return the first two thirds of a file."""
    return data[: tenths(len(data) / 15)]


@damage
def number_for_text(data: bytes) -> bytes:
    """Write a number where the schema asks for a decimal number as text."""
    tree = json.loads(data)
    outcome = tree["finance"][1]["columns"]["outcome"]
    outcome["value"] = float(outcome["value"])
    return (json.dumps(tree, ensure_ascii=False, indent=1) + "\n").encode()
