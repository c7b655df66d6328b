# SPDX-License-Identifier: Apache-2.0
# `make demo` and `make test` do all their set-up themselves, and are quick the second time.

# Recto's own modules are compiled once too, also where the surroundings say otherwise
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test check chaos bench screenshots clean system-packages test-packages

help:
	@echo "make demo    set up, then two batches from simulated and SANE test scanners to proved bags"
	@echo "make test    set up, then all tests"
	@echo "make check   set up, then lint, types, import contracts, size budget"
	@echo "make chaos   set up, then batches through storms of kill -9, half an hour"
	@echo "make bench   set up, then the benchmarks"
	@echo "make screenshots  set up, then every screen of the desktop as pictures in screenshots/"
	@echo "make clean   remove the environments and caches"

demo: system-packages .venv/.ready-demo
	.venv/bin/recto demo --out demo

test: test-packages .venv/.ready-test
	.venv/bin/python -m pytest -n auto --maxprocesses 4 --dist loadscope $(PYTEST_ARGS)

check: system-packages .venv/.ready-test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	.venv/bin/python tools/check_size_budget.py

chaos: test-packages .venv/.ready-test
	.venv/bin/python -m tests.chaos --runs 3

bench: test-packages .venv/.ready-test
	.venv/bin/python benchmarks/bag.py --small
	.venv/bin/python benchmarks/capture.py
	.venv/bin/python benchmarks/upload.py
	.venv/bin/python benchmarks/first_bag.py
	.venv/bin/python -m benchmarks.workflow --small
	.venv/bin/python benchmarks/desktop.py --small
	.venv/bin/python benchmarks/desktop_shift.py
	.venv/bin/python benchmarks/receiving.py --depositors 100 --keys 1000 --rounds 3
	.venv/bin/python benchmarks/fixity.py --small

screenshots: system-packages .venv/.ready-test
	.venv/bin/python -m tools.write_screenshots screenshots

system-packages:
	@packaging/system-packages

test-packages:
	@packaging/system-packages test

.venv/.ready-demo .venv/.ready-test: pyproject.toml uv.lock packaging/environment
	packaging/environment $(subst .venv/.ready-,,$@)
	@touch $@

clean:
	rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
