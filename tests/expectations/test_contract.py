"""The contract: JSON and back, the schema, keys and figure ids."""

import json
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.contract import (
    GROUPS,
    SECTIONS,
    Assignment,
    Document,
    Figure,
    FinanceLine,
    Kind,
    Place,
    Reading,
    Word,
    figure_id,
    figures_of,
    keyed_rows,
    period_of,
)
from expectations.contract_json import ContractError, as_json, json_schema, reading_from_json

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples" / "kinds").glob("*.json"))

places = st.builds(
    Place,
    sheet=st.none() | st.text(max_size=8),
    line=st.none() | st.integers(1, 9999),
    columns=st.none() | st.tuples(st.integers(1, 99), st.integers(1, 99)),
)
figures = st.builds(
    Figure,
    written=st.text(max_size=12),
    value=st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=2),
    unit=st.none() | st.sampled_from(["mnkr", "tkr"]),
    state=st.sampled_from(["read", "blank", "unreadable", "unknown", "not_applicable"]),
    place=st.none() | places,
)
lines = st.builds(
    FinanceLine,
    line=st.text(max_size=8),
    label=st.text(max_size=8),
    place=st.none() | places,
    columns=st.dictionaries(st.sampled_from(["outcome", "budget"]), figures),
)


@given(st.lists(lines, max_size=3), st.none() | st.dates())
def test_a_reading_written_as_json_reads_back_the_same(rows, day):
    reading = Reading(Document(name="x", date=day), finance=tuple(rows))

    assert reading_from_json(json.loads(json.dumps(as_json(reading)))) == reading


def test_the_committed_schema_is_the_one_the_dataclasses_give():
    committed = json.loads((ROOT / "docs" / "submission.schema.json").read_text(encoding="utf-8"))

    assert committed == json_schema(), "run make papers"


def test_there_is_an_example_of_every_kind_of_document():
    shown = {json.loads(path.read_text(encoding="utf-8"))["document"]["kind"] for path in EXAMPLES}

    assert shown == set(get_args(Kind)) - {"unknown"} | {"form"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_follows_the_schema_and_reads_back(path):
    data = json.loads(path.read_text(encoding="utf-8"))

    jsonschema.validate(data, json_schema())
    assert as_json(reading_from_json(data)) == data


def test_the_examples_together_use_every_section():
    used = {
        section
        for path in EXAMPLES
        for section in SECTIONS
        if json.loads(path.read_text(encoding="utf-8"))[section]
    }

    assert used == set(SECTIONS)


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({}, "document"),
        ({"document": {}, "goles": []}, ""),
        ({"document": {}, "finance": [{"line": "income"}]}, "finance[0].label"),
        ({"document": {"date": "31/3 2026"}}, "document.date"),
        ({"document": {"size": "12"}}, "document.size"),
        (
            {
                "document": {},
                "finance": [
                    {
                        "line": "a",
                        "label": "b",
                        "columns": {"outcome": {"written": "1", "value": 1}},
                    }
                ],
            },
            "finance[0].columns.outcome.value",
        ),
        (
            {
                "document": {},
                "central_items": [{"name": "a", "outcome": {"written": "x", "state": "?"}}],
            },
            "central_items[0].outcome.state",
        ),
    ],
)
def test_json_that_breaks_the_contract_is_named_by_its_path(data, path):
    with pytest.raises(ContractError) as caught:
        reading_from_json(data)

    assert caught.value.path == path


def test_every_section_belongs_to_exactly_one_group():
    grouped = [section for sections in GROUPS.values() for section in sections]

    assert sorted(grouped) == sorted(SECTIONS)


def test_every_section_is_a_field_of_a_reading():
    assert set(SECTIONS) <= {item.name for item in fields(Reading)}


def test_two_rows_with_the_same_key_are_told_apart_by_number():
    rows = (Assignment("a", case_number="X-1"), Assignment("b", case_number="X-1"))

    keys = [key for key, _ in keyed_rows(Reading(Document(), assignments=rows), "assignments")]

    assert keys == ["x-1", "x-1~2"]


def test_a_figure_keeps_its_id_when_value_and_version_change_but_not_when_the_slot_does():
    slot = ("goteborg", "kommunstyrelsen", "2024-08", "finance", "result")

    assert figure_id(*slot, "columns.outcome") == figure_id(*slot, "columns.outcome")
    assert figure_id(*slot, "columns.outcome") != figure_id(*slot, "columns.budget")


def test_the_figures_of_a_row_are_named_by_field_and_column():
    row = FinanceLine("result", "Resultat", columns={"outcome": Figure("1", Decimal(1))})

    assert dict(figures_of(row)) == {"columns.outcome": Figure("1", Decimal(1))}


@pytest.mark.parametrize(
    ("document", "period"),
    [
        (Document(kind="interim_report", round="2024-08"), "2024-08"),
        (Document(kind="form", round="2026-08"), "2026-08"),
        (Document(kind="competence_plan", span="2026-2027"), "competence_plan/2026-2027"),
        (
            Document(kind="assignment_report", date=date(2026, 4, 1)),
            "assignment_report/2026-04-01",
        ),
        (Document(kind="interim_report"), None),
        (Document(), None),
    ],
)
def test_a_periodic_document_has_a_round_and_a_matter_a_key(document, period):
    assert period_of(document) == period


def test_a_place_is_said_in_swedish():
    assert Place(sheet="Ekonomi", cell="C7").in_words() == "fliken Ekonomi, cell C7"
    assert Place(page=3, line=88).in_words() == "sidan 3, rad 88"
    assert Place().in_words() == "hela filen"


def test_a_word_may_be_unknown_to_the_scale():
    assert Word("Lite grann").code is None
