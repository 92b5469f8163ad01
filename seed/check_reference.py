#!/usr/bin/env python3
"""Measure `seed/reference/postcode.csv` against the PC4 table of CBS.

Run from the project's root: `python3 seed/check_reference.py [path of pc4_cbs_check.csv]`.
The CBS table is test input and is not part of the project: without it the check is skipped.
Exits 1 when a figure is worse than the limits below.
"""

import csv
import math
import statistics
import sys
from pathlib import Path

REFERENCE = Path(__file__).resolve().parent / "reference"
DEFAULT = REFERENCE.parents[1] / "../shared/data/pc4_cbs_check.csv"

# What is reached, loosened by a hair. "max" and "min" say on which side the limit lies.
LIMITS = {
    "median distance (km)": ("max", 0.461),
    "99th percentile distance (km)": ("max", 2.71),
    "share with the right gemeente": ("min", 0.9395),
    "share with the right region": ("min", 0.9905),
    "population correlation": ("min", 0.675),
    "population median relative error": ("max", 0.399),
    "population total / CBS total": ("min", 0.918),
}


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def haversine_km(lat1: float, lng1: float, lat2: float, lng2: float) -> float:
    """Great-circle distance in kilometres."""
    lat1, lng1, lat2, lng2 = map(math.radians, (lat1, lng1, lat2, lng2))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lng2 - lng1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def measure(truth: list[dict[str, str]]) -> dict[str, float]:
    """All figures; a PC4 that we do not have counts as an error (KeyError)."""
    region = {row["code"]: row["region_code"] for row in read(REFERENCE / "gemeente.csv")}
    ours = {row["pc4"]: row for row in read(REFERENCE / "postcode.csv")}
    pairs = [(ours[row["pc4"]], row) for row in truth]
    distances = sorted(
        haversine_km(
            float(our["lat"]),
            float(our["lng"]),
            float(cbs["lat_cbs_centroid"]),
            float(cbs["lon_cbs_centroid"]),
        )
        for our, cbs in pairs
    )
    estimated = [int(our["population"]) for our, _ in pairs]
    counted = [int(cbs["inwoners"]) for _, cbs in pairs]
    errors = [abs(our - cbs) / cbs for our, cbs in zip(estimated, counted) if cbs]
    return {
        "median distance (km)": statistics.median(distances),
        "99th percentile distance (km)": distances[math.ceil(0.99 * len(distances)) - 1],
        "share with the right gemeente": statistics.mean(
            our["gemeente_code"] == cbs["gm_code_2025"] for our, cbs in pairs
        ),
        "share with the right region": statistics.mean(
            region[our["gemeente_code"]] == cbs["zk_code"] for our, cbs in pairs
        ),
        "population correlation": statistics.correlation(estimated, counted),
        "population median relative error": statistics.median(errors),
        "population total / CBS total": sum(estimated) / sum(counted),
    }


def main() -> int:
    """Print every figure beside its limit; 1 when one is worse."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not path.is_file():
        print(f"SKIPPED: no CBS table at {path}")
        return 0
    worse = False
    for name, value in measure(read(path)).items():
        side, limit = LIMITS[name]
        bad = value > limit if side == "max" else value < limit
        worse = worse or bad
        print(f"{'WORSE' if bad else 'ok':5}  {name}: {value:.4f} ({side} {limit})")
    return int(worse)


if __name__ == "__main__":
    sys.exit(main())
