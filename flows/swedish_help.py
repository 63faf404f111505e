"""argparse in Swedish: help, usage and what it says of a command it cannot take."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import date
from typing import Any, NoReturn

_HEADINGS = {
    "usage: ": "användning: ",
    "positional arguments:": "argument:",
    "options:": "val:",
    "show this help message and exit": "visa den här hjälpen",
}
_ERRORS = (
    (r"the following arguments are required: (.+)", r"det saknas: \1"),
    (r"one of the arguments (.+) is required", r"ange ett av: \1"),
    (r"unrecognized arguments: (-.+)", r"okänt: \1"),
    (
        r"unrecognized arguments: (.+)",
        r"okänt: \1. Ett filnamn skrivs direkt efter kommandot, före det som börjar med --",
    ),
    (r"argument (.+): expected one argument", r"\1 behöver ett värde efter sig"),
    (r"argument (.+): invalid choice: (.+?) \(choose from (.+)\)", r"\2 finns inte. Välj: \3"),
    (r"argument (.+): invalid \w+ value: (.+)", r"\1 kan inte vara \2"),
    (r"argument (.+): not allowed with argument (.+)", r"\1 går inte att ange tillsammans med \2"),
)


def day_argument(written: str) -> date:
    """Return the date of `2026-04-01`; argparse says the error."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        fault = f"{written} är inget datum. Skriv som 2026-04-01"
        raise argparse.ArgumentTypeError(fault) from None


class SwedishParser(argparse.ArgumentParser):
    """A parser that speaks Swedish and ends with exit code 2 on wrong use."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        """Make a parser that takes `-366,4` for a number and not for an option."""
        super().__init__(*arguments, **settings)
        self._negative_number_matcher = re.compile(r"^-\d[\d\s]*(?:[.,]\d+)?$")

    def format_help(self) -> str:
        """Return the help with Swedish headings."""
        return _in_swedish(super().format_help())

    def format_usage(self) -> str:
        """Return the usage line with a Swedish heading."""
        return _in_swedish(super().format_usage())

    def error(self, message: str) -> NoReturn:
        """Say in Swedish what is wrong and where help is; exit code 2."""
        for pattern, words in _ERRORS:
            message = re.sub(pattern, words, message)
        sys.stderr.write(f"{self.prog}: {message}.\nSe {self.prog} --help\n")
        raise SystemExit(2)


def _in_swedish(text: str) -> str:
    for english, swedish in _HEADINGS.items():
        text = text.replace(english, swedish)
    return text
