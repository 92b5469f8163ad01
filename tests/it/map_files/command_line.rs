//! The same by the command line.

use std::fs;

use crate::{
    command_line::{demo, fails, run},
    support::program::program,
};

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
    for what in ["postcodes", "availability"] {
        assert!(said(&["import", what, "--help"]).success);
    }
}
