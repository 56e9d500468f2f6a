"""When two texts are the same although their furniture differs."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import datetime, timedelta

# Shorter texts (a notice, a caption) may be printed again word by word and mean something else.
REPRINT_LENGTH = 80
REPRINT_DAYS = 60
_NO_TEXT = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Return the letters, characters and digits of *text*, widths folded, case lowered.

    >>> fold("供电（服务）　满意度８１．５７分")
    '供电服务满意度8157分'
    """
    return unicodedata.normalize("NFKC", _NO_TEXT.sub("", text)).lower()


def text_hash(text: str) -> str:
    """Return the sha256 of the folded text; "" for a text without letters or digits."""
    folded = fold(text)
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest() if folded else ""


def same_article(text: str, published: datetime | None, other: datetime | None) -> bool:
    """Whether two articles with the same folded text are one: a reprint, not another short notice.

    A text that is long enough to be nobody else's, printed within REPRINT_DAYS.

    >>> same_article("同样的文字" * 20, None, None), same_article("停电公告", None, None)
    (True, False)
    """
    if len(fold(text)) < REPRINT_LENGTH:
        return False
    return published is None or other is None or abs(published - other) <= timedelta(days=REPRINT_DAYS)
