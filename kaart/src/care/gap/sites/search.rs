//! Greedy, interchange, and branch and bound, for any objective that is monotone and submodular.

use std::ops::ControlFlow;

use super::{Model, ROUNDING, Site, SitesError, State};

/// How often interchange goes round the sites. It has mostly ended long before.
const MOST_ROUNDS: u32 = 12;
/// How many pairs of demand and candidate branch and bound may look at, again and again. Whatever ends within them is a small
/// case: a dozen candidates, or some thousands of which a good bound leaves few.
const MOST_PAIRS: usize = 100_000_000;

/// The best sites so far, what they give, and what the optimum can be at most.
pub(super) struct Best {
    pub(super) sites: Vec<usize>,
    pub(super) value: f64,
    pub(super) bound: f64,
    /// What proves the bound, if prices do.
    pub(super) offers: Option<Offers>,
}

/// What sites give at most: what all demand costs, and what each of them makes of it at that price.
pub(super) struct Offers {
    pub(super) cost: f64,
    pub(super) by_candidate: Vec<f64>,
}

impl Best {
    pub(super) fn is_proven(&self) -> bool {
        self.value >= self.bound * (1.0 - ROUNDING)
    }

    /// Whether a value is more than rounding above the best.
    fn is_beaten_by(&self, value: f64) -> bool {
        value > self.value * (1.0 + ROUNDING)
    }
}

/// How far the work is, told to whoever watches.
pub(super) struct Work<'a> {
    watch: &'a mut dyn FnMut(f64) -> ControlFlow<()>,
    from: f64,
    to: f64,
}

impl<'a> Work<'a> {
    pub(super) fn new(watch: &'a mut dyn FnMut(f64) -> ControlFlow<()>) -> Self {
        Self { watch, from: 0.0, to: 1.0 }
    }

    /// A part of the work.
    pub(super) fn part(&mut self, from: f64, to: f64) -> Work<'_> {
        Work { watch: &mut *self.watch, from, to }
    }

    /// So much of this part is done, 0 to 1.
    pub(super) fn done(&mut self, share: f64) -> Result<(), SitesError> {
        match (self.watch)(self.from + (self.to - self.from) * share.min(1.0)) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(SitesError::Stopped),
        }
    }
}

/// A part of a whole, both small.
pub(super) fn share(part: usize, whole: usize) -> f64 {
    let number = |count: usize| u32::try_from(count).map_or(f64::INFINITY, f64::from);
    number(part) / number(whole.max(1))
}

fn with<M: Model>(model: &M, sites: impl IntoIterator<Item = usize>) -> M::State<'_> {
    let mut state = model.nothing();
    sites.into_iter().for_each(|site| state.take(site));
    state
}

/// The candidate that adds most, the first of equals, and how much.
fn most(gains: &[f64]) -> Option<(usize, f64)> {
    let better = |best: Option<(usize, f64)>, (at, gain): (usize, f64)| match best {
        Some((_, most)) if most >= gain => best,
        _ => Some((at, gain)),
    };
    gains.iter().copied().enumerate().fold(None, better).filter(|(_, gain)| *gain > 0.0)
}

/// The sum of the largest numbers.
pub(super) fn sum_of_largest(numbers: &[f64], count: usize) -> f64 {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable_by(|a, b| b.total_cmp(a));
    numbers.iter().take(count).sum()
}

/// Takes the site that adds most, again and again. From each set on the way the optimum can add no more than the largest gains
/// that are left (Nemhauser, Wolsey & Fisher, proposition 2.2): the least of that is the bound.
pub(super) fn greedy<M: Model>(model: &M, sites: usize, work: &mut Work) -> Result<Best, SitesError> {
    let mut state = model.nothing();
    let mut best = Best { sites: Vec::new(), value: 0.0, bound: model.ceiling(), offers: None };
    loop {
        work.done(share(best.sites.len(), sites))?;
        let gains: Vec<f64> = (0..model.candidates()).map(|candidate| gain(&state, candidate, &best.sites)).collect();
        best.bound = best.bound.min(state.value() + sum_of_largest(&gains, sites));
        let next = most(&gains).filter(|(_, gain)| best.is_beaten_by(best.value + gain));
        let Some((site, _)) = next.filter(|_| best.sites.len() < sites) else { return Ok(best) };
        state.take(site);
        best.sites.push(site);
        best.value = state.value();
    }
}

fn gain<S: State>(state: &S, candidate: usize, taken: &[usize]) -> f64 {
    if taken.contains(&candidate) { 0.0 } else { state.gain(candidate) }
}

/// Puts the best other candidate in the place of each site, round after round, until that helps nowhere.
pub(super) fn interchange<M: Model>(
    model: &M,
    best: &mut Best,
    sites: usize,
    work: &mut Work,
) -> Result<(), SitesError> {
    let alone = model.nothing();
    let alone: Vec<f64> = (0..model.candidates()).map(|candidate| alone.gain(candidate)).collect();
    let (mut since, mut at) = (0, 0);
    for round in 0..MOST_ROUNDS {
        for _ in 0..best.sites.len() {
            work.done((f64::from(round) + share(at, sites)) / f64::from(MOST_ROUNDS))?;
            let rest = best.sites.iter().copied().enumerate().filter(|(other, _)| *other != at);
            let state = with(model, rest.map(|(_, site)| site));
            let lost = best.value - state.value();
            // Nothing adds more to others than it gives alone.
            let gains = (0..model.candidates())
                .map(|candidate| if alone[candidate] > lost { gain(&state, candidate, &best.sites) } else { 0.0 });
            let found = most(&gains.collect::<Vec<_>>());
            if let Some((site, gain)) = found.filter(|(_, gain)| best.is_beaten_by(state.value() + gain)) {
                best.sites[at] = site;
                best.value = state.value() + gain;
                since = 0;
            } else {
                since += 1;
            }
            at = (at + 1) % best.sites.len();
            if since == best.sites.len() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The same sites, each next one the one that then adds most.
pub(super) fn in_order<M: Model>(model: &M, mut sites: Vec<usize>) -> Vec<Site> {
    sites.sort_unstable();
    let mut state = model.nothing();
    let mut order = Vec::with_capacity(sites.len());
    while !sites.is_empty() {
        let gains: Vec<f64> = sites.iter().map(|site| state.gain(*site)).collect();
        let (at, gain) = most(&gains).unwrap_or((0, 0.0));
        let candidate = sites.remove(at);
        state.take(candidate);
        order.push(Site { candidate, gain });
    }
    order
}

/// Looks at all sets of sites but for those that cannot be better. Ends with a proof, or after [`MOST_PAIRS`] without.
pub(super) fn branch_and_bound<M: Model>(
    model: &M,
    best: &mut Best,
    sites: usize,
    work: &mut Work,
) -> Result<(), SitesError> {
    let all: Vec<usize> = (0..model.candidates()).collect();
    let mut search = Search { best, work, looked_at: 0, model };
    if search.below(&model.nothing(), &mut Vec::new(), &all, sites)? {
        best.bound = best.value;
    }
    Ok(())
}

struct Search<'a, 'b, M> {
    best: &'a mut Best,
    work: &'a mut Work<'b>,
    looked_at: usize,
    model: &'a M,
}

impl<M: Model> Search<'_, '_, M> {
    /// Adds up to `more` of some candidates to what is taken. Whether all that could be better was looked at.
    fn below<S: State>(
        &mut self,
        state: &S,
        taken: &mut Vec<usize>,
        candidates: &[usize],
        more: usize,
    ) -> Result<bool, SitesError> {
        self.work.done(share(self.looked_at, MOST_PAIRS))?;
        // A candidate costs something even if no family is near.
        self.looked_at += candidates.iter().map(|candidate| 1 + self.model.reach(*candidate)).sum::<usize>();
        if self.looked_at > MOST_PAIRS {
            return Ok(false);
        }
        let promising = candidates.iter().copied().filter(self.promises(taken, candidates, more));
        let mut gains: Vec<(f64, usize)> = promising.map(|candidate| (state.gain(candidate), candidate)).collect();
        gains.sort_by(|a, b| b.0.total_cmp(&a.0));
        let order: Vec<usize> = gains.iter().map(|(_, candidate)| *candidate).collect();
        for (at, (gain, candidate)) in gains.iter().enumerate() {
            let most: f64 = gains[at..].iter().take(more).map(|(gain, _)| gain).sum();
            if !self.best.is_beaten_by(state.value() + most) {
                break;
            }
            taken.push(*candidate);
            if self.best.is_beaten_by(state.value() + gain) {
                self.best.value = state.value() + gain;
                self.best.sites.clone_from(taken);
            }
            if more > 1 {
                let mut next = state.clone();
                next.take(*candidate);
                if !self.below(&next, taken, &order[at + 1..], more - 1)? {
                    return Ok(false);
                }
            }
            taken.pop();
        }
        Ok(true)
    }

    /// Whether, going by the offers, a candidate with others can be better than the best.
    fn promises(&self, taken: &[usize], candidates: &[usize], more: usize) -> impl Fn(&usize) -> bool {
        let offers = self.best.offers.as_ref();
        let offer = move |candidate: &usize| offers.map_or(f64::INFINITY, |offers| offers.by_candidate[*candidate]);
        let others = sum_of_largest(&candidates.iter().map(offer).collect::<Vec<_>>(), more.saturating_sub(1));
        let before = offers.map_or(0.0, |offers| offers.cost) + taken.iter().map(offer).sum::<f64>() + others;
        move |candidate| self.best.is_beaten_by(before + offer(candidate))
    }
}
