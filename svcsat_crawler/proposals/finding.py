"""Where title and text of an article stand on a page whose layout is unknown: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

# What is part of a paragraph, and not a box of its own.
_INLINE = frozenset(
    "a abbr b br center code em font i img label s small span strike strong sub sup u".split()
)
_NO_TEXT = frozenset(("script", "style", "noscript", "template", "textarea", "select", "option"))
_HEADINGS = ("h1", "h2", "h3")
# A box that holds up to so much more than the text itself still counts as the text's box.
_ROOM = 1.25
# A box that holds so much of the one around it is what that one is about.
_MOST = 0.8
# Less is a line of a page's furniture.
SHORTEST = 40
_NAME = re.compile(r"[A-Za-z_][\w-]*")


class Box(NamedTuple):
    """An element and the text in it."""

    element: Any
    text: str


def text_of(element: Any) -> str:
    """Return the text of an element as it is seen, blanks collapsed."""
    return " ".join(" ".join(_texts(element)).split())


def _texts(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _NO_TEXT:
        return
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


def text_box(root: Any) -> Box | None:
    """Return the box that holds most text in paragraphs of its own; None for a page without any.

    Links do not count, so that a list of other articles is not taken for one.
    """
    best, most = None, SHORTEST - 1
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in _INLINE or element.tag in _NO_TEXT:
            continue
        if element.tag in ("html", "head", "p"):
            continue
        if (size := _own(element)) > most:
            best, most = element, size
    if best is None:
        return None
    while (inner := _most_of(best)) is not None:
        best = inner
    return Box(best, text_of(best))


def _most_of(element: Any) -> Any:
    """Return the box in *element* that holds nearly all of its text but links; None when there is no such."""
    least = max(_MOST * _own(element), SHORTEST)
    for child in element:
        box = isinstance(child.tag, str) and child.tag not in ("p", *_INLINE, *_NO_TEXT)
        if box and _own(child) >= least:
            return child
    return None


def _own(element: Any) -> int:
    """Return how many characters stand in *element* itself and in paragraphs right below it."""
    size = _length(element.text)
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _NO_TEXT and _is_paragraph(child):
            size += _unlinked(child)
        size += _length(child.tail)
    return size


def _is_paragraph(element: Any) -> bool:
    return all(not isinstance(inner.tag, str) or inner.tag in _INLINE for inner in element.iterdescendants())


def _unlinked(element: Any) -> int:
    if not isinstance(element.tag, str) or element.tag in ("a", *_NO_TEXT):
        return 0
    return _length(element.text) + sum(_unlinked(child) + _length(child.tail) for child in element)


def _length(text: str | None) -> int:
    return len("".join((text or "").split()))


def title_boxes(root: Any, title: str) -> list[Box]:
    """Return the elements that hold *title* and nothing else, headings first; the innermost of nested ones."""
    wanted = "".join(title.split())
    if not wanted:
        return []
    found = []
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in ("html", "head", "title", *_NO_TEXT):
            continue
        text = text_of(element)
        if "".join(text.split()) == wanted and not any(
            "".join(text_of(child).split()) == wanted for child in element
        ):
            found.append(Box(element, text))
    return sorted(found, key=lambda box: (box.element.tag not in _HEADINGS, box.element.tag == "a"))


def paths(box: Box) -> Iterator[tuple[str, str]]:
    """Yield (name, XPath) of ways to a box: its id, its classes, those of the box just around it.

    One without any is named by its place under the nearest that has one.
    """
    element, found = box.element, False
    while element is not None and element.tag != "body" and len(text_of(element)) <= _ROOM * len(box.text):
        for path in _named(element):
            found = True
            yield path
        if element.tag in _HEADINGS:
            found = True
            yield element.tag, f"//{element.tag}"
        element = element.getparent()
    if not found:
        yield from _by_place(box.element)


def _named(element: Any) -> Iterator[tuple[str, str]]:
    identity = element.get("id") or ""
    if _NAME.fullmatch(identity):
        yield f"#{identity}", f"//*[@id='{identity}']"
    for name in (element.get("class") or "").split():
        if _NAME.fullmatch(name):
            test = f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"
            yield f"{element.tag}.{name}", f"//{element.tag}[{test}]"


def _by_place(element: Any) -> Iterator[tuple[str, str]]:
    steps: list[str] = []
    while element is not None and element.tag not in ("body", "html"):
        parent = element.getparent()
        if parent is None:
            return
        same = [child for child in parent if child.tag == element.tag]
        steps.insert(0, f"{element.tag}[{same.index(element) + 1}]")
        for name, path in _named(parent):
            yield f"{name} {'/'.join(steps)}", f"{path}/{'/'.join(steps)}"
        if any(True for _ in _named(parent)):
            return
        element = parent
    yield "/".join(steps), f"//body/{'/'.join(steps)}"


def fits(root: Any, xpath: str, box: Box) -> bool:
    """Whether the first thing that *xpath* finds on a page is its box, or one just around it."""
    for element in root.xpath(xpath):
        inside = element is box.element or any(each is element for each in box.element.iterancestors())
        return inside and len(text_of(element)) <= _ROOM * len(box.text)
    return False
