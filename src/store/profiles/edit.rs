//! What providers and the kenniscentrum change on the map, and what of it waits for review.

use entity::review;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    super::{
        Store,
        error::StoreError,
        write::{Author, Done, Request, Write, WriteError},
    },
    create, find, held,
    reviews::{New, OPEN, propose},
    rows::Row,
    save, show, stated,
};
use crate::{
    auth::{Denied, Scope},
    care::{
        id::{PlaceId, ProviderId, ReviewId},
        profile::{
            Difference, Object, Profile,
            stated::{Refusal, StatedError, Statement},
            waits,
        },
        vocabulary::{MapField, MapObject},
    },
};

/// Another statement of an object that is there.
#[derive(Clone, Debug, Serialize)]
pub struct EditProfile {
    /// The object.
    pub object: Object,
    /// The version of it that this follows on; none: any.
    pub expected_version: Option<i32>,
    /// What is stated.
    pub statement: Statement,
    /// For the kenniscentrum.
    pub note: Option<String>,
}

/// A new location, group or place.
#[derive(Clone, Debug, Serialize)]
pub struct AddObject {
    /// What it hangs on.
    pub parent: Object,
    /// What is stated.
    pub statement: Statement,
    /// For the kenniscentrum.
    pub note: Option<String>,
}

/// A place that goes off the map, or comes back.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ShowPlace {
    /// The place.
    pub place: PlaceId,
    /// Whether it is on the map from now on.
    pub on_map: bool,
    /// The version of the place that this follows on; none: any.
    pub expected_version: Option<i32>,
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileChanged {
    /// The object; of one that waits, the id that it gets.
    pub object: Object,
    /// The version that it has now; none: it waits as a whole.
    pub version: Option<i32>,
    /// What is live.
    pub live: Vec<MapField>,
    /// What waits for review.
    pub waiting: Vec<MapField>,
    /// In which review; none: nothing waits.
    pub review: Option<ReviewId>,
}

/// Why something on the map is not changed, or a review not decided.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProfileError {
    /// A field that cannot be as it is stated.
    #[error("{}", .0.1)]
    Field(Refusal),
    /// It would change nothing.
    #[error("this says nothing that is not stated already")]
    Nothing,
    /// What it hangs on is not on the map yet, or no longer.
    #[error("what this hangs on is not on the map; it comes first")]
    Parent,
    /// Others wait already.
    #[error("{} of your changes wait for review; more can be made when those are decided", super::reviews::MOST_OPEN)]
    TooMany,
    /// The review was decided before.
    #[error("this was decided already, or taken back")]
    Decided,
    /// It is with the provider already.
    #[error("this was asked back already")]
    AskedBack,
    /// What is live has changed since.
    #[error("what is live has changed since this was proposed")]
    Outdated(Vec<MapField>),
    /// It is off the map already, or still on it.
    #[error("this is so already")]
    Already,
}

pub(super) type Failed = WriteError<ProfileError>;

pub(super) fn refused(error: WriteError<Refusal>) -> Failed {
    match error {
        WriteError::Denied(denied) => WriteError::Denied(denied),
        WriteError::Unknown => WriteError::Unknown,
        WriteError::Conflict { version } => WriteError::Conflict { version },
        WriteError::KeyTaken => WriteError::KeyTaken,
        WriteError::Refused(refusal) => WriteError::Refused(ProfileError::Field(refusal)),
        WriteError::Store(error) => WriteError::Store(error),
    }
}

/// A profile that cannot be read; what it holds belongs in no log.
pub(super) fn unreadable() -> StoreError {
    StoreError::Corrupt("a profile cannot be read".into())
}

impl Store {
    /// States something else of an object.
    ///
    /// # Errors
    /// When the requester may not, it has another version, or cannot be so.
    pub async fn edit_profile(&self, request: Request<'_>, asked: &EditProfile) -> Result<ProfileChanged, Failed> {
        self.write(request, asked).await
    }

    /// Adds an object.
    ///
    /// # Errors
    /// When the requester may not, what it hangs on is not there, or it cannot be so.
    pub async fn add_object(&self, request: Request<'_>, asked: &AddObject) -> Result<ProfileChanged, Failed> {
        self.write(request, asked).await
    }

    /// Takes a place off the map, or puts it back.
    ///
    /// # Errors
    /// When the requester may not, or the place has another version.
    pub async fn show_place(&self, request: Request<'_>, asked: &ShowPlace) -> Result<ProfileChanged, Failed> {
        self.write(request, asked).await
    }
}

impl Write for EditProfile {
    const NAME: &'static str = "editProfile";
    type Answer = ProfileChanged;
    type Refusal = ProfileError;

    fn purpose(&self) -> &'static str {
        match self.object.kind() {
            MapObject::Provider => "editProvider",
            MapObject::Location => "editLocation",
            MapObject::CareGroup => "editCareGroup",
            MapObject::Place => "editPlace",
        }
    }

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.may_change_places()
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<ProfileChanged>, Failed> {
        let before = held(tx, self.object).await?.filter(|row| row.on_map).ok_or(WriteError::Unknown)?;
        let before = seen(before, self.expected_version, by)?;
        let curator = by.scope.curates_map();
        if !curator && self.statement.0.contains_key(&MapField::Fieldlab) {
            let refusal = Refusal(MapField::Fieldlab, StatedError::Kenniscentrum);
            return Err(WriteError::Refused(ProfileError::Field(refusal)));
        }
        let next = stated(tx, self.object.kind(), Some(&before.profile), &self.statement).await.map_err(refused)?;
        let differences = Profile::differences(Some(&before.profile), &next);
        if differences.is_empty() {
            return Err(WriteError::Refused(ProfileError::Nothing));
        }
        let (waiting, live): (Vec<Difference>, Vec<Difference>) =
            differences.into_iter().partition(|one| !curator && waits(one.field));
        let at_once = before.profile.with(live.iter().map(|one| (one.field, one.to.clone())));
        let saved = save(tx, &before, &at_once.map_err(|_| unreadable())?, by).await.map_err(refused)?;
        let mut answer = ProfileChanged {
            object: self.object,
            version: Some(saved.as_ref().map_or(before.version, |saved| saved.version)),
            live: live.into_iter().map(|one| one.field).collect(),
            waiting: waiting.iter().map(|one| one.field).collect(),
            review: None,
        };
        let (mut objects, mut changes) = (Vec::new(), Vec::new());
        if let Some(saved) = saved {
            objects.push(saved.object);
            changes.push(saved.change);
        }
        if !waiting.is_empty() {
            let gemeente = gemeente(tx, &before).await?;
            let new = New { object: self.object, parent: None, gemeente, fields: waiting, note: self.note.clone() };
            let id = propose(tx, before.provider, new, by).await?;
            objects.push(super::reviews::object(id));
            answer.review = Some(id);
        }
        Ok(Done { changes, ..Done::updated(answer, objects) })
    }
}

impl Write for AddObject {
    const NAME: &'static str = "addObject";
    type Answer = ProfileChanged;
    type Refusal = ProfileError;

    fn purpose(&self) -> &'static str {
        match self.parent.child() {
            Some(MapObject::Location) => "addLocation",
            Some(MapObject::CareGroup) => "addCareGroup",
            _ => "addPlace",
        }
    }

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.may_change_places()
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<ProfileChanged>, Failed> {
        let parent = parent(tx, self.parent, by).await?;
        let kind = self.parent.child().ok_or(WriteError::Unknown)?;
        let object = Object::of(kind, Uuid::now_v7());
        let profile = stated(tx, kind, None, &self.statement).await.map_err(refused)?;
        let fields = Profile::differences(None, &profile);
        let names = fields.iter().map(|one| one.field).collect();
        if by.scope.curates_map() {
            if !parent.on_map {
                return Err(WriteError::Refused(ProfileError::Parent));
            }
            let saved = create(tx, object, Some(self.parent), parent.provider, &profile, by).await?;
            let version = Some(saved.version);
            let answer = ProfileChanged { object, version, live: names, waiting: Vec::new(), review: None };
            return Ok(Done { changes: vec![saved.change], ..Done::created(answer, vec![saved.object]) });
        }
        let gemeente = match &profile {
            Profile::Location(location) => location.gemeente.clone(),
            _ => parent.gemeente,
        };
        let new = New { object, parent: Some(self.parent), gemeente, fields, note: self.note.clone() };
        let id = propose(tx, parent.provider, new, by).await?;
        let answer = ProfileChanged { object, version: None, live: Vec::new(), waiting: names, review: Some(id) };
        Ok(Done::created(answer, vec![super::reviews::object(id)]))
    }
}

impl Write for ShowPlace {
    const NAME: &'static str = "showPlace";
    type Answer = ProfileChanged;
    type Refusal = ProfileError;

    fn purpose(&self) -> &'static str {
        if self.on_map { "restorePlace" } else { "withdrawPlace" }
    }

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.may_change_places()
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<ProfileChanged>, Failed> {
        let object = Object::Place(self.place);
        let before = held(tx, object).await?.ok_or(WriteError::Unknown)?;
        if self.on_map {
            by.scope.decide_reviews()?;
        }
        let before = seen(before, self.expected_version, by)?;
        if before.on_map == self.on_map {
            return Err(WriteError::Refused(ProfileError::Already));
        }
        let saved = show(tx, self.place, &before, self.on_map, by).await?;
        let (live, waiting) = (vec![MapField::OnMap], Vec::new());
        let answer = ProfileChanged { object, version: Some(saved.version), live, waiting, review: None };
        Ok(Done { changes: vec![saved.change], ..Done::updated(answer, vec![saved.object]) })
    }
}

/// An object that the requester may change, with the version that was seen.
fn seen(row: Row, expected: Option<i32>, by: &Author<'_>) -> Result<Row, Failed> {
    by.scope.change_place_of(row.provider)?;
    match expected {
        Some(expected) if expected != row.version => Err(WriteError::Conflict { version: row.version }),
        _ => Ok(row),
    }
}

/// What something new hangs on.
struct Parent {
    provider: ProviderId,
    gemeente: String,
    /// Whether it is on the map; it may wait for review itself.
    on_map: bool,
}

async fn parent(tx: &DatabaseTransaction, object: Object, by: &Author<'_>) -> Result<Parent, Failed> {
    let found = match held(tx, object).await? {
        Some(row) if row.on_map => {
            let gemeente = gemeente(tx, &row).await?;
            Some(Parent { provider: row.provider, gemeente, on_map: true })
        }
        Some(_) => None,
        None => {
            let waiting = review::Entity::find()
                .filter(review::Column::ObjectId.eq(object.id()))
                .filter(review::Column::ObjectType.eq(object.kind()))
                .filter(review::Column::Status.is_in(OPEN));
            let waiting = waiting.one(tx).await?;
            waiting.map(|row| Parent { provider: row.provider_id, gemeente: row.gemeente_code, on_map: false })
        }
    };
    let parent = found.ok_or(WriteError::Unknown)?;
    by.scope.change_place_of(parent.provider)?;
    Ok(parent)
}

/// The gemeente in which an object lies; of a provider none.
async fn gemeente(tx: &DatabaseTransaction, row: &Row) -> Result<String, StoreError> {
    let mut at = row.clone();
    loop {
        match (&at.profile, at.parent) {
            (Profile::Location(location), _) => return Ok(location.gemeente.clone()),
            (_, Some(parent)) => match find(tx, parent).await? {
                Some(row) => at = row,
                None => return Ok(String::new()),
            },
            (_, None) => return Ok(String::new()),
        }
    }
}
