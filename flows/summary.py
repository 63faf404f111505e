"""What a run did, in figures only: for the terminal, for scripts and for Prefect's pages."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts and names of a run; holds no value that a board wrote.

    `stopped` and `missing` hold (board's name, avsnitt in Swedish). `report` is the folder.
    """

    city: str
    title: str
    outcome: str
    trial: bool = False
    arrived: int = 0
    new: int = 0
    identical: int = 0
    ignored: int = 0
    waiting: int = 0
    refused: int = 0
    merged: int = 0
    expected: int = 0
    late: int = 0
    stopped: tuple[tuple[str, str], ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    findings: dict[str, int] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)
    report: str = ""


def in_words(summary: Summary) -> str:
    """Return the summary as the lines that end a run in the terminal."""
    lines = [f"{summary.city}: {summary.title}", ""]
    lines += [f"  {label:<22}{value}" for label, value in _rows(summary)]
    for heading, pairs in (("Stoppat", summary.stopped), ("Inte lämnat", summary.missing)):
        if pairs:
            lines += ["", f"  {heading}:", *_told(pairs)]
    if summary.trial:
        lines += ["", "  Provkörning: stadens register är inte bekräftade."]
    if summary.report:
        lines += ["", f"  Rapporten ligger i {summary.report}"]
    return "\n".join(lines)


def in_markdown(summary: Summary) -> str:
    """Return the summary as a small table."""
    rows = "\n".join(f"| {label} | {value} |" for label, value in _rows(summary))
    return f"**{summary.title}**\n\n| | |\n|---|---|\n{rows}\n"


def _rows(summary: Summary) -> list[tuple[str, str]]:
    arrived = f"{summary.new} nya av {summary.arrived} filer i inkorgen"
    if summary.identical:
        arrived += f", därtill {summary.identical} som är samma fil som en annan"
    left = [
        f"{count} {word}"
        for count, word in (
            (summary.ignored, "systemfiler"),
            (summary.waiting, "skrivs fortfarande"),
            (summary.refused, "avvisade"),
        )
        if count
    ]
    found = ", ".join(f"{count} {severity}" for severity, count in summary.findings.items())
    spent = sum(summary.times.values())
    return [
        ("Resultat", summary.outcome),
        ("Mottaget", arrived),
        *([("Inte mottaget", ", ".join(left))] if left else []),
        ("Inlästa avsnitt", f"{summary.merged} av {summary.expected} som ska lämnas"),
        ("Sena avsnitt", str(summary.late)),
        ("Stoppade avsnitt", str(len(summary.stopped))),
        ("Saknade avsnitt", str(len(summary.missing))),
        ("Påpekanden", found or "inga"),
        ("Tid", f"{spent:.1f} s".replace(".", ",")),
    ]


def _told(pairs: tuple[tuple[str, str], ...]) -> list[str]:
    """Return one line per set of sections, with the boards that it concerns."""
    boards: dict[str, list[str]] = {}
    for board, group in pairs:
        boards.setdefault(board, []).append(group)
    same: dict[str, list[str]] = {}
    for board, groups in boards.items():
        same.setdefault(", ".join(groups).lower(), []).append(board)
    return [
        line
        for groups, names in same.items()
        for line in textwrap.wrap(
            f"{groups}: {', '.join(names)}", 96, initial_indent="    ", subsequent_indent="      "
        )
    ]


def group_word(group: str) -> str:
    """Return the Swedish word for a group of sections."""
    from tasks.report.material import say  # noqa: PLC0415 - only for a look-up

    return say(f"groups.{group}").lower()
