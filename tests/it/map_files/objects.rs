//! Providers and places from files.

use std::fmt::Write;

use serde_json::{Value, json};
use zorgkaart::{auth::Scope, store::Access};

use super::{ALL, Came, DRY, Files, PARTIAL, opened, silent};
use crate::support::databases::on_both_databases;

const PROVIDERS: &str = "provider,name,kind,phone,email,website,kvk_number,agb_code,fieldlab\n";
const PLACES: &str = "provider,location,street,house_number,postcode,city,gemeente,lat,lng,precision,facilities,facilities_absent,\
                      group,group_name,homogeneity,group_size,staff_per_ten,nurses,challenging_behaviour_excluded,care,care_absent,\
                      place,name,care_form,capacity,phone,email,min_age,max_age,leveringsvormen\n";

/// One provider.
fn providers() -> String {
    format!(
        "{PROVIDERS}P-1,Demo Nieuw,INSTELLING,030 1234567,nieuw@demo.example,https://www.demo.example,12345678,87654321,true\n"
    )
}

/// A row of places that is good but for some columns.
fn row(place: &str, changes: &[(&str, &str)]) -> String {
    let mut cells: Vec<(&str, &str)> = PLACES.trim_end().split(',').map(|name| (name, "")).collect();
    let own = [
        ("provider", "P-1"),
        ("location", "L-1"),
        ("street", "Demostraat"),
        ("house_number", "1"),
        ("postcode", "3511 AB"),
        ("city", "Utrecht"),
        ("precision", "EXACT"),
        ("facilities", "TUIN; TILLIFT"),
        ("facilities_absent", "SNOEZELRUIMTE"),
        ("group", "G-1"),
        ("group_name", "Demo Groep"),
        ("homogeneity", "HOMOGENEOUS_ZEVMB"),
        ("group_size", "8"),
        ("staff_per_ten", "6.5"),
        ("challenging_behaviour_excluded", "true"),
        ("care", "SONDEVOEDING;WAKENDE_NACHTZORG"),
        ("place", place),
        ("name", "Demo Plek"),
        ("care_form", "LOGEREN"),
        ("capacity", "4"),
        ("leveringsvormen", "ZIN;PGB"),
    ];
    for (name, value) in own.iter().chain(changes) {
        cells.iter_mut().find(|(column, _)| column == name).unwrap().1 = value;
    }
    format!("{}\n", cells.iter().map(|(_, cell)| *cell).collect::<Vec<_>>().join(","))
}

impl Files {
    async fn providers(&self, file: impl AsRef<[u8]>, options: zorgkaart::store::ImportOptions) -> Came {
        let (store, view, access) = (&self.service.store, self.view(), Access::default());
        Came::of(store.import_providers(&view, &access, &opened(file), options, &silent).await.unwrap())
    }

    async fn places(&self, file: impl AsRef<[u8]>, options: zorgkaart::store::ImportOptions) -> Came {
        let (store, view, access) = (&self.service.store, self.view(), Access::default());
        Came::of(store.import_places(&view, &access, &opened(file), options, &silent).await.unwrap())
    }

    /// How many objects there are, the sum of their versions, how much history, and how many external ids.
    async fn objects(&self) -> Vec<i64> {
        let mut found = Vec::new();
        for table in ["provider", "location", "care_group", "place"] {
            found.push(self.count(&format!("select count(*) from {table}")).await);
            found.push(self.count(&format!("select cast(sum(version) as bigint) from {table}")).await);
        }
        for table in ["map_change", "external_id", "change"] {
            found.push(self.count(&format!("select count(*) from {table}")).await);
        }
        found
    }

    /// The provider that was imported, as everybody sees it.
    async fn imported(&self) -> Value {
        let view = self.service.store.view(Scope::anonymous(), self.service.clock.now());
        let (_, id) = view.providers_by_name().find(|(name, _)| name == "demo nieuw").unwrap();
        let id = zorgkaart::graphql::id::GlobalId::Provider(*id).to_string();
        let question = format!(
            "{{ provider(id: \"{id}\") {{ name phone website fieldlab places(first: 10) {{ edges {{ node {{
             name careForm capacity leveringsvormen location {{ street houseNumber postcode city precision
             gemeente {{ code }} point {{ lat lng }} facilities {{ facility present }} }}
             group {{ homogeneity size staffPerTen challengingBehaviourExcluded }} }} }} }} }} }}"
        );
        self.service.ask(None, &question).await.data("/provider")
    }
}

on_both_databases! {
    async fn a_tree_is_made_once_and_changed(db: TestDatabase) {
        let files = Files::of(db).await;
        let before = files.objects().await;
        assert_eq!(files.providers(providers(), DRY).await.counts, [1, 1, 0, 0, 0]);
        assert_eq!(files.objects().await, before);
        assert_eq!(files.providers(providers(), ALL).await.counts, [1, 1, 0, 0, 0]);
        let file = format!("{PLACES}{}{}", row("A", &[]), row("B", &[("name", "Demo Dag"), ("care_form", "DAGBESTEDING")]));
        let made = files.objects().await;
        let dry = files.places(&file, DRY).await;
        assert_eq!((dry.counts, &dry.mistakes, &dry.warnings), ([2, 2, 0, 0, 0], &Vec::new(), &Vec::new()));
        assert_eq!(files.objects().await, made, "a dry run writes nothing");
        let came = files.places(format!("\u{feff}{file}").replace('\n', "\r\n"), ALL).await;
        assert_eq!((came.applied, came.counts), (true, [2, 2, 0, 0, 0]));
        let after = files.objects().await;
        for (table, more) in [(0, 1), (2, 1), (4, 1), (6, 2)] {
            assert_eq!(after[table], before[table] + more, "one location and one group for both places");
        }
        // As everybody sees it at once. The point is that of the postcode.
        let seen = files.imported().await;
        assert_eq!((&seen["website"], &seen["fieldlab"]), (&json!("https://www.demo.example"), &json!(true)));
        let places = seen["places"]["edges"].as_array().unwrap();
        assert_eq!(places.len(), 2);
        let place = places.iter().map(|edge| &edge["node"]).find(|place| place["name"] == "Demo Plek").unwrap();
        assert_eq!((&place["careForm"], &place["capacity"]), (&json!("LOGEREN"), &json!(4)));
        let view = files.view();
        let area = &view.reference().postcodes[&"3511".parse().unwrap()];
        assert_eq!(place["location"]["point"], json!({ "lat": area.point.lat(), "lng": area.point.lng() }));
        assert_eq!(place["location"]["postcode"], "3511AB");
        assert_eq!(place["location"]["gemeente"]["code"], area.gemeente_code.as_str());
        let text = place.to_string();
        for said in [r#""facility":"TUIN","present":true"#, r#""facility":"SNOEZELRUIMTE","present":false"#] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert_eq!(place["group"]["staffPerTen"], json!(6.5));
        // Again: nothing.
        for options in [ALL, PARTIAL] {
            assert_eq!(files.providers(providers(), options).await.counts, [1, 0, 0, 1, 0]);
            assert_eq!(files.places(&file, options).await.counts, [2, 0, 0, 2, 0]);
        }
        assert_eq!(files.objects().await, after);
        // Something else: that alone.
        let moved = format!("{PLACES}{}", row("A", &[("capacity", "5"), ("lat", "52.1"), ("lng", "5.12")]));
        assert_eq!(files.places(&moved, ALL).await.counts, [1, 0, 1, 0, 0]);
        let now = files.objects().await;
        assert_eq!((now[6], now[3] - after[3], now[7] - after[7]), (after[6], 1, 1), "one version each");
        let seen = files.imported().await.to_string();
        assert!(seen.contains(r#""capacity":5"#) && seen.contains(r#""lat":52.1"#), "{seen}");
        // Free spots by the same ids.
        let spots = "provider,place,slot,from,to,free\nP-1,A,NIGHT,2027-01-01,2027-01-02,2\n,A,,2027-01-03,2027-01-03,1\n";
        let came = files.availability(spots, ALL).await;
        assert_eq!((came.applied, came.counts), (true, [2, 2, 0, 0, 0]), "{:?}", came.mistakes);
        // The provider is checked however it is named.
        let question = "{ placesNear(near: { postcode: \"9711\" }, filter: { careForms: [LOGEREN] }, first: 1) { edges { node { id } } } }";
        let other = files.service.ask(None, question).await.data("/placesNear/edges/0/node/id");
        let others = format!("provider,place,from,to,free\nP-1,{},2027-01-01,2027-01-01,0\n", other.as_str().unwrap());
        files.availability(others, ALL).await.has(&[(2, "provider", "not one of this provider")]);
        let lower = format!("{PLACES}{}", row("A", &[("capacity", "1")]));
        files.places(&lower, ALL).await.has(&[(2, "capacity", "more spots are stated to be free")]);
    }

    async fn what_is_wrong_is_said_by_row_and_column(db: TestDatabase) {
        let files = Files::of(db).await;
        let file = format!("{}P 2,,KERK,x,geen,nergens,1,2,ja\n,Demo,ZZP,,,,,,\nP-1,Demo,ZZP,,,,,,\n=P,Demo,ZZP,,,,,,\nP-3\n", providers());
        let before = files.objects().await;
        let came = files.providers(&file, ALL).await;
        came.has(&[
            (3, "provider", "neither an id"),
            (4, "provider", "cannot be left empty"),
            (5, "provider", "line 2 is about the same"),
            (7, "-", "not as many cells"),
        ]);
        assert!(!came.applied);
        assert_eq!(files.objects().await, before);
        let wrong = format!("{PROVIDERS}P-2,,KERK,x,geen,nergens,1,2,ja\n");
        files.providers(&wrong, ALL).await.has(&[
            (2, "kind", "none of the words"),
            (2, "phone", "5 to 15 digits"),
            (2, "email", "a mail address"),
            (2, "website", "a web site"),
            (2, "kvk_number", "8 digits"),
            (2, "agb_code", "8 digits"),
            (2, "fieldlab", "cannot stand here"),
        ]);
        files.providers(providers(), ALL).await;

        let cases: Vec<(String, &[(&str, &str)])> = vec![
            (row("A", &[]), &[]),
            (row("B", &[("street", "Elders")]), &[("street", "line 2 says something else")]),
            (row("A", &[]), &[("place", "line 2 is about the same")]),
            (row("C", &[("provider", "P-9")]), &[("provider", "no such provider")]),
            (row("D", &[("location", "L-2"), ("group", "G-2"), ("postcode", "0999")]), &[("postcode", "four digits")]),
            (row("E", &[("location", "L-3"), ("group", "G-3"), ("lat", "52.1")]), &[("lat", "both lat and lng")]),
            (
                row("F", &[("location", "L-4"), ("group", "G-4"), ("lat", "5.12"), ("lng", "52.09")]),
                &[("lat", "km from the postcode")],
            ),
            (row("G", &[("location", "L-5"), ("group", "G-5"), ("facilities", "BAR")]), &[("facilities", "none of the words")]),
            (
                row("H", &[("location", "L-6"), ("group", "G-6"), ("facilities_absent", "TUIN")]),
                &[("facilities_absent", "given once")],
            ),
            (row("I", &[("group", "G-7"), ("group_size", "veel")]), &[("group_size", "a number from 1 to 1000")]),
            (row("J", &[("group", "G-8"), ("homogeneity", "")]), &[("homogeneity", "cannot be left empty")]),
            (row("K", &[("capacity", "0"), ("care_form", "=LOGEREN")]), &[("care_form", "none of the words"), ("capacity", "a number from")]),
            (row("L", &[("min_age", "19"), ("max_age", "18")]), &[("max_age", "not below the youngest")]),
            (row("M", &[("location", "L-7"), ("group", "G-9")]), &[]),
            (row("O", &[("location", "L-9")]), &[("group", "line 2 says something else")]),
        ];
        let mut file = PLACES.to_owned();
        let mut expected = Vec::new();
        for (line, (row, wrong)) in (2..).zip(&cases) {
            write!(file, "{row}").unwrap();
            expected.extend(wrong.iter().map(|(column, reason)| (line, *column, *reason)));
        }
        let before = files.objects().await;
        for options in [ALL, DRY] {
            let came = files.places(&file, options).await;
            came.has(&expected);
            assert!(!came.applied);
            assert_eq!(files.objects().await, before, "all or nothing");
        }
        let came = files.places(&file, PARTIAL).await;
        came.has(&expected);
        assert_eq!((came.applied, came.counts), (true, [15, 2, 0, 0, 13]));
        let after = files.objects().await;
        let of_bad_rows = [(2, 2), (4, 2), (6, 2)];
        for (table, more) in of_bad_rows {
            assert_eq!(after[table], before[table] + more, "nothing of a bad row is left");
        }
        // A group does not go to another location by a file.
        let moved = format!("{PLACES}{}", row("N", &[("location", "L-8"), ("group", "G-1")]));
        let came = files.places(&moved, ALL).await;
        came.has(&[(2, "group", "hangs on another object")]);
        assert_eq!(files.objects().await, after);
    }

    async fn a_mismatch_of_address_and_point_is_a_warning(db: TestDatabase) {
        let files = Files::of(db).await;
        files.providers(providers(), ALL).await;
        let area = files.view().reference().postcodes[&"3511".parse().unwrap()].clone();
        let lat = (area.point.lat() + 0.06).to_string();
        let lng = area.point.lng().to_string();
        let doubtful = [("city", "Maastricht"), ("gemeente", "GM0363"), ("lat", lat.as_str()), ("lng", lng.as_str())];
        let file = format!("{PLACES}{}", row("A", &doubtful));
        for options in [DRY, ALL] {
            let came = files.places(&file, options).await;
            assert_eq!((came.counts, &came.mistakes), ([1, 1, 0, 0, 0], &Vec::new()));
            let told: Vec<(u32, &str)> = came.warnings.iter().map(|(line, column, _)| (*line, column.as_str())).collect();
            assert_eq!(told, [(2, "lat"), (2, "gemeente"), (2, "city")]);
        }
    }
}
