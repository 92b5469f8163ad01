//! An attacker who knows everything but whether one family came, left or moved, and thinks it as likely as not. What becomes
//! certain is computed exactly, by adding up the probability of all noise that leads to what is seen. Of care forms they see
//! even the noisy counts, before any rounding.

use zorgkaart::care::demand::noise::{EPSILON_COUNTRY_FORMS, EPSILON_FAMILIES, EPSILON_REGION_FORMS, noise, shown};

use super::noise::pmf;

/// The most that is said of any event.
const MOST: f64 = 0.95;
const FORMS: f64 = 4.0;
/// Beyond this, noise has no weight: 0.4 * 90 = 36, e^-36 = 2e-16. What is seen stays far from it.
const ENDS: i64 = 90;

fn certainty(ratio: f64) -> f64 {
    if ratio.is_infinite() { 1.0 } else { ratio / (1.0 + ratio) }
}

/// How noise comes about over the quarters of a year.
#[derive(Clone, Copy)]
enum Design {
    /// Each quarter adds noise of its own.
    Steps,
    /// The noise of the first quarter stays.
    Kept,
    /// As `Kept`, with no noise beyond four.
    Bounded,
}

impl Design {
    fn weight(self, e: i64, epsilon: f64) -> f64 {
        if matches!(self, Self::Bounded) && e.abs() > 4 { 0.0 } else { pmf(e, epsilon) }
    }
}

/// The noise that is left after what was seen, with its weight.
type Noise = Vec<(i64, f64)>;

/// The weights of the noise after the next quarter shows `seen` of `count`.
fn after(design: Design, before: Option<&Noise>, count: i64, seen: u32, epsilon: f64) -> Noise {
    let fits = |noise: i64| shown(count + noise, 10) == seen;
    match (design, before) {
        (_, None) => (-ENDS..=ENDS).filter(|e| fits(*e)).map(|e| (e, design.weight(e, epsilon))).collect(),
        (Design::Steps, Some(before)) => {
            let weight = |noise: i64| before.iter().map(|(old, weight)| weight * pmf(noise - old, epsilon)).sum();
            (-ENDS..=ENDS).filter(|e| fits(*e)).map(|e| (e, weight(e))).collect()
        }
        (_, Some(before)) => before.iter().copied().filter(|(noise, _)| fits(*noise)).collect(),
    }
}

/// The largest likelihood ratio, either way, of two courses of an area's families over the quarters of a year, over everything
/// that may be seen: from 10 to 10 + 5 * `bins`.
fn worst(design: Design, one: &[i64], other: &[i64], bins: u32, epsilon: f64) -> (f64, f64) {
    fn walk(
        design: Design,
        left: (&[i64], &[i64]),
        before: Option<(&Noise, &Noise)>,
        (bins, epsilon): (u32, f64),
    ) -> (f64, f64) {
        let (Some((a, rest_a)), Some((b, rest_b))) = (left.0.split_first(), left.1.split_first()) else {
            let (a, b) = before.unwrap();
            // The sum of nothing is -0, which would turn a ratio round.
            let sum = |noise: &Noise| noise.iter().map(|(_, weight)| weight).sum::<f64>() + 0.0;
            let (a, b) = (sum(a), sum(b));
            // What cannot be seen says nothing.
            return if a + b < 1e-30 { (1.0, 1.0) } else { (a / b, b / a) };
        };
        (0..=bins).map(|bin| 10 + 5 * bin).fold((1.0, 1.0), |(up, down), seen| {
            let a = after(design, before.map(|b| b.0), *a, seen, epsilon);
            let b = after(design, before.map(|b| b.1), *b, seen, epsilon);
            let (more, less) = walk(design, (rest_a, rest_b), Some((&a, &b)), (bins, epsilon));
            (f64::max(up, more), f64::max(down, less))
        })
    }
    walk(design, (one, other), None, (bins, epsilon))
}

/// The families of an area in four quarters: one comes before the quarter `at`, or never.
fn course(start: i64, at: usize) -> Vec<i64> {
    (0..4).map(|quarter| start + i64::from(quarter >= at)).collect()
}

/// Ratios of an arrival and of a departure, through the four quarters of its year and the first of the next, before the quarter `at`.
fn through_two_years(design: Design, start: i64, at: usize, epsilon: f64) -> (f64, f64) {
    let (came, not) = worst(design, &course(start, at), &course(start, 4), 5, epsilon);
    let (next_came, next_not) = worst(Design::Steps, &[start + 1], &[start], 8, epsilon);
    (came * next_came, not * next_not)
}

/// Ratio of what is said of care forms in one region or in the country: one more or one fewer in each, seen bare.
fn forms(epsilon: f64, at: usize) -> f64 {
    // Before the first quarter the event is in the count of its own year too.
    let years = if at == 0 { 2.0 } else { 1.0 };
    let seen: f64 = (-ENDS..=ENDS).map(|e| pmf(e - 1, epsilon) / pmf(e, epsilon)).fold(1.0, f64::max);
    seen.powf(FORMS * years)
}

struct Epsilons {
    families: f64,
    region: f64,
    country: f64,
}

/// The most certainty of an arrival or a departure, and of a move, over counts, quarters and what may be seen.
fn most(design: Design, by: &Epsilons) -> (f64, f64) {
    let (mut alone, mut moved) = (0.0_f64, 0.0_f64);
    for at in 0..4 {
        let ratios: Vec<(f64, f64)> =
            [9, 13, 21].into_iter().map(|start| through_two_years(design, start, at, by.families)).collect();
        let came = ratios.iter().fold(1.0, |most, (came, _)| f64::max(most, *came));
        let left = ratios.iter().fold(1.0, |most, (_, left)| f64::max(most, *left));
        let (region, country) = (forms(by.region, at), forms(by.country, at));
        for ratio in [came, left] {
            alone = alone.max(certainty(ratio * region * country));
        }
        // One area and region lose it, another gains it; that it stayed is as good to know.
        for ratio in [came * left, came * came, left * left] {
            moved = moved.max(certainty(ratio * region * region));
        }
    }
    (alone, moved)
}

const OURS: Epsilons =
    Epsilons { families: EPSILON_FAMILIES, region: EPSILON_REGION_FORMS, country: EPSILON_COUNTRY_FORMS };

#[test]
fn nobody_becomes_certain_that_a_family_came_left_or_moved() {
    let (alone, moved) = most(Design::Steps, &OURS);
    assert!(alone < MOST && moved < MOST, "{alone} {moved}");
    // The budget is used: the attack is no straw man.
    assert!(alone > 0.90 && moved > 0.90, "{alone} {moved}");
}

#[test]
fn the_budget_as_it_is_written_down() {
    let arrival = 2.0 * EPSILON_FAMILIES + 2.0 * FORMS * (EPSILON_REGION_FORMS + EPSILON_COUNTRY_FORMS);
    let moved = 4.0 * EPSILON_FAMILIES + 4.0 * FORMS * EPSILON_REGION_FORMS;
    assert!((arrival - 2.88).abs() < 1e-9 && (moved - 2.88).abs() < 1e-9);
    assert!(certainty(f64::max(arrival, moved).exp()) < MOST);
}

#[test]
fn a_larger_epsilon_would_give_it_away() {
    // Right for an event in the middle of a year; just before a first publication it is counted twice.
    let (alone, moved) = most(Design::Steps, &Epsilons { families: 0.4, region: 0.15, country: 0.15 });
    assert!(alone > MOST && moved > MOST, "{alone} {moved}");
}

#[test]
fn noise_that_stays_for_the_year_would_give_it_away() {
    let (alone, moved) = most(Design::Kept, &OURS);
    assert!(alone > 0.9999 && moved > 0.9999, "{alone} {moved}");
}

#[test]
fn noise_with_ends_would_give_it_away() {
    let (came, _) = worst(Design::Bounded, &[19], &[18], 8, EPSILON_FAMILIES);
    assert!(certainty(came) > 0.9999);
    let (came, _) = worst(Design::Steps, &[19], &[18], 8, EPSILON_FAMILIES);
    assert!(certainty(came) < 0.6);
}

/// Noise of a cell of care forms that depends on its families alone, not on the year: as long as nobody comes or leaves it is
/// the same, so another answer is somebody.
#[test]
fn the_same_key_every_year_would_give_it_away() {
    let answers = |came: bool, salts: [u64; 2]| {
        let sum = |year: usize| 0x1234_5678_u64 + if came && year == 1 { 0x9abc_def0 } else { 0 };
        [0, 1].map(|year| noise(mix(sum(year) ^ salts[year]), EPSILON_REGION_FORMS) + 30 + i64::from(came && year == 1))
    };
    let differ = |came: bool, salts: &dyn Fn(u64) -> [u64; 2]| {
        let differ = (0..2000).filter(|seed| {
            let [first, second] = answers(came, salts(*seed));
            first != second
        });
        f64::from(u32::try_from(differ.count()).unwrap()) / 2000.0
    };
    // One salt: a difference is never seen unless somebody came, and then nearly always.
    let one_salt = |seed: u64| [mix(seed), mix(seed)];
    assert!(differ(false, &one_salt) < 1e-9);
    assert!(differ(true, &one_salt) > 0.9);
    // A salt per year: a difference says next to nothing.
    let ours = |seed: u64| [mix(seed), mix(seed + 1_000_000)];
    assert!((differ(true, &ours) / differ(false, &ours) - 1.0).abs() < 0.1);
}

/// Any good hash (splitmix64).
fn mix(key: u64) -> u64 {
    let key = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let key = (key ^ key >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let key = (key ^ key >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    key ^ key >> 31
}
