"""A storage for the tests that look at one part of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.sql import SqlStorage


@pytest.fixture
def storage(migrated_url: str) -> Iterator[SqlStorage]:
    opened = SqlStorage(migrated_url)
    yield opened
    opened.close()
