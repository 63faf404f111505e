"""A report as JSON with its schema: every block says what kind it is, so that it can be read."""

from __future__ import annotations

import dataclasses
from typing import Any, get_args

from expectations.contract_json import as_json, schema_of
from tasks.report.blocks import Block, Report, Section


def report_as_data(report: Report) -> dict[str, Any]:
    """Return a report as plain JSON values; `kind` names the class of each block."""
    told: dict[str, Any] = as_json(dataclasses.replace(report, sections=()))
    return told | {"sections": [_section(section) for section in report.sections]}


def _section(section: Section) -> dict[str, Any]:
    told: dict[str, Any] = as_json(dataclasses.replace(section, blocks=(), parts=()))
    blocks = [{"kind": type(block).__name__} | _block(block) for block in section.blocks]
    return told | {"blocks": blocks, "parts": [_section(part) for part in section.parts]}


def _block(block: Block) -> dict[str, Any]:
    """Return a block's fields; a field of its own that is called kind (of a text) is `style`."""
    told: dict[str, Any] = as_json(block)
    if "kind" in told:
        told["style"] = told.pop("kind")
    return told


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `report_as_data`, made from the classes."""
    definitions: dict[str, Any] = {}
    schema_of(Report, definitions)
    for kind in get_args(Block):
        one = definitions[kind.__name__]
        if "kind" in one["properties"]:
            one["properties"]["style"] = one["properties"].pop("kind")
        one["properties"]["kind"] = {"const": kind.__name__}
        one["required"] = [*(name for name in one["required"] if name != "kind"), "kind"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:samlad:report:1",
        "title": "Samlad: en rapport",
        "$ref": "#/$defs/Report",
        "$defs": dict(sorted(definitions.items())),
    }
