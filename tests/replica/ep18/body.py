"""The body of an ep18 article as HTML, with the oddities that collecting and typing leave in it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from tests.replica.plan import Entry

INDENT = "\u3000\u3000"
WIDE = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
NAMES = "甲乙丙丁戊己庚辛壬癸"


@dataclass(slots=True)
class People:
    """Names round a text: first and last paragraph of a collected article."""

    byline: str | None
    editor: str | None


def shown_title(entry: Entry) -> str:
    """The title as printed: a collected one has U+2015 where it was typed with U+2014."""
    return entry.title.replace("——", "――") if "dash" in entry.quirks else entry.title


def people(entry: Entry) -> People:
    rng = entry.rng
    first, second, third = rng.sample(NAMES, 3)
    byline = rng.choice([None, f"通讯员 {first}某", f"本报通讯员 {first}某\u3000{second}某某"])
    editor = rng.choice([None, None, f"{third}某某"])
    if "nul" in entry.quirks:
        byline = f"通讯员 {first}\0{second}"
    if "dot" in entry.quirks:
        byline = f"通讯员 阿{first}・{second}某"
    if entry.quirks & {"gbk", "gbk-as-utf8"}:
        byline = f"通讯员 {first}喆"
    return People(byline, editor)


def pages(entry: Entry) -> list[list[int]]:
    """Which paragraphs stand on which page."""
    numbers = list(range(len(entry.story.paragraphs)))
    count = 3 if "pages3" in entry.quirks else 2 if "pages2" in entry.quirks else 1
    size = -(-len(numbers) // count)
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]


def block(entry: Entry, number: int) -> str:
    """One paragraph, without its wrapping."""
    text = escape(entry.story.paragraphs[number], quote=False)
    if "fullwidth" in entry.quirks:
        text = text.translate(WIDE)
    if "dash" in entry.quirks:
        text = text.replace("——", "――")
    if "hidden" in entry.quirks and number % 2:
        text += '<span style="display:none">x7Qd电力18</span>'
    if number in entry.story.subheads:
        text = f"<strong>{text}</strong>"
    return ("&nbsp;" * 4 if "nbsp" in entry.quirks else INDENT) + text


def caption(entry: Entry) -> str | None:
    """The paragraph under the picture."""
    if "image" not in entry.quirks:
        return None
    return f"图为{entry.story.bureau}员工在现场忙碌。（{NAMES[int(entry.number) % 10]}某 摄）"


def images(entry: Entry, page: int) -> list[str]:
    """Pictures of one page: a good one with a caption, or a broken one left by collecting."""
    if page > 1:
        return []
    if words := caption(entry):
        code = f"{int(entry.number):032x}"
        picture = f'<img border="0" alt="{escape(entry.title)}" src="/d/file/p/{code}.jpg" />'
        return [f'<p align="center">{picture}</p>', f'<p align="center">{words}</p>']
    if "broken" in entry.quirks:
        name = f"W0{entry.number}{entry.number}"
        return [f'<p>{INDENT}<img src="./{name}.jpg" OLDSRC="{name}.jpg" /></p>']
    return []


def body(entry: Entry, page: int) -> str:
    """The HTML of one page of the body."""
    names, blocks = people(entry), [block(entry, number) for number in pages(entry)[page - 1]]
    first, last = page == 1, page == len(pages(entry))
    if "br" in entry.quirks:
        lines = [names.byline] if names.byline and first else []
        lines += blocks + ([f"{names.editor}&nbsp;"] if names.editor and last else [])
        return "<br /><br />\r\n".join(lines)
    lines = [f"<p>{names.byline.replace(INDENT[0], '&nbsp; ')}</p>"] if names.byline and first else []
    lines += images(entry, page)
    for place, text in enumerate(blocks):
        lines.append(f"<p>{text}</p>")
        if place == 1:
            lines.append("<p>&nbsp;</p>")
    if names.editor and last:
        lines.append(f"<p>{names.editor} &nbsp;</p>")
    return "\r\n".join(lines)
