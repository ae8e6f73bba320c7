"""The mock departments, to be told the date."""

from collections.abc import Iterator

import pytest

from tests.programs import Departments


@pytest.fixture
def there(sources: Departments, settings) -> Iterator[Departments]:
    """Where the sources point. Afterwards they live in the world's own time."""
    settings.MOCK_DEPARTMENTS_URL = sources.url
    yield sources
    sources.reset()
