"""Read a ledger in SIE type 4, strictly: what breaks the format is a fault at its line.

The format is SIE 4B (2008-09-30): records of one line that begin with a label, fields between
blanks, text in quotes, objects in braces, code page 437. Labels that we do not know are skipped,
as the format asks; everything that we use is checked, and sums that the file gives twice must
agree. A file with a fault is not used at all: half a ledger is worse than none.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

Objects: TypeAlias = tuple[tuple[str, str], ...]
"""Dimension and object, for example (("1", "210"),)."""
Year: TypeAlias = int
"""0 is the year of the file, -1 the one before."""
LARGEST = 256 * 1024 * 1024
MOST_FAULTS = 20
TYPE = "4"
RESULT_ACCOUNTS = "345678"


@dataclass(frozen=True, slots=True)
class SieFault:
    """One breach of the format: 1-based line, what is wrong and what to do, in Swedish."""

    line: int
    fault: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of the ledger, in kronor, debit plus and credit minus, with its line.

    `kind` is trans, period, budget, opening, closing or result; `month` is YYYYMM, empty for a
    whole year.
    """

    kind: str
    year: Year
    month: str
    account: str
    objects: Objects
    value: Decimal
    line: int
    day: date | None = None


@dataclass(slots=True)
class SieFile:
    """What a ledger file says. `covers_to` is the day it says it reaches, else its last entry."""

    company: str = ""
    years: dict[Year, tuple[date, date]] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    dimensions: dict[str, str] = field(default_factory=dict)
    objects: dict[tuple[str, str], str] = field(default_factory=dict)
    amounts: list[Amount] = field(default_factory=list)
    covers_to: date | None = None
    skipped: Counter[str] = field(default_factory=Counter)
    faults: list[SieFault] = field(default_factory=list)

    def of(self, kind: str, year: Year = 0) -> Iterator[Amount]:
        """Yield the amounts of one kind and year, in the order of the file."""
        return (one for one in self.amounts if one.kind == kind and one.year == year)

    @property
    def reaches(self) -> date | None:
        """The last day that the file speaks of."""
        if self.covers_to is not None:
            return self.covers_to
        days = [one.day for one in self.of("trans") if one.day is not None]
        return max(days, default=None)


def is_sie(data: bytes) -> bool:
    """Say whether bytes begin as a SIE file does."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:7].upper() == b"#FLAGGA"


def read_sie(data: bytes) -> SieFile:
    """Return what a SIE 4 file says; `faults` is empty when every record that we use holds."""
    file = SieFile()
    if len(data) > LARGEST:
        file.faults.append(
            SieFault(1, "Filen är större än 256 MB.", "Exportera ett räkenskapsår åt gången.")
        )
        return file
    reader = _Reader(file)
    text = data.decode("cp437")  # every byte has a letter there: this cannot fail
    for number, line in enumerate(text.splitlines(), start=1):
        reader.take(number, line)
        if len(file.faults) >= MOST_FAULTS:
            break
    else:
        reader.end()
    return file


_FIELD = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(\{)|(\})|([^\s"{}]+))')


class _BrokenRecordError(Exception):
    def __init__(self, fault: str, remedy: str = "Exportera filen på nytt.") -> None:
        super().__init__(fault)
        self.fault = fault
        self.remedy = remedy


def _fields(line: str) -> tuple[list[str], Objects | None]:
    """Return the fields of a record and its object list, None where it has none."""
    found: list[str] = []
    inside: list[str] | None = None
    objects: list[str] | None = None
    at = 0
    while line[at:].strip():
        match = _FIELD.match(line, at)
        if match is None:
            raise _BrokenRecordError("Ett citattecken är inte stängt.")
        at = match.end()
        if match[2]:
            inside = objects = []
        elif match[3]:
            inside = None
        else:
            word = re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else match[4]
            (found if inside is None else inside).append(word)
    if inside is not None:
        raise _BrokenRecordError("Objektlistan är inte stängd med }.")
    if objects is not None and len(objects) % 2:
        raise _BrokenRecordError("Objektlistan har en dimension utan objekt.")
    pairs = tuple(zip(objects[::2], objects[1::2], strict=True)) if objects is not None else None
    return found, pairs


def _number(written: str) -> Decimal:
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,2})?", written):
        raise _BrokenRecordError(
            f"”{written[:20]}” är inget belopp.", "Belopp skrivs som -1234.50, utan mellanrum."
        )
    return Decimal(written)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written if re.fullmatch(r"\d{8}", written) else "")
    except ValueError:
        raise _BrokenRecordError(
            f"”{written[:20]}” är inget datum.", "Datum skrivs som 20260831."
        ) from None


@dataclass
class _Voucher:
    line: int
    day: date
    is_open: bool = False
    total: Decimal = Decimal(0)


class _Reader:
    """Takes the lines one by one and keeps what they say."""

    def __init__(self, file: SieFile) -> None:
        self.file = file
        self.seen: Counter[str] = Counter()
        self.voucher: _Voucher | None = None
        self.does: Mapping[str, Callable[[int, list[str], Objects | None], None]] = {
            "#FORMAT": self._format,
            "#SIETYP": self._type,
            "#FNAMN": self._company,
            "#RAR": self._year,
            "#OMFATTN": self._covers,
            "#KONTO": self._account,
            "#DIM": self._dimension,
            "#UNDERDIM": self._dimension,
            "#OBJEKT": self._object,
            "#IB": self._balance("opening"),
            "#UB": self._balance("closing"),
            "#RES": self._balance("result"),
            "#PSALDO": self._period("period"),
            "#PBUDGET": self._period("budget"),
            "#VER": self._ver,
            "#TRANS": self._trans,
        }

    def take(self, number: int, line: str) -> None:
        """Understand one line; a breach is kept with its number."""
        text = line.strip().lstrip("\ufeff∩╗┐")
        if not text:
            return
        try:
            self._understand(number, text)
        except _BrokenRecordError as broken:
            self.file.faults.append(SieFault(number, broken.fault, broken.remedy))

    def _understand(self, number: int, text: str) -> None:
        if text in "{}":
            self._brace(number, text)
            return
        if not text.startswith("#"):
            raise _BrokenRecordError("Raden börjar inte med en etikett (#).")
        (label, *fields), objects = _fields(text)
        label = label.upper()
        if not self.seen and label != "#FLAGGA":
            raise _BrokenRecordError(
                "Filen börjar inte med #FLAGGA.", "Välj SIE typ 4 när filen exporteras."
            )
        self.seen[label] += 1
        does = self.does.get(label)
        if does is not None:
            try:
                does(number, fields, objects)
            except IndexError:
                raise _BrokenRecordError(f"Posten {label} har för få fält.") from None
        elif label != "#FLAGGA":
            self.file.skipped[label] += 1

    def end(self) -> None:
        """Check what only the whole file can show."""
        for label in ("#FORMAT", "#SIETYP", "#RAR", "#KONTO"):
            if not self.seen[label] and not self.file.faults:
                told = f"Posten {label} saknas."
                self.file.faults.append(SieFault(1, told, "Välj SIE typ 4 när filen exporteras."))
        if self.voucher is not None and self.voucher.is_open:
            self._fault(self.voucher.line, "Verifikationen är inte stängd med }.")
        self._sums_agree()

    def _fault(self, line: int, told: str) -> None:
        self.file.faults.append(SieFault(line, told, "Exportera filen på nytt."))

    # --- what stands before the amounts ---

    def _format(self, _: int, fields: list[str], __: Objects | None) -> None:
        if fields[0].upper() != "PC8":
            raise _BrokenRecordError(
                f"Teckenkoden är {fields[0][:20]}, den ska vara PC8.", "Exportera med PC8."
            )

    def _type(self, _: int, fields: list[str], __: Objects | None) -> None:
        if fields[0] != TYPE:
            raise _BrokenRecordError(
                f"Filen är SIE typ {fields[0][:5]}.", "Välj typ 4 när filen exporteras."
            )

    def _company(self, _: int, fields: list[str], __: Objects | None) -> None:
        self.file.company = fields[0]

    def _year(self, _: int, fields: list[str], __: Objects | None) -> None:
        first, last = _day(fields[1]), _day(fields[2])
        if last < first:
            raise _BrokenRecordError("Räkenskapsåret slutar innan det börjar.")
        self.file.years[self._which_year(fields[0], known=False)] = (first, last)

    def _which_year(self, written: str, *, known: bool = True) -> Year:
        if not re.fullmatch(r"0|-\d{1,2}", written):
            raise _BrokenRecordError(f"”{written[:10]}” är inget årsnummer.")
        if known and int(written) not in self.file.years:
            raise _BrokenRecordError(f"Räkenskapsåret {written} finns inte bland #RAR.")
        return int(written)

    def _covers(self, _: int, fields: list[str], __: Objects | None) -> None:
        self.file.covers_to = _day(fields[0])

    def _account(self, _: int, fields: list[str], __: Objects | None) -> None:
        if not fields[0].isdigit():
            raise _BrokenRecordError(f"Kontot ”{fields[0][:20]}” är inget tal.")
        self.file.accounts[fields[0]] = fields[1]

    def _dimension(self, _: int, fields: list[str], __: Objects | None) -> None:
        self.file.dimensions[fields[0]] = fields[1]

    def _object(self, _: int, fields: list[str], __: Objects | None) -> None:
        self.file.objects[fields[0], fields[1]] = fields[2]

    # --- amounts ---

    def _known(self, account: str, objects: Objects | None) -> Objects:
        if account not in self.file.accounts:
            raise _BrokenRecordError(f"Kontot {account[:20]} finns inte bland #KONTO.")
        for dimension, code in objects or ():
            if (dimension, code) not in self.file.objects:
                raise _BrokenRecordError(
                    f"Objektet {code[:20]} i dimension {dimension[:5]} finns inte bland #OBJEKT."
                )
        return objects or ()

    def _balance(self, kind: str) -> Callable[[int, list[str], Objects | None], None]:
        def take(line: int, fields: list[str], objects: Objects | None) -> None:
            year, account = self._which_year(fields[0]), fields[1]
            owned = self._known(account, objects)
            one = Amount(kind, year, "", account, owned, _number(fields[2]), line)
            self.file.amounts.append(one)

        return take

    def _period(self, kind: str) -> Callable[[int, list[str], Objects | None], None]:
        def take(line: int, fields: list[str], objects: Objects | None) -> None:
            year, month, account = self._which_year(fields[0]), fields[1], fields[2]
            first, last = self.file.years[year]
            if not re.fullmatch(r"\d{6}", month) or not (
                f"{first:%Y%m}" <= month <= f"{last:%Y%m}"
            ):
                raise _BrokenRecordError(f"Perioden {month[:10]} ligger utanför räkenskapsåret.")
            owned = self._known(account, objects)
            one = Amount(kind, year, month, account, owned, _number(fields[3]), line)
            self.file.amounts.append(one)

        return take

    def _ver(self, line: int, fields: list[str], _: Objects | None) -> None:
        if self.voucher is not None and self.voucher.is_open:
            self._fault(self.voucher.line, "Verifikationen är inte stängd med }.")
        self.voucher = _Voucher(line, _day(fields[2]))

    def _brace(self, number: int, brace: str) -> None:
        if self.voucher is None or self.voucher.is_open == (brace == "{"):
            raise _BrokenRecordError(f"{brace} står utan verifikation.")
        self.voucher.is_open = brace == "{"
        if brace == "}":
            if self.voucher.total:
                told = f"Verifikationen balanserar inte: {self.voucher.total} kr fattas."
                self._fault(self.voucher.line, told)
            self.voucher = None
        del number

    def _trans(self, line: int, fields: list[str], objects: Objects | None) -> None:
        if self.voucher is None or not self.voucher.is_open:
            raise _BrokenRecordError("#TRANS står utanför en verifikation.")
        owned, value = self._known(fields[0], objects), _number(fields[1])
        day = _day(fields[2]) if len(fields) > 2 and fields[2] else self.voucher.day  # noqa: PLR2004 - the third field
        year = next((y for y, (a, b) in self.file.years.items() if a <= day <= b), None)
        if year is None:
            raise _BrokenRecordError("Transaktionens datum ligger utanför räkenskapsåren.")
        self.voucher.total += value
        month = f"{day:%Y%m}"
        self.file.amounts.append(Amount("trans", year, month, fields[0], owned, value, line, day))

    # --- what the file says twice ---

    def _sums_agree(self) -> None:
        """Hold #RES and #UB against the entries, and #PSALDO against the month's entries."""
        if self.file.faults:
            return
        year: dict[str, Decimal] = defaultdict(Decimal)
        month: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for one in self.file.of("trans"):
            year[one.account] += one.value
            month[one.month, one.account] += one.value
        opening = {o.account: o.value for o in self.file.of("opening") if not o.objects}
        told: dict[str, Callable[[Amount], Decimal]] = {
            "result": lambda one: year[one.account],
            "closing": lambda one: year[one.account] + opening.get(one.account, Decimal(0)),
            "period": lambda one: month[one.month, one.account],
        }
        labels = {"result": "#RES", "closing": "#UB", "period": "#PSALDO"}
        for kind, sum_of in told.items():
            if kind == "period" and not self.seen["#VER"]:
                continue  # a ledger may give months and no entries
            for one in self.file.of(kind):
                if not one.objects and sum_of(one) != one.value:
                    self._fault(
                        one.line,
                        f"{labels[kind]} för konto {one.account} är {one.value}, verifikationerna "
                        f"ger {sum_of(one)}.",
                    )
