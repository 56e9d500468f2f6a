"""What the stored articles count that no metric claims."""

from __future__ import annotations

from typing import Any

from pymongo.database import Database

from svcsat_crawler.metrics.others import Noun


def unclaimed_nouns(database: Database[dict[str, Any]], limit: int) -> list[Noun]:
    """Return the most frequent nouns over all articles, as ``metrics.others.tally`` adds them up."""
    steps: list[dict[str, Any]] = [
        {"$project": {"unclaimed": 1}},
        {"$unwind": "$unclaimed"},
        {
            "$group": {
                "_id": {"head": "$unclaimed.head", "unit": "$unclaimed.unit"},
                "n": {"$sum": "$unclaimed.n"},
                "articles": {"$sum": 1},
                "example": {"$first": "$unclaimed.example"},
            }
        },
        {"$sort": {"n": -1, "_id.head": 1, "_id.unit": 1}},
        {"$limit": limit},
    ]
    return [
        Noun(found["_id"]["head"], found["_id"]["unit"], found["n"], found["articles"], found["example"])
        for found in database.articles.aggregate(steps, allowDiskUse=True)
    ]
