#!/bin/sh
# Three locks from pyproject.toml: what the site runs on (with what installs it), what tests it, and
# what it is measured against.
set -eu
cd "$(dirname "$0")/.."
compile="${VENV:-.venv}/bin/pip-compile --quiet --generate-hashes --allow-unsafe --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --resolver=backtracking"
$compile --extra build --output-file requirements/run.txt pyproject.toml
$compile --extra build --extra test --constraint requirements/run.txt --output-file requirements/test.txt
$compile --extra build --extra test --extra bench --constraint requirements/test.txt --output-file requirements/bench.txt
