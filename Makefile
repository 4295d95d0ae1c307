# `make run` sets up and runs the main job on the embedded sample; `make test` sets up and runs the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

JOBS ?= auto
PAGES := $(patsubst docs/reference/make_%_page.py,%,$(wildcard docs/reference/make_*_page.py))
QUICK := -m "not slow and not browser" -n $(JOBS) --dist worksteal

.PHONY: run test coverage lint hooks pages docs cards bench lock clean

$(VENV)/ready: requirements.lock pyproject.toml engine/pilotage/__init__.py
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pilotage needs Python 3.11 or later; name one with PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

run: $(VENV)/ready
	$(BIN)/pilotage run baseline --force

test: $(VENV)/ready
	$(BIN)/python -m pytest $(QUICK) $(COVER)

coverage: COVER := --cov --cov-report=term
coverage: test
	$(BIN)/python .ci/branches.py --least 95

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

hooks: $(VENV)/ready
	$(BIN)/pre-commit install

pages: $(VENV)/ready
	$(BIN)/pilotage schema > docs/reference/scenario.schema.json
	for page in $(PAGES); do $(BIN)/python docs/reference/make_$${page}_page.py > docs/reference/$$page.md || exit 1; done

docs: pages
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "The guide is written: open site/index.html"

cards: $(VENV)/ready
	$(BIN)/pilotage evaluate baseline --cards --force
	if [ -n "$$PILOTAGE_REAL_DATA" ]; then for scenario in england-2014 england-2019-secondary england-2025; do \
	  $(BIN)/pilotage evaluate $$scenario --cards --force || exit 1; done; fi

bench: $(VENV)/ready
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv on the PATH: python -m pip install uv"; exit 1; }
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) runs dist build site .coverage htmlcov
