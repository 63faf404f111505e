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

from expectations.personal import has_number
from expectations.registers import RegisterError
from flows.commands import (
    archiving,
    backing,
    central,
    closing,
    comparing,
    contacts,
    deciding,
    diary,
    following,
    issuing,
    keeping,
    looking,
    office,
    persons,
    publishing,
    registers,
    releasing,
    running,
    settling,
    trying,
)
from flows.commands.asking import OUR_DEFECT, RAN, WRONG_USE, UserError
from flows.swedish_help import SwedishParser
from flows.terminal import refused

COMMANDS = (
    *running.COMMANDS,
    *issuing.COMMANDS,
    *trying.COMMANDS,
    *looking.COMMANDS,
    *following.COMMANDS,
    *comparing.COMMANDS,
    *office.COMMANDS,
    *publishing.COMMANDS,
    *settling.COMMANDS,
    *deciding.COMMANDS,
    *central.COMMANDS,
    *registers.COMMANDS,
    *contacts.COMMANDS,
    *diary.COMMANDS,
    *releasing.COMMANDS,
    *closing.COMMANDS,
    *persons.COMMANDS,
    *archiving.COMMANDS,
    *backing.COMMANDS,
    *keeping.COMMANDS,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a user never sees a stack trace."""
    _quiet_libraries()
    options = _parser().parse_args(arguments)
    try:
        _without_numbers(options)
        code: int = options.command(options)
    except RegisterError as error:
        return _say_error(f"fel i register.\n{error}", WRONG_USE)
    except UserError as error:
        return _say_error(str(error), error.code)
    except BrokenPipeError:
        return RAN
    except KeyboardInterrupt:
        return _say_error("Avbrutet. Inget som var klart har gått förlorat.", 130)
    except Exception as error:  # noqa: BLE001 - the last resort before the user
        return _our_defect(error)
    return code


FILES = ("file", "out", "inbox", "to", "check", "form", "html", "old", "folder")
"""Options that name files of the user's own: what comes in is looked through when it is read."""


def _without_numbers(options: argparse.Namespace) -> None:
    """UserError where a personal number stands in an option: what is recorded is not forgotten."""
    for name, said in vars(options).items():
        is_kept = isinstance(said, str) and (name not in FILES or "part" in options)
        if is_kept and has_number(said):
            told = f"--{name.replace('_', '-')}"
            raise UserError(f"{told} innehåller ett personnummer. Skriv det utan.")


def _say_error(message: str, code: int) -> int:
    sys.stderr.write(f"samlad: {message}\n")
    return code


def _our_defect(error: Exception) -> int:
    is_debug = bool(os.environ.get("SAMLAD_DEBUG"))
    # What it says names records and originals, never what stands in them.
    if type(error).__name__ == "StoreError" and not is_debug:
        return _say_error(f"lagret håller inte: {error}. Se samlad verify.", OUR_DEFECT)
    known = _known_condition(error)
    if known:
        return _say_error(known, WRONG_USE)
    if is_debug:
        raise error
    # The message of a foreign exception may quote a value that a board wrote: name it only.
    return _say_error(
        f"Ett fel i Samlad ({type(error).__name__}). Det som var mottaget är kvar. "
        "Kör igen med SAMLAD_DEBUG=1 och skicka texten till utvecklarna.",
        OUR_DEFECT,
    )


SAYS_ITS_REMEDY = ("InboxError", "MissingLibraryError", "NoExampleError", "FileExistsError")


def _known_condition(error: Exception) -> str | None:
    """Return the message of a condition that names its own remedy, such as a missing Pango."""
    return str(error) if type(error).__name__ in SAYS_ITS_REMEDY else refused(error)


def _quiet_libraries() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    for name in ("DO_NOT_TRACK", "GX_ANALYTICS_ENABLED", "PREFECT_SERVER_ANALYTICS_ENABLED"):
        os.environ.setdefault(name, "1" if name == "DO_NOT_TRACK" else "false")


def command_names() -> tuple[str, ...]:
    """Return the names of all commands."""
    return tuple(command.name for command in COMMANDS)


def _parser() -> SwedishParser:
    parser = SwedishParser(
        prog="samlad",
        description="Gör en samlad rapport till kommunfullmäktige av alla nämnders inlämningar.",
    )
    commands = parser.add_subparsers(title="kommandon", metavar="KOMMANDO", required=True)
    for command in COMMANDS:
        one = commands.add_parser(
            command.name,
            help=command.told,
            description=command.told[:1].upper() + command.told[1:] + ".",
            epilog=f"Exempel: {command.example}",
        )
        one.set_defaults(command=command.does)
        if command.arguments:
            command.arguments(one)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
