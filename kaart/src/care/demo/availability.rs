//! Free spots over the whole horizon: blocks of days with one number free, closed on the days that the use leaves out.

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::{
    Detail, World,
    building::{Use, Week},
    dice::Dice,
};
use crate::care::{
    availability::{Run, slots},
    calendar::{dates, horizon},
    vocabulary::CareForm,
};

/// How the blocks of a care form go.
struct Blocks {
    /// How many days they last.
    days: std::ops::RangeInclusive<u64>,
    /// How many of 100 have room.
    room: u32,
    /// How many spots are free at most.
    most: i32,
}

impl Blocks {
    fn of(care_form: CareForm, detail: Detail) -> Self {
        let (days, room, most) = match care_form {
            CareForm::Logeren => (2..=10, 62, i32::MAX),
            CareForm::Dagbesteding => (7..=35, 60, 4),
            CareForm::Deeltijdwonen => (30..=90, 40, 2),
            CareForm::Wonen => (50..=160, 30, 2),
        };
        let days = match detail {
            Detail::Full => days,
            // At most six runs in the 401 days of the horizon, over one slot or two.
            Detail::Compact if slots(care_form).len() == 1 => 70..=150,
            Detail::Compact => 135..=250,
        };
        Self { days, room, most }
    }
}

/// What a place states; the dice are its own.
pub(super) fn runs(
    world: &World<'_>,
    mut dice: Dice,
    one: Use,
    capacity: i32,
    confirmed_at: Option<DateTime<Utc>>,
) -> Vec<Run> {
    let mut runs = Vec::new();
    if dice.chance(5) {
        return runs;
    }
    let blocks = Blocks::of(one.care_form, world.detail);
    let week = if world.detail == Detail::Full { one.week } else { Week::Full };
    let most = blocks.most.min(capacity);
    let gaps = if dice.chance(18) { 20 } else { 0 };
    let stated_at = confirmed_at.unwrap_or_else(|| dice.before(world.midnight, 60..=300));
    let last = horizon(world.start);
    for slot in slots(one.care_form) {
        let mut from = world.start;
        while from <= last {
            let days = Days::new(dice.between(blocks.days.clone()) - 1);
            let to = from.checked_add_days(days).unwrap_or(last).min(last);
            let free = if dice.chance(blocks.room) { dice.between(1..=most) } else { 0 };
            let earlier = dice.known(15, |dice| TimeDelta::days(dice.between(1..=6)));
            let stated_at = earlier.and_then(|by| stated_at.checked_sub_signed(by)).unwrap_or(stated_at);
            if !dice.chance(gaps) {
                state(&mut runs, Run { slot: *slot, from, to, free, stated_at }, week);
            }
            let Some(next) = to.succ_opt() else { break };
            from = next;
        }
    }
    runs
}

/// Adds a block; where the week leaves days out, nothing is free on them.
fn state(runs: &mut Vec<Run>, block: Run, week: Week) {
    if week == Week::Full {
        append(runs, block);
        return;
    }
    for date in dates(block.from, block.to) {
        let free = if week.is_open(date) { block.free } else { 0 };
        append(runs, Run { from: date, to: date, free, ..block });
    }
}

/// Adds a run, or lengthens the last one where that says the same up to the day before.
fn append(runs: &mut Vec<Run>, run: Run) {
    let follows = |last: &Run| {
        let says = |run: &Run| (run.slot, run.free, run.stated_at);
        says(last) == says(&run) && last.to.succ_opt() == Some(run.from)
    };
    match runs.last_mut() {
        Some(last) if follows(last) => last.to = run.to,
        _ => runs.push(run),
    }
}
