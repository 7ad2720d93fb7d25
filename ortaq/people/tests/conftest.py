import pytest

from .cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()
