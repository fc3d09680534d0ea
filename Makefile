# make app    install, then open the app with the shipped models
# make test   install, then run every check and test
# make test-fast   the tests without a browser
# make test-cluster   what needs Ray, which it installs: a cluster on this machine
# make bench  measure what benchmarks/README.md reports
# make models DATA=data/fra-eng   train, measure and document the shipped models again (hours);
#             with MORE=folder    also on the pairs of s2s/data/mix.py in it, as they were;
#             with GENERAL=file   training regimes are measured, too, also on the pairs in it
#             with TASKS=folder   the models of the other tasks, too, from folders of pairs in it; alone
#                                 where DATA is left out
# make traces store the first example's traces again (after the shipped models changed)

PYTHON ?= python3
BIN := .venv/bin
BROWSER := $(filter-out %.min.js,$(wildcard $(addprefix pages/kit/browser/,*.js *.css kinds/*.js) tests/browser/*.js))
.PHONY: app test test-fast test-cluster lint format bench models traces clean

app: .venv/app
	$(BIN)/streamlit run app.py

test: lint
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

test-fast: .venv/test
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile -m "not browser"

test-cluster: .venv/test
	$(BIN)/python -m pip install --quiet --requirement tests/requirements-cluster.txt
	$(BIN)/python -m pytest tests/engine

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/deno fmt --config tests/browser/deno.json $(BROWSER)

bench: .venv/test
	$(BIN)/python -m benchmarks $(if $(DATA),--data $(DATA))

models: .venv/app
	$(if $(TASKS),$(BIN)/python -m pip install --quiet 'sacrebleu[ko]==2.6.0')
	$(BIN)/python -m s2s models $(if $(DATA),--data $(DATA)) $(if $(MORE),--more $(MORE)) \
		$(if $(GENERAL),--general $(GENERAL)) $(if $(TASKS),--tasks $(TASKS))
	$(BIN)/python -m pages.kit.examples

traces: .venv/app
	$(BIN)/python -m pages.kit.examples

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/app: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	touch $@

.venv/test: .venv/app tests/requirements.txt
	$(BIN)/python -m pip install --quiet --requirement tests/requirements.txt
	touch $@
