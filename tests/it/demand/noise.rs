//! The noise is distributed as its formula says.

use proptest::prelude::*;
use zorgkaart::care::demand::noise::{EPSILON_COUNTRY_FORMS, EPSILON_FAMILIES, EPSILON_REGION_FORMS, noise, shown};

/// P(e) by the paper's formula.
pub(super) fn pmf(e: i64, epsilon: f64) -> f64 {
    let a = (-epsilon).exp();
    (1.0 - a) / (1.0 + a) * a.powi(i32::try_from(e.abs()).unwrap())
}

#[test]
fn evenly_spaced_keys_fill_the_distribution_to_within_one() {
    const KEYS: u64 = 200_000;
    for epsilon in [EPSILON_FAMILIES, EPSILON_REGION_FORMS, EPSILON_COUNTRY_FORMS] {
        let mut found = std::collections::BTreeMap::new();
        for at in 0..KEYS {
            let high = ((1_u64 << 63) / KEYS) * at;
            for sign in [0, 1] {
                *found.entry(noise(high << 1 | sign, epsilon)).or_insert(0_u32) += 1;
            }
        }
        for e in -200..=200 {
            let expected = 2.0 * 200_000.0 * pmf(e, epsilon);
            // Of 0 both signs add up.
            let off = (f64::from(found.get(&e).copied().unwrap_or_default()) - expected).abs();
            assert!(off <= 2.0, "{e} of {epsilon}: off by {off}");
        }
    }
}

#[test]
fn random_keys_pass_chi_square() {
    use rand::RngCore;
    let mut chance = super::chance(1);
    let (number, epsilon, ends) = (100_000_u32, EPSILON_FAMILIES, 12);
    let mut found = [0_u32; 25];
    for _ in 0..number {
        found[usize::try_from(noise(chance.next_u64(), epsilon).clamp(-ends, ends) + ends).unwrap()] += 1;
    }
    let chi: f64 = (-ends..=ends)
        .map(|e| {
            let a = (-epsilon).exp();
            let beyond = if e.abs() == ends { pmf(e, epsilon) * a / (1.0 - a) } else { 0.0 };
            let expected = f64::from(number) * (pmf(e, epsilon) + beyond);
            let count = f64::from(found[usize::try_from(e + ends).unwrap()]);
            (count - expected).powi(2) / expected
        })
        .sum();
    // 24 degrees of freedom: 51.2 is exceeded in one of a thousand cases.
    assert!(chi < 51.2, "{chi}");
}

#[test]
fn noise_has_no_near_end() {
    assert!(noise(0, EPSILON_FAMILIES) > 100);
    assert!(noise(1, EPSILON_FAMILIES) < -100);
    assert_eq!(noise(u64::MAX, EPSILON_FAMILIES), 0);
    assert_eq!(noise(u64::MAX - 1, EPSILON_FAMILIES), 0);
}

proptest! {
    #[test]
    fn what_is_shown_is_a_multiple_near_the_noisy_count_and_never_under_k(noisy in -500_i64..500, k in 10_u32..40) {
        let shown = i64::from(shown(noisy, k));
        let least = i64::from(k.div_ceil(5) * 5);
        prop_assert_eq!(shown % 5, 0);
        prop_assert!(shown >= least);
        prop_assert!(shown == least || (shown - noisy).abs() <= 2);
        prop_assert!(shown == least || noisy > least);
    }
}
