"""CPU of other packages that find numbers in Chinese text; runs in their own environment.

Reads ``{"sample": text, "texts": [...]}`` on standard input; prints, for each package, CPU seconds for each
text and what it finds in the sample, or why it could not be imported.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

Reader = Callable[[str], list[str]]
ROUNDS = 3


def jionlp() -> Reader:
    """Times and amounts of money: what it has for free text with numbers."""
    ner = importlib.import_module("jionlp").ner

    def read(text: str) -> list[str]:
        found = ner.extract_time(text) + ner.extract_money(text)
        return [f"{item['text']} ({item['type']})" for item in found]

    return read


def recognizers_number() -> Reader:
    package = importlib.import_module("recognizers_number")
    chinese = package.Culture.Chinese
    return lambda text: [item.text for item in package.recognize_number(text, chinese)]


def recognizers_number_with_unit() -> Reader:
    package = importlib.import_module("recognizers_number_with_unit")
    chinese = importlib.import_module("recognizers_text").Culture.Chinese
    return lambda text: [
        f"{item.text} ({item.resolution['unit']})" for item in package.recognize_dimension(text, chinese)
    ]


PEERS: dict[str, Callable[[], Reader]] = {
    "jionlp": jionlp,
    "recognizers-text-number": recognizers_number,
    "recognizers-text-number-with-unit": recognizers_number_with_unit,
}


def measure(make: Callable[[], Reader], sample: str, texts: list[str]) -> dict[str, Any]:
    """Return the best CPU seconds of each text, and what the package finds in the sample."""
    try:
        read = make()
    except ImportError as error:
        return {"missing": str(error)}
    found = read(sample)  # builds its models and dictionaries
    return {"seconds": [min(_seconds(read, text) for _ in range(ROUNDS)) for text in texts], "found": found}


def _seconds(read: Reader, text: str) -> float:
    begun = time.process_time()
    read(text)
    return time.process_time() - begun


def main() -> None:
    asked = json.load(sys.stdin)
    logging.disable()  # some write a traceback for each number they cannot read
    with contextlib.redirect_stdout(io.StringIO()):  # some greet on import
        answer = {name: measure(make, asked["sample"], asked["texts"]) for name, make in PEERS.items()}
    json.dump(answer, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
