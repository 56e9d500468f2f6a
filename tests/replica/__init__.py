"""A local stand-in for ep18.cn, 南方Plus and finews: every page of it is our own writing."""

from tests.replica.server import Replica, Seen

__all__ = ["Replica", "Seen"]
