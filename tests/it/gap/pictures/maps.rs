//! The maps.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use roxmltree::{Document, Node};
use zorgkaart::care::{
    demand::DemandSource,
    gap::{
        Detail, Gap,
        picture::{Extent, PALETTE, UnknownRegion, svg},
    },
};

use super::fictional;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, 7).unwrap()
}

fn drawn(gap: &Gap, extent: Extent<'_>, detail: Detail<'_>) -> String {
    svg(gap, extent, detail, day()).unwrap()
}

/// The groups of a kind.
fn groups<'a>(svg: &'a Document<'_>, kind: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    svg.descendants().filter(move |node| {
        node.has_tag_name(("http://www.w3.org/2000/svg", "g")) && node.attribute("class") == Some(kind)
    })
}

fn paths(node: Node<'_, '_>) -> usize {
    node.children().filter(|child| child.tag_name().name() == "path" && child.attribute("fill").is_none()).count()
}

/// How many cells have which colour.
fn cells(svg: &Document<'_>) -> BTreeMap<String, usize> {
    groups(svg, "cells").map(|group| (group.attribute("fill").unwrap().to_owned(), paths(group))).collect()
}

fn text(svg: &Document<'_>) -> String {
    svg.descendants()
        .filter(Node::is_text)
        .flat_map(|node| node.text().unwrap().split_whitespace())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The colours as a reader would find them: too little is less than what is needed.
fn expected(gap: &Gap, region: Option<&str>) -> BTreeMap<String, usize> {
    let mut count = BTreeMap::new();
    for cell in gap.cells.iter().filter(|cell| region.is_none_or(|region| region == cell.region)) {
        let parts = cell.score.map(|score| score / gap.spots_per_family);
        let colour = match parts {
            _ if cell.area.is_none() => continue,
            None => "#ffffff",
            Some(..0.25) => PALETTE[0],
            Some(..0.5) => PALETTE[1],
            Some(..1.0) => PALETTE[2],
            Some(..2.0) => PALETTE[3],
            Some(_) => PALETTE[4],
        };
        *count.entry(colour.to_owned()).or_default() += 1;
    }
    count
}

#[test]
fn the_country_has_every_cell_in_its_colour_and_explains_itself() {
    let gap = fictional::gap();
    let svg = drawn(&gap, Extent::Country, Detail::All);
    assert_eq!(svg, drawn(&gap, Extent::Country, Detail::All), "not the same twice");
    let svg = Document::parse(&svg).unwrap();
    assert_eq!(cells(&svg), expected(&gap, None));
    assert!(cells(&svg).len() == 6, "the example shows too little");
    let root = svg.root_element();
    assert_eq!((root.attribute("role"), root.attribute("lang")), (Some("img"), Some("nl")));
    let first: Vec<&str> =
        root.children().filter(Node::is_element).take(2).map(|node| node.tag_name().name()).collect();
    assert_eq!(first, ["title", "desc"]);
    let text = text(&svg);
    for says in [
        "Logeren: plekken per gezin binnen 30 km",
        "van het 4e kwartaal van 2026 (2026-K4). Zij dekken 21% van alle gezinnen.",
        "geen plek binnen 30 km",
        "minder dan 0,2 ",
        "1,6 of meer",
        "nodig: 0,8",
        "7 januari 2027",
        "CC BY 4.0",
        "Friesland",
        "50 km",
        "berekend, niet geteld",
    ] {
        assert!(text.contains(says), "{says}");
    }
    // Two thirds of the regions at least find room for their name.
    let names = groups(&svg, "names")
        .flat_map(|group| group.descendants())
        .filter(|node| node.tag_name().name() == "text" && node.attribute("aria-hidden").is_none());
    assert!(names.count() >= 25);
}

#[test]
fn nothing_in_a_picture_runs_or_refers() {
    let gap = fictional::gap();
    for extent in [Extent::Country, Extent::Region("ZK23")] {
        let svg = drawn(&gap, extent, Detail::All);
        let svg = Document::parse(&svg).unwrap();
        for node in svg.descendants().filter(Node::is_element) {
            let name = node.tag_name().name();
            assert!(["svg", "title", "desc", "rect", "g", "path", "line", "text"].contains(&name), "{name}");
            for attribute in node.attributes() {
                let (name, value) = (attribute.name(), attribute.value());
                assert!(!name.starts_with("on") && name != "href" && name != "style" && name != "id", "{name}");
                assert!(!value.contains("url(") && !value.contains("NaN") && !value.contains("inf"), "{value}");
            }
        }
    }
}

#[test]
fn names_are_text_whatever_is_in_them() {
    let mut gap = fictional::gap();
    let evil = "<script>alert(1)</script>&\"'\u{0}]]>";
    gap.regions.iter_mut().for_each(|region| region.name = evil.to_owned());
    let svg = drawn(&gap, Extent::Region("ZK23"), Detail::All);
    let svg = Document::parse(&svg).unwrap();
    assert!(svg.descendants().all(|node| node.tag_name().name() != "script"));
    assert!(text(&svg).contains("<script>alert(1)</script>&\"' ]]>"));
}

#[test]
fn an_estimate_says_so() {
    let mut gap = fictional::gap();
    (gap.source, gap.quarter) = (DemandSource::Estimate, None);
    let svg = drawn(&gap, Extent::Country, Detail::All);
    let svg = Document::parse(&svg).unwrap();
    let shown = svg.descendants().find(|node| {
        node.tag_name().name() == "text"
            && node.text().is_some_and(|text| text.starts_with("SCHATTING: 2.000 gezinnen"))
    });
    assert_eq!(shown.unwrap().attribute("font-weight"), Some("bold"));
    assert!(
        svg.descendants().find(|node| node.tag_name().name() == "desc").unwrap().text().unwrap().contains("SCHATTING")
    );
    assert!(!text(&svg).contains("paspoort"));
}

#[test]
fn a_region_shows_its_cells_and_areas_and_no_others() {
    let gap = fictional::gap();
    let svg = drawn(&gap, Extent::Region("ZK23"), Detail::Regions(&["ZK23".to_owned()]));
    let svg = Document::parse(&svg).unwrap();
    assert_eq!(cells(&svg), expected(&gap, Some("ZK23")));
    // Two areas, one line between them.
    assert!(groups(&svg, "areas").all(|group| paths(group) == 1));
    let text = text(&svg);
    assert!(text.contains("Logeren, Utrecht: plekken per gezin binnen 30 km"));
    for area in &gap.areas {
        if area.region != "ZK23" {
            assert!(!text.contains(&area.code), "{}", area.code);
        }
    }
    assert!(gap.areas.iter().any(|area| area.region == "ZK23" && text.contains(&area.code)));
}

/// Whatever is found in the cells and areas of other regions, the picture is the same to the byte.
#[test]
fn others_are_drawn_from_their_totals_alone() {
    let gap = fictional::gap();
    let own = ["ZK23".to_owned(), "ZK08".to_owned()];
    let mut other = gap.clone();
    for cell in other.cells.iter_mut().filter(|cell| !own.contains(&cell.region)) {
        (cell.demand, cell.score, cell.unmet) = (cell.demand.map(|_| 9.0), Some(9.0), cell.unmet.map(|_| 9.0));
        (cell.reachable, cell.position, cell.nearest_km) = (9.0, 0.9, Some(9.0));
    }
    for area in other.areas.iter_mut().filter(|area| !own.contains(&area.region)) {
        area.families = 999.0;
        area.totals.score = 9.0;
        area.code = "secret".to_owned();
    }
    for extent in [Extent::Country, Extent::Region("ZK23"), Extent::Region("ZK02")] {
        let detail = Detail::Regions(&own);
        assert_eq!(drawn(&gap, extent, detail), drawn(&other, extent, detail), "{extent:?}");
        assert_ne!(drawn(&gap, Extent::Country, Detail::All), drawn(&other, Extent::Country, Detail::All));
    }
    let svg = drawn(&gap, Extent::Country, Detail::Regions(&own));
    let svg = Document::parse(&svg).unwrap();
    let shown = gap.cells.iter().filter(|cell| own.contains(&cell.region)).count();
    assert_eq!(cells(&svg).values().sum::<usize>(), shown);
    assert_eq!(groups(&svg, "region").count(), gap.regions.len() - own.len());
    assert!(text(&svg).contains("Een regio met één kleur"));
}

#[test]
fn what_is_suppressed_shows_nothing() {
    let gap = fictional::gap();
    let region = gap.regions.iter().find(|region| region.totals.is_none()).expect("a small region").clone();
    let mut other = gap.clone();
    for cell in other.cells.iter_mut().filter(|cell| cell.region == region.code) {
        (cell.score, cell.demand, cell.unmet, cell.reachable) = (Some(9.0), Some(9.0), Some(9.0), 9.0);
    }
    for extent in [Extent::Country, Extent::Region(&region.code)] {
        let svg = drawn(&gap, extent, Detail::All);
        assert_eq!(svg, drawn(&other, extent, Detail::All));
        let svg = Document::parse(&svg).unwrap();
        assert!(text(&svg).contains("niet bekend: te weinig gezinnen om te tonen"));
    }
    let svg = drawn(&gap, Extent::Region(&region.code), Detail::All);
    assert!(cells(&Document::parse(&svg).unwrap()).is_empty());
    assert!(svg.contains("#dedede"), "it is not said that it is suppressed");
}

#[test]
fn a_country_without_people_and_a_region_that_is_none() {
    let mut gap = fictional::gap();
    assert_eq!(svg(&gap, Extent::Region("ZK99"), Detail::All, day()), Err(UnknownRegion("ZK99".to_owned())));
    gap.cells.clear();
    gap.areas.clear();
    for region in &mut gap.regions {
        (region.families, region.totals) = (None, None);
    }
    for extent in [Extent::Country, Extent::Region("ZK23")] {
        let svg = drawn(&gap, extent, Detail::All);
        let svg = Document::parse(&svg).unwrap();
        assert!(cells(&svg).is_empty() && !text(&svg).contains("NaN"));
    }
}
