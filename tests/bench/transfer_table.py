#!/usr/bin/env python3
"""The demo's table: head only, last block, all, from scratch; five seeds each; mean and standard deviation.

Usage: tests/bench/transfer_table.py [FROSTLINE_CLI] [--images N] [--threads N]"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RECIPE = ROOT / "resources/recipes/fashion-transfer.json"
FREEZE = {"match": "*", "trainable": False}
HEAD = {"match": "head", "trainable": True}
VARIANTS = {
    "head only": ([FREEZE, HEAD], []),
    "head and last block": ([FREEZE, {"match": "block4", "trainable": True}, HEAD], []),
    "all": ([], []),
    "from scratch": ([], ["--set", 'model.weights=""']),
}


def train(cli, layers, extra, seed, arguments, out):
    command = [cli, "train", str(RECIPE), "--out", out, "--json", "--threads", str(arguments.threads),
               "--set", f"seed={seed}", "--set", f"layers={json.dumps(layers)}",
               "--set", f"data.train_limit={arguments.images}", *extra]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    session = json.loads((pathlib.Path(json.loads(lines[-1])["session"]) / "session.json").read_text())
    trainable = sum(layer["parameters"] for layer in session["layers"] if layer["leaf"] and layer["trainable"])
    steps = session["steps"]["seconds"]
    gaps = [after - before for before, after in zip(steps, steps[1:])]
    return json.loads(lines[-1])["last_validation"]["accuracy"], trainable, statistics.median(gaps)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cli", nargs="?", default=str(ROOT / "build/release/bin/frostline-cli"))
    parser.add_argument("--images", type=int, default=25)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    print("| trained | trainable parameters | accuracy, last epoch | median step |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as out:
        for name, (layers, extra) in VARIANTS.items():
            results = [train(arguments.cli, layers, extra, seed, arguments, out) for seed in range(1, 6)]
            accuracies = [100 * accuracy for accuracy, _, _ in results]
            step = statistics.median(seconds for _, _, seconds in results)
            print(f"| {name} | {results[0][1]:,} | {statistics.mean(accuracies):.1f} ± {statistics.stdev(accuracies):.1f} % "
                  f"| {1000 * step:.1f} ms |", flush=True)


if __name__ == "__main__":
    main()
