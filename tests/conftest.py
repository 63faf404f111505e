"""What several rooms' tests share: the real documents, where they are."""

from pathlib import Path

import pytest

DOCUMENTS = Path(__file__).parents[2] / "shared" / "documents"


@pytest.fixture(scope="session")
def documents():
    """The folder of real documents; tests that need it skip by name where it is missing."""
    if not DOCUMENTS.is_dir():
        pytest.skip("../shared/documents finns inte här")
    return DOCUMENTS
