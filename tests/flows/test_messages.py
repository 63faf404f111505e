"""What a board wrote never stands in an error: on the terminal, with Prefect, from the database."""

import errno
from tempfile import NamedTemporaryFile

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from flows import cli
from flows.commands import keeping
from flows.scheduled import StepError, _as_task
from warehouse.database import engine_at
from warehouse.store import StoreError
from warehouse.warehouse import open_warehouse

CANARY = "Kanariefågel-51c0de 19121212-1212"


def broken():
    raise ValueError(f"could not convert {CANARY!r}")


def test_a_step_that_fails_under_prefect_says_its_kind_and_no_value_or_cause():
    with pytest.raises(StepError) as failed:
        _as_task("Kontrollerar", broken).fn()

    assert str(failed.value) == "Kontrollerar: ValueError"
    assert failed.value.__suppress_context__


def test_what_our_own_exceptions_name_is_told():
    def torn():
        raise StoreError("journalens post 7 har ändrats")

    with pytest.raises(StepError, match="post 7"):
        _as_task("Tar emot", torn).fn()


def no_database():
    with open_warehouse("postgresql+psycopg://a:b@127.0.0.1:1/none"):
        pass


def full_database():
    engine = engine_at("sqlite:///:memory:")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 2"))
        connection.execute(text("CREATE TABLE told (said)"))
        connection.execute(text("INSERT INTO told VALUES (:said)"), {"said": CANARY * 500})


def broken_database():
    with NamedTemporaryFile(suffix=".db") as file:
        file.write(CANARY.encode() * 500)
        file.flush()
        with open_warehouse(f"sqlite:///{file.name}"):
            pass


def full_disk():
    with open("/dev/full", "w", buffering=1) as file:  # noqa: PTH123 - no folder has it
        file.write(f"{CANARY}\n")


def no_place():
    raise PermissionError(errno.EACCES, "Permission denied", f"/hemligt/{CANARY}")


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (no_database, "Databasen går inte att nå"),
        (full_database, "Disken är full"),
        (full_disk, "Disken är full"),
        (broken_database, "Databasen är skadad"),
        (no_place, "Samlad får inte läsa eller skriva"),
    ],
)
def test_what_the_world_refused_is_told_with_its_remedy_and_no_value(
    happens, said, monkeypatch, capsys
):
    monkeypatch.setattr(keeping, "settings_of", lambda _: happens())

    assert cli.main(["verify", "--city", "lindhamn"]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "kör igen" in told
    assert "Det som var mottaget är kvar." in told
    with pytest.raises(StepError, match=f"Lägger in i lagret: {said}") as failed:
        _as_task("Lägger in i lagret", happens).fn()
    assert CANARY not in told + str(failed.value)


def test_the_terminal_names_the_kind_of_a_foreign_exception_only(monkeypatch, capsys):
    monkeypatch.delenv("SAMLAD_DEBUG", raising=False)
    monkeypatch.setattr(keeping, "settings_of", lambda _: broken())

    assert cli.main(["verify", "--city", "lindhamn"]) == 3
    said = capsys.readouterr()
    assert "ValueError" in said.err
    assert CANARY not in said.out + said.err


def test_an_error_of_the_database_does_not_quote_the_row(url):
    engine = engine_at(url)
    with pytest.raises(SQLAlchemyError) as failed, engine.connect() as connection:
        connection.execute(text("INSERT INTO nothing VALUES (:told)"), {"told": CANARY})
    engine.dispose()

    assert CANARY not in str(failed.value)
