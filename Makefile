# Each line is a command that one could type; README.md gives them for Windows, too.
PYTHON ?= python3
BIN = .venv/bin
export NO_MKDOCS_2_WARNING = 1

.PHONY: site serve check test golden dates bench lock

site: .venv/done ## Build the site and its sheets for clinic.yml, else for the sample clinic.
	CI=true $(BIN)/python -m mkdocs build --strict
	@echo "The site is in site/, its sheets in site/print/. To look at it: make serve"

serve: .venv/done ## Show the site at http://127.0.0.1:8000 and again after each change; sheets are left out.
	NO_SHEETS=1 $(BIN)/python -m mkdocs serve --livereload

check: .venv/done ## Say what is wrong with clinic.yml.
	$(BIN)/python -m guide.check

test: .venv/tests ## Everything that CI runs. Finds a browser, or gets one.
	$(BIN)/python tests/browser.py
	$(BIN)/python -m pytest tests --numprocesses auto --dist worksteal $(ARGS)

golden: .venv/tests ## Write anew how every rule and sign reads, for a person to read the difference.
	-$(BIN)/python -m pytest tests/test_rules.py --force-regen --quiet --no-header --tb=no
	@git --no-pager diff --stat tests/golden

dates: .venv/done ## Which facts and numbers to call are due to be looked at again.
	$(BIN)/python -m guide.check.dates

bench: .venv/tests ## What a build costs, as ratios and seconds of CPU.
	cd tests && ../$(BIN)/python bench.py

lock: .venv/tests ## Take newer versions of what requirements.in and tests/requirements.in name.
	$(BIN)/python -m uv pip compile --quiet --no-header --universal --generate-hashes --python-version 3.11.5 --upgrade requirements.in --output-file requirements.txt
	$(BIN)/python -m uv pip compile --quiet --no-header --universal --generate-hashes --python-version 3.11.5 --upgrade --constraint requirements.txt tests/requirements.in --output-file tests/requirements.txt

.venv/done: requirements.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11, 5) and 'Python 3.11.5 or newer is needed: make PYTHON=python3.12 site')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

.venv/tests: .venv/done tests/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement tests/requirements.txt
	@touch $@
