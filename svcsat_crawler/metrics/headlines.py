"""Puts marks for the blanks that part headlines, and the numbered heads of paragraphs, one character for one."""

from __future__ import annotations

import re

# A blank that parts clauses in a headline.
_PART = re.compile(r" (?<=[\u4e00-\u9fff%!?”] )(?= *[\u4e00-\u9fff“])")
_STOP = re.compile("[,。;]")


# 3.2 分城市 晋城89.9分: what a numbered paragraph is about.
_SECTION = re.compile(
    r"^ *\d{1,2}(?:\.\d{1,2})+ +(?P<label>[\u4e00-\u9fff]{2,8})(?: +(?=[^ \n]))?", re.MULTILINE
)


def _label(match: re.Match[str]) -> str:
    """Return the head of a paragraph without its number, and with a colon behind its label, as long as it was."""
    label = match["label"]
    behind = match.end() - match.end("label")
    return label.rjust(len(match[0]) - behind) + ":".rjust(behind) * (behind > 0)


def part_headlines(folded: str) -> str:
    """Put commas for the blanks that part clauses in lines without a stop."""
    pieces: list[str] = []
    last = high = 0
    stopped = False  # whether the line that ends at *high* has a stop
    for blank in _PART.finditer(folded):
        at = blank.start()
        if at >= high:
            low, high = folded.rfind("\n", 0, at) + 1, folded.find("\n", at)
            high = len(folded) if high < 0 else high
            stopped = _STOP.search(folded, low, high) is not None
        if not stopped:
            pieces.append(folded[last:at])
            last = at + 1
    return ",".join([*pieces, folded[last:]])


def label_paragraphs(folded: str) -> str:
    """Put a colon behind the label of each numbered paragraph, and blanks for its number."""
    return _SECTION.sub(_label, folded)
