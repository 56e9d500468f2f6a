"""Which asyncio event loop a crawl runs on."""

import importlib.util


def event_loop() -> str | None:
    """Return uvloop's class path where it is installed (not on Windows), else None: the standard loop."""
    return "uvloop.Loop" if importlib.util.find_spec("uvloop") else None
