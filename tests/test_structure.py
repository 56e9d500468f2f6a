"""The house rules that a reader relies on, held by loops over the files."""

from __future__ import annotations

import ast
import importlib
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from scrapy.settings import default_settings
from scrapy.utils.python import without_none_values

from tests.building import PAGES, ROOT, build, settings, spider_names

FILES = sorted(
    file for package in ("svcsat_crawler", "spiders", "pipelines") for file in (ROOT / package).rglob("*.py")
)
SITES = sorted(file for file in (ROOT / "spiders").glob("*.py") if file.stem != "__init__")
STEPS = sorted(file for file in (ROOT / "pipelines").glob("*.py") if file.stem != "__init__")
LONGEST = 250
PURE = ("svcsat_crawler/text/", "svcsat_crawler/metrics/", "svcsat_crawler/organisations/")
PURE += ("svcsat_crawler/ledger/", "svcsat_crawler/clusters/", "svcsat_crawler/verdict/")
PURE += tuple(f"svcsat_crawler/notifying/{file}.py" for file in ("channels", "message", "payloads", "states"))
PURE += ("svcsat_crawler/proposals/choosing.py", "svcsat_crawler/proposals/finding.py")
PURE += ("svcsat_crawler/schedule/decisions.py", "svcsat_crawler/schedule/timetable.py")
PURE += ("svcsat_crawler/health/report.py",)
PURE_FILES = ("svcsat_crawler/storage/documents.py", "svcsat_crawler/items.py")
OUTER = {"sources", "extensions", "commands", "terminal", "settings"}


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), str(file))


def imports(file: Path) -> Iterator[str]:
    """Yield the modules that a file imports, at the top or inside a function."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(file)}: relative import"
            yield node.module or ""


def code_lines(file: Path) -> int:
    """Return how many lines hold code: no blank lines, comments and docstrings."""
    layout = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(file.read_text("utf-8")).readline):
        if token.type not in layout:
            code.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            code.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(code)


@pytest.mark.parametrize("file", SITES, ids=lambda file: file.stem)
def test_a_site_is_its_file(file: Path) -> None:
    spider = build(file.stem)
    kind = type(spider)
    assert (kind.__name__, kind.__module__) == (f"{file.stem.capitalize()}Spider", f"spiders.{file.stem}")
    assert any((PAGES / file.stem).glob("*.expected.json"))
    assert len(file.read_text("utf-8").splitlines()) <= 60
    assert "custom_settings" not in vars(kind)


@pytest.mark.parametrize("file", SITES, ids=lambda file: file.stem)
def test_a_site_says_its_own_arguments(file: Path) -> None:
    kind = type(build(file.stem))
    for argument in (f"-a {kind.lists_name}=", *kind.extra_arguments):
        assert argument in kind.__doc__


@pytest.mark.parametrize("file", SITES, ids=lambda file: file.stem)
def test_first_requests_stay_on_the_site(file: Path) -> None:
    spider = build(file.stem)
    assert spider.walks
    for walk in spider.walks:
        request = spider.list_request(walk, walk.url)
        assert urlsplit(request.url).hostname in spider.allowed_domains


def test_scrapy_finds_every_site() -> None:
    assert spider_names() == [file.stem for file in SITES]


@pytest.mark.parametrize("file", STEPS, ids=lambda file: file.stem)
def test_a_pipeline_step_is_its_file_and_runs(file: Path) -> None:
    words = "".join(word.capitalize() for word in file.stem.split("_"))
    path = f"pipelines.{file.stem}.{words}Pipeline"
    assert path in settings()["ITEM_PIPELINES"]
    assert hasattr(
        getattr(importlib.import_module(f"pipelines.{file.stem}"), f"{words}Pipeline"), "process_item"
    )
    assert code_lines(file) <= 40


def test_files_stay_small() -> None:
    assert [name(file) for file in FILES if code_lines(file) >= LONGEST] == []


def test_what_is_pure_knows_no_scrapy_no_database_and_no_outer_layer() -> None:
    wrong = []
    for file in FILES:
        if not name(file).startswith((*PURE, *PURE_FILES)):
            continue
        outer = OUTER if name(file) in PURE_FILES else {*OUTER, "storage"}
        for module in imports(file):
            package, _, inner = module.partition(".")
            foreign = package in ("scrapy", "twisted", "pymongo")
            if foreign or (package == "svcsat_crawler" and inner.split(".")[0] in outer):
                wrong.append(f"{name(file)}: {module}")
    assert wrong == []


def test_the_store_knows_no_scrapy() -> None:
    store = [file for file in FILES if name(file).startswith("svcsat_crawler/storage/")]
    assert [
        (name(file), module) for file in store for module in imports(file) if module.startswith("scrapy")
    ] == []


def test_the_core_never_imports_sites_or_steps() -> None:
    core = [file for file in FILES if name(file).startswith("svcsat_crawler/")]
    outward = [
        (name(file), module)
        for file in core
        for module in imports(file)
        if module.split(".")[0] in ("spiders", "pipelines", "tests", "benchmarks")
    ]
    assert outward == []


def test_no_error_is_swallowed() -> None:
    """No bare ``except``, and none that takes every error and does nothing with it."""
    swallowed = []
    for file in FILES:
        for node in ast.walk(tree(file)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            all_errors = isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
            silent = all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)
            if node.type is None or (all_errors and silent):
                swallowed.append(f"{name(file)}:{node.lineno}")
    assert swallowed == []


def test_only_http_is_spoken_and_certificates_are_checked() -> None:
    project = settings()
    assert set(without_none_values(project.getwithbase("DOWNLOAD_HANDLERS"))) == {"http", "https"}
    assert project.getbool("DOWNLOAD_VERIFY_CERTIFICATES")


def test_nothing_listens_and_robots_are_obeyed() -> None:
    project = settings()
    for switch in ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED"):
        assert hasattr(default_settings, switch), f"{switch} is no setting of this Scrapy"
        assert not project.getbool(switch)
    assert project.getbool("ROBOTSTXT_OBEY")
    assert project.getint("CONCURRENT_REQUESTS_PER_DOMAIN") <= 2
    assert project.getfloat("DOWNLOAD_DELAY") >= 1
