//! What is wrong with a row of a file of the map. Nothing here repeats what the file says.

use thiserror::Error;

use crate::care::{
    availability::stated::PeriodError, calendar::DateError, file::Flaw, postcode::MalformedPostcode,
    profile::stated::StatedError,
};

/// What is wrong, and what would be right.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum Reason {
    /// It is no file of rows.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// Nothing is said.
    #[error("this cannot be left empty")]
    Empty,
    /// Two rows for one thing.
    #[error("line {0} is about the same")]
    Twice(u32),
    /// No postcode.
    #[error(transparent)]
    Postcode(#[from] MalformedPostcode),
    /// No number.
    #[error("a number of degrees is written as 52.09")]
    NoDegrees,
    /// A point elsewhere.
    #[error("this is not in the Netherlands: latitude 50 to 54, longitude 3 to 8")]
    Abroad,
    /// A gemeente of which nothing is known.
    #[error("there is no gemeente with this code; codes look like GM0344")]
    NoGemeente,
    /// A region of which nothing is known.
    #[error("there is no zorgkantoorregio with this code; codes look like ZK23")]
    NoRegion,
    /// A gemeente and another region.
    #[error("the gemeente does not lie in this zorgkantoorregio")]
    OtherRegion,
    /// No count.
    #[error("a number is written in digits, from 0 on")]
    NoCount,
    /// No date.
    #[error("a date is written as 2026-12-01")]
    NoDate,
    /// A date that cannot be stated.
    #[error(transparent)]
    Date(#[from] DateError),
    /// No part of a day.
    #[error("a slot is NIGHT, MORNING, AFTERNOON or RESIDENCE; an empty cell means all that the care form has")]
    NoSlot,
    /// No id.
    #[error("this is neither an id of this kind nor an external id of 1 to 100 visible characters")]
    NoKey,
    /// A provider that is not there.
    #[error("there is no such provider on the map")]
    NoProvider,
    /// A place that is not there.
    #[error("there is no such place on the map")]
    NoPlace,
    /// A place and another provider.
    #[error("the place is not one of this provider")]
    OtherProvider,
    /// An external id of several places.
    #[error("several providers have a place with this external id; name the provider")]
    ManyPlaces,
    /// Something else is stated of the same dates.
    #[error("line {0} is about some of the same dates")]
    Overlap(u32),
    /// What cannot be stated of a place.
    #[error(transparent)]
    Period(PeriodError),
    /// What a field cannot hold.
    #[error(transparent)]
    Stated(StatedError),
    /// Another row says otherwise.
    #[error("line {0} says something else of the same object")]
    Differs(u32),
    /// It hangs on something else.
    #[error("on the map this hangs on another object; a file does not move it")]
    Moved,
    /// It is not on the map any more.
    #[error("this was taken off the map; put it back there first")]
    Withdrawn,
    /// Half of a point.
    #[error("a point has both lat and lng; leave both empty to take that of the postcode")]
    HalfPoint,
    /// A word that is not in the list of the column.
    #[error("this is none of the words that can stand here")]
    NoWord,
    /// A word that is there twice.
    #[error("a word is given once, and not as there and absent alike")]
    WordTwice,
    /// A point that lies far off.
    #[error("the point is over 5 km from that of the postcode")]
    FarFromPostcode,
    /// Another gemeente.
    #[error("the postcode lies in another gemeente")]
    GemeenteOfPostcode,
    /// Another name.
    #[error("the postcode lies in a place of another name")]
    CityOfPostcode,
}
