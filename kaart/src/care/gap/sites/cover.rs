//! Maximal covering with sites that can be full: how many families sites serve is a maximum flow from sites to the demand in
//! their reach (L. R. Ford & D. R. Fulkerson, "Maximal flow through a network", 1956).
//!
//! Demand that is in reach of the very same sites is alike: it flows together, as one parcel, so a network holds few of them. One
//! more site augments the flow that is there along shortest paths (J. Edmonds & R. M. Karp, 1972): it takes families who are
//! not served, or those of other sites that then find others.

use super::{Model, SitesProblem, State};
use crate::geo::distance::chord_squared;

/// Spare and flow below this part of a site's capacity are rounding.
const DUST: f64 = 1e-12;

/// Who is in reach of which candidate.
pub(super) struct Cover {
    capacity: f64,
    /// By demand: families.
    families: Vec<f64>,
    /// By candidate: the demand in reach, ascending.
    reach: Vec<Vec<u32>>,
    /// By demand: the candidates that reach it, ascending.
    reached_by: Vec<Vec<u32>>,
}

impl Cover {
    pub(super) fn new(problem: &SitesProblem, km: f64, capacity: f64) -> Self {
        let most = chord_squared(km);
        let families = problem.unmet.iter().map(|one| one.families).collect();
        let mut reached_by = vec![Vec::new(); problem.unmet.len()];
        let reach = (0..).zip(problem.candidates).map(|(candidate, at)| {
            let mut reach = Vec::new();
            for ((demand, one), by) in (0..).zip(problem.unmet).zip(&mut reached_by) {
                if one.families > 0.0 && at.chord_squared(one.at) <= most {
                    reach.push(demand);
                    by.push(candidate);
                }
            }
            reach
        });
        Self { capacity, families, reach: reach.collect(), reached_by }
    }
}

impl Model for Cover {
    type State<'a> = Flow<'a>;

    fn candidates(&self) -> usize {
        self.reach.len()
    }

    fn reach(&self, candidate: usize) -> usize {
        self.reach[candidate].len()
    }

    fn nothing(&self) -> Flow<'_> {
        // The parcel of all who are in reach of no site: whoever comes out of it comes out whole.
        let out = Parcel { sites: 0, families: 0.0, left: 0.0, flow: Vec::new() };
        Flow { model: self, parcel_of: vec![0; self.families.len()], parcels: vec![out], open: Vec::new(), value: 0.0 }
    }

    fn ceiling(&self) -> f64 {
        let reached = self.families.iter().zip(&self.reached_by).filter(|(_, by)| !by.is_empty());
        reached.map(|(families, _)| families).sum()
    }

    fn parts(&self) -> &[f64] {
        &self.families
    }

    fn top_price(&self) -> f64 {
        1.0
    }

    /// Each candidate fills itself with the cheapest demand.
    fn offers(&self, prices: &[f64]) -> Vec<f64> {
        let mut cheapest: Vec<usize> = (0..prices.len()).filter(|demand| prices[*demand] < 1.0).collect();
        cheapest.sort_by(|a, b| prices[*a].total_cmp(&prices[*b]));
        let mut spare = vec![self.capacity; self.reach.len()];
        let mut offers = vec![0.0; self.reach.len()];
        for demand in cheapest {
            for candidate in &self.reached_by[demand] {
                let spare = &mut spare[*candidate as usize];
                let taken = spare.min(self.families[demand]);
                *spare -= taken;
                offers[*candidate as usize] += taken * (1.0 - prices[demand]);
            }
        }
        offers
    }

    fn takes(&self, candidate: usize, prices: &[f64], taken: &mut [f64]) {
        let mut cheapest: Vec<usize> = self.reach[candidate].iter().map(|demand| *demand as usize).collect();
        cheapest.retain(|demand| prices[*demand] < 1.0);
        cheapest.sort_by(|a, b| prices[*a].total_cmp(&prices[*b]));
        let mut spare = self.capacity;
        for demand in cheapest {
            let part = spare.min(self.families[demand]);
            spare -= part;
            taken[demand] += part;
        }
    }
}

/// A maximum flow from the sites that are taken.
#[derive(Clone)]
pub(super) struct Flow<'a> {
    model: &'a Cover,
    /// By demand; 0: in reach of no site.
    parcel_of: Vec<u32>,
    parcels: Vec<Parcel>,
    /// By site: whether families that it would lose could be made up for with others.
    open: Vec<bool>,
    value: f64,
}

/// All demand that is in reach of the very same sites.
#[derive(Clone)]
struct Parcel {
    /// The sites, one bit each.
    sites: u32,
    families: f64,
    /// Families that are not served.
    left: f64,
    /// Families that each site serves.
    flow: Vec<f64>,
}

impl Parcel {
    fn is_reached_by(&self, site: usize) -> bool {
        self.sites >> site & 1 == 1
    }
}

impl State for Flow<'_> {
    fn value(&self) -> f64 {
        self.value
    }

    fn gain(&self, candidate: usize) -> f64 {
        let mut within = vec![0.0; self.parcels.len()];
        for demand in &self.model.reach[candidate] {
            within[self.parcel_of[*demand as usize] as usize] += self.model.families[*demand as usize];
        }
        // What is there for the taking, and what is at most when others give way.
        let (mut free, mut most) = (within[0], within[0]);
        for (parcel, within) in self.parcels.iter().zip(&within).skip(1) {
            let yielding = parcel.flow.iter().zip(&self.open).filter(|(_, open)| **open).map(|(flow, _)| flow);
            free += within.min(parcel.left);
            most += within.min(parcel.left + yielding.sum::<f64>());
        }
        let capacity = self.model.capacity;
        if free >= capacity || most - free <= DUST * capacity {
            return free.min(capacity);
        }
        let mut with = self.clone();
        with.take(candidate);
        with.value - self.value
    }

    fn take(&mut self, candidate: usize) {
        let site = self.open.len();
        self.part(candidate, site);
        let mut spare = self.model.capacity;
        let dust = DUST * spare;
        while spare > dust
            && let Some(path) = self.path(site, dust)
        {
            let through = path.iter().map(|step| step.most).fold(spare, f64::min);
            self.send(site, &path, through);
            spare -= through;
        }
        self.value += self.model.capacity - spare;
        self.open = self.open_sites(site + 1, dust);
    }
}

/// A step of a path: a site takes families of a parcel, of those who are not served or from another site.
#[derive(Clone, Copy)]
struct Step {
    site: usize,
    parcel: usize,
    from: Option<usize>,
    most: f64,
}

impl Flow<'_> {
    /// Parts the demand that a new site reaches from what was alike.
    fn part(&mut self, candidate: usize, site: usize) {
        let mut parted: Vec<Option<u32>> = vec![None; self.parcels.len()];
        for demand in &self.model.reach[candidate] {
            let old = &mut self.parcel_of[*demand as usize];
            let from = *old as usize;
            let next = u32::try_from(self.parcels.len()).unwrap_or(u32::MAX);
            let to = *parted[from].get_or_insert(next);
            if to == next {
                let sites = self.parcels[from].sites | 1 << site;
                self.parcels.push(Parcel { sites, families: 0.0, left: 0.0, flow: Vec::new() });
            }
            self.parcels[to as usize].families += self.model.families[*demand as usize];
            *old = to;
        }
        for (from, to) in parted.into_iter().enumerate() {
            let Some(to) = to.map(|to| to as usize) else { continue };
            if from == 0 {
                self.parcels[to].left = self.parcels[to].families;
                continue;
            }
            // Nobody in a parcel is served rather than another one: each part has its share.
            let share = (self.parcels[to].families / self.parcels[from].families).min(1.0);
            self.parcels[to].left = self.parcels[from].left * share;
            self.parcels[to].flow = self.parcels[from].flow.iter().map(|flow| flow * share).collect();
            let rest = &mut self.parcels[from];
            rest.families *= 1.0 - share;
            rest.left *= 1.0 - share;
            rest.flow.iter_mut().for_each(|flow| *flow *= 1.0 - share);
        }
        self.parcels.iter_mut().for_each(|parcel| parcel.flow.resize(site + 1, 0.0));
    }

    /// The shortest way for a site to more families; of equal ones the first.
    fn path(&self, site: usize, dust: f64) -> Option<Vec<Step>> {
        let mut seen = vec![false; self.parcels.len()];
        let mut came: Vec<Option<Step>> = vec![None; site + 1];
        let mut queue = vec![site];
        let mut next = 0;
        while let Some(at) = queue.get(next).copied() {
            next += 1;
            for (number, parcel) in self.parcels.iter().enumerate() {
                if seen[number] || !parcel.is_reached_by(at) {
                    continue;
                }
                seen[number] = true;
                if parcel.left > dust {
                    let mut path = vec![Step { site: at, parcel: number, from: None, most: parcel.left }];
                    while let Some(step) = came[path[path.len() - 1].site] {
                        path.push(step);
                    }
                    return Some(path);
                }
                for (other, flow) in parcel.flow.iter().enumerate() {
                    if *flow > dust && other != site && came[other].is_none() {
                        came[other] = Some(Step { site: at, parcel: number, from: Some(other), most: *flow });
                        queue.push(other);
                    }
                }
            }
        }
        None
    }

    fn send(&mut self, site: usize, path: &[Step], families: f64) {
        debug_assert_eq!(path.last().map(|step| step.site), Some(site));
        for step in path {
            let parcel = &mut self.parcels[step.parcel];
            parcel.flow[step.site] += families;
            match step.from {
                Some(other) => parcel.flow[other] -= families,
                None => parcel.left -= families,
            }
        }
    }

    /// The sites from which a path leads to families who are not served, found from its end.
    fn open_sites(&self, sites: usize, dust: f64) -> Vec<bool> {
        let mut open = vec![false; sites];
        let mut within_reach: Vec<bool> = self.parcels.iter().map(|parcel| parcel.left > dust).collect();
        loop {
            let before = open.clone();
            for (parcel, within_reach) in self.parcels.iter().zip(&mut within_reach) {
                *within_reach |= parcel.flow.iter().zip(&open).any(|(flow, open)| *open && *flow > dust);
                if *within_reach {
                    open.iter_mut().enumerate().for_each(|(site, open)| *open |= parcel.is_reached_by(site));
                }
            }
            if open == before {
                return open;
            }
        }
    }
}
