//! Cells: what a stored number says of its ancestors, and how a cell is read and written.

use std::collections::BTreeSet;

use h3o::{CellIndex, LatLng, Resolution};
use proptest::prelude::*;
use zorgkaart::geo::{Cell, Point, cell::CellError};

use super::{anywhere, at, karney_km, netherlands, walk};

fn resolution() -> impl Strategy<Value = i32> {
    0..=15
}

fn point() -> impl Strategy<Value = Point> {
    prop_oneof![anywhere(), netherlands(), near_a_pentagon()]
}

fn near_a_pentagon() -> impl Strategy<Value = Point> {
    let pentagons: Vec<CellIndex> =
        Resolution::range(Resolution::Zero, Resolution::Fifteen).flat_map(Resolution::pentagons).collect();
    (prop::sample::select(pentagons), 0.0..360.0, -6.0..=2.5_f64).prop_map(|(pentagon, bearing, power)| {
        let centre = LatLng::from(pentagon);
        walk(at(centre.lat(), centre.lng()), bearing, 10.0_f64.powf(power))
    })
}

fn as_h3o(cell: Cell) -> CellIndex {
    cell.to_string().parse().unwrap()
}

fn as_ours(cell: CellIndex) -> Cell {
    cell.to_string().parse().unwrap()
}

fn number(cell: CellIndex) -> i64 {
    i64::try_from(u64::from(cell)).unwrap()
}

fn res(number: i32) -> Resolution {
    u8::try_from(number).unwrap().try_into().unwrap()
}

/// Compares a cell's range with all its descendants, which h3o lists: none is missing, and the first and the last are
/// its ends. That no other cell lies between is for the tests of order.
fn assert_descendants_are_the_range(cell: CellIndex) {
    let range = as_ours(cell).descendants();
    let listed: BTreeSet<i64> = cell.children(Resolution::Fifteen).map(number).collect();
    assert_eq!(listed.first(), Some(range.start()), "{cell}");
    assert_eq!(listed.last(), Some(range.end()), "{cell}");
    assert_eq!(u64::try_from(listed.len()).unwrap(), cell.children_count(Resolution::Fifteen), "{cell}");
}

proptest! {
    #[test]
    fn descendants_are_what_h3o_lists(point in point(), finer in 0..=4) {
        assert_descendants_are_the_range(as_h3o(Cell::at(point, 15 - finer).unwrap()));
    }

    /// A coarse cell has too many descendants to list; the ends of its range are then those of its first and last
    /// child's, as far down as it goes.
    #[test]
    fn a_range_is_made_of_the_childrens_ranges(point in point(), resolution in 0..=14) {
        let cell = Cell::at(point, resolution).unwrap();
        let children: Vec<CellIndex> = as_h3o(cell).children(res(resolution + 1)).collect();
        let ranges: Vec<_> = children.iter().map(|child| as_ours(*child).descendants()).collect();
        let own = cell.descendants();
        prop_assert_eq!((ranges[0].start(), ranges[ranges.len() - 1].end()), (own.start(), own.end()));
        prop_assert!(ranges.windows(2).all(|two| two[0].end() < two[1].start()));
    }

    /// A stored point is in the range of a cell exactly when h3o says that the cell is its ancestor. The second point
    /// is near the first, so that both answers occur.
    #[test]
    fn a_stored_point_is_in_the_ranges_of_its_ancestors_only(
        (point, other) in (point(), 0.0..360.0, -4.0..=3.3_f64)
            .prop_map(|(point, bearing, power)| (point, walk(point, bearing, 10.0_f64.powf(power)))),
    ) {
        let stored = Cell::stored(point);
        let finest = as_h3o(Cell::at(point, 15).unwrap());
        prop_assert_eq!(stored, number(finest));
        let around = as_h3o(Cell::at(other, 15).unwrap());
        for resolution in 0..=15 {
            let cell = around.parent(res(resolution)).unwrap();
            let is_ancestor = finest.parent(res(resolution)) == Some(cell);
            prop_assert_eq!(as_ours(cell).descendants().contains(&stored), is_ancestor, "{} in {}", finest, cell);
        }
    }

    #[test]
    fn neighbours_share_no_descendant(point in point(), resolution in resolution()) {
        let cell = as_h3o(Cell::at(point, resolution).unwrap());
        let own = as_ours(cell).descendants();
        for other in cell.grid_disk::<Vec<_>>(2).into_iter().filter(|other| *other != cell) {
            let range = as_ours(other).descendants();
            prop_assert!(range.end() < own.start() || own.end() < range.start(), "{} and {}", cell, other);
        }
    }

    /// Cells of one resolution order as their ranges, and the next cell of h3o begins after this one's end.
    #[test]
    fn ranges_are_in_the_order_of_cells(a in point(), b in point(), resolution in resolution()) {
        let (a, b) = (Cell::at(a, resolution).unwrap(), Cell::at(b, resolution).unwrap());
        prop_assert_eq!(a.cmp(&b), a.to_i64().cmp(&b.to_i64()));
        prop_assert_eq!(a.cmp(&b), a.descendants().start().cmp(b.descendants().start()));
        if let Some(next) = as_h3o(a).succ() {
            prop_assert!(a.descendants().end() < as_ours(next).descendants().start());
        }
    }

    #[test]
    fn a_cell_prints_what_it_reads(point in point(), resolution in resolution()) {
        let cell = Cell::at(point, resolution).unwrap();
        let text = cell.to_string();
        prop_assert_eq!(text.len(), 15);
        prop_assert_eq!(&text, &as_h3o(cell).to_string());
        prop_assert_eq!(text.parse(), Ok(cell));
        prop_assert_eq!(text.to_uppercase().parse(), Ok(cell));
        prop_assert_eq!(i32::from(cell.resolution()), resolution);
        prop_assert_eq!(format!("{:x}", cell.to_i64()), text);
    }

    #[test]
    fn a_cells_centre_lies_in_it(point in point(), resolution in resolution()) {
        let cell = Cell::at(point, resolution).unwrap();
        prop_assert_eq!(Cell::at(cell.centre(), resolution), Ok(cell));
    }

    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,20}") {
        if let Ok(cell) = text.parse::<Cell>() {
            prop_assert_eq!(cell.to_string(), text.to_lowercase());
        }
    }

    #[test]
    fn hexadecimal_digits_that_are_no_cell_are_refused(text in "8[0-9a-f]{14}") {
        prop_assert_eq!(text.parse::<Cell>().is_ok(), text.parse::<CellIndex>().is_ok());
    }

    #[test]
    fn a_resolution_out_of_range_is_refused(point in point(), resolution in any::<i32>()) {
        prop_assert_eq!(Cell::at(point, resolution).is_ok(), (0..=15).contains(&resolution));
    }
}

#[test]
fn the_descendants_of_every_pentagon_are_a_range() {
    for pentagon in Resolution::range(Resolution::Eleven, Resolution::Fifteen).flat_map(Resolution::pentagons) {
        assert_descendants_are_the_range(pentagon);
    }
}

/// Down from each coarse pentagon: its children are one pentagon and five hexagons, in order, without a gap in the
/// family.
#[test]
fn the_range_of_every_pentagon_is_made_of_its_childrens() {
    for resolution in 0..=14 {
        let pentagons: Vec<CellIndex> = res(resolution).pentagons().collect();
        assert_eq!(pentagons.len(), 12);
        for pentagon in pentagons {
            let ranges: Vec<_> =
                pentagon.children(res(resolution + 1)).map(|child| as_ours(child).descendants()).collect();
            let own = as_ours(pentagon).descendants();
            assert_eq!(ranges.len(), 6);
            assert_eq!((ranges[0].start(), ranges[5].end()), (own.start(), own.end()), "{pentagon}");
            assert!(ranges.windows(2).all(|two| two[0].end() < two[1].start()), "{pentagon}");
        }
    }
}

#[test]
fn the_ranges_of_all_base_cells_follow_each_other() {
    let ranges: Vec<_> = CellIndex::base_cells().map(|cell| as_ours(cell).descendants()).collect();
    assert_eq!(ranges.len(), 122);
    assert!(ranges.iter().all(|range| range.start() > &0 && range.start() <= range.end()));
    assert!(ranges.windows(2).all(|two| two[0].end() < two[1].start()));
}

#[test]
fn malformed_texts_are_refused() {
    for text in [
        "",
        " ",
        "871969231ffff",
        "871969231fffff",
        "871969231fffffff",
        "0871969231ffffff",
        " 871969231ffffff",
        "871969231ffffff ",
        "+71969231ffffff",
        "-71969231ffffff",
        "0x871969231ffff",
        "871969231fffffg",
        "871969231ffff\u{e9}",
        "\u{ff18}71969231ffffff",
        "000000000000000",
        "fffffffffffffff",
        "871969231fffff0",
        "8f1969231ffffff",
        // A pentagon's deleted sub-sequence: base cell 4, first digit 1.
        "81087ffffffffff",
    ] {
        assert_eq!(text.parse::<Cell>(), Err(CellError::Malformed), "{text:?}");
    }
    for text in ["115283473fffffff", "22528340bfffffff"] {
        assert_eq!(text.parse::<Cell>(), Err(CellError::Malformed), "an edge or a vertex is no cell: {text}");
    }
}

#[test]
fn resolutions_just_outside_are_refused() {
    for resolution in [-1, 16, 255, 256, i32::MIN, i32::MAX] {
        assert_eq!(Cell::at(at(52.09, 5.12), resolution), Err(CellError::Resolution), "{resolution}");
    }
}

/// `tests/data/README.md` says how the vectors were made.
#[test]
fn cells_are_those_of_the_h3_c_library() {
    let mut rows = csv::Reader::from_reader(include_str!("../../data/h3_cells.csv").as_bytes());
    let mut checked = 0;
    for row in rows.deserialize() {
        let (lat, lng, resolution, text, centre_lat, centre_lng): (f64, f64, i32, String, f64, f64) = row.unwrap();
        let cell = Cell::at(at(lat, lng), resolution).unwrap();
        assert_eq!(cell.to_string(), text, "{lat}, {lng}");
        let off = karney_km(cell.centre(), at(centre_lat, centre_lng));
        assert!(off < 1e-6, "the centre of {text} is {off} km away");
        checked += 1;
    }
    assert_eq!(checked, 300);
}
