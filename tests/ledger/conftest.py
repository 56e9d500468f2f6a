"""The store of the tests of the store."""

from tests.storage.conftest import shared_data_dir, store  # noqa: F401 - fixtures
