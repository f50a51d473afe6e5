#!/bin/sh
# Installs, builds and opens Frostline on its default demo. Without a display it trains the demo in the terminal.
# Arguments go to the window: packaging/run.sh my-recipe.json
set -eu
cd "$(dirname "$0")/.."

packaging/install-deps.sh
cmake --preset release -DBUILD_TESTING=OFF >/dev/null
cmake --build --preset release

if [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; then
    exec build/release/bin/frostline "$@"
fi

echo "No display: training the default demo in the terminal."
build/release/bin/frostline-cli train "${1:-resources/recipes/fashion-transfer.json}"
echo "For the window, start this on a desktop, or with a virtual display: xvfb-run packaging/run.sh"
