"""Answers as one reads them in a terminal: every number with its sentence and its page, in 80 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.text import Text

from svcsat_crawler.storage.documents import beijing
from svcsat_crawler.terminal import pieces
from svcsat_crawler.terminal.facts import change, fact_year, figure
from svcsat_crawler.terminal.quote import address, one_line, padded, quote
from svcsat_crawler.terminal.tables import COLOURS

Document = dict[str, Any]
KINDS = {"number_changed": "changed", "number_gone": "gone", "number_added": "added"}


class View:
    """How documents become lines, on one screen."""

    def __init__(self, screen: Console) -> None:
        self.screen = screen
        self.width = screen.width

    def series(self, rows: Iterable[Document]) -> Iterator[Text]:
        for head, group in groupby(rows, self._series_head):
            yield head
            for row in group:
                told = (pieces.year(row["year"]), pieces.value(row, 26), _moved(row, 10), pieces.state(row))
                yield Text("  ").append_text(in_columns(told))
                yield from self._proof(row, row, 8)

    def league(self, rows: Iterable[Document]) -> Iterator[Text]:
        for head, group in groupby(rows, self._league_head):
            yield head
            for row in group:
                place, name = Text(f"{row['place']:4} ", "bold"), Text(padded(pieces.whose(row), 19), "bold")
                yield in_columns((place, name, pieces.value(row, 22), _moved(row, 10), pieces.state(row)))
                yield from self._proof({**row, "segment": None, "scope": None}, row, 6)

    def streaks(self, rows: Iterable[Document]) -> Iterator[Text]:
        for row in rows:
            span = Text(padded(f"{row['streak']['began']}–{row['year']}", 10), "cyan")
            name = Text(padded(pieces.whose(row), 26), "bold")
            length = Text(f"{padded(figure(row), 13):>9}", "bold green")
            yield in_columns((length, span, name, pieces.state(row)))
            yield from self._told(pieces.streak_survey(row), 4)
            yield from self._proof(row, row, 4)

    def movers(self, rows: Iterable[Document]) -> Iterator[Text]:
        for head, group in groupby(rows, self._year_head):
            yield head
            for row in group:
                move = Text(padded(_move(row), 28), "green")
                name = Text(padded(pieces.whose(row), 19), "bold")
                yield Text("  ").append_text(in_columns((_moved(row, 10), name, move, pieces.state(row))))
                yield from self._told(pieces.survey(row), 12)
                yield from self._proof(row, row, 12)

    def conflicts(self, rows: Iterable[Document]) -> Iterator[Text]:
        for row in rows:
            yield self._joined(*pieces.head(row), pieces.year(row["year"]), *pieces.faint(pieces.survey(row)))
            shown = Text(f"shown, {pieces.stories(row['clusters'])}", "green")
            yield Text("  ").append_text(in_columns((pieces.value(row, 26), shown)))
            yield from self._proof({**row, "conflicts": ()}, row, 6)
            for other in row["conflicts"]:
                said = other["support"][0]
                count = Text(pieces.stories(other["clusters"]), "red")
                one = pieces.value({"unit": row["unit"], "of": None, **said}, 26)
                yield Text("  ").append_text(in_columns((one, count)))
                yield from self._proof({}, said, 6)

    def gaps(self, rows: Iterable[Document]) -> Iterator[Text]:
        for row in rows:
            yield self._joined(*pieces.head(row), pieces.year(row["year"]), *pieces.faint(pieces.survey(row)))
            yield from pieces.notes(row, 2)
            yield from self._told(row["why"], 2, first="why    ")
            yield from self._told(pieces.listed(row["where"]), 2, first="where  ")
            usual = f"{row['usual']['from']} to {row['usual']['to']}, " if row["usual"] else ""
            yield from self._told(f"{usual}missing since {row['due']}", 2, first="when   ")

    def audit(self, rows: Iterable[Document]) -> Iterator[Text]:
        for row in rows:
            kind = Text(row["kind"], "red")
            parts = (*pieces.head(row), pieces.year(row["year"]), kind, *pieces.faint(pieces.survey(row)))
            yield self._joined(*parts)
            yield from self._told(row["message"], 2)
            for side in row["sides"]:
                none = "no number" if row["kind"] == "not_a_number" else "change only"
                value = none if side["value"] is None else f"{side['value']:,.10g}"
                yield Text.assemble("  ", (str(side["year"]), "cyan"), "  ", (value, "bold green"))
                yield from self._proof({}, {**side, "raw": value}, 8)

    def watch(self, rows: Iterable[Document]) -> Iterator[Text]:
        for row in rows:
            at, kind = (
                Text(f"{beijing(row['at']):%Y-%m-%d %H:%M}", "cyan"),
                Text(KINDS[row["kind"]], "yellow"),
            )
            yield self._joined(at, kind, *pieces.head(row), pieces.year(row["year"]))
            for sign, style, said in (("-", "red", row["before"]), ("+", "green", row["after"])):
                if said:
                    yield Text(f"  {sign} {one_line(said['raw'])}", style)
                    yield from self._proof({}, said, 4)
            yield from self._proof({}, {"url": row["url"]}, 4)

    def facts(self, rows: Iterable[Document]) -> Iterator[Text]:
        for row in rows:
            fact = {**row, "of": (row.get("rank") or {}).get("of")}
            number = Text(figure(fact) + change(fact), "bold green")
            status = Text("" if row["status"] == "measured" else row["status"], "yellow")
            when = pieces.year(fact_year(row))
            yield self._joined(*pieces.head(row), when, number, status, *pieces.faint(pieces.survey(row)))
            yield from self._proof(row, {**row["evidence"], "raw": row["raw"], "url": row["url"]}, 2)

    def articles(self, rows: Iterable[Document]) -> Iterator[Text]:
        for row in rows:
            moment = beijing(row.get("published"))
            count = f"{row['facts']} facts" if row["facts"] != 1 else "1 fact"
            day = Text(f"{moment:%Y-%m-%d}" if moment else "no date   ", "cyan")
            note = Text("reprint" if row.get("duplicate_of") else "")
            yield in_columns((day, Text(padded(row["source"], 11)), Text(f"{count:>9}"), note))
            yield from self._told(row["title"], 2, "bold")
            yield from self._proof({}, {"url": row["url"]}, 2)

    def runs(self, rows: Iterable[Document]) -> Iterator[Text]:
        yield Text("started      spider         new  changed  facts  verdict", "bold")
        for row in rows:
            counts = row.get("counts") or {}
            new, changed, facts = (str(counts.get(name, "")) for name in ("new", "changed", "facts"))
            yield Text.assemble(
                (f"{beijing(row['started']):%m-%d %H:%M}", "cyan"),
                f"  {row['spider']:11}  {new:>5}  {changed:>7}  {facts:>5}  ",
                (row["verdict"], COLOURS.get(row["verdict"], "")),
            )
            if row.get("cause"):
                yield from self._told(row["cause"], 13, "dim")

    def _series_head(self, row: Document) -> Text:
        return self._joined(*pieces.head(row), *pieces.faint(pieces.survey(row), row["rank_kind"]))

    def _year_head(self, row: Document) -> Text:
        return self._joined(pieces.named(row["metric"]), pieces.year(row["year"]))

    def _league_head(self, row: Document) -> Text:
        kind = (
            pieces.survey(row),
            row["rank_kind"],
            row["segment"],
            row["scope"],
            f"{row['listed']} {pieces.level(row)}",
        )
        return self._joined(pieces.named(row["metric"]), pieces.year(row["year"]), *pieces.faint(*kind))

    def _joined(self, *parts: Text) -> Text:
        return pieces.joined(parts, self.width)

    def _told(self, words: str, indent: int, style: str = "dim", first: str = "") -> Iterator[Text]:
        """Yield words of any length, indented, after what stands *first*."""
        before = " " * indent + first
        for line in Text(one_line(words), style).wrap(self.screen, self.width - len(before)) if words else ():
            line.rstrip()
            yield Text(before).append_text(line)
            before = " " * len(before)

    def _proof(self, row: Document, said: Document, indent: int) -> Iterator[Text]:
        """Yield the notes on *row*, the sentence of what is *said* with its number marked, and its page."""
        yield from pieces.notes(row, indent)
        room = self.width - indent - 1
        if said.get("sentence"):
            yield Text(" " * indent).append_text(quote(said["sentence"], said.get("raw") or "", room))
        if said.get("url"):
            url = address(said["url"], room, terminal=self.screen.is_terminal)
            yield Text(" " * indent, no_wrap=True).append_text(url)


def in_columns(parts: Iterable[Text]) -> Text:
    return Text("  ").join(part for part in parts if part.plain)


def _move(row: Document) -> str:
    """Return the value before and now; only that of now where the change is told by itself."""
    if row["delta_by"] == "stated":
        return figure(row)
    before = {**row, "value": row["previous"]["value"], "qualifier": "eq", "of": None}
    return f"{figure(before)} → {figure(row)}"


def _moved(row: Document, width: int) -> Text:
    return Text(padded(pieces.moved(row), width), "cyan")


VIEWS: dict[str, Callable[[View, Iterable[Document]], Iterator[Text]]] = {
    "series": View.series,
    "league": View.league,
    "streaks": View.streaks,
    "movers": View.movers,
    "gaps": View.gaps,
    "conflicts": View.conflicts,
    "audit": View.audit,
    "articles": View.articles,
    "facts": View.facts,
    "watch": View.watch,
    "runs": View.runs,
}


def show(screen: Console, question: str, documents: Iterable[Document]) -> int:
    """Print the answer; return how many documents it has."""
    count = 0

    def counted() -> Iterator[Document]:
        nonlocal count
        for document in documents:
            count += 1
            yield document

    for text in VIEWS[question](View(screen), counted()):
        screen.print(text, soft_wrap=bool(text.no_wrap))  # print() forgets what the text says of it
    return count
