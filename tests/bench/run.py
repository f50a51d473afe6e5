#!/usr/bin/python3
"""Frostline beside PyTorch: runs each case and its Python twin by turns and prints what came out.

Both use the same LibTorch, model, data, batch order and threads; each measurement has a process of its own. Figures
are medians; a ratio is that of one round, so min..max is its spread. Needs Debian's python3-torch and
python3-torchvision, and a release build. Takes half an hour on two cores; --quick, two minutes, shows only that
it works."""

import argparse
import json
import os
import pathlib
import sys
import tempfile
import time

import cases
import report
from material import ROOT, Material
from programs import Programs


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", default=ROOT / "build/release/bin/frostline-cli", type=pathlib.Path,
                        help="frostline-cli; the other programs are taken from the same build")
    parser.add_argument("--quick", action="store_true", help="small sizes, one round: shows that it works")
    parser.add_argument("--only", nargs="+", metavar="CASE", help="cases by name; see --list")
    parser.add_argument("--list", action="store_true", help="name the cases and end")
    parser.add_argument("--rounds", type=int, help="how often each case is run; 3, with --quick 1")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="the MLP has one in any case; default: all cores")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="of our recipes, to try something out")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures there")
    return parser.parse_args()


def chosen(all_cases, names):
    known = [case.name for case in all_cases]
    for name in names or []:
        if name not in known:
            sys.exit(f"--only {name}: no such case; there are {', '.join(known)}")
    return [case for case in all_cases if not names or case.name in names]


def measure(case, rounds, programs, material):
    """Gives why the case was left out, where it was."""
    reason = case.reason_to_skip(programs)
    for number in range(0 if reason else min(rounds, case.most_rounds or rounds)):
        began = time.monotonic()
        case.measure(programs, material)
        print(f"{case.label}: round {number + 1}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return reason


def machine_line(machine, threads):
    return (f"{machine['cpu']}, {machine['cores']} cores, {threads} threads (MLP: one), LibTorch {machine['libtorch']}, "
            f"{machine['blas']}, bf16: {machine['bf16']}")


def main():
    options = arguments()
    selected = chosen(cases.all_cases(cases.QUICK if options.quick else cases.FULL), options.only)
    if options.list:
        print("\n".join(f"{case.name:16} {case.label}" for case in selected))
        return
    rounds = options.rounds or (1 if options.quick else 3)
    skipped = {}
    with tempfile.TemporaryDirectory(prefix="frostline-bench-") as folder:
        programs = Programs(options.cli, options.threads, pathlib.Path(folder), options.set)
        programs.require()
        machine = programs.doctor()
        for case in selected:
            if reason := measure(case, rounds, programs, Material(pathlib.Path(folder))):
                skipped[case.name] = reason
    rows = [row for case in selected for row in case.rows.values() if row.ours] + cases.memory_of_frozen(selected)
    print(machine_line(machine, options.threads) + "\n")
    print(report.table(rows))
    for name, reason in skipped.items():
        print(f"\nleft out: {name}: {reason}")
    if options.quick:
        print("\nSizes were too small to tell anything: this was a trial.")
    if options.json:
        options.json.write_text(json.dumps({"machine": machine, "threads": options.threads, "quick": options.quick,
                                            "rounds": rounds, "skipped": skipped,
                                            "rows": [report.as_json(row) for row in rows]}, indent=1) + "\n")


if __name__ == "__main__":
    main()
