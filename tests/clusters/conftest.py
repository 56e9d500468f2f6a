"""The embedded store, for the tests that keep clusters in it."""

from tests.storage.conftest import shared_data_dir, store

__all__ = ["shared_data_dir", "store"]
