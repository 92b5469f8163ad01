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
QUESTIONS = {
    "no filter": "0",
    "care form + homogeneity": "1",
    "+ 2 free nights": "2",
    "+ vervoer covers home": "3",
    "clusters of the country": "clusters",
}
MOST = 1.05


def main():
    compiler = run("rustc", "--version").stdout.split()[1]
    program = build()
    counted = {name: count(program, argument) for name, argument in QUESTIONS.items()}
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
    """The benchmark as tests are compiled: in CI all that it needs is there already."""
    made = run("cargo", "build", "--locked", "--package", "kaart", "--bench", "instructions", "--message-format", "json")
    found = re.findall(r'"name":"instructions".*?"executable":"([^"]+)"', made.stdout)
    if not found:
        sys.exit("cargo built no benchmark")
    return found[-1]


def count(program, argument):
    with tempfile.TemporaryDirectory() as folder:
        counting = ["--tool=callgrind", "--toggle-collect=*instructions*counted*", f"--callgrind-out-file={folder}/out"]
        said = run("valgrind", *counting, program, argument).stderr
    found = re.search(r"Collected : (\d+)", said)
    if not found or found[1] == "0":
        sys.exit(f"valgrind counted nothing:\n{said}")
    return int(found[1])


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent.parent)
    if done.returncode:
        sys.exit(f"{' '.join(command)}:\n{done.stderr}")
    return done


main()
