"""A storage on each database, for what both must do alike."""

from __future__ import annotations

import pytest

from storage.sql import SqlStorage


@pytest.fixture
def storage(clean_storage: SqlStorage) -> SqlStorage:
    return clean_storage
