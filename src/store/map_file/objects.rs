//! Objects of the map from a file: providers, and whole trees of locations, groups and places.
//!
//! Each row is written in a savepoint, as the profiles of the API are, and taken back where something is wrong with it. So what is
//! looked at is what is written, and the transaction is rolled back where nothing may be.

use std::collections::{HashMap, HashSet};

use entity::external_id::{Column as ExternalColumn, Entity as ExternalIds, Model as ExternalId};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, TransactionTrait};
use serde_json::Value;
use uuid::Uuid;

use super::{Looking, Said, Written};
use crate::{
    care::{
        file,
        id::ProviderId,
        map_file::{
            Key, Kind, Reason, Report,
            objects::{ObjectColumns, PlaceColumn, Places, Providers, Stated},
        },
        profile::{Object, stated::Refusal},
        reference::Reference,
        vocabulary::MapObject,
    },
    store::{
        error::StoreError,
        feed::Change,
        import::ImportError,
        profiles::{Saved, create, held, save, stated},
        write::{Author, WriteError},
    },
};

/// The providers of a file, written.
pub(super) struct ProvidersPlan(Written);
/// The places of a file, written.
pub(super) struct PlacesPlan(Written);

impl super::Plan for ProvidersPlan {
    type Kind = Providers;
    const PURPOSE: &'static str = "importProviders";

    async fn look(
        looking: &Looking<'_>,
        rows: Vec<Said<Providers>>,
        report: &mut Report<Providers>,
    ) -> Result<Self, ImportError> {
        let mut pass = Pass::new(looking);
        let all = rows.len();
        for (at, (line, said)) in rows.into_iter().enumerate() {
            let written = pass.row(looking, line, None, &[said]).await?;
            pass.count::<Providers>(report, line, written);
            looking.wrote(at + 1, all);
        }
        Ok(Self(pass.written))
    }

    fn is_empty(&self) -> bool {
        self.0.objects.is_empty()
    }

    async fn write(self, _: &Looking<'_>, _: &Author<'_>) -> Result<Written, ImportError> {
        Ok(self.0)
    }
}

impl super::Plan for PlacesPlan {
    type Kind = Places;
    const PURPOSE: &'static str = "importPlaces";

    async fn look(
        looking: &Looking<'_>,
        rows: Vec<Said<Places>>,
        report: &mut Report<Places>,
    ) -> Result<Self, ImportError> {
        let mut pass = Pass::new(looking);
        let all = rows.len();
        for (at, (line, said)) in rows.into_iter().enumerate() {
            let provider = match &said.provider {
                Key::Ours(id) => Some(id.0),
                Key::External(text) => external(looking.tx, MapObject::Provider, Uuid::nil(), text).await?,
            };
            let provider = match provider {
                Some(id) => on_map(looking.tx, id).await?,
                None => None,
            };
            let written = match provider {
                Some(provider) => pass.row(looking, line, Some(provider), &said.objects).await?,
                None => Err(vec![(PlaceColumn::Provider, Reason::NoProvider)]),
            };
            pass.count::<Places>(report, line, written);
            looking.wrote(at + 1, all);
        }
        Ok(Self(pass.written))
    }

    fn is_empty(&self) -> bool {
        self.0.objects.is_empty()
    }

    async fn write(self, _: &Looking<'_>, _: &Author<'_>) -> Result<Written, ImportError> {
        Ok(self.0)
    }
}

/// A provider that is on the map, held until the transaction ends.
async fn on_map(tx: &DatabaseTransaction, id: Uuid) -> Result<Option<ProviderId>, StoreError> {
    let row = held(tx, Object::of(MapObject::Provider, id)).await?;
    Ok(row.filter(|row| row.on_map).map(|row| row.provider))
}

/// What bears an external id within a provider.
async fn external(
    tx: &DatabaseTransaction,
    kind: MapObject,
    provider: Uuid,
    external_id: &str,
) -> Result<Option<Uuid>, StoreError> {
    let named = ExternalIds::find()
        .filter(ExternalColumn::Kind.eq(kind))
        .filter(ExternalColumn::ProviderId.eq(provider))
        .filter(ExternalColumn::ExternalId.eq(external_id));
    Ok(named.one(tx).await?.map(|row| row.object_id))
}

/// What a row does.
#[derive(Default)]
struct Done<C> {
    saved: Vec<Saved>,
    /// Whether the last of its objects is new.
    new: bool,
    /// What is probably wrong with it.
    doubts: Vec<(C, Reason)>,
}

/// An object that rows of the file are about.
struct Seen<C> {
    line: u32,
    object: Object,
    /// On what it hangs.
    parent: Option<Object>,
    stated: Stated<C>,
}

/// One reading of the rows.
struct Pass<'a, C> {
    by: Author<'a>,
    reference: &'a Reference,
    /// By kind, provider and external id.
    seen: HashMap<(MapObject, Option<ProviderId>, String), Seen<C>>,
    written: Written,
    told: HashSet<ProviderId>,
}

impl<'a, C: ObjectColumns + Send + Sync> Pass<'a, C> {
    fn new(looking: &Looking<'a>) -> Self {
        Self {
            by: Author::of(looking.view),
            reference: looking.view.reference(),
            seen: HashMap::new(),
            written: Written { changes: Vec::new(), objects: Vec::new() },
            told: HashSet::new(),
        }
    }

    /// Writes a row, wholly or not at all: its objects, each on the one before.
    async fn row(
        &mut self,
        looking: &Looking<'_>,
        line: u32,
        provider: Option<ProviderId>,
        objects: &[Stated<C>],
    ) -> Result<Result<Done<C>, Vec<(C, Reason)>>, ImportError> {
        let writing = async {
            let tx = looking.tx.begin().await?;
            let mut done = Done { saved: Vec::new(), new: false, doubts: Vec::new() };
            let mut parent = provider.map(Object::Provider);
            let mut seen = Vec::new();
            for (at, one) in objects.iter().enumerate() {
                let last = at + 1 == objects.len();
                match self.object(&tx, provider, parent, one, last, &mut done).await? {
                    Ok(object) => {
                        seen.push(Seen { line, object, parent, stated: one.clone() });
                        parent = Some(object);
                    }
                    Err(wrong) => {
                        tx.rollback().await?;
                        return Ok(Err(wrong));
                    }
                }
            }
            tx.commit().await?;
            for one in seen {
                let key = (one.stated.kind, provider, one.stated.external_id.clone());
                self.seen.entry(key).or_insert(one);
            }
            Ok::<_, ImportError>(Ok(done))
        };
        looking.database.within(Box::pin(writing)).await
    }

    /// Writes one object.
    async fn object(
        &self,
        tx: &DatabaseTransaction,
        provider: Option<ProviderId>,
        parent: Option<Object>,
        said: &Stated<C>,
        last: bool,
        done: &mut Done<C>,
    ) -> Result<Result<Object, Vec<(C, Reason)>>, ImportError> {
        if let Some(seen) = self.seen.get(&(said.kind, provider, said.external_id.clone())) {
            return Ok(match said.differs(&seen.stated) {
                _ if last => Err(vec![(said.key, Reason::Twice(seen.line))]),
                _ if seen.parent != parent => Err(vec![(said.key, Reason::Differs(seen.line))]),
                Some(column) => Err(vec![(column, Reason::Differs(seen.line))]),
                None => Ok(seen.object),
            });
        }
        let statement = match said.statement(self.reference) {
            Ok(statement) => statement,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let scope = provider.map_or(Uuid::nil(), |provider| provider.0);
        let known = external(tx, said.kind, scope, &said.external_id).await?;
        let before = match known {
            Some(id) => held(tx, Object::of(said.kind, id)).await?,
            None => None,
        };
        if let Some(row) = &before {
            if !row.on_map {
                return Ok(Err(vec![(said.key, Reason::Withdrawn)]));
            }
            if row.parent != parent {
                return Ok(Err(vec![(said.key, Reason::Moved)]));
            }
        }
        let next = match stated(tx, said.kind, before.as_ref().map(|row| &row.profile), &statement).await {
            Ok(next) => next,
            Err(error) => return refused(said, error).map(Err),
        };
        done.doubts.extend(said.doubts(&next, self.reference));
        let id = known.unwrap_or_else(Uuid::now_v7);
        let object = Object::of(said.kind, id);
        if let Some(row) = before {
            match save(tx, &row, &next, &self.by).await {
                Ok(saved) => done.saved.extend(saved),
                Err(error) => return refused(said, error).map(Err),
            }
        } else {
            let provider = provider.unwrap_or(ProviderId(id));
            done.saved.push(create(tx, object, parent, provider, &next, &self.by).await?);
            let (kind, external_id) = (said.kind, said.external_id.clone());
            let row = ExternalId { kind, provider_id: scope, external_id, object_id: id };
            ExternalIds::insert(row.into_active_model()).exec_without_returning(tx).await?;
            done.new = true;
        }
        Ok(Ok(object))
    }

    /// Counts a row, and keeps what it wrote.
    fn count<K: Kind<Column = C>>(
        &mut self,
        report: &mut Report<K>,
        line: u32,
        written: Result<Done<C>, Vec<(C, Reason)>>,
    ) {
        let told = |all: Vec<(C, Reason)>| {
            all.into_iter().map(move |(column, reason)| file::Mistake { line, column: Some(column), reason })
        };
        match written {
            Err(wrong) => report.refuse(told(wrong)),
            Ok(done) => {
                report.warnings.extend(told(done.doubts));
                let count = match done.saved.is_empty() {
                    true => &mut report.unchanged,
                    false if done.new => &mut report.created,
                    false => &mut report.updated,
                };
                *count += 1;
                for Saved { change, object, .. } in done.saved {
                    self.keep(change, object);
                }
            }
        }
    }

    fn keep(&mut self, change: Change, object: Value) {
        self.written.objects.push(object);
        // One entry is enough: whose part of the map it is, that is read again.
        if change.provider.is_none_or(|provider| self.told.insert(provider)) {
            self.written.changes.push(change);
        }
    }
}

/// What is wrong with an object that the map does not take.
fn refused<C: ObjectColumns>(said: &Stated<C>, error: WriteError<Refusal>) -> Result<Vec<(C, Reason)>, ImportError> {
    match error {
        WriteError::Refused(Refusal(field, error)) => Ok(vec![(said.blame(field), Reason::Stated(error))]),
        WriteError::Store(error) => Err(error.into()),
        WriteError::Denied(_) | WriteError::Unknown | WriteError::Conflict { .. } | WriteError::KeyTaken => {
            Err(StoreError::Corrupt("an object is refused that is held".into()).into())
        }
    }
}
