"""Look whether everything is here that a run needs (`samlad doctor`)."""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
from pathlib import Path

from flows.settings import Settings
from tasks.readers.machine_reading import examined

NEEDED = ("prefect", "sqlalchemy", "great-expectations", "jinja2", "weasyprint", "boto3")
TESSERACT = "sudo apt-get install tesseract-ocr tesseract-ocr-swe"
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
    lines.append(_tesseract())
    for label, place in (("Lager", settings.warehouse), ("Handlingar", settings.store)):
        lines.append(f"{label}: {place}")
    inbox = Path(settings.inbox)
    here = "" if "://" in settings.inbox or inbox.is_dir() else " (finns inte än)"
    lines.append(f"Inkorg: {settings.inbox}{here}")
    return lines, is_well


def _tesseract() -> str:
    """Return what there is to read scanned pages with; only cities that ask for it need it."""
    program = shutil.which("tesseract")
    if program is None:
        return f"Tesseract saknas. Det behövs bara för skannade handlingar: {TESSERACT}"
    name, has_swedish = examined(program)
    if not has_swedish:
        return f"{name} finns men kan inte svenska. Skannade handlingar kräver: {TESSERACT}"
    return f"{name} med svenska finns ({program}); en stad slår på det i city.toml"
