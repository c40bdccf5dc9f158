# Every target sets up .venv from requirements-dev.lock where that is missing or older; the second time costs nothing.
# PYTHON chooses the interpreter (3.11 or newer).

PYTHON ?= python3
KAFKA_PORT ?= 9092
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test check conformance examples bench bars docs lock clean kafka kafka-stop test-kafka bench-kafka bench-server chaos

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(READY): pyproject.toml requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Headrace needs Python 3.11 or newer; PYTHON=python3.12 make … chooses one.")'
	@echo "setting up $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## Flights out of New York: long delays, and delays per airport and hour
	@rm -rf build/demo
	@$(BIN)/headrace run examples/flights/flights.sql --input flights=examples/flights/flights.ndjson --log build/demo
	@printf '%s\n' '' 'What ran: examples/flights/flights.sql. Its stream, its table and their queries are in build/demo; try next:' \
	  '  $(BIN)/headrace --log build/demo' \
	  "    SELECT * FROM hourly WHERE origin = 'JFK';" \
	  "    SET 'auto.offset.reset' = 'earliest';" \
	  "    SELECT * FROM long_delays WHERE origin = 'LGA' EMIT CHANGES;      Ctrl-C ends it" \
	  '    DESCRIBE hourly EXTENDED;' \
	  '  $(BIN)/headrace consume LONG_DELAYS --from-beginning --max 3 --log build/demo'

test: $(READY) ## Run the tests
	$(BIN)/python -m pytest

check: $(READY) ## Lint, format, layers, types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy

conformance: $(READY) ## Run ksqlDB's conformance suite and compare with what passed before
	$(BIN)/python tests/conformance/ratchet.py

examples: $(READY) ## Run every example and compare with what it should print
	$(BIN)/python -m pytest tests/test_examples.py

bench: $(READY) ## Measure the engine against the hand-written loops
	$(BIN)/python tests/bench/run.py; run=$$?; $(BIN)/python tests/bench/functions.py && exit $$run

bars: $(READY) ## Run the full-size checks (a year of flights, 100 kills, …): many minutes
	$(BIN)/python tests/bars/run.py

docs: $(READY) ## Write docs/reference.md anew from the code
	$(BIN)/python docs/reference.py

kafka: ## Start a real Kafka on 127.0.0.1:$(KAFKA_PORT) (Java 17, mvn); kafka-stop ends it
	@tests/kafka/broker/broker.sh start build/kafka $(KAFKA_PORT)

kafka-stop: ## Stop the Kafka that "make kafka" started
	@tests/kafka/broker/broker.sh stop build/kafka

test-kafka: $(READY) ## Run the tests that need Kafka, on the one that "make kafka" started
	HEADRACE_KAFKA=127.0.0.1:$(KAFKA_PORT) $(BIN)/python -m pytest -m kafka tests/contracts tests/kafka

lock: ## Write requirements-dev.lock anew from pyproject.toml
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --editable '.[dev]'
	{ echo '# Every package of the development environment, pinned. `make lock` writes it anew from pyproject.toml.'; \
	  build/lock/bin/python -m pip freeze --exclude-editable | grep '=='; } > requirements-dev.lock
	rm -rf build/lock

clean: ## Remove the environment, caches and what was built
	rm -rf $(VENV) build dist headrace-data .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

bench-kafka bench-server chaos:
	@echo "make $@ comes with a later version" >&2; exit 2
