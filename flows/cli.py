"""The command line: English commands, Swedish help and answers, exit codes for scripts.

0 it ran, with findings or not; 1 `check` found a STOPP, or `run --strict`; 2 wrong use or a
faulty register; 3 our defect. Heavy libraries are imported by the command that needs them, so
that help and look-ups answer at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from expectations.registers import RegisterError
from flows.settings import Settings, settings_from
from flows.swedish_help import SwedishParser, day_argument

STOCKHOLM = ZoneInfo("Europe/Stockholm")
RAN, STOPPED, WRONG_USE, OUR_DEFECT = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a user never sees a stack trace."""
    _quiet_libraries()
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except RegisterError as error:
        return _say_error(f"Fel i register. {error}", WRONG_USE)
    except UserError as error:
        return _say_error(str(error), WRONG_USE)
    except BrokenPipeError:
        return RAN
    except KeyboardInterrupt:
        return _say_error("Avbrutet. Inget som var klart har gått förlorat.", 130)
    except Exception as error:  # noqa: BLE001 - the last resort before the user
        return _our_defect(error)
    return code


class UserError(Exception):
    """Something the user asked for that cannot be done; the message says what to do instead."""


def _say_error(message: str, code: int) -> int:
    sys.stderr.write(f"samlad: {message}\n")
    return code


def _our_defect(error: Exception) -> int:
    known = _known_condition(error)
    if known:
        return _say_error(known, WRONG_USE)
    if os.environ.get("SAMLAD_DEBUG"):
        raise error
    # The message of a foreign exception may quote a value that a board wrote: name it only.
    return _say_error(
        f"Ett fel i Samlad ({type(error).__name__}). Det som var mottaget är kvar. "
        "Kör igen med SAMLAD_DEBUG=1 och skicka texten till utvecklarna.",
        OUR_DEFECT,
    )


def _known_condition(error: Exception) -> str | None:
    """Return the message of a condition that names its own remedy, such as a missing Pango."""
    from tasks.render import MissingLibraryError

    return str(error) if isinstance(error, MissingLibraryError) else None


def _quiet_libraries() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    for name in ("DO_NOT_TRACK", "GX_ANALYTICS_ENABLED", "PREFECT_SERVER_ANALYTICS_ENABLED"):
        os.environ.setdefault(name, "1" if name == "DO_NOT_TRACK" else "false")


# --- commands ---------------------------------------------------------------------------------


def _run(options: argparse.Namespace) -> int:
    from flows.round import Order, run_round
    from flows.summary import in_words
    from flows.terminal import InProcess

    settings = _settings(options)
    out = Path(options.out or Path("out") / options.city / (options.round or str(options.on)))
    order = Order(
        city_id=options.city,
        now=_moment(options.today),
        out=out,
        round_id=options.round,
        on=options.on,
    )
    summary = run_round(order, settings, InProcess(quiet=options.json))
    if options.json:
        _print_json(summary)
    else:
        print("\n" + in_words(summary))
    return STOPPED if options.strict and summary.stopped else RAN


def _demo(options: argparse.Namespace) -> int:
    from flows.demo import run_demo
    from flows.summary import in_words

    summary = run_demo(Path(options.out), fresh=True)
    print("\n" + in_words(summary))
    return RAN


def _read(options: argparse.Namespace) -> int:
    from expectations.contract_json import as_json
    from tasks.read import read_original

    path = _file(options.file)
    settings = _settings(options)
    city = _city(options.city, settings)
    reading = read_original(
        path.read_bytes(), name=path.name, city=city, city_folders=settings.city_folders
    )
    if options.json:
        _print_json(as_json(reading))
    else:
        from flows.showing import reading_in_words

        print(reading_in_words(reading, city))
    return RAN


def _print_json(value: object) -> None:
    import json

    from expectations.contract_json import as_json

    print(json.dumps(as_json(value), ensure_ascii=False, indent=1))


def _file(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        fault = f"Filen {path} finns inte. Kontrollera sökvägen."
        raise UserError(fault)
    return path


def _settings(options: argparse.Namespace) -> Settings:
    environment = dict(os.environ)
    if getattr(options, "inbox", None):
        environment["SAMLAD_INBOX"] = options.inbox
    settings = settings_from(environment)
    return settings.for_city(options.city) if options.city else settings


def _moment(today: date | None) -> datetime:
    """Return now, or noon in Sweden of the day the user gave."""
    if today is None:
        return datetime.now(UTC)
    return datetime.combine(today, time(12), STOCKHOLM).astimezone(UTC)
