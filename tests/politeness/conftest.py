"""The fixtures of the whole crawls, for crawls that a site has asked something of."""

from tests.crawls.conftest import line, replica

__all__ = ["line", "replica"]
