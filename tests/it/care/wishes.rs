//! How far a place meets wishes.

use proptest::{prelude::*, sample::select};
use zorgkaart::care::{
    place::{Claim, Place, Voices},
    vocabulary::{CareForm, ClaimSource, ClaimStatus},
    wishes::{Wish, score},
};

use super::{blank_place, instant};

const CODES: [&str; 4] = ["1.a", "3.b", "3.c", "8"];

fn claim(code: &str, source: ClaimSource, status: ClaimStatus) -> Claim {
    Claim {
        code: code.into(),
        source,
        status,
        explanation: None,
        assessed_at: instant("2026-11-01T12:00:00Z"),
        voices: Voices::default(),
    }
}

fn place(claims: Vec<Claim>) -> Place {
    Place { claims, ..blank_place(1, CareForm::Logeren) }
}

fn wish(code: &str, weight: u8) -> Wish {
    Wish { code: code.into(), weight }
}

/// Claims, at most one of each source for each code.
fn claims() -> impl Strategy<Value = Vec<Claim>> {
    let all: Vec<(&str, ClaimSource)> =
        CODES.iter().flat_map(|code| ClaimSource::ALL.iter().map(move |source| (*code, *source))).collect();
    let some = prop::sample::subsequence(all.clone(), 0..=all.len());
    (some, prop::collection::vec(select(ClaimStatus::ALL.to_vec()), all.len())).prop_map(|(some, statuses)| {
        some.into_iter().zip(statuses).map(|((code, source), status)| claim(code, source, status)).collect()
    })
}

/// What counts of a code: the kenniscentrum's word, else the provider's; parents' are shown, not counted.
fn word(claims: &[Claim], code: &str) -> ClaimStatus {
    let mut word = ClaimStatus::Unknown;
    for claim in claims.iter().filter(|claim| claim.code == code && claim.source == ClaimSource::Provider) {
        word = claim.status;
    }
    for claim in claims.iter().filter(|claim| claim.code == code && claim.source == ClaimSource::Kenniscentrum) {
        word = claim.status;
    }
    word
}

proptest! {
    #[test]
    fn the_score_is_the_share_of_the_weight_that_is_met(
        claims in claims(),
        wishes in prop::collection::vec((select(CODES.to_vec()), 1..=3_u8), 0..6),
    ) {
        let wishes: Vec<Wish> = wishes.into_iter().map(|(code, weight)| wish(code, weight)).collect();
        let (mut halves, mut most) = (0_u32, 0_u32);
        for wish in &wishes {
            most += 2 * u32::from(wish.weight);
            halves += u32::from(wish.weight) * match word(&claims, &wish.code) {
                ClaimStatus::Met => 2,
                ClaimStatus::PartlyMet => 1,
                ClaimStatus::NotMet | ClaimStatus::Unknown => 0,
            };
        }
        let expected = (most > 0).then(|| f64::from(halves) / f64::from(most));
        prop_assert_eq!(score(&place(claims.clone()), &wishes), expected);
        for code in CODES {
            prop_assert_eq!(place(claims.clone()).claimed(code), word(&claims, code));
        }
    }
}

#[test]
fn met_counts_one_and_partly_met_a_half() {
    use ClaimSource::{Kenniscentrum, Parents, Provider};
    use ClaimStatus::{Met, NotMet, PartlyMet, Unknown};
    let place = place(vec![
        claim("1.a", Provider, Met),
        claim("3.b", Provider, PartlyMet),
        claim("3.c", Provider, Met),
        claim("3.c", Kenniscentrum, NotMet),
        claim("4.a", Provider, Met),
        claim("4.a", Kenniscentrum, Unknown),
        claim("8", Parents, Met),
    ]);
    for (wishes, expected) in [
        (vec![], None),
        (vec![wish("1.a", 1)], Some(1.0)),
        (vec![wish("3.b", 3)], Some(0.5)),
        (vec![wish("3.c", 2)], Some(0.0)),
        (vec![wish("4.a", 2)], Some(0.0)),
        (vec![wish("8", 1)], Some(0.0)),
        (vec![wish("7.a", 1)], Some(0.0)),
        (vec![wish("1.a", 3), wish("7.a", 1)], Some(0.75)),
        (vec![wish("1.a", 1), wish("3.b", 2), wish("7.a", 1)], Some(0.5)),
    ] {
        assert_eq!(score(&place, &wishes), expected, "{wishes:?}");
    }
}
