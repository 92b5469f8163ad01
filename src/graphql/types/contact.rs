//! The contactenbestand.

use async_graphql::{Context, Object, SimpleObject};

use super::{
    curation::ContactCuration,
    region::{Gemeente, Region},
};
use crate::{
    auth::Denied,
    care::{
        contact,
        id::{ContactId, LocationId},
        vervoer::Destination,
    },
    graphql::{
        context,
        cursor::{Cursor, Question, distance_and_id, distance_key},
        enums::{ContactStatus, OrganisationKind},
        error::Result,
        id::{GlobalId, NodeId},
        page::{self, PageInfo},
        plain::{Plain, PlainList, in_memory},
        scalars::{Date, Instant},
    },
    store::{ContactQuery, View},
};

/// An entry of the contactenbestand: somebody at an organisation who knows ZEVMB.
#[derive(Clone)]
pub(in crate::graphql) struct Contact {
    contact: contact::Contact,
    view: View,
}

/// An entry of the contactenbestand: somebody at an organisation who knows ZEVMB.
#[Object]
impl Contact {
    /// The id.
    pub(in crate::graphql) async fn id(&self) -> NodeId {
        GlobalId::Contact(self.contact.id).into()
    }

    /// The person's name.
    async fn name(&self) -> &str {
        &self.contact.name
    }

    /// What the person does.
    async fn function(&self) -> Option<&str> {
        self.contact.function.as_deref()
    }

    /// Where the person works.
    async fn organisation(&self) -> &str {
        &self.contact.organisation
    }

    /// What kind of organisation that is.
    async fn organisation_kind(&self) -> OrganisationKind {
        self.contact.organisation_kind.into()
    }

    /// A mail address.
    async fn email(&self) -> Option<&str> {
        self.contact.email.as_deref()
    }

    /// A telephone number.
    async fn phone(&self) -> Option<&str> {
        self.contact.phone.as_deref()
    }

    /// The PC4 of the work address.
    async fn work_postcode(&self) -> Option<String> {
        self.contact.work_pc4.map(|pc4| pc4.to_string())
    }

    /// The place name of the work address.
    async fn work_city(&self) -> Option<&str> {
        self.contact.work_city.as_deref()
    }

    /// The gemeenten that the person works for; empty: not limited to any.
    async fn gemeenten(&self) -> PlainList<Gemeente> {
        Gemeente::some(&self.view, &self.contact.gemeenten)
    }

    /// What the person knows about.
    async fn expertise(&self) -> &[String] {
        &self.contact.expertise
    }

    /// The zorgkantoorregio's that the person works for; empty: not limited to any.
    async fn regions(&self) -> PlainList<Region> {
        self.contact.regions.iter().filter_map(|code| Region::of(&self.view, code)).collect()
    }

    /// Where the entry is in its life.
    async fn status(&self) -> ContactStatus {
        self.contact.status.into()
    }

    /// The version of the entry; it grows with every change.
    async fn version(&self) -> i32 {
        self.contact.version
    }

    /// When the kenniscentrum last verified the entry; null: not yet.
    async fn verified_at(&self) -> Option<Instant> {
        self.contact.verified_at.map(Into::into)
    }

    /// When the kenniscentrum has to verify the entry again: a year after it did so last.
    async fn due_on(&self) -> Date {
        self.contact.due_on.into()
    }

    /// What only those who keep the contactenbestand see: for the kenniscentrum.
    async fn curation(&self) -> Result<Option<Plain<ContactCuration>>> {
        self.view.scope().curate_contacts()?;
        Ok(Some(Plain(ContactCuration::new(&self.contact, &self.view))))
    }
}

in_memory!(impl Contact {
    id, name, function, organisation, organisation_kind, email, phone, work_postcode, work_city,
    gemeenten: Gemeente, expertise, regions: Region, status, version, verified_at, due_on, curation: ContactCuration
});

/// A page of contacts.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactConnection {
    /// The contacts with their cursors.
    edges: PlainList<ContactEdge>,
    /// Where this page stands.
    page_info: Plain<PageInfo>,
}

in_memory!(
    struct ContactConnection {
        edges: ContactEdge,
        page_info: PageInfo,
    }
);

/// A contact with its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactEdge {
    /// The cursor.
    cursor: Cursor,
    /// The contact.
    node: Plain<Contact>,
    /// How far it is from `near` to the point of the work postcode, km; of who has none on record, to the nearest postcode of
    /// the gemeenten and regions that the person works for. Null: without `near`, or where neither is known.
    distance_km: Option<f64>,
}

in_memory!(struct ContactEdge { cursor, node: Contact, distance_km });

/// Searches the contactenbestand; `first` and `after` are as the client sent them.
pub(in crate::graphql) async fn contacts(
    ctx: &Context<'_>,
    near: Option<Destination>,
    filter: contact::ContactFilter,
    first: i32,
    after: Option<String>,
) -> Result<Plain<ContactConnection>> {
    let view = context::view(ctx)?;
    let size = page::size(ctx, first)?;
    let question = Question::new("contacts", &(&near, &filter));
    let after_key = after
        .as_deref()
        .map(|cursor| question.key(cursor).and_then(|key| distance_and_id(&key)))
        .transpose()?
        .map(|(distance, id)| (distance, ContactId(uuid::Uuid::from_u128(id))));
    let query = ContactQuery {
        near: near.map(|near| near.point),
        filter,
        after: after_key,
        limit: Some(size),
        ..ContactQuery::default()
    };
    let page = context::store(ctx)?.contacts(view, context::access(ctx)?, &query).await??;
    let edges: Vec<ContactEdge> = page
        .contacts
        .into_iter()
        .map(|listed| ContactEdge {
            cursor: question.cursor(&distance_key(listed.distance_km, listed.contact.id.0.as_u128())),
            node: Plain(Contact::new(listed.contact, view)),
            distance_km: Some(listed.distance_km).filter(|distance| distance.is_finite()),
        })
        .collect();
    let cursors: Vec<&Cursor> = edges.iter().map(|edge| &edge.cursor).collect();
    let page_info = Plain(PageInfo::new(&cursors, page.has_more, after.as_ref()));
    Ok(Plain(ContactConnection { edges: PlainList(edges), page_info }))
}

impl Contact {
    pub(in crate::graphql) fn new(contact: contact::Contact, view: &View) -> Self {
        Self { contact, view: view.clone() }
    }
}

/// Those who work at a location.
pub(super) async fn contacts_at(ctx: &Context<'_>, location: LocationId) -> Result<Vec<Contact>> {
    let contacts = context::contacts_at(ctx)?.load_one(location).await?.unwrap_or_default();
    let view = context::view(ctx)?;
    Ok(contacts.into_iter().map(|contact| Contact::new(contact, view)).collect())
}

impl Contact {
    /// One entry; none where the requester may not see it, as for one that does not exist.
    pub(in crate::graphql) async fn find(ctx: &Context<'_>, id: ContactId) -> Result<Option<Self>> {
        let query = ContactQuery { id: Some(id), ..ContactQuery::default() };
        let view = context::view(ctx)?;
        match context::store(ctx)?.contacts(view, context::access(ctx)?, &query).await? {
            Ok(mut page) => Ok(page.contacts.pop().map(|listed| Self::new(listed.contact, view))),
            // Whether somebody is who the token says must be known before anything can be said to be absent.
            Err(Denied::Unconfirmed) => Err(Denied::Unconfirmed.into()),
            Err(_) => Ok(None),
        }
    }
}
