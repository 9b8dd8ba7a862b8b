# `make demo` and `make test` need Python 3.11 or newer, git and make; everything else they fetch themselves.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint format bench lock clean

.venv/run.stamp: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing Rollout's locked dependencies into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test.stamp: tests/requirements.lock .venv/run.stamp
	@echo "Installing what the tests need into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@touch $@

demo: .venv/run.stamp
	@$(BIN)/rollout demo

test: .venv/test.stamp
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

lint: .venv/test.stamp
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: .venv/test.stamp
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: .venv/test.stamp
	@$(BIN)/python -m tests.bench $(ARGS)

# Needs `uv` on the PATH; hashes yes, registry addresses no.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --output-file requirements.lock pyproject.toml --extra build
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --output-file tests/requirements.lock pyproject.toml --extra build --extra test

clean:
	rm -rf .venv build *.egg-info
