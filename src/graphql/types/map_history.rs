//! What was changed of a place, and what it stated on a date.

use async_graphql::{Context, SimpleObject};
use chrono::NaiveDate;
use serde_json::Value;

use crate::{
    auth,
    care::{
        id::{MapChangeId, PlaceId},
        profile::{is_nothing, moment::Moment},
    },
    graphql::{
        context,
        cursor::{Cursor, Question},
        enums::{MapField, MapObject, Role, Slot},
        error::{ApiError, Result},
        id::{GlobalId, NodeId},
        page::{self, PageInfo},
        scalars::{Date, Instant},
    },
    store,
};

/// The order in which the parts of a value are read; others follow in the order of their names. A database keeps none.
const PARTS: [&str; 11] =
    ["code", "source", "status", "explanation", "slot", "from", "to", "free", "length", "expectedWeeks", "lat"];

/// A value in words; none: nothing.
pub(super) fn words(value: &Value) -> Option<String> {
    (!is_nothing(value)).then(|| plain(value))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("; "),
        Value::Object(members) => {
            let place = |name: &str| PARTS.iter().position(|part| *part == name).unwrap_or(PARTS.len());
            let mut parts: Vec<_> = members.iter().collect();
            parts.sort_unstable_by_key(|(name, _)| (place(name), name.as_str()));
            parts.into_iter().map(|(name, value)| format!("{name}: {}", plain(value))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// A field of a place, its group or its building that changed.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PlaceChange {
    /// When.
    at: Instant,
    /// In what role somebody did it; null: nobody did, such as an import by the operator.
    role: Option<Role>,
    /// The provider whose staff did it; null: it was not staff of a provider.
    organisation: Option<NodeId>,
    /// Of what the field is.
    object: MapObject,
    /// Which.
    field: MapField,
    /// What it held, in words, parts with commas, runs of dates with semicolons; null: nothing.
    from: Option<String>,
    /// What it held from then on; null: nothing.
    to: Option<String>,
}

impl From<store::MapHistoryEntry> for PlaceChange {
    fn from(entry: store::MapHistoryEntry) -> Self {
        let role = auth::Role::from_code(entry.by.split_once(':').map_or("", |(role, _)| role));
        let own = role == Some(auth::Role::Provider);
        Self {
            at: entry.at.into(),
            role: role.map(Into::into),
            organisation: own.then(|| GlobalId::Provider(entry.provider).into()),
            object: entry.object.into(),
            field: entry.difference.field.into(),
            from: words(&entry.difference.from),
            to: words(&entry.difference.to),
        }
    }
}

/// A page of the history of a place.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PlaceHistoryConnection {
    /// The changes with their cursors, the latest first.
    edges: Vec<PlaceChangeEdge>,
    /// Where this page stands.
    page_info: PageInfo,
}

/// A change with its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PlaceChangeEdge {
    /// The cursor.
    cursor: Cursor,
    /// The change.
    node: PlaceChange,
}

/// The history of a place.
pub(in crate::graphql) async fn place_history(
    ctx: &Context<'_>,
    place: PlaceId,
    first: i32,
    after: Option<&String>,
) -> Result<Option<PlaceHistoryConnection>> {
    let (view, access) = (context::view(ctx)?, context::access(ctx)?);
    let question = Question::new("placeHistory", &place);
    let limit = page::size(ctx, first)?;
    let after_id: Option<MapChangeId> = after.map(|cursor| question.place(cursor)).transpose()?;
    let Some(page) = context::store(ctx)?.place_history(view, access, place, after_id, limit).await?? else {
        return Ok(None);
    };
    let edge = |entry: store::MapHistoryEntry| {
        Ok(PlaceChangeEdge { cursor: question.cursor_at(&entry.id)?, node: entry.into() })
    };
    let edges = page.entries.into_iter().map(edge).collect::<Result<Vec<_>>>()?;
    let cursors: Vec<&Cursor> = edges.iter().map(|edge| &edge.cursor).collect();
    let page_info = PageInfo::new(&cursors, page.has_more, after);
    Ok(Some(PlaceHistoryConnection { edges, page_info }))
}

/// What a place stated at the end of a date.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PlaceAsOf {
    /// The date.
    on: Date,
    /// What was stated of the place, its group and its building; what is not listed was not stated.
    stated: Vec<StatedField>,
    /// What was claimed of kwaliteitseisen, by code and source, each in words.
    claims: Vec<String>,
    /// The free spots as they were stated then, of dates before and after it.
    free_spots: Vec<StatedSpots>,
}

/// A field that was stated.
#[derive(SimpleObject)]
pub(in crate::graphql) struct StatedField {
    /// Of what it is.
    object: MapObject,
    /// Which.
    field: MapField,
    /// What it held, in words.
    value: String,
}

/// Dates with the same number of free spots.
#[derive(SimpleObject)]
pub(in crate::graphql) struct StatedSpots {
    /// The part of each day.
    slot: Slot,
    /// The first date.
    from: Date,
    /// The last date.
    to: Date,
    /// How many spots were stated to be free.
    free: Option<i32>,
}

impl PlaceAsOf {
    fn new(on: NaiveDate, moment: &Moment) -> Self {
        let stated = moment.values.iter().map(|((object, field), value)| StatedField {
            object: (*object).into(),
            field: (*field).into(),
            value: plain(value),
        });
        let spots = moment.runs().into_iter().map(|run| StatedSpots {
            slot: run.slot.into(),
            from: run.from.into(),
            to: run.to.into(),
            free: run.free,
        });
        Self {
            on: on.into(),
            stated: stated.collect(),
            claims: moment.claims.values().map(plain).collect(),
            free_spots: spots.collect(),
        }
    }

    /// What a place stated at the end of `on`.
    pub(in crate::graphql) async fn find(ctx: &Context<'_>, place: PlaceId, on: &Date) -> Result<Option<Self>> {
        let (view, access) = (context::view(ctx)?, context::access(ctx)?);
        let date = on.parse_as("on")?;
        if date > view.today() {
            return Err(ApiError::input("on", format!("What was stated is known up to today, {}.", view.today())));
        }
        let moment = context::store(ctx)?.place_as_of(view, access, place, date).await??;
        Ok(moment.map(|moment| Self::new(date, &moment)))
    }
}
