# The gestures of the project. `make` alone lists them.
SHELL := /bin/bash
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

WRITERS := $(addprefix tests/functional/test_,$(addsuffix .py,journal_write_path restoring account_erasing notices \
	suggestions))

.DEFAULT_GOAL := help
.PHONY: help run demo test engines lint check faults walk bench lock translations migration clean

help: ## liste les gestes
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 20

$(VENV)/.run: requirements.lock setup.cfg
	@$(PYTHON) tools/check_python.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installation des bibliothèques…"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/pybabel -q compile -d referentiel/translations
	@$(BIN)/python -m compileall -q -j 2 $(VENV)/lib referentiel > /dev/null || true
	@$(BIN)/python -X no_debug_ranges -m compileall -q -j 2 -f -o 2 $(VENV)/lib referentiel > /dev/null || true
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installation des outils de test…"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/.run ## ouvre le site sur http://127.0.0.1:8000
	@$(BIN)/referentiel init
	@exec $(BIN)/referentiel serve

demo: $(VENV)/.run ## ouvre un site de démonstration, rempli, avec un lien pour chaque personne
	@exec $(BIN)/referentiel demo

test: $(VENV)/.dev ## installe ce que les tests demandent, et les lance tous
	@$(BIN)/python tools/get_programs.py
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup
	@$(BIN)/python tools/get_programs.py --has postgresql || exit 0; \
	echo "Les tests qui écrivent le plus, sur PostgreSQL (« make engines » les y lance tous) :"; \
	$(BIN)/python -m pytest -q -n 2 --engine postgresql tests/whole/test_migrations.py $(WRITERS)

engines: $(VENV)/.dev ## les tests des personnes et de leurs actes, tous, sur PostgreSQL (long)
	@$(BIN)/python tools/get_programs.py
	$(BIN)/python -m pytest -q -n 2 --engine postgresql tests/functional tests/whole/test_migrations.py

lint: $(VENV)/.dev ## style, types, couches, traductions, licences
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.check_translations
	$(BIN)/python -m tools.check_licences

check: lint ## la même chose, puis les gabarits et les migrations
	$(BIN)/python -m pytest -q tests/whole/test_templates.py tests/whole/test_migrations.py

faults: $(VENV)/.dev ## pannes, écrivains simultanés, et des exemples neufs pour chaque règle (long)
	REFERENTIEL_TEST_FAULTS=whole $(BIN)/python -m pytest -q tests/unit tests/faults \
		tests/functional/test_library_restoring.py tests/whole/test_same_bytes.py

walk: $(VENV)/.dev ## visite de toutes les pages dans un vrai navigateur, et de toute l’API par une machine (long)
	@$(BIN)/python tools/get_programs.py
	REFERENTIEL_TEST_WALK=whole REFERENTIEL_TEST_API=whole $(BIN)/python -m pytest -q tests/browser tests/functional/test_api_contract.py

bench: $(VENV)/.dev ## mesures, écrites dans docs/performance.md
	$(BIN)/python -m bench

lock: ## refait les verrous à partir de setup.cfg
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe --strip-extras --extra postgresql --extra openid --extra exports --build-deps-for editable -o requirements.lock setup.cfg
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe --strip-extras --extra dev -c requirements.lock -o requirements-dev.lock setup.cfg

translations: $(VENV)/.dev ## relève les phrases et compile les catalogues
	$(BIN)/python -m tools.check_translations --update

clean: ## efface l’environnement, jamais l’instance
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache
