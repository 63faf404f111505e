"""Look whether everything is here that a run needs (`samlad doctor`)."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

from flows.settings import Settings

NEEDED = ("prefect", "sqlalchemy", "great-expectations", "jinja2", "weasyprint", "boto3")
PANGO = "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def examine(settings: Settings) -> tuple[list[str], bool]:
    """Return what was found, line by line, and whether a run can be made."""
    lines = [f"Python {sys.version.split()[0]}"]
    lines += [f"{name} {importlib.metadata.version(name)}" for name in NEEDED]
    is_well = True
    try:
        import weasyprint  # noqa: F401, PLC0415 - loads Pango, which is what is asked
    except OSError:
        lines.append(f"Pango saknas. Installera det med: {PANGO}")
        is_well = False
    else:
        lines.append("Pango finns")
    for label, place in (("Lager", settings.warehouse), ("Handlingar", settings.store)):
        lines.append(f"{label}: {place}")
    inbox = Path(settings.inbox)
    here = "" if "://" in settings.inbox or inbox.is_dir() else " (finns inte än)"
    lines.append(f"Inkorg: {settings.inbox}{here}")
    return lines, is_well
