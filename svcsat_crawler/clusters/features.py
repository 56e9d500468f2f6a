"""What is kept of an article so that its copies can be found and judged without its text."""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain, islice
from typing import Any
from zlib import crc32

from svcsat_crawler.clusters.facts import (
    YEARLY,
    Figure,
    Surroundings,
    by_surroundings,
    chief_places,
    figures_of,
    kind_of,
    places_of,
    telling_of,
    years_of,
)
from svcsat_crawler.text import width
from svcsat_crawler.text.fingerprint import fold

VERSION = 1

WINDOW = 12  # folded characters of a phrase
PHRASES_WITH_FIGURES = 12
PHRASES_WITHOUT = 8
SAMPLE = 256
_BYTES = 4  # of a character in UTF-32
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True)
class Features:
    """An article as the look-up and the decision see it.

    ``phrases``: some of its phrases, as numbers of 63 bits; of a part of the text the same ones are chosen as of the
    whole.  ``sample``: the SAMPLE smallest hashes of all its phrases, ``numbers``: its figures, both packed.  ``length``:
    folded characters; ``title`` is folded, ``text`` a hash of the folded body.  ``places``, ``provinces``: how often each is named.
    """

    title: str
    text: str
    published: datetime | None
    length: int
    phrases: tuple[int, ...]
    sample: bytes
    numbers: bytes
    places: dict[str, int]
    provinces: dict[str, int]

    @cached_property
    def hashes(self) -> frozenset[int]:
        return frozenset(_unpacked("I", self.sample))

    @cached_property
    def reach(self) -> int:
        """Up to which hash the sample holds all phrases of the text."""
        return max(self.hashes) if len(self.hashes) == SAMPLE else 1 << 32

    @cached_property
    def figures(self) -> frozenset[Figure]:
        numbers = iter(_unpacked("I", self.numbers))
        return frozenset(map(Figure, numbers, numbers))

    @cached_property
    def years(self) -> set[int]:
        return years_of(self.figures)

    @cached_property
    def telling(self) -> frozenset[Figure]:
        return telling_of(self.figures)

    @cached_property
    def by_surroundings(self) -> Surroundings:
        return by_surroundings(self.figures)

    @cached_property
    def yearly(self) -> Surroundings:
        """Years and streaks by what stands before them."""
        return {place: values for place, values in self.by_surroundings.items() if kind_of(place) == YEARLY}

    @cached_property
    def chief_places(self) -> frozenset[str]:
        return chief_places(self.places)

    @cached_property
    def chief_provinces(self) -> frozenset[str]:
        return chief_places(self.provinces)


def features(title: str, body: str, published: datetime | None) -> Features:
    """Return the features of an article."""
    simplified = width.fold(body)
    folded = fold(simplified)
    data = folded.encode("utf-32-le", "surrogatepass")
    size = WINDOW * _BYTES
    hashes = {crc32(data[at : at + size]): at for at in range(0, len(data) - size + 1, _BYTES)}
    ordered = sorted(hashes)
    places, provinces = places_of(f"{width.fold(title)}\n{simplified}")
    return Features(
        title=fold(title),
        text=hashlib.blake2b(data, digest_size=16).hexdigest(),
        published=published,
        length=len(folded),
        phrases=_phrases(folded, [hashes[value] // _BYTES for value in ordered]),
        sample=_packed("I", ordered[:SAMPLE]),
        numbers=_packed("I", [number for figure in sorted(figures_of(folded)) for number in figure]),
        places=places,
        provinces=provinces,
    )


def _phrases(folded: str, ordered: list[int]) -> tuple[int, ...]:
    """Choose phrases out of places ordered by hash: some that hold a figure and some that hold none.

    Of a part of a text those of the whole are chosen that it holds, and others after them.
    """
    figured = _windows_with_figures(folded)
    with_figure = islice((at for at in ordered if at in figured), PHRASES_WITH_FIGURES)
    without = islice((at for at in ordered if at not in figured), PHRASES_WITHOUT)
    return tuple(sorted(_number(folded[at : at + WINDOW]) for at in chain(with_figure, without)))


def _windows_with_figures(folded: str) -> set[int]:
    """Return where the phrases start that hold a digit."""
    return {at for run in _DIGITS.finditer(folded) for at in range(run.start() - WINDOW + 1, run.end())}


def _number(phrase: str) -> int:
    """Return a number of 63 bits, which every MongoDB keeps as it is."""
    digest = hashlib.blake2b(phrase.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def to_document(found: Features) -> dict[str, Any]:
    """Return features as a document; what is packed is little-endian."""
    return {
        "version": VERSION,
        "title": found.title,
        "text": found.text,
        "published": found.published,
        "length": found.length,
        "chosen": _packed("Q", found.phrases),
        "sample": found.sample,
        "numbers": found.numbers,
        "places": found.places,
        "provinces": found.provinces,
    }


def from_document(document: Mapping[str, Any]) -> Features:
    """Return the features of a document of :func:`to_document`."""
    return Features(
        title=document["title"],
        text=document["text"],
        published=document["published"],
        length=document["length"],
        phrases=phrases_of(document),
        sample=document["sample"],
        numbers=document["numbers"],
        places=document["places"],
        provinces=document["provinces"],
    )


def phrases_of(document: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the phrases of a document of :func:`to_document`, without reading the rest."""
    return _unpacked("Q", document["chosen"])


def _packed(kind: str, numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}{kind}", *numbers)


def _unpacked(kind: str, packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // struct.calcsize(f'<{kind}')}{kind}", packed)
