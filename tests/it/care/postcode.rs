//! Postcodes as people type them.

use proptest::prelude::*;
use zorgkaart::care::postcode::{AddressPostcode, MalformedPostcode, Pc4};

/// What a postcode is, character by character.
fn naive(text: &str) -> Option<u16> {
    let characters: Vec<char> = text.trim().chars().collect();
    let digits = characters.get(..4)?;
    if !digits.iter().all(char::is_ascii_digit) || digits[0] == '0' {
        return None;
    }
    let letters: Vec<char> = match &characters[4..] {
        [' ', letters @ ..] if !letters.is_empty() => letters.to_vec(),
        letters => letters.to_vec(),
    };
    let right = letters.is_empty() || (letters.len() == 2 && letters.iter().all(char::is_ascii_alphabetic));
    right.then(|| digits.iter().collect::<String>().parse().unwrap())
}

proptest! {
    #[test]
    fn postcodes_are_read(number in 1000..=9999_u16, letters in "( ?[A-Za-z]{2})?", before in " {0,2}", after in " {0,2}") {
        let typed = format!("{before}{number}{letters}{after}");
        let (read, of_address): (Pc4, AddressPostcode) = (typed.parse().unwrap(), typed.parse().unwrap());
        prop_assert_eq!(read.number(), number);
        prop_assert_eq!(read.to_string(), number.to_string());
        // In one way, whatever was typed.
        prop_assert_eq!(&*of_address.text(), typed.replace(' ', "").to_uppercase());
        prop_assert_eq!((of_address.pc4(), of_address == read.into()), (read, letters.is_empty()));
        let json = serde_json::to_value(of_address).unwrap();
        prop_assert_eq!(&json, &*of_address.text());
        prop_assert_eq!(serde_json::from_value::<AddressPostcode>(json).unwrap(), of_address);
    }

    #[test]
    fn what_is_almost_a_postcode_is_read_as_the_model_does(text in "[ \t]?[0-9०٣３A]{3,5}[ \u{a0}]{0,2}[A-Za-z0-9éß]{0,3}") {
        prop_assert_eq!(text.parse::<Pc4>().ok().map(Pc4::number), naive(&text), "{:?}", text);
    }

    #[test]
    fn no_text_is_too_strange(text in any::<String>()) {
        prop_assert_eq!(text.parse::<Pc4>().ok().map(Pc4::number), naive(&text), "{:?}", text);
    }
}

#[test]
fn malformed_postcodes_are_refused() {
    for text in [
        "",
        "351",
        "35111",
        "0999",
        "0000",
        "3511A",
        "3511ABC",
        "3511  AB",
        "3511-AB",
        "3511 A",
        "3511 12",
        "3511A B",
        "AB3511",
        "+351",
        "-3511",
        "3 511",
        "35,1",
        "３５１１",
        "٣٥١١",
        "3511 ÄB",
        "351é",
        "\u{0}3511",
        "3511AB;",
    ] {
        assert_eq!(text.parse::<Pc4>(), Err(MalformedPostcode), "{text:?}");
    }
}

#[test]
fn the_ends_of_the_range_are_postcodes() {
    assert_eq!("1000".parse::<Pc4>().unwrap().number(), 1000);
    assert_eq!("9999 zz".parse::<Pc4>().unwrap().number(), 9999);
}
