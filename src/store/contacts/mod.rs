//! The contactenbestand: found and read through a scope, each read recorded.

mod export;
mod import;
mod rows;
mod save;

use entity::{contact, contact_expertise, contact_gemeente, contact_region};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DerivePartialModel, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, ExprTrait, Query},
};

pub use export::Exporting;
pub use import::{ImportError, ImportOptions, Phase};
pub(in crate::store) use save::NewContacts;

use super::{
    Store, View,
    audit::{self, Access, Event},
    error::StoreError,
    rows::pc4,
};
use crate::{
    auth::{ContactReach, Denied},
    care::{
        contact::{Contact, ContactFilter},
        id::{ContactId, LocationId},
        vocabulary::ContactStatus,
    },
    geo::{Point, distance::distance_km},
};

/// What contacts to read.
#[derive(Clone, Debug, Default)]
pub struct ContactQuery {
    /// Nearest first from here, those without a work postcode last; none: in the order of id.
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
    /// From the point asked to the point of the work postcode, km; infinite where one of the two is not known.
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
        let tx = self.database.begin().await?;
        let head = audit::lock(&tx).await.map_err(audit::unrecorded)?;
        let mut order = candidates(&tx, view, reach, query).await?;
        let limit = query.limit.unwrap_or(usize::MAX);
        let has_more = order.len() > limit;
        order.truncate(limit);
        let ids: Vec<ContactId> = order.iter().map(|(_, id)| *id).collect();
        let contacts: Vec<ListedContact> = rows::read(&tx, &ids)
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
        audit::record(&tx, head, &event, objects).await.map_err(audit::unrecorded)?;
        tx.commit().await?;
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
    let mut order = Vec::with_capacity(rows.len());
    for row in rows {
        // Here and not in SQL: the two databases fold case and accents each in their own way, or not at all.
        if !query.filter.says(&row.name, row.function.as_deref(), &row.organisation) {
            continue;
        }
        let id = row.id;
        let at = row.work_pc4.as_deref().map(pc4).transpose()?.and_then(|pc4| view.reference().postcodes.get(&pc4));
        let distance = match (query.near, at) {
            (Some(near), Some(postcode)) => distance_km(near, postcode.point),
            _ => f64::INFINITY,
        };
        if query.after.is_none_or(|after| (distance, id) > after) {
            order.push((distance, id));
        }
    }
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    order.truncate(query.limit.map_or(usize::MAX, |limit| limit + 1));
    Ok(order)
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
        let gemeenten = view.reference().gemeenten.values().filter(|gemeente| gemeente.region_code == *region);
        select = select.filter(works_for(gemeenten.map(|gemeente| gemeente.code.clone()), Some(region.clone())));
    }
    select
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
