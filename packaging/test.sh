#!/bin/sh
# Installs, builds and runs every test.
set -eu
cd "$(dirname "$0")/.."

packaging/install-deps.sh --tests
cmake --preset release -DBUILD_TESTING=ON >/dev/null
cmake --build --preset release
ctest --preset release
