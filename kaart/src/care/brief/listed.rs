//! What vervoer lists (postcodes, gemeenten, the cells of areas), the other way round: of each the places that list it, so
//! that for a home all of them are at hand.

use std::{collections::HashMap, ops::Range, sync::Arc};

use foldhash::fast::RandomState;

use super::super::{
    postcode::Pc4,
    vervoer::{Destination, Vervoer},
};
use crate::geo::Area;

/// A gemeente, a PC4 or a cell; the three never have the same number. H3 sets bit 59 of its cells.
type Number = u64;

const PC4: Number = 1 << 56;

/// The places, by their numbers in the index, that list something, in order.
type Places = Arc<[u32]>;

/// What all places list.
#[derive(Debug)]
pub(super) struct Listed(HashMap<Number, Places, RandomState>);

/// Who lists a home.
#[derive(Debug)]
pub(super) struct Listing {
    postcode: Option<Places>,
    gemeente: Option<Places>,
    cells: Vec<Places>,
}

/// What kinds of lists a place has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Kinds {
    postcodes: bool,
    gemeenten: bool,
    area: bool,
}

impl Listed {
    /// What these arrangements list, of places in the order of the index.
    pub(super) fn of<'a, V: Iterator<Item = &'a Vervoer>>(places: impl Iterator<Item = (u32, V)>) -> Self {
        let mut listed: HashMap<Number, Vec<u32>, RandomState> = HashMap::default();
        for (place, vervoer) in places {
            for number in vervoer.flat_map(numbers) {
                let places = listed.entry(number).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        Self(listed.into_iter().map(|(number, places)| (number, places.into())).collect())
    }

    /// Who lists a home; none: its gemeente is no number.
    pub(super) fn listing(&self, home: &Destination) -> Option<Listing> {
        let gemeente = match &home.gemeente_code {
            Some(code) => Some(gemeente(code)?),
            None => None,
        };
        let places = |number| self.0.get(&number).cloned();
        Some(Listing {
            postcode: home.pc4.map(postcode).and_then(places),
            gemeente: gemeente.and_then(places),
            cells: Area::numbers_of(home.point).filter_map(places).collect(),
        })
    }
}

impl Listing {
    /// Whether a place that lists such kinds does.
    pub(super) fn has(&self, place: u32, Kinds { postcodes, gemeenten, area }: Kinds) -> bool {
        let has = |places: &Places| places.binary_search(&place).is_ok();
        (postcodes && self.postcode.as_ref().is_some_and(has))
            || (gemeenten && self.gemeente.as_ref().is_some_and(has))
            || (area && self.cells.iter().any(has))
    }

    /// Whether one of these places does.
    pub(super) fn has_any(&self, among: &Range<u32>) -> bool {
        self.postcode.iter().chain(&self.gemeente).chain(&self.cells).any(|places| {
            let first = places.partition_point(|place| *place < among.start);
            places.get(first).is_some_and(|place| *place < among.end)
        })
    }
}

impl Kinds {
    /// Nothing is listed.
    pub(super) const NONE: Self = Self { postcodes: false, gemeenten: false, area: false };

    /// Those of these arrangements, all together.
    pub(super) fn of<'a>(vervoer: impl Iterator<Item = &'a Vervoer>) -> Self {
        vervoer.fold(Self::NONE, |Self { postcodes, gemeenten, area }, one| Self {
            postcodes: postcodes || one.postcodes.is_some(),
            gemeenten: gemeenten || one.gemeenten.is_some(),
            area: area || one.area.is_some(),
        })
    }

    /// Whether there is one.
    pub(super) const fn any(self) -> bool {
        self.postcodes || self.gemeenten || self.area
    }
}

/// Whether all that it lists is a number.
pub(super) fn are_numbers(vervoer: &Vervoer) -> bool {
    vervoer.gemeenten.iter().flatten().all(|code| gemeente(code).is_some())
}

/// What an arrangement lists.
fn numbers(vervoer: &Vervoer) -> impl Iterator<Item = Number> + '_ {
    let postcodes = vervoer.postcodes.iter().flatten().map(|pc4| postcode(*pc4));
    let gemeenten = vervoer.gemeenten.iter().flatten().filter_map(|code| gemeente(code));
    postcodes.chain(gemeenten).chain(vervoer.area.iter().flat_map(Area::numbers))
}

fn postcode(pc4: Pc4) -> Number {
    PC4 | Number::from(pc4.number())
}

/// The bytes of a code, `GM0344`; none: there are too many of them, or none.
fn gemeente(code: &str) -> Option<Number> {
    let fits = (1..=7).contains(&code.len()) && !code.starts_with('\0');
    fits.then(|| code.bytes().fold(0, |number, byte| number << 8 | Number::from(byte)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use super::*;
    use crate::geo::Point;

    #[test]
    fn numbers_of_different_kinds_differ() {
        let cells = Area::numbers_of(Point::new(52.09, 5.12).unwrap()).min().unwrap();
        let pc4 = |number| postcode(Pc4::from_number(number).unwrap());
        let last = "\u{7f}".repeat(7);
        let gemeenten = ["A", "GM0344", "GM0345", &last].map(|code| gemeente(code).unwrap());
        let numbers = [gemeenten.as_slice(), &[pc4(1_000), pc4(9_999), cells]].concat();
        assert!(numbers.is_sorted_by(|one, other| one < other), "{numbers:x?}");
        assert_eq!(["", "\0A", "GM034400"].map(gemeente), [None; 3]);
    }

    #[test]
    fn a_gemeente_that_is_no_number_is_left_to_the_whole_statement() {
        let point = Point::new(52.09, 5.12).unwrap();
        let home = |code: Option<&str>| Destination { point, pc4: None, gemeente_code: code.map(Into::into) };
        let listed = Listed::of(std::iter::empty::<(u32, std::iter::Empty<&Vervoer>)>());
        assert!(listed.listing(&home(Some("a long code"))).is_none());
        assert!(listed.listing(&home(Some("GM0344"))).is_some());
        assert!(listed.listing(&home(None)).is_some());
    }

    #[test]
    fn places_are_found_one_by_one_and_among_others() {
        let places = |places: &[u32]| Some(Places::from(places));
        let cells = vec![[65].into(), [66].into()];
        let listing = Listing { postcode: places(&[3, 70]), gemeente: places(&[64]), cells };
        let has = |kinds| (0..200).filter(|place| listing.has(*place, kinds)).collect::<Vec<u32>>();
        let all = Kinds { postcodes: true, gemeenten: true, area: true };
        assert_eq!(has(all), [3, 64, 65, 66, 70]);
        assert_eq!(has(Kinds { postcodes: false, ..all }), [64, 65, 66]);
        assert_eq!(has(Kinds { gemeenten: false, ..all }), [3, 65, 66, 70]);
        assert_eq!(has(Kinds { area: false, ..all }), [3, 64, 70]);
        assert!(has(Kinds::NONE).is_empty());
        let found = [0..3, 3..4, 4..64, 4..65, 67..70, 71..200].map(|among| listing.has_any(&among));
        assert_eq!(found, [false, true, false, true, false, false]);
    }
}
