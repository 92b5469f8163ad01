//! The contactenbestand: found and read through a scope, each read recorded.

mod curate;
mod due;
mod duplicates;
mod erase;
mod export;
mod history;
mod import;
mod person;
mod proposals;
mod rows;
mod save;

use std::collections::HashMap;

use entity::{contact, contact_expertise, contact_gemeente, contact_region};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DerivePartialModel, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, ExprTrait, Query},
};

pub use curate::{
    AddContact, ChangeContact, ConfirmContacts, Confirmed, ContactChanged, ContactStep, KeepApart, MergeContacts, Seen,
};
pub use due::{DuePage, DueQuery};
pub use duplicates::{Duplicate, DuplicatePage};
pub use erase::Erased;
pub use export::Exporting;
pub use history::{ContactHistory, HistoryEntry};
pub use person::{AccessExport, ChangeExport, DataSubject, EntryExport, PersonExport, ProposalExport};
pub use proposals::{DecideProposal, Proposal, ProposalError, ProposalPage, ProposalQuery, Propose, Proposed};
pub(in crate::store) use save::NewContacts;

use super::{
    Store, View,
    audit::{Access, Event, Reading},
    error::StoreError,
    rows::pc4,
};
use crate::{
    auth::{ContactReach, Denied},
    care::{
        contact::{Contact, ContactFilter, nearness::Nearness},
        id::{ContactId, LocationId},
        vocabulary::ContactStatus,
    },
    geo::Point,
};

/// What contacts to read.
#[derive(Clone, Debug, Default)]
pub struct ContactQuery {
    /// Nearest first from here, those last of whom it is not known; none: in the order of id.
    pub near: Option<Point>,
    /// What is asked of them.
    pub filter: ContactFilter,
    /// Only those who work at one of these locations.
    pub locations: Option<Vec<LocationId>>,
    /// Only this one.
    pub id: Option<ContactId>,
    /// Only what comes after this distance (infinite: not known) and id.
    pub after: Option<(f64, ContactId)>,
    /// How many to answer at most; none: all.
    pub limit: Option<usize>,
}

/// A contact with its distance from where was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedContact {
    /// The entry.
    pub contact: Contact,
    /// From the point asked to the point of the work postcode, or else to the nearest postcode of where the person works
    /// for, km; infinite where neither is known, or no point was asked.
    pub distance_km: f64,
}

/// A page of contacts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContactPage {
    /// The contacts.
    pub contacts: Vec<ListedContact>,
    /// Whether there are more.
    pub has_more: bool,
}

impl Store {
    /// Reads contacts that the viewer may see, and records that they were read.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not see the contactenbestand; `Err(_)` when the database does not answer,
    /// or the read cannot be recorded.
    pub async fn contacts(
        &self,
        view: &View,
        access: &Access,
        query: &ContactQuery,
    ) -> Result<Result<ContactPage, Denied>, StoreError> {
        let reach = match view.scope().see_contacts() {
            Ok(reach) => reach,
            Err(denied) => return Ok(Err(self.deny(view, access, "contactenbestand", denied).await)),
        };
        let _turn = self.turn().await?;
        self.database.within(self.read_and_record(view, access, query, reach)).await.map(Ok)
    }

    #[tracing::instrument(name = "store.contacts", skip_all)]
    async fn read_and_record(
        &self,
        view: &View,
        access: &Access,
        query: &ContactQuery,
        reach: ContactReach,
    ) -> Result<ContactPage, StoreError> {
        let reading = Reading::begin(&self.database).await?;
        let mut order = candidates(&reading.tx, view, reach, query).await?;
        let limit = query.limit.unwrap_or(usize::MAX);
        let has_more = order.len() > limit;
        order.truncate(limit);
        let ids: Vec<ContactId> = order.iter().map(|(_, id)| *id).collect();
        let contacts: Vec<ListedContact> = rows::read(&reading.tx, &ids)
            .await?
            .into_iter()
            .zip(order)
            .map(|(contact, (distance_km, _))| ListedContact { contact, distance_km })
            .collect();
        let one = query.id.is_some();
        let event = Event {
            kind: if one { "read" } else { "search" },
            ..Event::read(view, access, &self.replica, "contactenbestand")
        };
        let objects = contacts.iter().map(|listed| rows::object(listed.contact.id)).collect();
        reading.end(&event, objects).await?;
        Ok(ContactPage { contacts, has_more })
    }
}

/// What decides whether, and where, an entry is in an answer.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "contact::Entity")]
struct Candidate {
    id: ContactId,
    work_pc4: Option<String>,
    name: String,
    function: Option<String>,
    organisation: String,
}

/// The distance and id of what is asked and one more, in order.
async fn candidates(
    tx: &DatabaseTransaction,
    view: &View,
    reach: ContactReach,
    query: &ContactQuery,
) -> Result<Vec<(f64, ContactId)>, StoreError> {
    let rows = selected(view, reach, query).into_partial_model::<Candidate>().all(tx).await?;
    let nearness = query.near.map(|near| Nearness::new(near, view.reference()));
    let areas = if nearness.is_some() { areas(tx).await? } else { HashMap::new() };
    let mut order = Vec::with_capacity(rows.len());
    for row in rows {
        // Here and not in SQL: the two databases fold case and accents each in their own way, or not at all.
        if !query.filter.says(&row.name, row.function.as_deref(), &row.organisation) {
            continue;
        }
        let id = row.id;
        let work = row.work_pc4.as_deref().map(pc4).transpose()?;
        let codes = areas.get(&id).into_iter().flatten().map(String::as_str);
        let distance = nearness.as_ref().and_then(|nearness| match work {
            Some(pc4) => nearness.to_postcode(pc4),
            None => nearness.to_areas(codes),
        });
        let distance = distance.unwrap_or(f64::INFINITY);
        if query.after.is_none_or(|after| (distance, id) > after) {
            order.push((distance, id));
        }
    }
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    order.truncate(query.limit.map_or(usize::MAX, |limit| limit + 1));
    Ok(order)
}

/// Where those work for who have no work postcode: the codes of gemeenten and regions.
async fn areas(tx: &DatabaseTransaction) -> Result<HashMap<ContactId, Vec<String>>, StoreError> {
    let without = || {
        let id = contact::Entity::find().select_only().column(contact::Column::Id);
        id.filter(contact::Column::WorkPc4.is_null()).into_query()
    };
    let gemeenten = contact_gemeente::Entity::find()
        .filter(contact_gemeente::Column::ContactId.in_subquery(without()))
        .all(tx)
        .await?;
    let regions =
        contact_region::Entity::find().filter(contact_region::Column::ContactId.in_subquery(without())).all(tx).await?;
    let mut areas: HashMap<ContactId, Vec<String>> = HashMap::new();
    let gemeenten = gemeenten.into_iter().map(|row| (row.contact_id, row.gemeente_code));
    for (id, code) in gemeenten.chain(regions.into_iter().map(|row| (row.contact_id, row.region_code))) {
        areas.entry(id).or_default().push(code);
    }
    Ok(areas)
}

/// The entries that the requester may see and that the filter takes.
fn selected(view: &View, reach: ContactReach, query: &ContactQuery) -> Select<contact::Entity> {
    use contact::Column;
    let visible = match reach {
        ContactReach::Published => Condition::all().add(Column::Status.eq(ContactStatus::Published)),
        ContactReach::OrganisationOf(provider) => {
            Condition::all().add(Column::ProviderId.eq(provider)).add(Column::Status.ne(ContactStatus::Withdrawn))
        }
        ContactReach::All => Condition::all(),
    };
    let filter = &query.filter;
    let mut select = contact::Entity::find().filter(visible);
    if let Some(id) = query.id {
        select = select.filter(Column::Id.eq(id));
    }
    if let Some(locations) = &query.locations {
        select = select.filter(Column::LocationId.is_in(locations.iter().copied()));
    }
    if let Some(provider) = filter.provider {
        select = select.filter(Column::ProviderId.eq(provider));
    }
    if !filter.organisation_kinds.is_empty() {
        select = select.filter(Column::OrganisationKind.is_in(filter.organisation_kinds.iter().copied()));
    }
    if !filter.expertise.is_empty() {
        let known = contact_expertise::Entity::find()
            .select_only()
            .column(contact_expertise::Column::ContactId)
            .filter(contact_expertise::Column::Expertise.is_in(&filter.expertise));
        select = select.filter(Column::Id.in_subquery(known.into_query()));
    }
    if let Some(code) = &filter.gemeente {
        let region = view.reference().gemeenten.get(code).map(|gemeente| gemeente.region_code.clone());
        select = select.filter(works_for([code.clone()], region));
    }
    if let Some(region) = &filter.region {
        select = select.filter(in_region(view, region));
    }
    select
}

/// Those who work for a region or a gemeente in it.
fn in_region(view: &View, region: &str) -> Condition {
    let gemeenten = view.reference().gemeenten.values().filter(|gemeente| gemeente.region_code == region);
    works_for(gemeenten.map(|gemeente| gemeente.code.clone()), Some(region.to_owned()))
}

/// Those who work for any of these gemeenten, or for the whole region, or are not limited to any.
fn works_for(gemeenten: impl IntoIterator<Item = String>, region: Option<String>) -> Condition {
    let id = || Expr::col((contact::Entity, contact::Column::Id));
    let by_gemeente =
        || Query::select().column(contact_gemeente::Column::ContactId).from(contact_gemeente::Entity).to_owned();
    let by_region =
        || Query::select().column(contact_region::Column::ContactId).from(contact_region::Entity).to_owned();
    let named = Expr::col(contact_gemeente::Column::GemeenteCode).is_in(gemeenten);
    let whole = Expr::col(contact_region::Column::RegionCode).is_in(region);
    Condition::any()
        .add(id().in_subquery(by_gemeente().and_where(named).to_owned()))
        .add(id().in_subquery(by_region().and_where(whole).to_owned()))
        .add(Condition::all().add(id().not_in_subquery(by_gemeente())).add(id().not_in_subquery(by_region())))
}
