"""Ids made of what they stand for."""

from __future__ import annotations

import hashlib
import json
from typing import Any

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def digest(*parts: Any) -> str:
    """Return a stable id of *parts* (JSON values): 32 hexadecimal digits.

    >>> digest("ep18:1", "saidi", None)
    '15422eecc4c8dfdc5563a941184160d3'
    """
    return hashlib.sha256(_JSON.encode(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]
