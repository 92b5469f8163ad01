//! The territory: of the shipped postcodes, and what stays when postcodes change.

use std::collections::BTreeMap;

use zorgkaart::{
    care::{demand::Territory, postcode::Pc4, shipped},
    geo::{Cell, Point, distance::distance_km},
};

use super::{as_h3o, country, one_piece};

#[test]
fn the_shipped_territory_has_every_postcode_and_connected_regions() {
    let reference = shipped::reference().unwrap();
    let territory = Territory::of(&reference);
    assert_eq!(territory, Territory::of(&reference));
    assert_eq!(territory.homes.len(), reference.postcodes.len());
    let regions = territory.regions();
    assert_eq!(regions.len(), 31);
    for (code, cells) in &regions {
        assert!(one_piece(&cells.iter().copied().collect::<Vec<_>>()), "{code}");
    }
    for (pc4, home) in &territory.homes {
        let point = reference.postcodes[pc4].point;
        assert_eq!(home.cell, Cell::at(point, 7).unwrap());
        assert_eq!(as_h3o(home.within), as_h3o(home.cell).parent(h3o::Resolution::Six).unwrap());
        assert!(territory.cells.contains_key(&home.within));
    }
    let inhabitants = territory.inhabitants();
    let everybody: u64 = inhabitants.values().sum();
    assert_eq!(everybody, reference.postcodes.values().map(|p| u64::from(p.population)).sum::<u64>());

    let elsewhere: u64 = territory
        .homes
        .iter()
        .filter(|(pc4, home)| {
            let own = &reference.gemeenten[&reference.postcodes[pc4].gemeente_code].region_code;
            territory.cells[&home.within] != *own
        })
        .map(|(_, home)| u64::from(home.inhabitants))
        .sum();
    let over_water = inhabitants.iter().filter(|(cell, _)| !territory.homes.values().any(|h| h.within == **cell));
    let over_water = over_water.count();
    assert!(elsewhere * 20 < everybody, "{elsewhere} of {everybody}");
    assert!(over_water > 0 && over_water < 60, "{over_water}");
}

#[test]
fn most_cells_lie_in_the_region_of_most_of_their_inhabitants() {
    let reference = shipped::reference().unwrap();
    let territory = Territory::of(&reference);
    let mut votes: BTreeMap<Cell, BTreeMap<&str, u64>> = BTreeMap::new();
    for (pc4, home) in &territory.homes {
        let region = &reference.gemeenten[&reference.postcodes[pc4].gemeente_code].region_code;
        *votes.entry(home.within).or_default().entry(region).or_default() += u64::from(home.inhabitants);
    }
    let lost: Vec<String> = votes
        .iter()
        .filter(|(cell, regions)| {
            let most = regions.values().max().unwrap();
            regions.get(territory.cells[*cell].as_str()) != Some(most)
        })
        .map(|(cell, regions)| format!("{cell}: {regions:?} counts in {}", territory.cells[cell]))
        .collect();
    assert!(lost.len() * 50 < votes.len(), "{}", lost.len());
}

#[test]
fn an_island_is_joined_over_water_and_an_enclave_goes_to_its_neighbour() {
    let mut reference = country(4, 1, || 1000);
    let middle = Cell::at(Point::new(52.1, 5.3).unwrap(), 6).unwrap();
    let first = Territory::of(&reference);
    // An enclave: the middle, of a region whose main part lies in the east, three rings of nobody away.
    super::gemeente(&mut reference, 1);
    let far: Vec<h3o::CellIndex> = as_h3o(middle).grid_ring_fast(8).map(Option::unwrap).collect();
    let near = |pc4: &Pc4| first.homes[pc4].within == middle;
    let enclave = *first.homes.keys().find(|pc4| near(pc4)).unwrap();
    reference.postcodes.get_mut(&enclave).unwrap().gemeente_code = "GM0001".into();
    let mut outside = reference.postcodes[&enclave].clone();
    outside.pc4 = Pc4::from_number(5000).unwrap();
    outside.point = far[0].to_string().parse::<Cell>().unwrap().centre();
    outside.population = 5000;
    // An island of the first region beside it.
    let mut island = outside.clone();
    island.pc4 = Pc4::from_number(5001).unwrap();
    island.gemeente_code = "GM0000".into();
    island.point = far[20].to_string().parse::<Cell>().unwrap().centre();
    reference.postcodes.insert(outside.pc4, outside);
    reference.postcodes.insert(island.pc4, island.clone());

    let territory = Territory::of(&reference);
    assert_eq!(territory.cells[&middle], "ZK00");
    assert_eq!(territory.cells[&Cell::at(island.point, 6).unwrap()], "ZK00");
    for cells in territory.regions().values() {
        assert!(one_piece(&cells.iter().copied().collect::<Vec<_>>()));
    }
    // The shortest way from ring 4 to ring 8 has three cells.
    assert_eq!(territory.cells.len(), first.cells.len() + 2 + 3);
}

#[test]
fn divisions_keep_their_ground_whatever_becomes_of_postcodes() {
    let mut reference = country(3, 2, || 1000);
    let first = Territory::of(&reference);
    let (gone, moved) = (Pc4::from_number(1003).unwrap(), Pc4::from_number(1010).unwrap());
    let mut new = reference.postcodes[&gone].clone();
    new.pc4 = Pc4::from_number(2000).unwrap();
    new.point = Point::new(52.1, 4.6).unwrap();
    new.population = 77;
    reference.postcodes.remove(&gone);
    reference.postcodes.get_mut(&moved).unwrap().gemeente_code = "GM0001".into();
    reference.postcodes.insert(new.pc4, new.clone());

    let next = Territory::on_the_ground_of(&reference, &first);
    assert_eq!(next.cells, first.cells);
    assert_eq!(next.homes[&gone].inhabitants, 0);
    assert_eq!(next.homes[&gone].within, first.homes[&gone].within);
    assert_eq!(next.homes[&moved], first.homes[&moved]);
    let home = next.homes[&new.pc4];
    assert_eq!((home.cell, home.inhabitants), (Cell::at(new.point, 7).unwrap(), 77));
    let parent = home.cell.parent(6).unwrap().centre();
    let away = |cell: &Cell| distance_km(parent, cell.centre());
    assert!(first.cells.keys().all(|cell| away(&home.within) <= away(cell)));
    // Of an unknown postcode the nearest number counts.
    assert_eq!(next.cell_of(Pc4::from_number(1900).unwrap()), Some(home.within));
}
