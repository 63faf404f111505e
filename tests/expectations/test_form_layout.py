"""The layout of the issued form: loaded, complete, and refused when it is wrong."""

import pytest

from expectations.contract import GROUPS
from expectations.form_layout import FORMS, LayoutError, load_layouts, newest

LAYOUT = newest(load_layouts())


def test_every_group_can_be_answered_or_said_to_hold_nothing():
    assert set(LAYOUT.group_labels) == set(GROUPS)
    assert {section.group for section in LAYOUT.sections} == set(GROUPS)


def test_the_result_table_has_all_eight_columns():
    fields = [column.field for column in LAYOUT.section("finance").columns]
    assert sum(field.startswith("columns.") for field in fields) == 8


def test_sheet_names_and_headings_are_told_apart():
    sheets = [section.sheet for section in LAYOUT.sections]
    assert len(set(sheets)) == len(sheets)
    assert all(len(sheet) <= 31 for sheet in sheets)
    for section in LAYOUT.sections:
        headings = [column.heading for column in section.columns]
        assert len(set(headings)) == len(headings)


def test_a_company_reports_other_lines_than_a_board():
    finance = LAYOUT.section("finance")
    assert "municipal_grant" in {line.code for line in finance.lines_for("board")}
    assert "municipal_grant" not in {line.code for line in finance.lines_for("company")}


@pytest.mark.parametrize("heading", ["Utfall 2025", "utfall  2025 *", "UTFALL\u00a02025"])
def test_a_heading_is_known_whatever_its_spacing_and_gives_the_year(heading):
    column, field = LAYOUT.section("indicators").column_headed(heading)
    assert (column.kind, field) == ("figure", "outcomes.2025")


def test_a_heading_that_the_form_lacks_is_no_column():
    assert LAYOUT.section("indicators").column_headed("Kommentar från ekonomi") is None


@pytest.mark.parametrize("round_id", ["2026-08", "2024-12/annual"])
def test_the_mark_is_read_back_as_it_was_printed(round_id):
    said = {"version": "2026.1", "round": round_id, "board": "socialnamnd-centrum", "city": "malmo"}
    printed = f"Sida 1   {LAYOUT.mark.format(**said)}  "
    assert LAYOUT.mark_of(printed) == said
    assert LAYOUT.mark_of("Delårsrapport 2026-08") is None


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('field = "motive"', 'field = "motivation"'),
        ('kind = "path"', 'kind = "road"'),
        ('choice = "phase"', 'choice = "phases"'),
        ('unit = "kr"', 'unit = "öre"'),
        ("[[sections]]", "[[sections"),
        ('field = "case_number", label', 'field = "diary", label'),
    ],
)
def test_a_layout_that_the_contract_does_not_know_is_our_own_mistake(tmp_path, was, becomes):
    text = next(FORMS.glob("returns-*.toml")).read_text(encoding="utf-8")
    assert was in text
    (tmp_path / "returns-x.toml").write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(LayoutError, match="returns-x"):
        load_layouts(tmp_path)
