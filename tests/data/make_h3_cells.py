#!/usr/bin/env python3
"""Make `h3_cells.csv` with the H3 C library, by way of PyPI `h3` 4.5.0 (`pip install h3==4.5.0`).

Run from anywhere: `python3 make_h3_cells.py`. The same bytes on every run.
"""

import csv
import math
import random
from pathlib import Path

import h3

HEADER = ["lat", "lng", "resolution", "cell", "centre_lat", "centre_lng"]


def points(rng: random.Random) -> list[tuple[float, float]]:
    """Dutch points, points of the world, and awkward ones."""
    dutch = [(rng.uniform(50.7, 53.6), rng.uniform(3.3, 7.3)) for _ in range(112)]
    world = [(math.degrees(math.asin(rng.uniform(-1, 1))), rng.uniform(-180, 180)) for _ in range(96)]
    pentagons = []
    for cell in sorted(h3.get_pentagons(0)):
        lat, lng = h3.cell_to_latlng(cell)
        for away in (0.001, 0.1, 2.0):
            pentagons.append((lat + rng.uniform(-away, away), lng + rng.uniform(-away, away)))
    poles = [(pole * (90 - off), lng) for pole in (1, -1) for off in (0, 1e-6, 0.01, 1) for lng in (-180, 0, 77.7)]
    antimeridian = [
        (lat, side * (180 - off)) for lat in (-60.5, 0, 16.2, 71.3) for side in (1, -1) for off in (0, 1e-7, 0.01, 0.5)
    ]
    return dutch + world + pentagons + poles + antimeridian


def main() -> None:
    rng = random.Random(20261122)
    with open(Path(__file__).with_name("h3_cells.csv"), "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(HEADER)
        for number, (lat, lng) in enumerate(points(rng)):
            lat, lng = round(lat, 7), round(lng, 7)
            resolution = number % 16
            cell = h3.latlng_to_cell(lat, lng, resolution)
            centre_lat, centre_lng = h3.cell_to_latlng(cell)
            rows.writerow([lat, lng, resolution, cell, f"{centre_lat:.12f}", f"{centre_lng:.12f}"])


if __name__ == "__main__":
    main()
