//! Scalars. Their texts are checked by the fields that take them, so that an error names the argument.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};

use super::{
    error::{ApiError, Result},
    input::sentence,
    plain::{Page, asked::Asked, written::Written, written_as_values},
};
use crate::{
    care::calendar::{self, DateError},
    geo::{Area, Cell},
};

written_as_values!(text H3Cell, TimeOfDay, GeoJson);

/// A calendar date of the Netherlands, ISO 8601: `2026-12-31`.
#[derive(Clone, Debug)]
pub(super) enum Date {
    /// As somebody sent it.
    Sent(String),
    /// Of an answer.
    Known(NaiveDate),
}

/// A calendar date of the Netherlands, ISO 8601: `2026-12-31`.
#[Scalar(name = "Date", specified_by_url = "https://scalars.graphql.org/andimarek/local-date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self::Sent)
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(match self {
            Self::Sent(text) => text.clone(),
            Self::Known(date) => calendar::iso_text(*date).to_string(),
        })
    }
}

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        Self::Known(date)
    }
}

impl Written for Date {
    fn write(&self, inside: &[Asked<'_>], page: &mut Page<'_>) -> bool {
        match self {
            Self::Sent(text) => text.write(inside, page),
            Self::Known(date) => calendar::iso_text(*date).write(inside, page),
        }
    }
}

impl Date {
    /// The date; `argument` names it in an error.
    pub(super) fn parse_as(&self, argument: &str) -> Result<NaiveDate> {
        let date = match self {
            Self::Sent(text) => calendar::iso_date(text),
            Self::Known(date) => Some(*date),
        };
        date.ok_or_else(|| {
            ApiError::input(argument, "A date is a day of the calendar, year first, such as 2026-12-31.")
        })
    }

    /// The date, from today up to the horizon; `argument` names it in an error.
    pub(super) fn askable(&self, argument: &str, today: NaiveDate) -> Result<NaiveDate> {
        let date = self.parse_as(argument)?;
        calendar::askable(date, today).map_err(|error| out_of_range(argument, error))
    }
}

/// A date that cannot be asked about.
pub(super) fn out_of_range(argument: &str, error: DateError) -> ApiError {
    ApiError::input(argument, format!("{error}."))
}

/// An instant, ISO 8601 in UTC: `2026-12-31T22:59:59Z`.
#[derive(Clone, Debug)]
pub(super) struct Instant(DateTime<Utc>);

/// An instant, ISO 8601 in UTC: `2026-12-31T22:59:59Z`.
#[Scalar(name = "DateTime", specified_by_url = "https://scalars.graphql.org/andimarek/date-time")]
impl ScalarType for Instant {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value)?;
        DateTime::parse_from_rfc3339(&text)
            .map(|at| Self(at.to_utc()))
            .map_err(|_| InputValueError::custom("an instant looks like 2026-12-31T22:59:59Z"))
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.text())
    }
}

impl Instant {
    fn text(&self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::Secs, true)
    }
}

impl Written for Instant {
    fn write(&self, inside: &[Asked<'_>], page: &mut Page<'_>) -> bool {
        self.text().write(inside, page)
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at)
    }
}

/// An H3 cell: its 15 hexadecimal digits, as h3 prints it, such as `871969231ffffff`.
#[derive(Clone, Debug)]
pub(super) struct H3Cell(String);

/// An H3 cell: its 15 hexadecimal digits, as h3 prints it, such as `871969231ffffff`.
#[Scalar(name = "H3Cell", specified_by_url = "https://h3geo.org/docs/core-library/h3Indexing/")]
impl ScalarType for H3Cell {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl From<Cell> for H3Cell {
    fn from(cell: Cell) -> Self {
        Self(cell.to_string())
    }
}

impl H3Cell {
    /// The cell; `argument` names it in an error.
    pub(super) fn parse_as(&self, argument: &str) -> Result<Cell> {
        self.0.parse().map_err(|error| ApiError::input(argument, format!("{error}.")))
    }
}

/// A time of the day by the Dutch clock, on the minute: `07:30`.
#[derive(Clone, Debug)]
pub(super) struct TimeOfDay(String);

/// A time of the day by the Dutch clock, on the minute: `07:30`.
#[Scalar(name = "TimeOfDay")]
impl ScalarType for TimeOfDay {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl From<NaiveTime> for TimeOfDay {
    fn from(time: NaiveTime) -> Self {
        Self(time.format("%H:%M").to_string())
    }
}

impl TimeOfDay {
    /// The time; `argument` names it in an error.
    pub(super) fn parse_as(&self, argument: &str) -> Result<NaiveTime> {
        let read = NaiveTime::parse_from_str(&self.0, "%H:%M").ok();
        // chrono also takes `7:3`.
        read.filter(|_| self.0.len() == 5).ok_or_else(|| {
            ApiError::input(argument, "A time is from 00:00 to 23:59, two digits for the hour and two for the minute.")
        })
    }
}

/// A geometry of GeoJSON (RFC 7946) as a text: longitude first, then latitude, in degrees of WGS84.
#[derive(Clone, Debug)]
pub(super) struct GeoJson(String);

/// A geometry of GeoJSON (RFC 7946) as a text: longitude first, then latitude, in degrees of WGS84.
#[Scalar(name = "GeoJSON", specified_by_url = "https://www.rfc-editor.org/rfc/rfc7946")]
impl ScalarType for GeoJson {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl GeoJson {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The area; `argument` names it in an error.
    pub(super) fn parse_as(&self, argument: &str) -> Result<Area> {
        Area::from_geojson(&self.0).map_err(|error| ApiError::input(argument, sentence(&error)))
    }
}

fn text<T>(value: Value) -> std::result::Result<String, InputValueError<T>>
where
    T: async_graphql::InputType,
{
    match value {
        Value::String(text) => Ok(text),
        other => Err(InputValueError::expected_type(other)),
    }
}
