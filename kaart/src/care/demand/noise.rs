//! Noise on counts: two-sided geometric (Ghosh, Roughgarden and Sundararajan, "Universally utility-maximizing privacy
//! mechanisms", 2009), P(e) = (1 - a) / (1 + a) * a^|e| with a = exp(-epsilon). What is shown of a count and of that count plus
//! one differs in likelihood by at most exp(epsilon). It has no ends: bounded noise gives certainty where it ends.
//!
//! # The budget
//!
//! Somebody who knows everything but whether one family came, left or moved, and thinks it as likely as not, must not become 95%
//! certain from the publications of that year and the next: the likelihood ratio stays under 19 = exp(2.944). The worst moment is just before the first
//! publication of a year: the family is in two first counts of families (with a later moment one of them is a step), and in two
//! yearly counts of each of at most 4 care forms.
//!
//! - It comes or leaves: 2 [`EPSILON_FAMILIES`] + 2 * 4 ([`EPSILON_REGION_FORMS`] + [`EPSILON_COUNTRY_FORMS`])
//!   = 0.8 + 0.64 + 1.44 = 2.88.
//! - It moves to another region: 2 * 2 [`EPSILON_FAMILIES`] + 2 * 2 * 4 [`EPSILON_REGION_FORMS`] = 1.6 + 1.28 = 2.88. Those of the
//!   country do not change; where one of the two regions is suppressed, it is as if the family came or left.

/// The fewest families of an area when it is made, whatever is configured.
pub const LEAST_K: u32 = 10;
/// Counts are rounded to multiples of this.
pub const ROUNDING: u32 = 5;
/// Of the noise on the families of an area.
pub const EPSILON_FAMILIES: f64 = 0.4;
/// Of the noise on the families of a region that seek a care form.
pub const EPSILON_REGION_FORMS: f64 = 0.08;
/// Of the noise on the families of the country that seek a care form.
pub const EPSILON_COUNTRY_FORMS: f64 = 0.18;

/// The noise of a key: the inverse of the distribution function at the key. The lowest bit is the sign, the others are evenly
/// distributed over (0, 1]. Only sums and products decide, so it is the same on every machine. `epsilon` is positive.
pub fn noise(key: u64, epsilon: f64) -> i64 {
    let magnitude = tail(epsilon).take_while(|tail| position(key >> 1) <= *tail).fold(0, |magnitude, _| magnitude + 1);
    if key & 1 == 0 { magnitude } else { -magnitude }
}

/// The noise that is exceeded, to either side, in at most one of ten cases.
pub(super) fn reach(epsilon: f64) -> u32 {
    tail(epsilon).take_while(|tail| *tail > 0.1).fold(0, |reach, _| reach + 1)
}

/// P(|e| >= 1), P(|e| >= 2) and so on: 2 a^m / (1 + a).
fn tail(epsilon: f64) -> impl Iterator<Item = f64> {
    let a = (-epsilon).exp();
    std::iter::successors(Some(2.0 * a / (1.0 + a)), move |tail| Some(tail * a))
}

/// A number of 63 bits as one in (0, 1].
fn position(bits: u64) -> f64 {
    let [high, low] = [bits >> 32, bits & 0xffff_ffff].map(|half| f64::from(u32::try_from(half).unwrap_or(u32::MAX)));
    (high * 2.0_f64.powi(32) + low + 1.0) / 2.0_f64.powi(63)
}

/// What is shown of a noisy count: the nearest multiple of [`ROUNDING`], and never less than k rounded up to one.
pub fn shown(noisy: i64, k: u32) -> u32 {
    let step = i64::from(ROUNDING);
    let rounded = (noisy + step / 2).div_euclid(step) * step;
    u32::try_from(rounded).unwrap_or_default().max(k.next_multiple_of(ROUNDING))
}
