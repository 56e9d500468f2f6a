"""What a copy changed against the first printing."""

from __future__ import annotations

import re
from typing import Any

from svcsat_crawler.text.fingerprint import fold

MOST_SENTENCES = 20
LONGEST = 300
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;”」』）)]*")


def differences(first: str, copy: str) -> dict[str, list[str]]:
    """Return the sentences that *copy* added and removed, as printed, in the order of the text.

    Widths, blanks and punctuation do not count, nor does the order of the sentences.  At most MOST_SENTENCES each, of at
    most LONGEST characters.

    >>> differences("得分81.57分。居首位。", "得分８１．５７分。据了解，居第二。")
    {'added': ['据了解，居第二。'], 'removed': ['居首位。']}
    """
    return {"added": _only_in(copy, first), "removed": _only_in(first, copy)}


def _only_in(text: str, other: str) -> list[str]:
    known = fold(other)
    found: list[str] = []
    for sentence in _SENTENCE.findall(text):
        folded = fold(sentence)
        if folded and folded not in known:
            found.append(sentence.strip()[:LONGEST])
            if len(found) == MOST_SENTENCES:
                break
    return found


def differs(against: str, first: str, copy: str) -> dict[str, Any]:
    """Return what ``articles.differs`` holds of a copy; *against* is the key of the first printing."""
    return {"against": against, **differences(first, copy)}
