#!/bin/sh
# run.sh TARGET CORPUS DICTIONARY RUNS: fuzzes for a fixed number of inputs. What it finds is left in TARGET.found.
set -eu
# libFuzzer adds what it learns to the first folder: an empty one each time, so that every run is the same.
rm -rf "$1.learnt" "$1.found"
mkdir -p "$1.learnt" "$1.found"
exec "$1" -runs="$4" -seed=1 -max_len=16384 -timeout=10 -rss_limit_mb=2048 -dict="$3" -artifact_prefix="$1.found/" \
    -print_funcs=0 -print_final_stats=1 "$1.learnt" "$2"
