"""``scrapy extract``: the facts of articles in a file, or of one text; no store, no network."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

RIGHT = "scrapy extract IN.jsonl [-o OUT.jsonl], or scrapy extract --text TEXT [--title TITLE] [--date DATE]"


class Command(ScrapyCommand):
    """Read facts out of texts."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "IN.jsonl [-o OUT.jsonl] | --text TEXT [--title TITLE] [--date DATE]"

    def short_desc(self) -> str:
        return "Facts of the articles in a file of JSON lines, or of one text"

    def long_desc(self) -> str:
        return (
            'IN.jsonl holds one {"id", "title", "text", "date", "url"} a line, OUT.jsonl gets one {"id", '
            '"facts", "title_facts", "rules_version"} a line in the same order: the sentence of a fact is a '
            'piece of the text, that of a title fact one of the title, for what the text does not say. "-" is '
            "standard input or output. Lines that hold no article are named on standard error, the others "
            "are read, and the exit code is 1."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="OUT.jsonl", default="-", help="default: - (stdout)")
        parser.add_argument("--text", help="read this text and show its facts with their sentences")
        parser.add_argument("--title", help="title of the text")
        parser.add_argument("--date", help="day the text was published, for example 2021-12-29")
        parser.add_argument(
            "--others", action="store_true", help='also numbers that no metric claims, apart, as "others"'
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from svcsat_crawler.terminal import extract

        try:
            if opts.text is not None and not args and opts.output == "-":
                extract.show(opts.text, opts.title or "", opts.date, others=opts.others)
            elif opts.text is None and opts.title is None and opts.date is None and len(args) == 1:
                self.exitcode = extract.convert(args[0], opts.output, others=opts.others)
            else:
                raise ValueError(f"right is {RIGHT}")
        except BrokenPipeError:  # whoever read our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = 1
        except OSError as error:
            self._refuse(f"{error.filename or opts.output}: {error.strerror}")
        except ValueError as error:
            self._refuse(str(error))

    def _refuse(self, message: str) -> None:
        print(f"scrapy extract: {message}", file=sys.stderr)
        self.exitcode = 2
