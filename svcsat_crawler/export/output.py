"""Where a file is written: whole or not at all, and nothing else is put in the place of what is no file."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole(target: Path) -> Iterator[BinaryIO]:
    """Yield a file to write; *target* is what was written once the block has ended well, else what it was.

    A link stays, and what it leads to is written.  Pipes and character devices are written as they come.
    Raises OSError, also for a directory and whatever else cannot be written.
    """
    mode = _mode(target)
    if mode is not None and (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
        with target.open("wb") as out:
            yield out
        return
    if mode is not None and not stat.S_ISREG(mode):
        number = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
        raise OSError(number, "is a directory" if stat.S_ISDIR(mode) else "is no file", str(target))
    real = Path(os.path.realpath(target))
    handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
        part.chmod(0o666 & ~_umask() if mode is None else mode & 0o777)
        part.replace(real)
    finally:
        part.unlink(missing_ok=True)


def _mode(target: Path) -> int | None:
    try:
        return target.stat().st_mode
    except FileNotFoundError:
        return None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
