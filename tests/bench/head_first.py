#!/usr/bin/env python3
"""Head first, then all: does it beat training everything at once? MobileNetV3-Small with weights that saw ImageNet, a
new head, a few images of CIFAR-10; five seeds; mean and standard deviation. All variants have the same epochs, the
head's rate is 1e-3 wherever it trains alone, everything's is 1e-4; at once is shown at both.

Usage: tests/bench/head_first.py [FROSTLINE_CLI] [--images N] [--size PIXELS] [--seeds N] [--threads N]"""

import argparse
import json
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from assets import ASSETS

HEAD, EVERYTHING = 1e-3, 1e-4  # Rates.


def phase(name, epochs, trainable, rate):
    return {"name": name, "epochs": epochs, "trainable": [trainable], "learning_rate": rate}


VARIANTS = {
    "head only": [phase("head", 10, "last 1 stage", HEAD)],
    "two-phase": [phase("head", 3, "last 1 stage", HEAD), phase("everything", 7, "*", EVERYTHING)],
    "gradual": [phase("head", 3, "last 1 stage", HEAD), phase("last 4 stages", 2, "last 4 stages", EVERYTHING),
                phase("last 8 stages", 2, "last 8 stages", EVERYTHING), phase("everything", 3, "*", EVERYTHING)],
    "all at once, 1e-4": [phase("everything", 10, "*", EVERYTHING)],
    "all at once, 1e-3": [phase("everything", 10, "*", HEAD)],
}
BASELINES = [name for name in VARIANTS if name.startswith("all at once")]


def recipe(phases, seed, arguments):
    return {
        "frostline": "recipe/1", "name": "head-first", "seed": seed,
        "data": {"source": "cifar", "path": str(ASSETS / "cifar10-small"), "input_size": arguments.size,
                 "train_limit": arguments.images, "validation": {"from": "test", "limit": arguments.validation},
                 "normalize": {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}},
        "model": {"architecture": "mobilenet_v3_small", "head": {},
                  "weights": str(ASSETS / "mobilenet_v3_small_3class.safetensors")},
        "optimizer": {"kind": "adam"}, "batch_size": 32, "phases": phases}


def train(phases, seed, arguments, out):
    """Validation accuracy in per cent after the last epoch and after the best, and processor seconds."""
    path = pathlib.Path(out, "recipe.json")
    path.write_text(json.dumps(recipe(phases, seed, arguments)))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([arguments.cli, "train", str(path), "--out", out, "--threads", str(arguments.threads)],
                          capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    session = json.loads(pathlib.Path(done.stdout.splitlines()[-1], "session.json").read_text())
    accuracies = [100 * epoch["validation"]["accuracy"] for epoch in session["epochs"]]
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return accuracies[-1], max(accuracies), seconds


def spread(values):
    deviation = statistics.stdev(values) if len(values) > 1 else 0.0
    return f"{statistics.mean(values):.1f} ± {deviation:.1f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cli", nargs="?", default=str(ROOT / "build/release/bin/frostline-cli"))
    parser.add_argument("--images", type=int, default=40, help="for training, of each class")
    parser.add_argument("--validation", type=int, default=50, help="of each class")
    parser.add_argument("--size", type=int, default=64, help="what images are resized to")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    last = {}
    print("| trained | accuracy, last epoch, % | best epoch, % | processor time, s |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as out:
        for name, phases in VARIANTS.items():
            results = [train(phases, seed, arguments, out) for seed in range(1, arguments.seeds + 1)]
            last[name], best, seconds = (list(column) for column in zip(*results))
            print(f"| {name} | {spread(last[name])} | {spread(best)} | {statistics.mean(seconds):.0f} |", flush=True)
    print("\n| difference, last epoch, seed by seed | points | seeds in which it is above |\n|---|---|---|")
    for name in last:
        for baseline in BASELINES:
            if name in BASELINES:
                continue
            gains = [mine - theirs for mine, theirs in zip(last[name], last[baseline])]
            print(f"| {name} over {baseline} | {spread(gains)} | {sum(gain > 0 for gain in gains)} of {len(gains)} |")


if __name__ == "__main__":
    main()
