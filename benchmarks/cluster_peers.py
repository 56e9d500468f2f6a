"""What MinHash (datasketch) and SimHash (simhash) say of pairs of texts; runs in an environment of its own.

Reads ``{"texts": [folded text, ...], "pairs": [[index, index], ...]}`` on standard input; prints for each package CPU
seconds a text and a likeness for each pair (MinHash: estimated Jaccard; SimHash: bits that differ), or why it is missing.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from typing import Any

SHINGLE = 4  # characters; both packages' own examples use three or four
PERMUTATIONS = 128


def shingles(text: str) -> list[str]:
    return [text[at : at + SHINGLE] for at in range(max(1, len(text) - SHINGLE + 1))]


def minhash() -> tuple[Callable[[str], Any], Callable[[Any, Any], float]]:
    kind = importlib.import_module("datasketch").MinHash

    def read(text: str) -> Any:
        sketch = kind(num_perm=PERMUTATIONS)
        sketch.update_batch([part.encode() for part in set(shingles(text))])
        return sketch

    return read, lambda a, b: float(a.jaccard(b))


def simhash() -> tuple[Callable[[str], Any], Callable[[Any, Any], float]]:
    kind = importlib.import_module("simhash").Simhash
    return lambda text: kind(shingles(text)), lambda a, b: float(a.distance(b))


PEERS = {"MinHash (datasketch)": minhash, "SimHash (simhash)": simhash}


def measure(make: Any, texts: list[str], pairs: list[tuple[int, int]]) -> dict[str, Any]:
    try:
        read, compare = make()
    except ImportError as error:
        return {"missing": str(error)}
    begun = time.process_time()
    sketches = [read(text) for text in texts]
    spent = time.process_time() - begun
    return {"seconds": spent / len(texts), "pairs": [compare(sketches[a], sketches[b]) for a, b in pairs]}


def main() -> None:
    asked = json.load(sys.stdin)
    json.dump(
        {name: measure(make, asked["texts"], asked["pairs"]) for name, make in PEERS.items()}, sys.stdout
    )


if __name__ == "__main__":
    main()
