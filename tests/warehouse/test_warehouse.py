"""The warehouse on both engines: versions, sections, snapshots, traces and migrations."""

import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Numeric,
    create_engine,
    inspect,
    text,
)

from expectations.contract import (
    Document,
    Figure,
    FinanceLine,
    Goal,
    Place,
    Reading,
    StaffFigure,
    figure_id,
)
from expectations.register_files import load_city
from expectations.verdicts import Finding, Verdict
from warehouse.database import MIGRATIONS, engine_at, migrate
from warehouse.merging import Handed
from warehouse.tables import Table
from warehouse.warehouse import open_warehouse

NOW = datetime(2024, 9, 20, 8, tzinfo=UTC)
CITY = load_city("goteborg")
ROUND = CITY.round("2024-08")


def figure(written, unit="mnkr"):
    value = Decimal(written.replace(",", ".").replace("−", "-"))
    return Figure(written, value, unit, 1, place=Place(sheet="Ekonomi", cell="C5"))


def reading(sha="a" * 64, outcome="30,3", *, board="kommunstyrelsen", template="2026.1"):
    return Reading(
        Document(
            sha256=sha,
            name=f"{board}.xlsx",
            media_type="x",
            size=1,
            board=board,
            kind="form",
            round="2024-08",
            template_version=template,
        ),
        goals=(Goal("Segregationen i Göteborg ska brytas", goal_id="G2"),),
        finance=(FinanceLine("result", "Resultat", columns={"outcome": figure(outcome)}),),
        staff=(
            StaffFigure("annual_fte", "Årsarbetare", columns={"outcome": figure("9,0", "fte")}),
        ),
    )


def merge(warehouse, *readings, verdicts=(), now=NOW, received=None):
    handed, received = [], received or now
    for number, one in enumerate(readings):
        document = one.document
        warehouse.remember(
            one,
            city_id="goteborg",
            reader_version="1",
            receipt={
                "receipt_id": f"K-{document.sha256[:6]}",
                "key": document.name,
                "sender": document.board,
                "name": document.name,
                "board": document.board,
                "period": "2024-08",
                "received_at": received + timedelta(minutes=number),
                "identical": False,
            },
        )
        handed.append(Handed(one, document.board, "2024-08", received, f"K-{document.sha256[:6]}"))
    given_verdicts = {v.document: v for v in verdicts} or {
        one.document.sha256: Verdict(one.document.sha256, one.document.board, "2024-08")
        for one in readings
    }
    return warehouse.merge(handed, given_verdicts, city_id="goteborg", span={}, now=now)


def snapshot(warehouse, **more):
    return warehouse.snapshot(CITY, round_=ROUND, on=ROUND.period_to, now=NOW, **more)


def stop(sha, group):
    finding = Finding(
        rule="B-NUM",
        severity="STOPP",
        city="goteborg",
        board="kommunstyrelsen",
        period="2024-08",
        document=sha,
        document_name="x.xlsx",
        message="Fel.",
        remedy="Rätta.",
        group=group,
    )
    return Verdict(sha, "kommunstyrelsen", "2024-08", (finding,))


def test_what_is_merged_comes_back_as_it_was(url):
    one = reading()
    with open_warehouse(url) as warehouse:
        merge(warehouse, one)
        rows = {row.section: row.row for row in snapshot(warehouse).rows}

    assert rows == {"goals": one.goals[0], "finance": one.finance[0], "staff": one.staff[0]}


def test_merging_the_same_again_writes_nothing(url):
    with open_warehouse(url) as warehouse:
        assert merge(warehouse, reading()) == 3
        head = snapshot(warehouse).head

        assert merge(warehouse, reading(), now=NOW + timedelta(days=1), received=NOW) == 0
        assert snapshot(warehouse).head == head


def test_a_stop_in_one_group_keeps_the_others_in(url):
    one = reading()
    with open_warehouse(url) as warehouse:
        merge(warehouse, one, verdicts=[stop(one.document.sha256, "staff")])
        frozen = snapshot(warehouse)

    ours = {s.group: s.state for s in frozen.sections if s.board == "kommunstyrelsen"}
    assert ours["staff"] == "stopped"
    assert ours["goals"] == ours["economy"] == "merged"
    assert "staff" not in {row.section for row in frozen.rows}


def test_a_board_whose_file_could_not_be_read_is_stopped_and_not_missing(url):
    with open_warehouse(url) as warehouse:
        merge(warehouse, reading(board="kulturnamnden"), verdicts=[Verdict("x", None, None)])
        whole = stop("a" * 64, None)
        finding = replace(whole.findings[0], board="kulturnamnden")
        warehouse.keep_findings(
            [replace(whole, findings=(finding,))],
            city_id="goteborg",
            run_period="2024-08",
            now=NOW,
        )
        states = {(s.board, s.group): s.state for s in snapshot(warehouse).sections}

    assert states["kulturnamnden", "economy"] == "stopped"
    assert states["arkivnamnden", "economy"] == "missing"


def test_a_document_without_a_verdict_is_not_merged(url):
    with open_warehouse(url) as warehouse:
        merge(warehouse, reading(), verdicts=[Verdict("b" * 64, None, None)])

        assert snapshot(warehouse).rows == ()


def test_a_correction_is_a_new_version_and_the_old_one_is_kept(url):
    old, new = reading("a" * 64, "30,3"), reading("b" * 64, "31,0")
    later = NOW + timedelta(days=3)
    with open_warehouse(url) as warehouse:
        merge(warehouse, old)
        merge(warehouse, new, now=later)
        now_known = snapshot(warehouse)
        then_known = snapshot(warehouse, as_of=NOW + timedelta(days=1))
        key = figure_id(
            "goteborg", "kommunstyrelsen", "2024-08", "finance", "result", "columns.outcome"
        )
        traces = warehouse.trace(key)

    def outcome(frozen):
        return next(r.row.columns["outcome"].written for r in frozen.rows if r.section == "finance")

    assert outcome(now_known) == "31,0"
    assert outcome(then_known) == "30,3"
    assert [(t.figure.written, t.version, t.is_current) for t in traces] == [
        ("31,0", 2, True),
        ("30,3", 1, False),
    ]
    assert traces[0].figure.place == Place(sheet="Ekonomi", cell="C5")


def test_boards_that_owe_and_have_not_handed_in_are_missing_with_their_last_day(url):
    with open_warehouse(url) as warehouse:
        merge(warehouse, reading())
        states = {(s.board, s.group): s for s in snapshot(warehouse).sections}

    assert states["kulturnamnden", "economy"].state == "missing"
    assert states["kulturnamnden", "economy"].due_on == date(2024, 9, 25)
    assert ("stadsrevisionen", "economy") not in states


def test_our_form_goes_before_a_free_document_and_other_sections_stand_beside(url):
    form = reading("a" * 64, "30,3")
    free = replace(reading("b" * 64, "99,9", template=None), goals=(), staff=())
    free = replace(free, document=replace(free.document, kind="interim_report"))
    with open_warehouse(url) as warehouse:
        merge(warehouse, free, form)
        found = [r.row for r in snapshot(warehouse).rows if r.section == "finance"]

    assert [row.columns["outcome"].written for row in found] == ["30,3"]


def test_the_order_in_which_boards_come_does_not_matter(tmp_path):
    boards = ("kommunstyrelsen", "kulturnamnden", "grundskolenamnden")
    readings = [reading(f"{n}" * 64, board=board) for n, board in enumerate(boards)]
    heads = set()
    for order in permutations(readings):
        address = f"sqlite:///{tmp_path}/{'-'.join(r.document.board[:3] for r in order)}.db"
        with open_warehouse(address) as warehouse:
            for one in order:
                merge(warehouse, one)
            heads.add(snapshot(warehouse).head)

    assert len(heads) == 1


def test_migrations_go_up_and_down_and_agree_with_the_models(url):
    migrate(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Table.metadata)
    assert differences == []
    engine.dispose()

    migrate(url, "base", back=True)
    engine = create_engine(url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()


def test_the_finding_table_goes_up_and_down_with_data_in_it(url):
    migrate(url)
    with open_warehouse(url) as warehouse:
        merge(warehouse, reading("a" * 64, "1,0"))
        of_board = Finding(
            "E-SUM", "FRÅGA", "lindhamn", "socialnamnden", "x", "a" * 64, "f", "M.", "R."
        )
        citys = replace(of_board, board=None, document="", boards=("socialnamnden",))
        verdict = Verdict("a" * 64, "socialnamnden", "x", (of_board, citys))
        warehouse.keep_findings([verdict], city_id="lindhamn", run_period="x", now=NOW)

    def kept():
        engine = create_engine(url)
        with engine.connect() as connection:
            found = connection.execute(text("SELECT document_sha256 FROM finding")).scalars().all()
        engine.dispose()
        return sorted(found, key=str)

    assert kept() == [None, "a" * 64] or kept() == ["a" * 64, None]
    migrate(url, "0001", back=True)
    assert kept() == ["a" * 64]  # the city's own is found again by the next run
    migrate(url)
    assert kept() == ["a" * 64]


def made_up(column, number):
    """A value of a column's kind that is not empty; the same number gives the same value."""
    kinds = (
        (DateTime, datetime(2026, 9, 20, 8, 30, number, tzinfo=UTC)),
        (Date, date(2026, 9, number + 1)),
        (Boolean, True),
        (Integer, number + 1),
        (Numeric, Decimal(f"-{number + 1}.25")),
        (JSON, {"å": [number, None, "ö"]}),
        (LargeBinary, b"\x00\xff"),
    )
    own = getattr(column.type, "impl_instance", column.type)
    found = next((value for kind, value in kinds if isinstance(own, kind)), None)
    return f"å{number}"[: own.length] if found is None else found


def fill(engine, number):
    """Put a row in every table, with something in every column."""
    with engine.begin() as connection:
        for table in Table.metadata.sorted_tables:
            row = {column.name: made_up(column, number) for column in table.columns}
            connection.execute(table.insert().values(row))


def every_row(url):
    """Return the rows of every table that is there, whatever its columns are now."""
    engine = engine_at(url)
    try:
        with engine.connect() as connection:
            return {
                name: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"'))))
                for name in inspect(engine).get_table_names()
                if name != "alembic_version"
            }
    finally:
        engine.dispose()


def test_every_migration_goes_down_and_up_again_with_rows_in_every_table_and_loses_none(url):
    migrate(url)
    engine = engine_at(url)
    fill(engine, 0)
    fill(engine, 1)
    engine.dispose()
    whole = every_row(url)
    assert {len(rows) for rows in whole.values()} == {2}
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    steps = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]

    left = set(whole)
    for earlier in steps[1:]:
        migrate(url, earlier, back=True)
        there = every_row(url)
        assert set(there) <= left, earlier
        left = set(there)
        assert there == {name: whole[name] for name in left}, f"back to {earlier}"
        migrate(url)
        again = every_row(url)
        assert {name: again[name] for name in left} == there, f"from {earlier} up again"
        assert not any(rows for name, rows in again.items() if name not in left)
    assert left >= {"document", "receipt", "reading", "section_version", "fact", "figure"}

    migrate(url, "base", back=True)
    assert every_row(url) == {}


def test_every_table_and_column_explains_itself():
    silent = [
        f"{table.name}.{column.name}"
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if not column.comment
    ]

    assert silent == []
    assert all(table.comment for table in Table.metadata.sorted_tables)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_any_sequence_of_documents_ends_where_the_last_ones_say(sequence):
    with tempfile.TemporaryDirectory() as folder, open_warehouse(f"sqlite:///{folder}/w.db") as w:
        for step, number in enumerate(sequence):
            one = reading(f"{number}" * 64, f"{number},5")
            merge(w, one, now=NOW + timedelta(hours=step))
        found = [
            r.row.columns["outcome"].written for r in snapshot(w).rows if r.section == "finance"
        ]

    assert found == [f"{sequence[-1]},5"]
