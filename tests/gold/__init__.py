"""Our own labelled articles: one TOML file a kind of hard case, each split into two halves."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

HALVES = ("tuning", "checking")
FOLDER = Path(__file__).parent


def articles(half: str | None = None, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Return the articles of one half or of both, each with its ``kind`` (the name of its file)."""
    found = [
        {"kind": file.stem, **article}
        for file in sorted(folder.glob("*.toml"))
        for article in tomllib.loads(file.read_text("utf-8"))["article"]
    ]
    return [article for article in found if half in (None, article["half"])]
