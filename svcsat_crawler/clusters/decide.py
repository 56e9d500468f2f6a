"""Whether two articles are copies of one story.

Containment of one text in the other proposes; what the texts state decides.  A story of another year or about
another bureau is another story however much of its wording it shares.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from svcsat_crawler.clusters.facts import Surroundings
from svcsat_crawler.clusters.features import Features
from svcsat_crawler.text.fingerprint import REPRINT_DAYS, REPRINT_LENGTH

REPRINTED = timedelta(days=REPRINT_DAYS)
# Which share of the shorter text must be in the longer one: by how many telling figures they have in common (a site
# may put more of its own around a short copy than it has kept of it).
CONTAINED_WITH_MANY, MANY = 0.2, 4
CONTAINED_WITH_FEW, FEW = 0.3, 2
CONTAINED_WITH_NONE = (
    0.5  # and then the title or the place must be the same: boilerplate is half of a short text
)
TITLE = 8  # characters; shorter ones are no names
# Of the figures in the same surroundings at most this share may differ: a copy corrects one, a template changes most.
DIFFERING = 0.15
# Of the telling figures of one this share must be in the other: a site may add a paragraph with figures of its own.
IN_COMMON = 0.3
# Others are named this often for each time that the shorter text's own are, and twice at least: a round-up of several.
OTHERS = 0.5


class Verdict(NamedTuple):
    """``why`` names what decided; ``strength`` tells which of two copies is nearer."""

    same: bool
    why: str
    strength: float = 0.0


def contradiction(a: Features, b: Features) -> str:
    """Return what makes two texts different stories whatever they share: "bureau", "year", or ""."""
    if _other_bureau(a, b):
        return "bureau"
    if _other_year(a, b):
        return "year"
    return ""


def decide(a: Features, b: Features) -> Verdict:
    """Decide from what both state; symmetric, and without a look at anything but the two."""
    if a.published and b.published and abs(a.published - b.published) > REPRINTED:
        return Verdict(False, "dates")
    if min(a.length, b.length) < REPRINT_LENGTH:
        return Verdict(False, "too short")
    if a.text == b.text:
        return Verdict(True, "same text", 2.0)
    if why := contradiction(a, b):
        return Verdict(False, why)
    if _is_digest(*sorted((a, b), key=lambda one: (one.length, one.text))):
        return Verdict(False, "digest")
    contained = containment(a, b)
    agree, differ = compare(a.by_surroundings, b.by_surroundings)
    if differ > DIFFERING * (agree + differ):
        return Verdict(False, "figures")
    if not _in_common(a, b):
        return Verdict(False, "figures")
    shared = len(a.telling & b.telling)
    if shared >= FEW:
        enough = CONTAINED_WITH_MANY if shared >= MANY else CONTAINED_WITH_FEW
        return Verdict(contained >= enough, "figures agree", contained)
    same_title = a.title == b.title and len(a.title) >= TITLE
    related = same_title or not a.chief_places.isdisjoint(b.chief_places)
    return Verdict(related and contained >= CONTAINED_WITH_NONE and not differ, "text", contained)


def containment(a: Features, b: Features) -> float:
    """Estimate which share of the shorter text's phrases is in the longer one.

    Both samples are complete up to the smaller reach; what lies below it is compared.
    """
    reach = min(a.reach, b.reach)
    mine, other = ({value for value in one.hashes if value <= reach} for one in (a, b))
    fewer = min(len(mine), len(other))
    return len(mine & other) / fewer if fewer else 0.0


def compare(a: Surroundings, b: Surroundings) -> tuple[int, int]:
    """Count the surroundings in which both state a number: with one in common, and with other numbers only."""
    both = a.keys() & b.keys()
    agree = sum(not a[place].isdisjoint(b[place]) for place in both)
    return agree, len(both) - agree


def _in_common(a: Features, b: Features) -> bool:
    """Whether the one with fewer telling values shares enough of them, wherever they stand."""
    mine, other = ({figure.value for figure in one.telling} for one in (a, b))
    return len(mine & other) >= IN_COMMON * min(len(mine), len(other))


def _is_digest(part: Features, whole: Features) -> bool:
    """Whether the longer text tells of others at length whom the shorter one does not name."""
    others = sum(count for name, count in whole.places.items() if name not in part.places)
    own = sum(whole.places.get(name, 0) for name in part.chief_places)
    return own > 0 and others >= max(2, OTHERS * own)


def _other_bureau(a: Features, b: Features) -> bool:
    """Whether one is about somebody whom the other does not name: cities and counties, else provinces."""
    if bool(a.places) != bool(b.places):
        return False
    mine, other = (a.places, b.places) if a.places else (a.provinces, b.provinces)
    if a.places:
        about_mine, about_other = a.chief_places, b.chief_places
    else:
        about_mine, about_other = a.chief_provinces, b.chief_provinces
    if not about_mine or not about_other:
        return False
    return not (about_mine <= other.keys() and about_other <= mine.keys())


def _other_year(a: Features, b: Features) -> bool:
    """Whether the last years differ and neither text states all years of the other, or the same places date otherwise."""
    if (
        a.years
        and b.years
        and max(a.years) != max(b.years)
        and not (a.years <= b.years or b.years <= a.years)
    ):
        return True
    agree, differ = compare(a.yearly, b.yearly)
    return differ > agree
