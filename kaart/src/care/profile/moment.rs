//! What a place stated at a moment: what it states now, with what changed since taken back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Difference, Profile, fields};
use crate::care::{
    availability::{Run, stated::Change},
    calendar::dates,
    vervoer::Vervoer,
    vocabulary::{ClaimSource, MapField, MapObject, Slot},
};

/// Dates with the same number of free spots, as the history keeps them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedRun {
    /// The part of each day.
    pub slot: Slot,
    /// The first date.
    pub from: NaiveDate,
    /// The last date.
    pub to: NaiveDate,
    /// How many spots are free; none: nothing is stated.
    pub free: Option<i32>,
}

/// What a change of free spots changed; none: nothing.
pub fn availability(changes: &[Change]) -> Option<Difference> {
    let side = |free: fn(&Change) -> Option<i32>| {
        let runs = changes.iter().map(|one| StatedRun { slot: one.slot, from: one.from, to: one.to, free: free(one) });
        json!(runs.collect::<Vec<_>>())
    };
    let difference =
        || Difference { field: MapField::Availability, from: side(|one| one.before), to: side(|one| Some(one.free)) };
    (!changes.is_empty()).then(difference)
}

/// What nothing is stated of any more; none: nothing was.
pub fn unstated(runs: &[Run]) -> Option<Difference> {
    let side = |free: fn(&Run) -> Option<i32>| {
        let runs = runs.iter().map(|run| StatedRun { slot: run.slot, from: run.from, to: run.to, free: free(run) });
        json!(runs.collect::<Vec<_>>())
    };
    let difference =
        || Difference { field: MapField::Availability, from: side(|run| Some(run.free)), to: side(|_| None) };
    (!runs.is_empty()).then(difference)
}

/// What is stated of vervoer, as the history keeps it, without the ids, which say nothing; null: not known.
pub fn vervoer(all: Option<&[Vervoer]>) -> Value {
    let kept = |one: &Vervoer| {
        let mut members = json!(one);
        if let Value::Object(members) = &mut members {
            members.remove("id");
            members.retain(|_, value| !value.is_null());
            // The outline says it all; its cells follow from it.
            if let Some(area) = &one.area {
                members.insert("area".into(), json!(area.outline()));
            }
        }
        members
    };
    all.map_or(Value::Null, |all| all.iter().map(kept).collect())
}

/// What a place states, with its group and its location.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moment {
    /// The fields; none of them says nothing.
    pub values: BTreeMap<(MapObject, MapField), Value>,
    /// The free spots.
    pub free: BTreeMap<(Slot, NaiveDate), i32>,
    /// The claims of kwaliteitseisen, by code and source.
    pub claims: BTreeMap<(String, ClaimSource), Value>,
}

impl Moment {
    /// Adds the fields of a profile.
    pub fn add(&mut self, profile: &Profile) {
        for field in fields(profile.kind()) {
            self.set(profile.kind(), *field, profile.value(*field));
        }
    }

    /// Adds a field.
    pub fn set(&mut self, object: MapObject, field: MapField, value: Value) {
        if super::is_nothing(&value) {
            self.values.remove(&(object, field));
        } else {
            self.values.insert((object, field), value);
        }
    }

    /// Adds free spots.
    pub fn add_runs(&mut self, runs: impl IntoIterator<Item = Run>) {
        for run in runs {
            self.free.extend(dates(run.from, run.to).map(|date| ((run.slot, date), run.free)));
        }
    }

    /// Takes a change back, of which all later ones are taken back already. What cannot be read changes nothing.
    pub fn take_back(&mut self, object: MapObject, change: &Difference) {
        match change.field {
            MapField::Availability => {
                let runs: Vec<StatedRun> = serde_json::from_value(change.from.clone()).unwrap_or_default();
                for run in runs {
                    for date in dates(run.from, run.to) {
                        match run.free {
                            Some(free) => self.free.insert((run.slot, date), free),
                            None => self.free.remove(&(run.slot, date)),
                        };
                    }
                }
            }
            MapField::Claim => {
                let [code, source] = ["code", "source"].map(|name| change.to[name].clone());
                let key = (code.as_str().unwrap_or_default().to_owned(), serde_json::from_value(source));
                if let (code, Ok(source)) = key {
                    if change.from.is_null() {
                        self.claims.remove(&(code, source));
                    } else {
                        self.claims.insert((code, source), change.from.clone());
                    }
                }
            }
            field => self.set(object, field, change.from.clone()),
        }
    }

    /// Whether the place was on the map: it, its group and its location.
    pub fn on_map(&self) -> bool {
        let there = |object| self.values.get(&(object, MapField::OnMap)) == Some(&json!(true));
        [MapObject::Place, MapObject::CareGroup, MapObject::Location].into_iter().all(there)
    }

    /// The free spots as runs, in the order of slot and date.
    pub fn runs(&self) -> Vec<StatedRun> {
        let mut runs: Vec<StatedRun> = Vec::new();
        for ((slot, date), free) in &self.free {
            match runs.last_mut() {
                Some(last) if last.slot == *slot && last.free == Some(*free) && last.to.succ_opt() == Some(*date) => {
                    last.to = *date;
                }
                _ => runs.push(StatedRun { slot: *slot, from: *date, to: *date, free: Some(*free) }),
            }
        }
        runs
    }
}
