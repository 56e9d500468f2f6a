"""What there is where a question of findings, articles or runs has no answer: asked again with a filter less."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from pymongo.database import Database

from svcsat_crawler.storage import queries
from svcsat_crawler.storage.documents import beijing
from svcsat_crawler.storage.queries import Asked, Years
from svcsat_crawler.storage.queries.asked import FIRST_YEAR, LAST_YEAR
from svcsat_crawler.storage.queries.holdings import FIELDS, Held
from svcsat_crawler.storage.queries.reading import Document

ASK: dict[str, Callable[[Database[Document], Asked, int | None], Iterator[Document]]] = {
    "movers": queries.movers,
    "gaps": queries.gaps,
    "conflicts": queries.conflicts,
    "audit": queries.audit,
    "articles": queries.articles,
    "watch": queries.watch,
    "runs": queries.runs,
}
# Where a document says its year when it has no field for it.
_TIMES = {"articles": "published", "watch": "at", "runs": "started"}
# So many documents are looked at.
ENOUGH = 500
_EVER = Years(FIRST_YEAR, LAST_YEAR)


def instead(database: Database[Document], question: str, asked: Asked) -> tuple[Held, bool] | None:
    """Return what there would be if one filter were left out (else all of them), and whether that is all of it.

    None when there is nothing whatever the filters.
    """
    for name in (name for name in FIELDS if name in asked.given()):
        # Without a year some questions take the latest one alone.
        rest = replace(asked, years=_EVER) if name == "years" else asked.without(name)
        if found := _values(database, question, rest, name):
            return found
    return _values(database, question, Asked(years=_EVER, at=asked.at), "years")


def _values(database: Database[Document], question: str, asked: Asked, name: str) -> tuple[Held, bool] | None:
    documents = list(ASK[question](database, asked, ENOUGH))
    values = {value for document in documents for value in _said(question, name, document)}
    return (Held(name, sorted(values)), len(documents) < ENOUGH) if values else None


def _said(question: str, name: str, document: Document) -> Iterator[str | int]:
    """Yield what a document says of one filter."""
    if name == "years" and question in _TIMES:
        moment = beijing(document.get(_TIMES[question]))
        found = [moment.year if moment else None]
    elif name == "source":
        places = [place["source"] for place in document.get("where") or ()] if question == "gaps" else []
        found = places or [document.get("source") or document.get("spider")]
    else:
        found = [document.get(FIELDS[name])]
    yield from (value for value in found if value is not None)
