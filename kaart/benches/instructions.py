#!/usr/bin/env python3
"""How many instructions questions take, counted by valgrind: the same on a busy machine and an idle one.

Compares with `instructions.csv` beside this file, and fails where a count grew by more than 5%. `--write` writes the file:
with a change that makes something slower on purpose, or faster, or with another compiler.
"""

import csv
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
FILE = HERE / "instructions.csv"
# In the order in which `instructions.rs` asks them.
QUESTIONS = [
    "no filter",
    "care form + homogeneity",
    "+ 2 free nights",
    "+ vervoer covers home",
    "2 spots, or not stated",
    "clusters of the country",
]
MOST = 1.05


def main():
    compiler = run("rustc", "--version").stdout.split()[1]
    counted = dict(zip(QUESTIONS, count(build()), strict=True))
    if "--write" in sys.argv:
        with FILE.open("w", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(["question", "instructions", "compiler"])
            rows.writerows([name, number, compiler] for name, number in counted.items())
        return
    with FILE.open(newline="") as file:
        known = {row["question"]: row for row in csv.DictReader(file)}
    if set(known) != set(counted):
        sys.exit(f"{FILE.name} is about other questions: write it anew with --write")
    slower = []
    for name, number in counted.items():
        before = int(known[name]["instructions"])
        print(f"{name}: {number} instructions, x {number / before:.3f}")
        if known[name]["compiler"] != compiler:
            print(f"  not compared: counted with Rust {known[name]['compiler']}, this is {compiler}")
        elif number > before * MOST:
            slower.append(name)
    if slower:
        sys.exit(f"more than 5% slower: {', '.join(slower)}; if that is meant, write {FILE.name} anew with --write")


def build():
    """The benchmark as tests are compiled: where the whole workspace was tested all that it needs is there already."""
    made = run("cargo", "build", "--locked", "--workspace", "--bench", "instructions", "--message-format", "json")
    found = re.findall(r'"name":"instructions".*?"executable":"([^"]+)"', made.stdout)
    if not found:
        sys.exit("cargo built no benchmark")
    return found[-1]


def count(program):
    """One number for each call of `counted`: valgrind begins a new file whenever one ends."""
    name = "instructions::counted"
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        counting = [f"--toggle-collect={name}", f"--dump-after={name}", f"--callgrind-out-file={out}"]
        run("valgrind", "--tool=callgrind", *counting, program)
        files = [out.with_suffix(f".{number + 1}") for number in range(len(QUESTIONS))]
        numbers = [int(re.search(r"(?m)^totals: (\d+)", file.read_text())[1]) for file in files]
    if 0 in numbers:
        sys.exit("valgrind counted nothing")
    return numbers


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent.parent)
    if done.returncode:
        sys.exit(f"{' '.join(command)}:\n{done.stderr}")
    return done


main()
