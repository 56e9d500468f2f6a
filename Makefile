# Each target sets up what it needs; everything lives in .venv, all data in SVCSAT_DATA_DIR (.svcsat).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The demo's articles are invented: unless told otherwise they stay apart from those of the live sites.
demo: DATA := .svcsat-demo
DATA := .svcsat
export SVCSAT_DATA_DIR ?= $(CURDIR)/$(DATA)

.PHONY: setup demo test lint crawl deploy docs score soak bench bench-store peers clean help

help:
	@echo "make setup   .venv with everything"
	@echo "make demo    crawl the stand-in sites and show what was found"
	@echo "make test    all checks"
	@echo "make lint    ruff and mypy only"
	@echo "make crawl   crawl the live sites (SPIDER=ep18 ARGS='-a since=2016')"
	@echo "make deploy  give this checkout's egg to scrapyd (SCRAPYD_URL, SCRAPYD_USERNAME, SCRAPYD_PASSWORD)"
	@echo "make docs    write the generated halves of docs/fields.md and docs/metrics.md"
	@echo "make score   what the metric rules read right and wrong on the labelled articles"
	@echo "make soak    the slow checks: all fifty ordinary runs and twelve times as many years, killed workers early and late"
	@echo "make bench   speed against a bare Scrapy spider and against other readers of numbers"
	@echo "make bench-store  what clusters, ledger, questions and reading again cost (half an hour; docs/benchmarks.md)"
	@echo "make clean   remove .venv and caches, keep the data"

setup: $(VENV)/.done

$(VENV)/.done: requirements.txt requirements-dev.txt requirements-redis.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing packages into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

demo: setup
	@$(BIN)/python -m tests.demo

test: lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

SPIDER ?= ep18
crawl: setup
	$(BIN)/scrapy crawl $(SPIDER) $(ARGS)

deploy: setup
	@$(BIN)/python -m deploy

docs: setup
	$(BIN)/python -m tests.fields_page
	$(BIN)/python -m tests.metrics_page

score: setup
	@$(BIN)/python -m tests.score

soak: setup
	SVCSAT_SOAK=1 $(BIN)/python -m pytest tests/breakages tests/distributed

bench: peers
	$(BIN)/python -m benchmarks.line
	$(BIN)/python -m benchmarks.extraction

bench-store: peers
	$(BIN)/python -m benchmarks.clusters
	$(BIN)/python -m benchmarks.ledger
	$(BIN)/python -m benchmarks.queries --articles 20000 --facts 80000
	$(BIN)/python -m benchmarks.reextract --sizes 1500,4500

peers: setup
	@test -x $(VENV)/peers/bin/python || $(PYTHON) -m venv $(VENV)/peers
	-@$(VENV)/peers/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
