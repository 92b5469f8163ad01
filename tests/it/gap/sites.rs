//! Suggested sites: against exhaustive search on small cases, and against the guarantee and the bound of the method on large
//! ones.

use std::{f64::consts::E, ops::ControlFlow};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use zorgkaart::{
    care::gap::sites::{MOST_SITES, Objective, Proof, SitesError, SitesProblem, Suggestion, Unmet, mean_km, suggest},
    geo::{
        Point,
        distance::{Ecef, surface_km},
    },
};

/// What is equal but for rounding, relative.
const ROUNDING: f64 = 1e-9;

fn at(lat: f64, lng: f64) -> Ecef {
    Point::new(lat, lng).unwrap().into()
}

fn found(problem: &SitesProblem) -> Suggestion {
    suggest(problem, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= ROUNDING * a.abs().max(b.abs()).max(1e-3)
}

/// A case and what owns it.
struct Case {
    unmet: Vec<Unmet>,
    candidates: Vec<Ecef>,
    objective: Objective,
    sites: usize,
}

impl Case {
    /// Families and candidates within some tens of km, in which capacities and ways matter.
    fn random(seed: u64, unmet: usize, candidates: usize, sites: usize, median: bool) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut point = || at(chance.random_range(51.9..52.5_f64), chance.random_range(5.0..6.0_f64));
        let places: Vec<Ecef> = (0..unmet + candidates).map(|_| point()).collect();
        let (homes, candidates) = places.split_at(unmet);
        // In every fourth case there is no place yet.
        let is_bare = seed.is_multiple_of(4);
        let unmet: Vec<Unmet> = homes
            .iter()
            .map(|at| Unmet {
                at: *at,
                families: f64::from(chance.random_range(0..5_u8)) * chance.random_range(0.1..3.0_f64),
                nearest_km: (!is_bare).then(|| chance.random_range(0.0..60.0_f64)),
            })
            .collect();
        let families: f64 = unmet.iter().map(|one| one.families).sum();
        // From sites that are soon full to sites that never are.
        let capacity = families * chance.random_range(0.05..0.6_f64);
        let km = chance.random_range(5.0..30.0_f64);
        let objective = if median { Objective::Median } else { Objective::Covering { km, capacity } };
        Self { unmet, candidates: candidates.to_vec(), objective, sites }
    }

    fn problem(&self) -> SitesProblem<'_> {
        SitesProblem { unmet: &self.unmet, candidates: &self.candidates, objective: self.objective, sites: self.sites }
    }

    fn km(&self, demand: usize, candidate: usize) -> f64 {
        surface_km(self.unmet[demand].at.chord_squared(self.candidates[candidate]))
    }

    /// What sites give, by another way than ours.
    fn value(&self, sites: &[usize]) -> f64 {
        match self.objective {
            Objective::Covering { km, capacity } => self.least_cut(sites, km, capacity),
            Objective::Median => self.saved(sites),
        }
    }

    /// The least cut: whichever of the sites are the bottleneck, the others serve at most all in their reach (Hall, 1935).
    fn least_cut(&self, sites: &[usize], km: f64, capacity: f64) -> f64 {
        let reached_by = |demand: usize| {
            sites
                .iter()
                .enumerate()
                .filter(|(_, site)| self.km(demand, **site) <= km)
                .fold(0, |bits, (at, _)| bits | 1 << at)
        };
        let reached: Vec<(u32, f64)> =
            (0..self.unmet.len()).map(|at| (reached_by(at), self.unmet[at].families)).collect();
        let cut = |others: u32| {
            let full = u32::try_from(sites.len()).unwrap() - others.count_ones();
            let around: f64 = reached.iter().filter(|(by, _)| by & others != 0).map(|(_, families)| families).sum();
            f64::from(full) * capacity + around
        };
        (0..1 << sites.len()).map(cut).fold(f64::INFINITY, f64::min)
    }

    fn saved(&self, sites: &[usize]) -> f64 {
        let all = 0..self.candidates.len();
        let ways =
            (0..self.unmet.len()).flat_map(|demand| all.clone().map(move |candidate| self.km(demand, candidate)));
        let farthest = ways.fold(0.0, f64::max);
        let saved = |(demand, one): (usize, &Unmet)| {
            let before = one.nearest_km.unwrap_or(farthest);
            let after = sites.iter().map(|site| self.km(demand, *site)).fold(before, f64::min);
            one.families * (before - after)
        };
        self.unmet.iter().enumerate().map(saved).sum()
    }

    /// The best of all sets of so many sites, from a candidate on.
    fn best(&self, taken: &mut Vec<usize>, from: usize) -> f64 {
        let mut best = self.value(taken);
        if taken.len() < self.sites {
            for candidate in from..self.candidates.len() {
                taken.push(candidate);
                best = best.max(self.best(taken, candidate + 1));
                taken.pop();
            }
        }
        best
    }

    /// Greedy as in a textbook.
    fn greedy(&self) -> f64 {
        let mut taken: Vec<usize> = Vec::new();
        for _ in 0..self.sites {
            let value = |candidate: usize| self.value(&[taken.as_slice(), &[candidate]].concat());
            let free = (0..self.candidates.len()).filter(|candidate| !taken.contains(candidate));
            let next = free.max_by(|a, b| value(*a).total_cmp(&value(*b)).then(b.cmp(a)));
            taken.extend(next);
        }
        self.value(&taken)
    }

    /// What must hold of any answer.
    fn check(&self, answer: &Suggestion) {
        let sites: Vec<usize> = answer.sites.iter().map(|site| site.candidate).collect();
        let mut distinct = sites.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert!(distinct.len() == sites.len() && sites.len() <= self.sites, "{sites:?}");
        for count in 0..=sites.len() {
            let gains: f64 = answer.sites[..count].iter().map(|site| site.gain).sum();
            let value = self.value(&sites[..count]);
            assert!(close(gains, value), "{gains}, not {value}, after {count} of {sites:?}");
        }
        assert!(close(answer.value, self.value(&sites)));
        assert!(
            answer.sites.windows(2).all(|pair| pair[1].gain <= pair[0].gain * (1.0 + ROUNDING)),
            "{:?}",
            answer.sites
        );
        if let Proof::Within { bound, gap } = answer.proof {
            assert!(answer.value <= bound && close(answer.value, (1.0 - gap) * bound));
            assert!(gap <= 1.0 / E, "the guarantee of greedy holds against its own bound: {gap}");
        }
    }
}

fn are_the_best_of_all(median: bool) {
    let mut partly = 0;
    for seed in 0..200 {
        let small = |most: u64, salt: u64| usize::try_from((seed * 7 + salt) % most).unwrap();
        let case = Case::random(seed, 3 + small(12, 1), 1 + small(10, 2), small(5, 3), median);
        let answer = found(&case.problem());
        case.check(&answer);
        assert_eq!(answer.proof, Proof::Optimal, "case {seed}");
        let best = case.best(&mut Vec::new(), 0);
        assert!(close(answer.value, best), "case {seed}: {}, not {best}", answer.value);
        partly += usize::from(best < 0.999 * case.value(&(0..case.candidates.len()).collect::<Vec<_>>()));
    }
    assert!(partly > 60, "in most cases all sites would be no better: {partly}");
}

#[test]
fn sites_that_cover_are_the_best_of_all_in_200_small_cases() {
    are_the_best_of_all(false);
}

#[test]
fn sites_that_are_near_are_the_best_of_all_in_200_small_cases() {
    are_the_best_of_all(true);
}

/// A network of as many sites as the least cut can be counted for.
#[test]
fn families_are_divided_among_sites_as_well_as_can_be() {
    for seed in 0..40 {
        let case = Case::random(seed, 60, 12, 12, false);
        let answer = found(&case.problem());
        case.check(&answer);
        assert!(close(answer.value, case.value(&(0..12).collect::<Vec<_>>())), "case {seed}");
    }
}

#[test]
fn large_cases_are_no_worse_than_greedy_and_no_better_than_their_bound() {
    for (seed, median) in [(1, true), (2, true), (4, true), (5, false), (6, false), (7, false)] {
        let case = Case::random(seed, 90, 40, 6, median);
        let answer = found(&case.problem());
        case.check(&answer);
        let greedy = case.greedy();
        assert!(answer.value >= greedy * (1.0 - ROUNDING), "case {seed}: {} after {greedy}", answer.value);
        let bound = if let Proof::Within { bound, .. } = answer.proof { bound } else { answer.value };
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        for _ in 0..200 {
            let sites = rand::seq::index::sample(&mut chance, 40, 6).into_vec();
            assert!(case.value(&sites) <= bound * (1.0 + ROUNDING), "case {seed}: {sites:?} are better than {bound}");
        }
    }
    for (seed, median) in [(11, true), (13, false)] {
        let case = Case::random(seed, 300, 120, MOST_SITES, median);
        let answer = found(&case.problem());
        let sites: Vec<usize> = answer.sites.iter().map(|site| site.candidate).collect();
        assert!(median || sites.len() <= MOST_SITES);
        if let Proof::Within { bound, gap } = answer.proof {
            assert!(gap <= 1.0 / E && answer.value <= bound);
        }
    }
}

/// Towns too far apart to share sites, each with one candidate in its middle among worse ones: the optimum is known.
#[test]
fn an_optimum_that_was_planted_is_never_beaten_and_never_ruled_out() {
    let mut chance = ChaCha8Rng::seed_from_u64(3);
    let (mut unmet, mut candidates) = (Vec::new(), Vec::new());
    for town in 0..12_u8 {
        let (lat, lng) = (50.5 + f64::from(town / 4), 3.5 + f64::from(town % 4));
        for _ in 0..20 {
            let home = at(lat + chance.random_range(-0.05..0.05), lng + chance.random_range(-0.05..0.05));
            unmet.push(Unmet { at: home, families: 1.0, nearest_km: Some(50.0) });
        }
        candidates.extend((0..5_u8).map(|off| at(lat + 0.04 * f64::from(off), lng)));
    }
    let objective = Objective::Covering { km: 8.0, capacity: 25.0 };
    let answer = found(&SitesProblem { unmet: &unmet, candidates: &candidates, objective, sites: 12 });
    assert!(close(answer.value, 240.0) && answer.proof == Proof::Optimal, "{answer:?}");
    let middles: Vec<usize> = answer.sites.iter().map(|site| site.candidate).collect();
    assert_eq!(
        middles,
        (0..12).map(|town| town * 5).collect::<Vec<_>>(),
        "all serve 20, and equals come in their order"
    );
}

#[test]
fn the_mean_way_is_shorter_by_what_is_saved() {
    let case = Case::random(1, 40, 12, 3, true);
    let problem = case.problem();
    let answer = found(&problem);
    let families: f64 = case.unmet.iter().map(|one| one.families).sum();
    let sites: Vec<usize> = answer.sites.iter().map(|site| site.candidate).collect();
    let (before, after) = (mean_km(&problem, &[]).unwrap(), mean_km(&problem, &sites).unwrap());
    assert!(close(before - after, answer.value / families), "{before}, {after}");
    let bare = Case::random(4, 40, 12, 3, true);
    assert_eq!(mean_km(&bare.problem(), &[]), None);
    assert!(mean_km(&bare.problem(), &[0]).is_some());
    assert_eq!(mean_km(&SitesProblem { unmet: &[], ..problem }, &[0]), None);
}

#[test]
fn of_equal_candidates_the_first_is_taken() {
    let unmet = [Unmet { at: at(52.0, 5.0), families: 3.0, nearest_km: Some(40.0) }];
    let candidates = [at(52.3, 5.0), at(52.1, 5.0), at(52.1, 5.0), at(52.1, 5.0)];
    for objective in [Objective::Covering { km: 20.0, capacity: 2.0 }, Objective::Median] {
        let answer = found(&SitesProblem { unmet: &unmet, candidates: &candidates, objective, sites: 1 });
        assert_eq!((answer.sites[0].candidate, answer.proof), (1, Proof::Optimal));
        // A position that comes twice can be taken twice, when one site is full. More would add nothing.
        let answer = found(&SitesProblem { unmet: &unmet, candidates: &candidates, objective, sites: 4 });
        let sites: Vec<usize> = answer.sites.iter().map(|site| site.candidate).collect();
        assert_eq!(sites, if objective == Objective::Median { vec![1] } else { vec![1, 2] });
        assert_eq!(answer.proof, Proof::Optimal);
    }
}

#[test]
fn nothing_to_gain_is_an_answer_too() {
    let case = Case::random(1, 20, 8, 3, true);
    for objective in [Objective::Covering { km: 20.0, capacity: 5.0 }, Objective::Median] {
        let problem = SitesProblem { objective, ..case.problem() };
        let none = Suggestion { sites: Vec::new(), value: 0.0, proof: Proof::Optimal };
        assert_eq!(found(&SitesProblem { unmet: &[], ..problem }), none);
        assert_eq!(found(&SitesProblem { candidates: &[], ..problem }), none);
        assert_eq!(found(&SitesProblem { sites: 0, ..problem }), none);
    }
    let full = Objective::Covering { km: 20.0, capacity: 0.0 };
    assert_eq!(found(&SitesProblem { objective: full, ..case.problem() }).value.to_bits(), 0.0_f64.to_bits());
    let many = SitesProblem { sites: MOST_SITES + 1, ..case.problem() };
    assert_eq!(suggest(&many, &mut |_| ControlFlow::Continue(())), Err(SitesError::TooMany));
}

#[test]
fn whoever_watches_sees_how_far_it_is_and_can_stop_it() {
    for median in [false, true] {
        let case = Case::random(9, 60, 25, 6, median);
        let mut told = Vec::new();
        let whole = suggest(&case.problem(), &mut |done| {
            told.push(done);
            ControlFlow::Continue(())
        });
        assert!(told.is_sorted() && told.len() > 6, "{told:?}");
        assert!(told[0] >= 0.0 && close(told[told.len() - 1], 1.0));
        assert_eq!(suggest(&case.problem(), &mut |_| ControlFlow::Continue(())), whole, "twice the same");
        for stop in [0, 3, told.len() / 2, told.len() - 1] {
            let mut calls = 0;
            let stopped = suggest(&case.problem(), &mut |_| {
                calls += 1;
                if calls > stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            assert_eq!((stopped, calls), (Err(SitesError::Stopped), stop + 1), "no work after a stop");
        }
    }
}
