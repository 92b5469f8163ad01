//! The same by the command line.

use std::fs;

use crate::{
    command_line::{demo, fails, run},
    support::program::program,
};

#[test]
fn providers_and_places_are_imported_and_places_exported() {
    let data_dir = demo();
    let said = |arguments: &[&str]| run(program(data_dir.path()).args(arguments));
    let write = |name: &str, text: &str| fs::write(data_dir.path().join(name), text).unwrap();
    write("providers.csv", "provider,name,kind\nP-1,Demo Nieuw,ZZP\n");
    write(
        "places.csv",
        "provider,location,postcode,city,precision,group,group_name,homogeneity,group_size,place,name,care_form,capacity\n\
         P-1,L,3511AB,Maastricht,AREA,G,Demo Groep,HETEROGENEOUS,2,A,=Demo Plek,LOGEREN,2\n",
    );
    let told = "line 2, column city: probably wrong: the postcode lies in a place of another name\n\
                1 rows: 1 new, 0 changed, 0 unchanged, 0 bad\n";
    assert!(said(&["import", "providers", "providers.csv"]).success);
    let dry = said(&["import", "places", "places.csv", "--dry-run"]);
    assert!(dry.success && dry.stdout == told && dry.stderr.contains("nothing was imported"), "{}", dry.stdout);
    assert_eq!(said(&["import", "places", "places.csv"]).stdout, told);
    let csv = said(&["export", "places", "--format", "csv"]);
    assert!(csv.success, "{}", csv.stderr);
    let line = csv.stdout.lines().find(|line| line.contains("'=Demo Plek")).unwrap();
    assert!(line.contains(",3511AB,Maastricht,"), "the kenniscentrum sees the address: {line}");
    let geojson = said(&["export", "places", "--format", "geojson", "--output", "places.geojson"]);
    assert!(geojson.success && geojson.stdout.is_empty(), "{}", geojson.stderr);
    let whole = fs::read_to_string(data_dir.path().join("places.geojson")).unwrap();
    let whole: serde_json::Value = serde_json::from_str(&whole).unwrap();
    assert_eq!(whole["features"].as_array().unwrap().len(), csv.stdout.lines().count() - 1);
    fails(program(data_dir.path()).args(["export", "places", "--format", "xml"]), &["csv", "geojson"]);
    fails(
        program(data_dir.path()).args(["export", "places", "--format", "csv", "--output", "places.geojson"]),
        &["cannot write places.geojson"],
    );
    assert!(said(&["audit", "verify"]).success);
}

#[test]
fn a_file_of_postcodes_is_imported() {
    let data_dir = demo();
    let said = |arguments: &[&str]| run(program(data_dir.path()).args(arguments));
    let head = "pc4,lon_cbs_centroid,lat_cbs_centroid,gm_code_2025,zk_code,inwoners\n";
    fs::write(
        data_dir.path().join("in.csv"),
        format!("{head}3511,5.12,52.09,GM0344,ZK23,5000\n3512,5,52,GM0344,ZK02,1\n"),
    )
    .unwrap();
    let told = "line 3, column zk_code: the gemeente does not lie in this zorgkantoorregio\n\
                2 rows: 0 new, 1 changed, 0 unchanged, 1 bad\n";
    for arguments in [&["import", "postcodes", "in.csv"][..], &["import", "postcodes", "in.csv", "--dry-run"]] {
        let refused = said(arguments);
        assert!(!refused.success);
        assert_eq!(refused.stdout, told);
        assert!(refused.stderr.contains("nothing was imported, since there are bad rows"), "{}", refused.stderr);
    }
    let taken = said(&["import", "postcodes", "in.csv", "--partial"]);
    assert!(taken.success, "{}", taken.stderr);
    assert_eq!(taken.stdout, told);
    let again = said(&["import", "postcodes", "in.csv", "--partial"]);
    assert!(again.stdout.ends_with("2 rows: 0 new, 0 changed, 1 unchanged, 1 bad\n"), "{}", again.stdout);
    let verified = said(&["audit", "verify"]);
    assert!(verified.success, "{}", verified.stdout);
    fails(program(data_dir.path()).args(["import", "postcodes", "nowhere.csv"]), &["cannot read nowhere.csv"]);
    for what in ["providers", "places", "postcodes", "availability"] {
        assert!(said(&["import", what, "--help"]).success);
    }
}
