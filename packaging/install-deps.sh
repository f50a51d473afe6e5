#!/bin/sh
# Installs what Frostline needs to build, run and be tested on Debian 12. Asks for nothing, and is done at once
# when nothing is missing.  Usage: packaging/install-deps.sh [--tests]
set -eu

packages="
    g++ cmake ninja-build
    qt6-base-dev qt6-svg-dev libgl-dev libvulkan-dev
    libqcustomplot-dev libqcustomplot2.1-qt6
    libtorch-dev libopenblas0-openmp
    nlohmann-json3-dev libcli11-dev libexpected-dev zlib1g-dev libssl-dev
    libturbojpeg0-dev libpng-dev libsndfile1-dev libsamplerate0-dev libfftw3-dev libcurl4-openssl-dev libarchive-dev
    libprotobuf-dev protobuf-compiler
    dataset-fashion-mnist"
tests="
    clang clang-format libclang-rt-14-dev git python3 python3-numpy python3-jsonschema python3-torch python3-torchvision
    xauth xvfb"

[ "${1:-}" = "--tests" ] && packages="$packages $tests"

missing=""
for package in $packages; do
    # A package counts when it, or another that provides it, is installed.
    if ! dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed'; then
        missing="$missing $package"
    fi
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
    sudo=""
elif command -v sudo >/dev/null; then
    sudo="sudo"
else
    echo "Missing packages:$missing" >&2
    echo "Install them as root: apt-get install$missing" >&2
    exit 1
fi

echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends $missing
