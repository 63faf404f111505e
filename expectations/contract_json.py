"""The contract as JSON: writing, reading back, and the JSON Schema, all from the dataclasses.

`as_json` and `reading_from_json` are each other's inverse; `json_schema` describes what they
write. `python -m expectations.contract_json` prints the schema (see `make papers`).
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, get_args, get_origin

from expectations.contract import SECTIONS, Reading


def as_json(value: Any) -> Any:
    """Return dataclasses as plain JSON values: decimals as text, dates in ISO form."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(inner) for inner in value]
    return value


class ContractError(ValueError):
    """JSON that does not follow the contract; `path` says where, as `finance[2].columns`."""

    def __init__(self, path: str, found: str, expected: str) -> None:
        """Keep where, what was found and what was expected."""
        super().__init__(f"{path}: {found}, expected {expected}")
        self.path = path
        self.found = found
        self.expected = expected


def reading_from_json(data: Any) -> Reading:
    """Return the reading that `as_json` wrote; raises ContractError at the first breach."""
    reading: Reading = from_json(Reading, data, "")
    return reading


def row_from_json(section: str, data: Any) -> Any:
    """Return one row of a section; raises ContractError."""
    return from_json(SECTIONS[section], data, section)


def from_json(kind: Any, data: Any, path: str) -> Any:
    """Return `data` as `kind` (a contract class or a type in one); raises ContractError."""
    origin = get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        options = [option for option in get_args(kind) if option is not type(None)]
        return None if data is None else from_json(options[0], data, path)
    if origin is Literal:
        if data not in get_args(kind):
            raise ContractError(path, repr(data), " / ".join(map(str, get_args(kind))))
        return data
    if origin is tuple:
        return _tuple_from_json(get_args(kind), data, path)
    if origin is dict:
        _demand(isinstance(data, dict), path, data, "an object")
        inner = get_args(kind)[1]
        return {key: from_json(inner, value, f"{path}.{key}") for key, value in data.items()}
    if dataclasses.is_dataclass(kind):
        return _object_from_json(kind, data, path)
    return data if kind is Any else _scalar_from_json(kind, data, path)


def _demand(holds: bool, path: str, data: Any, expected: str) -> None:  # noqa: FBT001
    if not holds:
        raise ContractError(path, repr(data)[:80], expected)


def _tuple_from_json(inner: tuple[Any, ...], data: Any, path: str) -> tuple[Any, ...]:
    _demand(isinstance(data, list), path, data, "a list")
    if len(inner) == 2 and inner[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
        return tuple(from_json(inner[0], v, f"{path}[{i}]") for i, v in enumerate(data))
    _demand(len(data) == len(inner), path, data, f"{len(inner)} values")
    return tuple(from_json(k, v, path) for k, v in zip(inner, data, strict=True))


def _object_from_json(kind: Any, data: Any, path: str) -> Any:
    _demand(isinstance(data, dict), path, data, "an object")
    hints = _hints(kind)
    unknown = sorted(set(data) - set(hints))
    _demand(not unknown, path, ", ".join(unknown), f"only {', '.join(hints)}")
    prefix = f"{path}." if path else ""
    values = {k: from_json(hints[k], v, f"{prefix}{k}") for k, v in data.items()}
    for item in dataclasses.fields(kind):
        _demand(item.name in values or not _required(item), f"{prefix}{item.name}", None, "a value")
    return kind(**values)


def _required(item: dataclasses.Field[Any]) -> bool:
    return item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING


def _scalar_from_json(kind: Any, data: Any, path: str) -> Any:
    if kind is Decimal:
        return _decimal(data, path)
    if kind is date or kind is datetime:
        try:
            return kind.fromisoformat(data)
        except (TypeError, ValueError):
            raise ContractError(path, repr(data), "a date as 2026-03-31") from None
    if kind is float:
        _demand(isinstance(data, int | float) and not isinstance(data, bool), path, data, "number")
        return float(data)
    _demand(type(data) is kind, path, data, {str: "text", int: "a whole number"}.get(kind, "bool"))
    return data


def _decimal(data: Any, path: str) -> Decimal:
    _demand(isinstance(data, str), path, data, 'a decimal number as text, as "12.5"')
    try:
        number = Decimal(data)
    except InvalidOperation:
        raise ContractError(path, repr(data), "a decimal number as text") from None
    _demand(number.is_finite(), path, data, "a finite number")
    return number


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints: dict[str, Any] = typing.get_type_hints(kind)
    return {item.name: hints[item.name] for item in dataclasses.fields(kind)}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a reading, generated from the dataclasses."""
    definitions: dict[str, Any] = {}
    schema_of(Reading, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:samlad:reading:1",
        "title": "Samlad: vad en handling säger",
        "$ref": "#/$defs/Reading",
        "$defs": dict(sorted(definitions.items())),
    }


def schema_of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a type; the classes in it are put among the definitions."""
    origin = get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        options = [o for o in get_args(kind) if o is not type(None)]
        told = [schema_of(option, definitions) for option in options]
        may_be_null = len(options) < len(get_args(kind))
        return {"anyOf": [*told, *([{"type": "null"}] if may_be_null else [])]}
    if origin is Literal:
        return {"enum": list(get_args(kind))}
    if origin is tuple:
        return _tuple_schema(get_args(kind), definitions)
    if origin is dict:
        inner_schema = schema_of(get_args(kind)[1], definitions)
        return {"type": "object", "additionalProperties": inner_schema}
    if dataclasses.is_dataclass(kind):
        return _object_schema(kind, definitions)
    return dict(_SCALARS[kind])


def _tuple_schema(inner: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    item = schema_of(inner[0], definitions)
    if inner[-1] is Ellipsis:
        return {"type": "array", "items": item}
    fixed = {"minItems": len(inner), "maxItems": len(inner)}
    if len(set(inner)) > 1:
        told = [schema_of(one, definitions) for one in inner]
        return {"type": "array", "prefixItems": told} | fixed
    return {"type": "array", "items": item} | fixed


_SCALARS: dict[Any, dict[str, str]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    Decimal: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


def _object_schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}
        definitions[name] = {
            "type": "object",
            "description": (kind.__doc__ or "").strip().splitlines()[0],
            "properties": {k: schema_of(v, definitions) for k, v in _hints(kind).items()},
            "required": [item.name for item in dataclasses.fields(kind) if _required(item)],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}


if __name__ == "__main__":
    print(json.dumps(json_schema(), ensure_ascii=False, indent=1))  # noqa: T201 - a printed paper
