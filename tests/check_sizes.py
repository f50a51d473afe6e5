#!/usr/bin/env python3
"""Holds the house's sizes: functions to 60 lines, .cpp files to 500, headers to 150. Exits 1 where one is broken."""

import re
import subprocess
import sys

LIMITS = {".cpp": 500, ".h": 150}
LONGEST_FUNCTION = 60
# Formatted code: a function's body opens with a lone brace and closes with one at the same indent.
OPEN = re.compile(r"^(\s*)\{$")


def long_functions(lines):
    """Yields (first line number, length) of every body longer than the limit."""
    opened = []
    for number, line in enumerate(lines, 1):
        match = OPEN.match(line)
        if match:
            opened.append((match.group(1), number))
        elif opened and line.rstrip(";,) ") == opened[-1][0] + "}":
            _, start = opened.pop()
            if number - start - 1 > LONGEST_FUNCTION:
                yield start, number - start - 1


def main():
    files = subprocess.run(["git", "ls-files", "*.cpp", "*.h"], capture_output=True, text=True, check=True)
    problems = []
    for name in files.stdout.split():
        with open(name, encoding="utf-8") as source:
            lines = source.read().splitlines()
        limit = LIMITS["." + name.rsplit(".", 1)[1]]
        if len(lines) > limit:
            problems.append(f"{name}: {len(lines)} lines, at most {limit}")
        problems += [f"{name}:{start}: a function of {length} lines, at most {LONGEST_FUNCTION}"
                     for start, length in long_functions(lines)]
    print("\n".join(problems) or f"sizes hold in {len(files.stdout.split())} files")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
