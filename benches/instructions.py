#!/usr/bin/env python3
"""How many instructions searches and whole requests take, counted by valgrind: the same on a busy machine and an idle one.

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
# By the benchmark that asks them, in its order.
QUESTIONS = {
    # kaart/benches/instructions.rs
    "instructions": [
        "no filter",
        "care form + homogeneity",
        "+ 2 free nights",
        "+ vervoer covers home",
        "2 spots, or not stated",
        "clusters of the country",
    ],
    # benches/requests.rs
    "requests": [
        "requests without a filter",
        "requests with all of it",
        "requests as a list on a phone",
    ],
}
MOST = 1.05


def main():
    compiler = run("rustc", "--version").stdout.split()[1]
    counted = {}
    for bench, program in build().items():
        counted |= zip(QUESTIONS[bench], count(bench, program), strict=True)
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
    """The benchmarks as tests are compiled: where the whole workspace was tested all that they need is there already."""
    benches = [word for bench in QUESTIONS for word in ("--bench", bench)]
    made = run("cargo", "build", "--locked", "--workspace", *benches, "--message-format", "json")
    found = {bench: re.findall(rf'"name":"{bench}".*?"executable":"([^"]+)"', made.stdout) for bench in QUESTIONS}
    if not all(found.values()):
        sys.exit("cargo built no benchmark")
    return {bench: programs[-1] for bench, programs in found.items()}


def count(bench, program):
    """One number for each call of `counted`: valgrind begins a new file whenever one ends."""
    name = f"{bench}::counted"
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        counting = [f"--toggle-collect={name}", f"--dump-after={name}", f"--callgrind-out-file={out}"]
        # Threads that do what is not counted must have their turn, or requests wait for what those should know.
        run("valgrind", "--tool=callgrind", "--fair-sched=try", *counting, program)
        files = [out.with_suffix(f".{number + 1}") for number in range(len(QUESTIONS[bench]))]
        numbers = [int(re.search(r"(?m)^totals: (\d+)", file.read_text())[1]) for file in files]
    if 0 in numbers:
        sys.exit("valgrind counted nothing")
    return numbers


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent)
    if done.returncode:
        sys.exit(f"{' '.join(command)}:\n{done.stderr}")
    return done


main()
