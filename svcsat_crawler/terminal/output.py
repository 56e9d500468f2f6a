"""What becomes of a command whose standard output cannot be written."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@contextmanager
def printing(command: str) -> Iterator[None]:
    """End with exit code 1 when standard output fails: without a word when its reader has gone, else with one line.

    Files are their writers' affair: errors that name one pass.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has seen enough
        _let_go()
    except OSError as error:
        if error.filename is not None or error.errno not in _FULL:
            raise
        _let_go()
        print(f"{command}: standard output cannot be written: {error.strerror}", file=sys.stderr)
    else:
        return
    raise SystemExit(1)


def _let_go() -> None:
    """Send what is still to be flushed at the end nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
