"""Whose a sentence is: the board's own names, and headings that speak of the whole board."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from expectations.contract import Document, Place
from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.outline import Outline, Section
from tasks.readers.wording import Wording

_TOP, _LINE = 60, 300
_NAMED = re.compile(
    r"(?:\b[a-zåäö]+-(?:, [a-zåäö]+-)* (?:och|samt) )?"
    r"\b(?:[a-zåäö]+- ?)?[a-zåäö]*(?:nämnd(?:en)?|styrelsen?)\b"
    r"(?: för (?:[a-zåäö]+- och )?[a-zåäö]+(?: (?:och|&) [a-zåäö]+)?(?=,|$))?"
)
_BODY = re.compile(r"nämnd(?:en)?\b|styrelsen?\b|\b(?:ab|aktiebolag|förbund)\b")
_COMPANY = re.compile(r"\bAB\b|\baktiebolag", re.IGNORECASE)
_SECTOR = re.compile(r"\bSektor (?:för )?([A-ZÅÄÖa-zåäö]{4,})")
"""A sector by its name; running text writes other ones without a capital (`offentlig sektor`)."""
_NOBODY = ("nämnd", "nämnden", "styrelse", "styrelsen")
_FAMILIES = {
    "line": ("finance", "any"),
    "metric": ("staff", "any"),
    "invested": ("investments", "finance", "any"),
    "granted": ("investments", "finance", "any"),
}


@dataclass(frozen=True, slots=True)
class Owners:
    """The names of the board in a document, and which headings are not of the whole."""

    names: frozenset[str]
    repeated: frozenset[str]
    """Titles that stand over several sections: each is a part's."""
    barred: frozenset[int]
    """Sections, by index, that stand under a heading of a part."""
    indices: dict[int, int]
    stems: dict[str, tuple[str, ...]]
    small: frozenset[str]
    activities: tuple[str, ...] = ()
    """Stems of words that parts of a board are called by."""
    nobody: tuple[str, ...] = ()
    """Stems of what is no part of a board: the city itself, its companies."""
    local: frozenset[str] = frozenset()
    """Words that say of a part that it is the city's own, and make no city of it."""
    generic: frozenset[str] = frozenset()
    """Words for a part that has its name in the heading."""
    chapters: frozenset[str] = frozenset()
    """Titles of chapters of the whole board that end whatever chapters stand before them."""

    def names_another(self, text: str) -> bool:
        """Say whether a text names another board than the document's."""
        named = {_definite(name) for name in _NAMED.findall(plain(text)) if name not in _NOBODY}
        return any("kommunstyrelse" not in name for name in named - self.names)

    def is_of_whole(self, section: Section, kind: str, heading: str | None) -> bool:
        """Say whether a sentence without an owner under a heading speaks of the whole board.

        Every word of the heading must be one of such headings; `heading` is one that stands right
        above the sentence.
        """
        title = plain(heading or section.title)
        if not heading and (title in self.repeated or self._is_barred(section)):
            return False
        return self.is_whole_title(title, _FAMILIES[kind])

    def part(
        self, name: tuple[str, Place], section: Section, heading: str | None
    ) -> tuple[str, Place] | None:
        """Return what a part of the board is called and where; None where it may be none.

        A part has a word of activities in its name, or its own heading above it; what is called
        `Verksamhetsområdet` has the name of its heading.
        """
        label, place = name = self._without_word_for_part(name)
        told = [word for word in re.findall(r"[^\W\d_]+", plain(label)) if word not in self.local]
        title = plain(heading or section.title)
        named = re.findall(r"[^\W\d_]{4,}", title)
        if self.names_another(label) or any(word.startswith(self.nobody) for word in told):
            return None
        own = [word for word in told if len(word) >= _LEAST_STEM]
        if told and plain(label) in self.generic:
            whole = self.is_whole_title(title, ("finance", "staff", "investments", "any"))
            where = section.heading.place() if section.heading is not None else place
            return None if whole or heading or not title else (section.title, where)
        known = any(stem in word for word in own for stem in self.activities)
        known = known or any(word in self.activities for word in told)
        titled = any(_is_alike(word, other) for word in own for other in named)
        return name if known or titled else None

    def _without_word_for_part(self, name: tuple[str, Place]) -> tuple[str, Place]:
        """Return the name alone of what is called by a word and its name: `Verksamheten kultur`."""
        label, place = name
        word, _, rest = label.partition(" ")
        if plain(word) not in self.generic or not re.match(_BARE_NAME, rest):
            return name
        start, stop = place.columns or (1, len(label))
        columns = (min(start + len(word) + 1, stop), stop)
        return rest[:1].upper() + rest[1:], replace(place, columns=columns)

    def tells_of_investments(self, section: Section, heading: str | None) -> bool:
        """Say whether a heading is of the investments of the whole board."""
        title = plain(heading or section.title)
        own = any(word.startswith(self.stems["investments"]) for word in title.split())
        return own and self.is_of_whole(section, "granted", heading)

    def _is_barred(self, section: Section) -> bool:
        return self.indices.get(id(section), -1) in self.barred

    def is_whole_title(self, title: str, families: tuple[str, ...]) -> bool:
        """Say whether all words of a title are of headings of the whole, and one says of what."""
        left = title
        for name in sorted(self.names, key=len, reverse=True):
            left = left.replace(name, " ")
        told = [word for word in re.findall(r"[^\W\d_]+", left) if word not in self.small]
        if not told and left != title:
            # the name of the board, and nothing else
            return True
        every = tuple(stem for stems in self.stems.values() for stem in stems)
        own = tuple(stem for family in families for stem in self.stems[family])
        return all(word.startswith(every) for word in told) and any(
            word.startswith(own) for word in told
        )


def owners_of(shape: Outline, document: Document, words: Wording) -> Owners:
    """Return whose the sentences of a document are."""
    titles = Counter(plain(section.title) for section in shape.sections)
    found, parts = words.words["sentence_headings"], words.words["sentence_parts"]
    months = generic_vocabulary()["round_months"]
    owners = Owners(
        frozenset(_names(shape, document, words)),
        frozenset(title for title, times in titles.items() if times > 1),
        frozenset(),
        {id(section): at for at, section in enumerate(shape.sections)},
        {name: tuple(stems) for name, stems in found.items() if name not in ("small", "chapters")},
        frozenset((*found["small"], *months)),
        tuple(parts["activities"]),
        tuple(parts["nobody"]),
        frozenset(parts["local"]),
        frozenset(parts["generic"]),
        frozenset(found["chapters"]),
    )
    return replace(owners, barred=frozenset(_barred(shape, owners)))


def _is_alike(one: str, other: str) -> bool:
    """Say whether two words are the same but for their endings."""
    return one[: max(_LEAST_STEM, len(other) - 3)] == other[: max(_LEAST_STEM, len(one) - 3)]


_LEAST_STEM = 4
_BARE_NAME = r"(?!(?:för|inom|i|på|med|som|av) )[a-zåäöA-ZÅÄÖ]"


def _names(shape: Outline, document: Document, words: Wording) -> set[str]:
    """Return the names of the board: the register's, else the one that stands first in the text."""
    told: list[str] = []
    if words.city is not None and document.board is not None:
        board = words.city.board(document.board)
        known = board.names if board is not None else ()
        # an office's name may be an alias of its board, and stand for a part of it in a report
        told = [name for one in known if _BODY.search(name := plain(one))]
    if not told:
        lines = [line for line in shape.lines if line.text.strip()][:_TOP]
        top = [line.text[:_LINE] for line in (*lines, *shape.carried[:4])]
        named = [name for text in top for name in _NAMED.findall(plain(text))]
        named = [name for name in named if name not in _NOBODY]
        # every report is handed over to the executive board: its own names nobody else
        told = [name for name in named if "kommunstyrelse" not in name][:1] or named[:1]
        # a line may have ended within the name: `Barn- och` `utbildningsnämnden`
        told += [name for name in named if any(name.endswith(f"- och {one}") for one in told)]
        if not told and any(_COMPANY.search(text) for text in top):
            return {"bolaget", "bolagets"}
    names = {_definite(name) for name in told}
    offices = words.words["sentence_parts"]["offices"]
    stems = {name.removesuffix("nämnden") for name in names if name.endswith("nämnden")}
    names |= {f"{stem}{office}" for stem in stems if stem for office in offices}
    names |= {short for name in names for short in _short_names(name)}
    # `sektorn` is the board's office, but a part of it where the document names several
    sectors = {plain(m) for line in shape.lines for m in _SECTOR.findall(line.text)}
    names |= {"sektorn"} if len(sectors) < 2 else set()  # noqa: PLR2004 - the only one
    return names | {f"{name}s" for name in names}


_FOR = re.compile(r"(?:nämnden|styrelsen) (för (?P<what>[a-zåäö]+) (?:och|&) (?P<more>[a-zåäö]+))$")


def _short_names(name: str) -> Iterator[str]:
    """Yield what else a board is called that is one `för vård & omsorg`: `Vård och omsorg`."""
    found = _FOR.search(name)
    if found is None:
        return
    for both in ("och", "&"):
        what = f"{found['what']} {both} {found['more']}"
        yield what
        yield from (f"{body} för {what}" for body in ("nämnden", "förvaltningen"))


def _definite(name: str) -> str:
    """Return a board's name as sentences have it: `Socialnämnd` is `socialnämnden`."""
    name = re.sub(r"nämnd\b", "nämnden", name)
    return re.sub(r"styrelse\b", "styrelsen", name)


def _barred(shape: Outline, owners: Owners) -> set[int]:
    """Return the sections that stand under a heading which is not of the whole board."""
    families = ("finance", "staff", "investments", "any")
    found: set[int] = set()
    above: dict[int, bool] = {}
    empty_above = False
    title = _title(shape)
    for at, section in enumerate(shape.sections):
        depth = _depth(section)
        whole = section is title or plain(section.title) in _HEADS_NOTHING
        whole = whole or owners.is_whole_title(plain(section.title), families)
        above = {level: is_part for level, is_part in above.items() if not depth or level < depth}
        if plain(section.title) in owners.chapters:
            above, empty_above = {}, False
        if any(above.values()) or (empty_above and not depth):
            found.add(at)
        if depth:
            above[depth] = not whole
        told = any(line.text.strip() for line in section.lines)
        empty_above = not depth and not told and not whole
    return found


_HEADS_NOTHING = ("", "innehåll", "innehållsförteckning")


def _title(shape: Outline) -> Section | None:
    """Return the section whose heading is the document's own title: the only one as high."""
    depths = [(depth, section) for section in shape.sections if (depth := _depth(section))]
    highest = min((depth for depth, _ in depths), default=0)
    top = [section for depth, section in depths if depth == highest]
    return top[0] if len(top) == 1 and not top[0].number and depths[0][1] is top[0] else None


def _depth(section: Section) -> int:
    """Return how deep a heading stands by its number or its format, 0 where neither says it."""
    if section.number:
        return section.level
    return (section.heading.heading or 0) if section.heading is not None else 0
