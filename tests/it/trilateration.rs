//! Where is the home? Somebody with time asks everything that could tell; the map only ever says where its PC4 is.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::{StreamExt, future::join, stream};
use serde_json::{Value, json};
use zorgkaart::{
    geo::{Cell, Point, distance::distance_km},
    graphql::attempts::SignInLimits,
};

use crate::{
    authorization::{AT_ONCE, Schema, Situation, paths},
    support::{
        databases::{Engine, TestDatabase, on_both_databases},
        known::{Address, Known, KnownPlaces, add_fresh_contacts, move_to, reach_by_radius, withdraw},
        service::{Answer, Service},
    },
};

/// Those who may not know where the home is, but may ask.
const OUTSIDERS: [Situation; 4] =
    [Situation::Anonymous, Situation::PassportHolder, Situation::ProviderOther, Situation::Zorgkantoor];
/// The reach of the home's vervoer.
const REACH_KM: f64 = 20.0;
/// How well an attacker can know anything: a metre.
const METRE: f64 = 0.001;

/// Somebody who wants to know where the home is.
struct Attacker<'a> {
    service: &'a Service,
    token: Option<String>,
    home: &'a Known,
}

on_both_databases! {
    async fn all_that_can_be_asked_leads_to_the_point_of_the_pc4(db: TestDatabase) {
        let known = KnownPlaces::prepare(&db).await;
        let home = &known.home;
        reach_by_radius(&db, home.place, REACH_KM).await;
        let service = Service::start(db).await;
        let (truth, public) = (home.address.point, home.area.point);
        assert!(distance_km(truth, public) > 100.0 * METRE);
        for situation in OUTSIDERS {
            let token = situation.token(&service, &known, home).await;
            let attacker = Attacker { service: &service, token, home };
            // From here on the attacker uses nothing that is not public: the PC4 is where to begin.
            let start = public;
            let stations: Vec<Point> = (0..8).map(|at| off(start, 3.0 + 2.0 * f64::from(at), 50.0 * f64::from(at))).collect();

            let mut estimates: Vec<(&str, Point)> = Vec::new();
            let mut told = Vec::new();
            let mut cut_off = Vec::new();
            let mut forged = Vec::new();
            for station in &stations {
                let (distance, cursor) = attacker.distance(*station).await.expect("the home is listed");
                told.push((*station, distance));
                cut_off.push((*station, bisect(0.0, 60.0, async |km| attacker.is_within(*station, km).await).await));
                forged.push((*station, bisect(0.0, 60.0, async |km| !attacker.comes_after(*station, &cursor, km).await).await));
                let (in_cursor, _) = opened(&cursor);
                assert!((in_cursor - distance).abs() < 1e-12, "a cursor says another distance than its edge");
            }
            estimates.push(("distances", centre(start, &told)));
            estimates.push(("the radius that cuts off", centre(start, &cut_off)));
            estimates.push(("forged cursors", centre(start, &forged)));

            // How far the vervoer reaches, in eight directions, by what an edge says and by what a filter lets through.
            for by_filter in [false, true] {
                let mut edge = Vec::new();
                for at in 0..8 {
                    let bearing = 45.0 * f64::from(at);
                    let km = bisect(0.0, 2.0 * REACH_KM, async |km| {
                        !attacker.is_reached(off(start, km, bearing), by_filter).await
                    })
                    .await;
                    edge.push((off(start, km, bearing), REACH_KM));
                }
                estimates.push((if by_filter { "vervoerTo" } else { "vervoerReachesYou" }, centre(start, &edge)));
            }

            // Where the home and an open place change order they are as far away.
            let mut ties = Vec::new();
            for bearing in [20.0, 80.0, 140.0, 260.0, 320.0] {
                let from = off(start, 12.0, bearing);
                let (neighbour, at) = attacker.neighbour(from).await;
                let on_line = |part: f64| between(start, at, part);
                let part = bisect(0.0, 1.0, async |part| !attacker.comes_before(on_line(part), &neighbour).await).await;
                ties.push((on_line(part), distance_km(on_line(part), at)));
            }
            estimates.push(("order among neighbours", centre(start, &ties)));
            estimates.push(("point", attacker.told_point().await));

            for (how, estimate) in estimates {
                let (to_public, to_truth) = (distance_km(estimate, public), distance_km(estimate, truth));
                assert!(to_public < 5.0 * METRE, "{situation:?}, by {how}: {to_public} km from the point of the PC4");
                assert!(to_truth > 100.0 * METRE, "{situation:?}, by {how}: {to_truth} km from the home");
            }
            attacker.asks_in_words(&known).await;
        }
    }

    async fn a_home_that_moves_within_its_pc4_changes_no_answer(db: TestDatabase) {
        let known = KnownPlaces::prepare(&db).await;
        let home = &known.home;
        let engine = db.engine;
        let other_db = match engine {
            Engine::Sqlite => TestDatabase::sqlite().await,
            Engine::Postgres => TestDatabase::postgres().await.unwrap(),
        };
        let same = KnownPlaces::prepare(&other_db).await;
        assert_eq!(same.home.place, home.place);
        let moved = Address {
            street: "Demo Elderslaan".into(),
            house_number: "1".into(),
            postcode: format!("{}AA", home.area.postcode),
            city: home.area.city.clone(),
            gemeente: home.area.gemeente.clone(),
            region: home.area.region.clone(),
            point: off(home.area.point, 0.9, 200.0),
        };
        move_to(&other_db, home.location, &moved).await;
        for database in [&db, &other_db] {
            add_fresh_contacts(database, &known).await;
            reach_by_radius(database, home.place, REACH_KM).await;
        }
        // Whoever is told to wait is told how many seconds, which are not the same on both.
        let roomy = |config: &mut zorgkaart::config::Config| {
            config.limits.cost = 10_000_000;
            config.sign_in = SignInLimits { per_network: 100_000, per_number: 100_000 };
        };
        let before = Service::start_with(db, roomy).await;
        let after = Service::start_with(other_db, roomy).await;

        // The ways to a field are the same whatever the database: on the second one of them is enough.
        let few = if engine == Engine::Postgres { 1 } else { usize::MAX };
        let mut questions = questions(&Schema::of(&before).await, &known, &moved, few);
        // What somebody proposes, saves or asks to be computed has an id of its own in each database.
        let with_id = ["proposeContact", "saveSearch", "suggestSites"];
        questions.retain(|question| !with_id.iter().any(|new| question.contains(new)));
        if engine == Engine::Postgres {
            // What is computed is computed from the same map, whatever the database: once is enough.
            let computed = ["gapAnalysis", "gapFiles", "homogeneityTradeOff", "scenario"];
            questions.retain(|question| !computed.iter().any(|one| question.contains(one)));
        }
        for (situation, _) in Situation::ALL {
            let tokens = [
                situation.token(&before, &known, home).await,
                situation.token(&after, &known, home).await,
            ];
            let mut differ = 0;
            // Changes one at a time: which of several at once goes through is not the same on both.
            let (changes, queries): (Vec<_>, Vec<_>) = questions.iter().partition(|question| question.starts_with("mutation"));
            let ask_both = async |question: String| {
                let one = before.ask(tokens[0].as_deref(), &question);
                let two = after.ask(tokens[1].as_deref(), &question);
                let answers = join(one, two).await;
                (question, answers)
            };
            let queries = stream::iter(queries.into_iter().cloned()).map(&ask_both).buffered(AT_ONCE);
            let changes = stream::iter(changes.into_iter().cloned()).then(&ask_both);
            let mut answers = std::pin::pin!(queries.chain(changes));
            while let Some((question, (one, two))) = answers.next().await {
                let is_same = (one.status, &one.text) == (two.status, &two.text);
                assert!(is_same || situation.sees_home(), "{situation:?}: {question}\n{}\n{}", one.text, two.text);
                assert!(!one.text.contains("BAD_USER_INPUT"), "{question}: {}", one.text);
                differ += u32::from(!is_same);
                if differ > 0 && situation.sees_home() {
                    break;
                }
            }
            assert_eq!(differ > 0, situation.sees_home(), "{situation:?}: {differ} answers differ");
        }
    }
}

on_both_databases! {
    async fn a_home_that_was_withdrawn_is_not_given_away_either(db: TestDatabase) {
        let known = KnownPlaces::prepare(&db).await;
        let home = &known.home;
        withdraw(&db, home.location).await;
        let service = Service::start(db).await;
        let question = format!(
            "{{ node(id: \"{}\") {{ id }} provider(id: \"{}\") {{ kvkNumber website places {{ edges {{ node {{ id }} }} }} }} }}",
            home.place_id(),
            home.provider_id()
        );
        for (situation, _) in Situation::ALL {
            let token = situation.token(&service, &known, home).await;
            let answer = service.ask(token.as_deref(), &question).await.data("");
            assert_eq!(answer["node"], Value::Null, "{situation:?}");
            let places = answer["provider"]["places"]["edges"].as_array().unwrap();
            assert!(places.iter().all(|edge| edge["node"]["id"] != *home.place_id()), "{situation:?}");
            let registers = [&answer["provider"]["kvkNumber"], &answer["provider"]["website"]];
            let shown = registers.iter().any(|value| !value.is_null());
            assert_eq!(shown, situation.sees_home(), "{situation:?}: {registers:?}");
        }
    }
}

/// Everything that is asked of both services: up to `few` ways to every field, and searches from everywhere near.
fn questions(schema: &Schema, known: &KnownPlaces, moved: &Address, few: usize) -> Vec<String> {
    let home = &known.home;
    let mut questions: Vec<String> = paths(schema)
        .iter()
        .flat_map(|(of, ways)| ways.iter().take(few).map(|way| way.question(schema, of, home)))
        .collect();
    let cells: Vec<String> = (0..=15).map(|at| format!("c{at}: cell(resolution: {at})")).collect();
    questions.push(format!("{{ place(id: \"{}\") {{ location {{ {} }} }} }}", home.place_id(), cells.join(" ")));
    let edge = "edges { cursor distanceKm vervoerReachesYou node { id } } pageInfo { hasNextPage endCursor }";
    for centre in [home.address.point, home.area.point, moved.point] {
        for km in [0.0, 0.3, 0.9, REACH_KM] {
            for bearing in [20.0, 200.0] {
                let from = near(off(centre, km, bearing));
                questions.push(format!("{{ placesNear(near: {from}, first: 30) {{ {edge} }} }}"));
                for radius in [0.2, 0.9, 5.0] {
                    questions.push(format!("{{ placesNear(near: {from}, radiusKm: {radius}) {{ {edge} }} }}"));
                }
                questions.push(format!("{{ placesNear(near: {from}, filter: {{ vervoerTo: {from} }}) {{ {edge} }} }}"));
                questions
                    .push(format!("{{ contacts(near: {from}) {{ edges {{ cursor distanceKm node {{ id }} }} }} }}"));
            }
        }
        for resolution in [7, 9, 11, 13] {
            // A part of the map that has a thousand cells at most.
            let side = 0.2 * 7_f64.sqrt().powi(7 - resolution);
            let (lat, lng) = (centre.lat(), centre.lng());
            let bounds = format!(
                "{{ south: {}, north: {}, west: {}, east: {} }}",
                lat - side,
                lat + side,
                lng - side,
                lng + side
            );
            questions.push(format!(
                "{{ placeClusters(bounds: {bounds}, resolution: {resolution}) {{ cell count nearestPlace }} }}"
            ));
        }
        for resolution in 5..=15 {
            let cell = Cell::at(centre, resolution).unwrap();
            questions.push(format!("{{ placesNear(near: {{ cell: \"{cell}\" }}) {{ {edge} }} }}"));
        }
    }
    for region in known.reference.regions.keys() {
        let filter = format!("{{ region: \"{region}\", provider: \"{}\" }}", home.provider_id());
        questions.push(format!("{{ placesNear(near: {{ postcode: \"3511\" }}, filter: {filter}) {{ {edge} }} }}"));
        questions.push(format!("{{ contacts(filter: {filter}) {{ edges {{ cursor node {{ id }} }} }} }}"));
    }
    questions
}

impl Attacker<'_> {
    async fn ask(&self, question: &str) -> Answer {
        self.service.ask(self.token.as_deref(), question).await
    }

    /// The edges of the home's provider from a point, with more arguments.
    async fn edges(&self, from: Point, filter: &str, arguments: &str) -> Vec<Value> {
        let question = format!(
            "{{ placesNear(near: {}, filter: {{ {filter} }} {arguments}) {{
                edges {{ cursor distanceKm vervoerReachesYou node {{ id }} }} }} }}",
            near(from)
        );
        self.ask(&question).await.data("/placesNear/edges").as_array().unwrap().clone()
    }

    async fn edge(&self, from: Point, filter: &str, arguments: &str) -> Option<Value> {
        let filter = format!("provider: \"{}\" {filter}", self.home.provider_id());
        let mut edges = self.edges(from, &filter, arguments).await;
        edges.retain(|edge| edge["node"]["id"] == *self.home.place_id());
        edges.pop()
    }

    async fn distance(&self, from: Point) -> Option<(f64, String)> {
        let edge = self.edge(from, "", "").await?;
        Some((edge["distanceKm"].as_f64()?, edge["cursor"].as_str()?.to_owned()))
    }

    async fn is_within(&self, from: Point, radius_km: f64) -> bool {
        self.edge(from, "", &format!("radiusKm: {radius_km:?}")).await.is_some()
    }

    /// Whether the home comes after a cursor that the attacker has made for a distance.
    async fn comes_after(&self, from: Point, cursor: &str, distance_km: f64) -> bool {
        self.edge(from, "", &format!("after: \"{}\"", forged(cursor, distance_km))).await.is_some()
    }

    async fn is_reached(&self, to: Point, by_filter: bool) -> bool {
        if by_filter {
            self.edge(to, &format!("vervoerTo: {}", near(to)), "").await.is_some()
        } else {
            self.edge(to, "", "").await.unwrap()["vervoerReachesYou"] == true
        }
    }

    /// A place in the open near a point, and where it is.
    async fn neighbour(&self, from: Point) -> (String, Point) {
        let question = format!(
            "{{ placesNear(near: {}, first: 100) {{ edges {{ node {{ id location {{ precision point {{ lat lng }} }} }} }} }} }}",
            near(from)
        );
        let edges = self.ask(&question).await.data("/placesNear/edges");
        let found = edges.as_array().unwrap().iter().map(|edge| &edge["node"]).find(|node| {
            node["location"]["precision"] == "EXACT"
                && distance_km(point(&node["location"]["point"]), self.home.area.point) > 1.0
        });
        let node = found.expect("a place in the open");
        (node["id"].as_str().unwrap().to_owned(), point(&node["location"]["point"]))
    }

    /// Whether the home comes before another place, seen from a point; only the order is looked at.
    async fn comes_before(&self, from: Point, other: &str) -> bool {
        let mut after = String::new();
        loop {
            let question = format!(
                "{{ placesNear(near: {}, first: 100 {after}) {{ edges {{ node {{ id }} }} pageInfo {{ endCursor }} }} }}",
                near(from)
            );
            let page = self.ask(&question).await.data("/placesNear");
            for edge in page["edges"].as_array().unwrap() {
                if edge["node"]["id"] == *self.home.place_id() {
                    return true;
                }
                if edge["node"]["id"] == other {
                    return false;
                }
            }
            after = format!("after: {}", page["pageInfo"]["endCursor"]);
        }
    }

    async fn told_point(&self) -> Point {
        let question =
            format!("{{ place(id: \"{}\") {{ location {{ point {{ lat lng }} }} }} }}", self.home.place_id());
        point(&self.ask(&question).await.data("/place/location/point"))
    }

    /// Asks what is no number: address, cells, gemeente, region, registers, contacts.
    async fn asks_in_words(&self, known: &KnownPlaces) {
        let Known { area, address, .. } = self.home;
        let cells: Vec<String> = (0..=15).map(|at| format!("c{at}: cell(resolution: {at})")).collect();
        let question = format!(
            "{{ place(id: \"{}\") {{ provider {{ kvkNumber website }} location {{
                street houseNumber postcode city gemeente {{ code }} region {{ code }} {} }} }} }}",
            self.home.place_id(),
            cells.join(" ")
        );
        let told = self.ask(&question).await.data("/place");
        assert_eq!(told["provider"], json!({ "kvkNumber": null, "website": null }));
        let mut expected: BTreeMap<String, Value> =
            (0..=15).map(|at| (format!("c{at}"), json!(Cell::at(area.point, at).unwrap().to_string()))).collect();
        expected.insert("street".into(), Value::Null);
        expected.insert("houseNumber".into(), Value::Null);
        expected.insert("postcode".into(), json!(area.postcode));
        expected.insert("city".into(), json!(area.city));
        expected.insert("gemeente".into(), json!({ "code": area.gemeente }));
        expected.insert("region".into(), json!({ "code": area.region }));
        assert_eq!(told["location"], json!(expected));

        let mut in_regions = Vec::new();
        for region in known.reference.regions.keys() {
            if self.edge(area.point, &format!("region: \"{region}\""), "").await.is_some() {
                in_regions.push(region);
            }
        }
        assert_eq!(in_regions, [&area.region]);
        assert_ne!(area.region, address.region);

        let question = format!(
            "{{ contacts(near: {}, filter: {{ provider: \"{}\" }}) {{ edges {{ distanceKm node {{ workPostcode workCity }} }} }} }}",
            near(address.point),
            self.home.provider_id()
        );
        let contacts = self.ask(&question).await;
        if contacts.code().is_null() {
            for edge in contacts.data("/contacts/edges").as_array().unwrap() {
                assert_eq!(edge["node"], json!({ "workPostcode": area.postcode, "workCity": area.city }));
                let distance = edge["distanceKm"].as_f64().unwrap();
                assert!((distance - distance_km(address.point, area.point)).abs() < METRE);
            }
        }
    }
}

/// The distance and the rest in a cursor: the attacker has read `cursor.rs`.
fn opened(cursor: &str) -> (f64, Vec<u8>) {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap();
    (f64::from_be_bytes(bytes[8..16].try_into().unwrap()), bytes)
}

/// The cursor with another distance and the lowest id.
fn forged(cursor: &str, distance_km: f64) -> String {
    let (_, bytes) = opened(cursor);
    let mut made = bytes[..8].to_vec();
    made.extend_from_slice(&distance_km.to_be_bytes());
    made.extend_from_slice(&[0; 16]);
    let check = crc32fast::hash(&made);
    made.extend_from_slice(&check.to_be_bytes());
    URL_SAFE_NO_PAD.encode(made)
}

/// Where `holds` begins to hold between `low`, where it does not, and `high`, where it does.
async fn bisect(mut low: f64, mut high: f64, holds: impl AsyncFn(f64) -> bool) -> f64 {
    assert!(holds(high).await, "it does not hold at {high}");
    for _ in 0..26 {
        let middle = f64::midpoint(low, high);
        if holds(middle).await { high = middle } else { low = middle }
    }
    high
}

/// The point that fits distances from known points best: Gauss and Newton, from `start`.
fn centre(start: Point, distances: &[(Point, f64)]) -> Point {
    /// Some 10 cm.
    const STEP: f64 = 1e-6;
    let (mut lat, mut lng) = (start.lat() + 0.01, start.lng() - 0.01);
    for _ in 0..30 {
        let at = |lat, lng, from| distance_km(Point::new(lat, lng).unwrap(), from);
        // The normal equations, two by two, and their right side.
        let mut normal = [0.0; 3];
        let mut right = [0.0; 2];
        for (from, distance) in distances {
            let here = at(lat, lng, *from);
            let north = (at(lat + STEP, lng, *from) - here) / STEP;
            let east = (at(lat, lng + STEP, *from) - here) / STEP;
            let left = distance - here;
            normal = [normal[0] + north * north, normal[1] + north * east, normal[2] + east * east];
            right = [right[0] + north * left, right[1] + east * left];
        }
        let determinant = normal[0] * normal[2] - normal[1] * normal[1];
        lat += (normal[2] * right[0] - normal[1] * right[1]) / determinant;
        lng += (normal[0] * right[1] - normal[1] * right[0]) / determinant;
    }
    Point::new(lat, lng).unwrap()
}

/// About so far from a point in a direction, degrees from north.
fn off(point: Point, km: f64, bearing: f64) -> Point {
    let (east, north) = bearing.to_radians().sin_cos();
    let lat = point.lat() + km * north / 111.3;
    Point::new(lat, point.lng() + km * east / (111.3 * point.lat().to_radians().cos())).unwrap()
}

fn between(from: Point, to: Point, part: f64) -> Point {
    Point::new(from.lat() + part * (to.lat() - from.lat()), from.lng() + part * (to.lng() - from.lng())).unwrap()
}

fn near(point: Point) -> String {
    format!("{{ point: {{ lat: {:?}, lng: {:?} }} }}", point.lat(), point.lng())
}

fn point(value: &Value) -> Point {
    Point::new(value["lat"].as_f64().unwrap(), value["lng"].as_f64().unwrap()).unwrap()
}
