//! Free spots as a file.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Cells, Key, Kind, Reason,
    cells::{key, number},
};
use crate::care::{
    availability::{
        Run,
        stated::{Period, PeriodError, stated},
    },
    calendar::{DateError, askable, dates, iso_date},
    file::columns,
    global_id::GlobalId,
    id::{PlaceId, ProviderId},
    vocabulary::{CareForm, Slot},
};

columns! {
    /// A column of the file.
    Column {
        /// The provider, by id or external id.
        Provider = "provider",
        /// The place, by id or external id.
        Place = "place",
        /// The part of each day.
        Slot = "slot",
        /// The first date.
        From = "from",
        /// The last date.
        To = "to",
        /// How many spots are free.
        Free = "free",
    }
    needed [Place, From, To, Free]
    either []
}

/// The kind of file.
#[derive(Debug)]
pub struct Availability;

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The provider; none: the place says whose it is.
    pub provider: Option<Key<ProviderId>>,
    /// The place.
    pub place: Key<PlaceId>,
    slot: Option<Slot>,
    from: NaiveDate,
    to: NaiveDate,
    free: i32,
}

impl Kind for Availability {
    type Column = Column;
    type Said = Said;

    fn read(cells: &mut Cells<Self>) -> Option<Said> {
        let provider = cells.read_if(Column::Provider, |text| {
            key(text, |id| if let GlobalId::Provider(id) = id { Some(id) } else { None })
        });
        let place = cells
            .need(Column::Place, |text| key(text, |id| if let GlobalId::Place(id) = id { Some(id) } else { None }));
        let slot = cells.read_if(Column::Slot, |text| {
            Slot::ALL.iter().copied().find(|slot| slot.code() == text).ok_or(Reason::NoSlot)
        });
        let date = |text: &str| iso_date(text).ok_or(Reason::NoDate);
        let from = cells.need(Column::From, date);
        let to = cells.need(Column::To, date);
        let free = cells.need(Column::Free, |text| number(text, Reason::NoCount));
        Some(Said { provider, place: place?, slot, from: from?, to: to?, free: free? })
    }
}

/// The rows about one place that can be stated, each with its line and what it states.
pub type Good = Vec<(u32, Vec<Run>)>;
/// Those that cannot, with the column to blame and why.
pub type Bad = Vec<(u32, Column, Reason)>;

/// The rows about one place that can be stated together, and what is wrong with the others, by line.
///
/// The rules are those of `setAvailability`: from today up to the horizon, parts of the day that the care form has, no more
/// than the capacity, and no two rows about the same date and part of the day.
pub fn decide<'a>(
    rows: impl IntoIterator<Item = (u32, &'a Said)>,
    care_form: CareForm,
    capacity: i32,
    today: NaiveDate,
    at: DateTime<Utc>,
) -> (Good, Bad) {
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    let mut taken: HashMap<(Slot, NaiveDate), u32> = HashMap::new();
    for (line, said) in rows {
        let runs = match said.runs(care_form, capacity, today, at) {
            Ok(runs) => runs,
            Err((column, reason)) => {
                wrong.push((line, column, reason));
                continue;
            }
        };
        let days = || runs.iter().flat_map(|run| dates(run.from, run.to).map(|date| (run.slot, date)));
        if let Some(other) = days().find_map(|day| taken.get(&day)) {
            wrong.push((line, Column::From, Reason::Overlap(*other)));
            continue;
        }
        taken.extend(days().map(|day| (day, line)));
        good.push((line, runs));
    }
    (good, wrong)
}

impl Said {
    fn runs(
        &self,
        care_form: CareForm,
        capacity: i32,
        today: NaiveDate,
        at: DateTime<Utc>,
    ) -> Result<Vec<Run>, (Column, Reason)> {
        let date = |column, date| askable(date, today).map_err(|error| (column, Reason::Date(error)));
        let from = date(Column::From, self.from)?;
        if self.to < from {
            let reversed = DateError::Reversed { later: self.to, earlier: from, or_same: true };
            return Err((Column::To, Reason::Date(reversed)));
        }
        let to = date(Column::To, self.to)?;
        let Self { slot, free, .. } = *self;
        let period = Period { slot, from, to, weekdays: Vec::new(), except: Vec::new(), free };
        stated(&[period], care_form, capacity, at).map_err(|(_, error)| {
            let column = match error {
                PeriodError::Slot { .. } => Column::Slot,
                PeriodError::Free { .. } => Column::Free,
                PeriodError::Overlap { .. } | PeriodError::Empty => Column::From,
            };
            (column, Reason::Period(error))
        })
    }
}
