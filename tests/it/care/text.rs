//! Text that is compared as people type it.

use proptest::prelude::*;
use zorgkaart::care::text::folded;

#[test]
fn case_and_accents_do_not_count() {
    for (typed, expected) in [
        ("Thús", "thus"),
        ("thus", "thus"),
        // The accent as a letter of its own.
        ("Thu\u{301}s", "thus"),
        ("CAFÉ ÏJSSEL", "cafe ijssel"),
        ("Ångström", "angstrom"),
        ("Súdwest-Fryslân", "sudwest-fryslan"),
        ("İstanbul", "istanbul"),
        ("", ""),
        ("  3511 ab ", "  3511 ab "),
    ] {
        assert_eq!(folded(typed), expected, "{typed}");
    }
}

proptest! {
    #[test]
    fn folding_again_changes_nothing(text in any::<String>()) {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once);
    }

    #[test]
    fn latin_text_is_found_in_capitals(text in "[a-zA-Zà-öø-ÿ0-9 .-]{0,30}") {
        let capitals: String = text.chars().filter(|c| *c != 'ß').flat_map(char::to_uppercase).collect();
        prop_assert_eq!(folded(&capitals), folded(&text.replace('ß', "")));
    }

    #[test]
    fn parts_fold_to_parts(before in "[a-zé ]{0,8}", middle in "[A-ZË]{1,8}", after in "[a-zü ]{0,8}") {
        let whole = format!("{before}{middle}{after}");
        prop_assert!(folded(&whole).contains(&folded(&middle)));
    }
}
