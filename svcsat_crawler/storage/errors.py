"""What can go wrong with the store; each message is one line that a person can act on."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot be used; the message says why and what would be right."""


class StoreAway(StoreError):  # noqa: N818
    """The store did not come back within the patience; nothing is known about the write."""


class WriteRefused(StoreError):  # noqa: N818
    """The server (or the encoder) refuses this one document; trying again is of no use."""
