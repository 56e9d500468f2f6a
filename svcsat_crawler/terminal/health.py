"""What ``scrapy health`` prints."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from svcsat_crawler.health.report import NEEDED, Report, fields
from svcsat_crawler.terminal.tables import console


def show(report: Report) -> None:
    """Print what was seen of one site."""
    out = console()
    problems = list(report.problems())
    word = Text("broken", "bold red") if problems else Text("good", "bold green")
    out.print(Text.assemble((report.spider, "bold"), ": ", word))
    for problem in problems:
        out.print(Text(f"  {problem}", "red"), soft_wrap=True)
    for host, answer in report.robots.items():
        out.print(Text(f"  robots.txt of {host}: {answer}"), soft_wrap=True)
    if report.quiet:
        out.print(Text(f"  {report.quiet}"), soft_wrap=True)
    if report.rows:
        more = "a next page" if report.more else "no next page"
        cannot = f", {report.broken_rows} rows cannot be read" if report.broken_rows else ""
        out.print(Text(f"  list {report.list_name}: {report.list_url}"), soft_wrap=True)
        out.print(Text(f"    {report.rows} articles{cannot}, {more}, {report.list_charset}"), soft_wrap=True)
    if report.article:
        out.print(Text(f"  article: {report.article.url}"), soft_wrap=True)
        out.print(Text(f"    read by {report.article.read_by}, {report.article_charset}"), soft_wrap=True)
    if report.fits:
        table = Table(box=None, padding=(0, 2, 0, 2))
        for label in ("selectors of", "name", "fits"):
            table.add_column(label)
        for fit in report.fits:
            told = f"yes, {fit.found}" if fit.found else "no"
            table.add_row(
                fit.place,
                fit.name,
                Text(f"{told}{' ← used' if fit.used else ''}", "green" if fit.used else ""),
            )
        out.print(table)
    if report.article:
        for name, value in fields(report.article).items():
            style = "red" if not value and name in NEEDED else ""
            out.print(Text(f"  {name:<20} {value or '–'}", style), soft_wrap=True)
