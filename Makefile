# Everything is prepared when it is first needed and kept until its inputs change. `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON3 ?= python3
# Stage names and options: tests/tools/run_tests.py.
RUN := tests/tools/with-venv python -m tests.tools.run_tests

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: lab-packages ## Five throw-away hosts, MKE on them by the playbook, a second run that changes nothing, and two children
	@$(RUN) --quiet build
	@tests/tools/with-venv --installed python -m tests.demo.demo

test: lab-packages ## Lint, sanity, units on two ansible-cores, build, and the fast scenarios
	@$(RUN) lint units integration sanity build awx scenarios

test-all: export MKE4K_CORES ?= all
test-all: lab-packages ## The same with every scenario, on every supported ansible-core
	@$(RUN) --all lint units integration sanity build awx scenarios

lint: lab-packages ## ansible-lint (production), yamllint, ruff, mypy, shellcheck, go vet, changelog, documentation
	@$(RUN) lint

units: prepare ## Unit tests on two ansible-cores (MKE4K_CORES=all for four), with coverage
	@$(RUN) units

integration: prepare ## Ansible on files, and all that talks to a Kubernetes API, on a real API server before which things fail
	@$(RUN) integration

sanity: prepare ## ansible-test sanity on the same
	@$(RUN) sanity

build: prepare ## The collection's archive, installed into a clean folder
	@$(RUN) build

awx: lab-packages ## Every playbook as a job of AWX, from the built archive
	@$(RUN) --all build awx

scenarios: lab-packages ## Every host scenario, from the built archive (SCENARIOS="single ha" for some)
	@$(RUN) --all build scenarios

bench-install: lab-packages ## Times of install and re-run; beside k0sctl with MKE4K_K0SCTL=path
	@$(RUN) --quiet build
	@tests/tools/with-venv --installed python tests/bench/install.py

bench-day2: lab-packages ## Times of an upgrade, a removal and a reset; beside k0sctl with MKE4K_K0SCTL=path
	@$(RUN) --quiet build
	@tests/tools/with-venv --installed python -m tests.bench.day2
	@tests/tools/with-venv --installed python -m tests.bench.day2.window

bench-children: prepare ## Many child clusters beside kubernetes.core: times, ratios and requests
	@$(RUN) --quiet build
	@tests/tools/with-venv --installed python -m tests.bench.children

release: prepare ## The archive with notes, bill of materials and checksums in .build/release
	@$(RUN) --all lint sanity build release

changelog: prepare ## Release notes of galaxy.yml's version from changelogs/fragments
	@tests/tools/with-venv python -m tests.tools.changelog

prepare: packages ## The virtual environments under .venv/, and the checkout as a collection for work (.build/dev)
	@$(PYTHON3) tests/tools/prepare.py
	@$(PYTHON3) -m tests.tools.checkout

packages: ## What the environments of the tests need of the system (installed with apt-get, as root)
	@tests/tools/packages.sh

lab-packages: prepare ## What the hosts of the lab need of the system (the same)
	@tests/tools/with-venv python -c 'from tests.lab.mke4k_lab import doctor; doctor.install_packages()'

clean: ## Remove everything that was made here
	rm -rf .build .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache

.PHONY: help demo test test-all lint units integration sanity build awx scenarios bench-install bench-day2 bench-children release changelog prepare packages lab-packages clean
