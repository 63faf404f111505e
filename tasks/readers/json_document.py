"""Read a submission written as contract JSON (docs: `python -m expectations.contract_json`).

Every breach of the schema becomes a fault with its path; what can be read beside it is read. The
place of every value is its JSON pointer in the file as it came.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from expectations.contract import Fault, Place, Reading
from expectations.contract_json import ContractError, reading_from_json
from tasks.readers.file_checks import JSON, RefusedError, expected_in_words

DEEPEST = 32
LONGEST_WHOLE = 18
MOST_BREACHES = 200


def read_json(data: bytes) -> Reading:
    """Return what the JSON says; raises RefusedError where it is not JSON within the limits."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(JSON, "not_utf8") from error
    _check_depth(text)
    try:
        tree = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        _refuse(f"fel på rad {error.lineno}", error)
    try:
        json.dumps(tree, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        _refuse("ett halvt tecken, mellan \\ud800 och \\udfff, betyder ingenting", error)
    return _reading(tree)


def _refuse(found: str, cause: Exception | None = None) -> NoReturn:
    raise RefusedError(JSON, "not_json", found=found) from cause


def _check_depth(text: str) -> None:
    """Count brackets outside strings before the parser recurses into them."""
    depth = 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        if found[0] in "[{":
            depth += 1
            if depth > DEEPEST:
                _refuse(f"mer än {DEEPEST} nivåer")
        elif found[0] in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        _refuse("samma namn står två gånger i ett objekt")
    return values


def _constant(_name: str) -> Any:
    _refuse("NaN och Infinity är inga tal")


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > LONGEST_WHOLE:
        _refuse("ett heltal är för långt")
    return int(digits)


def _reading(tree: Any) -> Reading:
    """Read the tree; each breach is noted and its value taken out, until the rest holds."""
    if not isinstance(tree, dict) or "document" not in tree:
        _refuse("det saknar objektet document")
    faults: list[Fault] = []
    pointers = dict(_pointers(tree, ""))
    while len(faults) < MOST_BREACHES:
        try:
            reading = reading_from_json(tree)
        except ContractError as breach:
            faults.append(_fault(breach))
            if not _take_out(tree, breach):
                break
        else:
            placed: Reading = _placed(reading, tree, pointers)
            return dataclasses.replace(placed, faults=reading.faults + tuple(faults))
    _refuse("det följer inte innehållsbeskrivningen")


def _pointers(node: Any, at: str) -> Iterator[tuple[int, str]]:
    """Yield (identity, JSON pointer) of every object and list: what is taken out moves the rest."""
    if isinstance(node, dict | list):
        yield id(node), at
        for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _pointers(inner, f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}")


def _placed(value: Any, node: Any, pointers: Mapping[int, str]) -> Any:
    """Return a value with the pointer of its node as its place, and its parts likewise."""
    if isinstance(value, tuple) and isinstance(node, list):
        return tuple(_placed(v, n, pointers) for v, n in zip(value, node, strict=True))
    if isinstance(value, dict) and isinstance(node, dict):
        return {key: _placed(inner, node[key], pointers) for key, inner in value.items()}
    if not dataclasses.is_dataclass(value) or isinstance(value, type | Place):
        return value
    names = [item.name for item in dataclasses.fields(value)]
    parts = {
        name: _placed(getattr(value, name), node[name], pointers) for name in names if name in node
    }
    if "place" in names:
        # A place that the file gives itself is in the document that it was made from.
        parts["place"] = Place(pointer=pointers[id(node)])
    return dataclasses.replace(value, **parts)


def _fault(breach: ContractError) -> Fault:
    path = breach.path or "hela filen"
    expected = expected_in_words(breach.expected)
    values = {"plats": path, "funnet": breach.found, "väntat": expected}
    section = re.match(r"\w+", breach.path)
    return Fault("A-SCHEMA", section=section[0] if section else None, values=values)


def _take_out(tree: dict[str, Any], breach: ContractError) -> bool:
    """Take the value at fault out of the tree; its whole row where the row cannot lack it."""
    steps = [step for step in re.split(r"[.\[\]]+", breach.path) if step]
    parents: list[tuple[Any, Any]] = []
    at: Any = tree
    for step in steps:
        key: Any = int(step) if isinstance(at, list) else step
        parents.append((at, key))
        try:
            at = at[key]
        except (KeyError, IndexError, TypeError):
            # A value that is missing: what must have it goes instead.
            return _remove(parents[:-1])
    if isinstance(at, dict) and breach.expected.startswith("only "):
        known = breach.expected.removeprefix("only ").split(", ")
        for key in set(at) - set(known):
            del at[key]
        return True
    return _remove(parents)


def _remove(parents: list[tuple[Any, Any]]) -> bool:
    """Delete the innermost value; a reading cannot be without its document."""
    if not parents or parents[-1][1] == "document":
        return False
    parent, key = parents[-1]
    del parent[key]
    return True
