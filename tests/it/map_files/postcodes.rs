//! Postcodes from the file of Statistics Netherlands.

use std::{fmt::Write, path::Path};

use serde_json::json;

use super::{ALL, DRY, Files, PARTIAL};
use crate::support::databases::{TestDatabase, on_both_databases};

const HEAD: &str =
    "pc4,lon_cbs_centroid,lat_cbs_centroid,gm_code_2025,gemeente,zk_code,zorgkantoorregio,inwoners,inwoners_0_19\n";
const PURPOSE: &str = "importPostcodes";

/// The file itself, or a made-up one of the same shape where it is absent.
fn official() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/pc4_cbs_check.csv");
    if path.is_file() {
        return std::fs::read_to_string(path).unwrap();
    }
    assert!(std::env::var("REQUIRE_SHARED").as_deref() != Ok("1"), "required, but absent: {}", path.display());
    format!(
        "{HEAD}3511,5.12,52.09,GM0344,Utrecht,ZK23,Utrecht,5000,500\n8911,5.79,53.2,GM0080,Leeuwarden,ZK08,Friesland,5000,500\n"
    )
}

/// The cells of a row by the names of the header.
fn rows(file: &str) -> Vec<std::collections::HashMap<String, String>> {
    csv::Reader::from_reader(file.as_bytes()).deserialize().map(Result::unwrap).collect()
}

on_both_databases! {
    async fn every_postcode_of_the_file_has_the_right_region(db: TestDatabase) {
        let files = Files::of(db).await;
        let file = official();
        let expected = rows(&file);
        let dry = files.postcodes(&file, DRY).await;
        assert!(!dry.applied && dry.mistakes.is_empty(), "{:?}", dry.mistakes);
        assert_eq!(files.told(PURPOSE).await, (1, 1), "looking is recorded, and changes nothing");
        let came = files.postcodes(&file, ALL).await;
        assert_eq!((came.applied, came.counts), (true, dry.counts));
        assert!(came.counts[1] + came.counts[2] > 0);
        // The map knows, without anybody starting anew.
        let view = files.view();
        let reference = view.reference();
        for row in &expected {
            let postcode = &reference.postcodes[&row["pc4"].parse().unwrap()];
            assert_eq!(postcode.gemeente_code, row["gm_code_2025"]);
            assert_eq!(reference.gemeenten[&postcode.gemeente_code].region_code, row["zk_code"], "{}", row["pc4"]);
            let point = (postcode.point.lat().to_string(), postcode.point.lng().to_string());
            assert_eq!(point, (row["lat_cbs_centroid"].clone(), row["lon_cbs_centroid"].clone()));
            assert_eq!(postcode.population.to_string(), row["inwoners"]);
            assert!(postcode.cbs_area);
        }
        let told = files.told(PURPOSE).await;
        assert!(told.0 == 2 && told.1 > 1, "{told:?}");
        let again = files.postcodes(&file, ALL).await;
        let all = u32::try_from(expected.len()).unwrap();
        assert_eq!(again.counts, [all, 0, 0, all, 0]);
        assert_eq!(files.told(PURPOSE).await, (2, told.1 + 1));
    }

    async fn homes_go_where_their_postcode_goes(db: TestDatabase) {
        let files = Files::of(db).await;
        let mut homes = Vec::new();
        for pc4 in ["3511", "9711", "6211", "4331"] {
            let question = format!(
                "{{ placesNear(near: {{ postcode: \"{pc4}\" }}, first: 100) {{ edges {{ node {{ id location {{
                 precision postcode }} }} }} }} }}"
            );
            let edges = files.service.ask(None, &question).await.data("/placesNear/edges");
            let all = edges.as_array().unwrap().iter().map(|edge| edge["node"].clone());
            homes.extend(all.filter(|place| place["location"]["precision"] == "AREA"));
        }
        let home = &homes[0];
        let pc4 = home["location"]["postcode"].as_str().unwrap();
        // From one end of the country to another.
        let file = format!("{HEAD}{pc4},5.79,53.2,GM0080,Leeuwarden,ZK07,Friesland,5000,500\n");
        let region = files.view().reference().gemeenten["GM0080"].region_code.clone();
        let came = files.postcodes(file.replace("ZK07", &region), ALL).await;
        assert_eq!((came.applied, came.counts), (true, [1, 0, 1, 0, 0]), "{:?}", came.mistakes);
        let id = home["id"].as_str().unwrap();
        let question = format!("{{ place(id: \"{id}\") {{ location {{ point {{ lat lng }} gemeente {{ code }} region {{ code }} }} }} }}");
        let location = files.service.ask(None, &question).await.data("/place/location");
        assert_eq!(location["point"], json!({ "lat": 53.2, "lng": 5.79 }));
        assert_eq!((&location["gemeente"]["code"], &location["region"]["code"]), (&json!("GM0080"), &json!(region)));
    }

    async fn what_is_wrong_is_said_by_row_and_column(db: TestDatabase) {
        let files = Files::of(db).await;
        let mut file = HEAD.to_owned();
        for row in [
            "3511,5.12,52.09,GM0344,Utrecht,ZK23,Utrecht,5000,500",
            "0999,5.12,52.09,GM0344,Utrecht,ZK23,Utrecht,5000,500",
            "3512,east,,GM0344,Utrecht,ZK23,Utrecht,5000,500",
            "3513,52.09,5.12,GM0344,Utrecht,ZK23,Utrecht,5000,500",
            "3514,5.12,52.09,GM9999,Utrecht,ZK23,Utrecht,5000,500",
            "3515,5.12,52.09,GM0344,Utrecht,ZK99,Utrecht,5000,500",
            "3521,5.12,52.09,GM0344,Utrecht,ZK02,Amsterdam,5000,500",
            "3522,5.12,52.09,GM0344,Utrecht,ZK23,Utrecht,-5,500",
            "3511,5.12,52.09,GM0344,Utrecht,ZK23,Utrecht,5000,500",
            "=3523,5.12,52.09,GM0344,Utrecht,ZK23,Utrecht,5000,500",
            "3524,5.12,52.09",
        ] {
            writeln!(file, "{row}").unwrap();
        }
        let expected = [
            (3, "pc4", "four digits"),
            (4, "lon_cbs_centroid", "written as 52.09"),
            (4, "lat_cbs_centroid", "cannot be left empty"),
            (5, "lat_cbs_centroid", "not in the Netherlands"),
            (5, "lon_cbs_centroid", "not in the Netherlands"),
            (6, "gm_code_2025", "no gemeente with this code"),
            (7, "zk_code", "no zorgkantoorregio with this code"),
            (8, "zk_code", "does not lie in this zorgkantoorregio"),
            (9, "inwoners", "written in digits"),
            (10, "pc4", "line 2 is about the same"),
            (11, "pc4", "four digits"),
            (12, "-", "not as many cells"),
        ];
        let before = files.view().reference().clone();
        for options in [ALL, DRY] {
            let came = files.postcodes(&file, options).await;
            came.has(&expected);
            assert_eq!((came.applied, came.counts), (false, [11, 0, 1, 0, 10]));
            assert_eq!(*files.view().reference(), before, "all or nothing");
        }
        let came = files.postcodes(&file, PARTIAL).await;
        came.has(&expected);
        assert!(came.applied);
        assert_eq!(files.view().reference().postcodes[&"3511".parse().unwrap()].population, 5_000);
    }
}

#[tokio::test]
async fn another_file_is_explained() {
    let files = Files::of(TestDatabase::sqlite().await).await;
    let row = "3511,5.12,52.09,GM0344,Utrecht,ZK23,Utrecht,5000,500\n";
    let utf_16: Vec<u8> =
        std::iter::once(0xfeff).chain(format!("{HEAD}{row}").encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin_1 = [HEAD.as_bytes(), b"3511,5.12,52.09,GM0344,S\xfadwest,ZK23,Utrecht,5000,500\n"].concat();
    for (file, expected) in [
        (utf_16, &[(1, "-", "not UTF-8")][..]),
        (latin_1, &[(2, "gemeente", "not UTF-8")]),
        (Vec::new(), &[(1, "-", "the file is empty")]),
        (HEAD.replace(',', ";").into_bytes(), &[(1, "-", "commas")]),
        (b"pc4,lon_cbs_centroid,lat_cbs_centroid,gm_code_2025\n".to_vec(), &[(1, "zk_code", "missing")]),
        (HEAD.replace("inwoners,", "x,").into_bytes(), &[(1, "-", "column 8 is not known; known are pc4,")]),
    ] {
        let came = files.postcodes(&file, ALL).await;
        came.has(expected);
        assert!(!came.applied);
    }
    let saved = format!("\u{feff}{HEAD}{row}").replace('\n', "\r\n");
    let came = files.postcodes(saved, ALL).await;
    assert_eq!((came.applied, came.counts[4]), (true, 0));
}
