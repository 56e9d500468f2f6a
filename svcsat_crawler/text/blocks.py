"""From an HTML element to paragraphs and pictures, in the order a reader sees them.

Works on lxml elements; knows nothing of any site.  Rules: a block element or a ``<br>`` ends a
paragraph; a table row is one paragraph with its cells parted by spaces; hidden elements, scripts and
forms are left out; pictures are kept apart from the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_BLOCK = frozenset(
    "address article aside blockquote body center dd details div dl dt figcaption figure footer h1 h2 h3 "
    "h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul br".split()
)
_SKIP = frozenset(
    "script style noscript template form iframe object embed svg select textarea button".split()
)
_BLANKS = re.compile("[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)


@dataclass(slots=True)
class Picture:
    """A picture with the caption that belongs to it; addresses as written in the page.

    ``before`` is the index of the paragraph that follows it.
    """

    src: str
    caption: str = ""
    label: str = ""
    before: int = 0


@dataclass(slots=True)
class Blocks:
    """What an element holds."""

    paragraphs: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    hidden: int = 0


def read(
    root: Any,
    *,
    skip: Callable[[Any], bool] | None = None,
    caption: Callable[[Any], bool] | None = None,
    source: Callable[[Any], str] | None = None,
    stop: Callable[[str], bool] | None = None,
) -> Blocks:
    """Return paragraphs and pictures of the lxml element *root*.

    *skip* names elements to leave out; *caption* elements whose text belongs to the picture before
    it; *source* the address of an ``<img>``; *stop* a paragraph at which the text is over.
    White space is collapsed as a browser does, but U+3000 and NBSP are kept for the clean step.

    >>> from lxml import html
    >>> read(html.fromstring("<div>a<p>b<br>c</p><table><tr><td>d</td><td>e</td></tr></table></div>")).paragraphs
    ['a', 'b', 'c', 'd e']
    """
    found = Blocks()
    parts: list[str] = []
    over = False

    def flush() -> None:
        nonlocal over
        if not parts:
            return
        text = "".join(parts).strip(" \t\r\n\f")
        parts.clear()
        if "\n" in text or "  " in text or "\t" in text:
            text = _BLANKS.sub(" ", text)
        if text.strip(" \u3000\xa0"):
            if stop and stop(text):
                over = True
            else:
                found.paragraphs.append(text)

    # An explicit stack of steps: real pages nest a hundred thousand deep, Python's recursion does not.
    steps: list[tuple[str, Any]] = [("open", root)]
    while steps and not over:
        step, node = steps.pop()
        if step == "text":
            parts.append(node)
            continue
        if step == "flush":
            flush()
            continue
        tag = node.tag
        if not isinstance(tag, str) or tag in _SKIP:
            continue
        if (style := node.get("style")) and _HIDDEN.search(style):
            found.hidden += 1
            continue
        if node is not root and skip and skip(node):
            continue
        if tag == "img":
            address = source(node) if source else node.get("src") or ""
            if address:
                label = node.get("title") or node.get("alt") or ""
                found.pictures.append(Picture(address, label=label, before=len(found.paragraphs)))
            continue
        if caption and caption(node):
            text = " ".join("".join(node.itertext()).split())
            if found.pictures and not found.pictures[-1].caption:
                found.pictures[-1].caption = text
            elif text:
                found.pictures.append(Picture("", caption=text))
            continue
        block = tag in _BLOCK
        if block and not len(node):  # most paragraphs
            flush()
            parts.append(node.text or "")
            flush()
            continue
        if block:
            flush()
            steps.append(("flush", None))
        elif tag in ("td", "th"):
            steps.append(("text", " "))
        for child in reversed(node):
            if child.tail:
                steps.append(("text", child.tail))
            steps.append(("open", child))
        if node.text:
            steps.append(("text", node.text))
    if not over:
        flush()
    return found


_CAPTION = re.compile(
    r"^[\s\u3000]*(?:图为|图[:：]|[上下左右]图|图片说明|资料图)|(?:摄|摄影|供图|资料图|/图)[)）]?[\s\u3000]*$"
)
_CAPTION_LENGTH = 90


def take_captions(found: Blocks) -> Blocks:
    """Move captions that are printed as paragraphs right below a picture to that picture.

    >>> page = Blocks(["图为抢修现场。（甲某 摄）", "正文。"], [Picture("a.jpg")])
    >>> take_captions(page).paragraphs, page.pictures[0].caption
    (['正文。'], '图为抢修现场。（甲某 摄）')
    """
    taken = set()
    for picture in found.pictures:
        if picture.caption or picture.before >= len(found.paragraphs) or picture.before in taken:
            continue
        text = found.paragraphs[picture.before]
        if len(text) <= _CAPTION_LENGTH and _CAPTION.search(text):
            picture.caption = text.strip(" \u3000\xa0")
            taken.add(picture.before)
    found.paragraphs = [text for index, text in enumerate(found.paragraphs) if index not in taken]
    return found
