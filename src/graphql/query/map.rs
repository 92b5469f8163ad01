//! Questions about the map, passports and the audit trail.

use async_graphql::{Context, ID, Object};

use super::super::{
    context,
    enums::PlaceOrder,
    error::{ApiError, Result},
    id::{self, GlobalId},
    input::{BoundsInput, ContactFilter, NearInput, PlaceFilter, WishInput, radius_km, wishes},
    plain::{Plain, PlainList},
    scalars::Date,
    types::{
        Asked, AuditEventConnection, Contact, ContactConnection, Kwaliteitseis, Node, PassportAgreement,
        PassportRecord, PassportStatistics, Place, PlaceCluster, PlaceNearConnection, Provider, ProviderConnection,
        Region, Viewer, audit_trail, contacts, providers,
    },
};

use crate::care::{id::PlaceId, plan::Count};

#[derive(Default)]
pub(super) struct MapQuery;

#[Object]
impl MapQuery {
    /// Who asks.
    async fn viewer(&self) -> Viewer {
        Viewer
    }

    /// Anything by its id; null for what does not exist and for what you may not see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of a place, provider or contact.")] id: ID,
    ) -> Result<Option<Node>> {
        let view = context::view(ctx)?;
        Ok(match id::any("id", &id)? {
            GlobalId::Place(id) => looked_at(ctx, id)?.map(Node::Place),
            GlobalId::Provider(id) => Provider::find(view, id).map(Node::Provider),
            // These are nothing that is looked up by its id.
            GlobalId::Session(_)
            | GlobalId::Proposal(_)
            | GlobalId::SavedSearch(_)
            | GlobalId::Location(_)
            | GlobalId::CareGroup(_)
            | GlobalId::Review(_)
            | GlobalId::Suggestion(_) => None,
            GlobalId::Contact(id) => Contact::find(ctx, id).await?.map(|contact| Node::Contact(Box::new(contact))),
        })
    }

    /// Places, nearest first, ties by id, unless another order is asked for. Without `radiusKm` there is no cut-off.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the field")]
    async fn places_near(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to search from.")] near: NearInput,
        #[graphql(name = "radiusKm", desc = "The greatest distance in km: more than 0, at most 200.")] radius: Option<
            f64,
        >,
        #[graphql(desc = "What a place must have.")] filter: Option<PlaceFilter>,
        #[graphql(name = "wishes", desc = "Kwaliteitseisen to score places by; they exclude nothing.")] wished: Option<
            Vec<WishInput>,
        >,
        #[graphql(default_with = "PlaceOrder::Nearest", desc = "In which order.")] order: PlaceOrder,
        #[graphql(default = 20, desc = "How many: 1 to 100.")] first: i32,
        #[graphql(desc = "Only what comes after this cursor of the same question.")] after: Option<String>,
    ) -> Result<Option<Plain<PlaceNearConnection>>> {
        let view = context::view(ctx)?;
        let near = near.destination("near", view)?;
        let filter = filter.unwrap_or_default().read(view)?;
        let radius_km = radius_km("radiusKm", radius)?;
        let asked = Asked { near, radius_km, filter, wishes: wishes(wished, view.reference())?, order };
        PlaceNearConnection::search(ctx, asked, first, after.as_ref()).map(Some)
    }

    /// How many places lie where, per H3 cell, in the order of cells: for a map at any zoom. A cell is answered when its
    /// centre lies within the bounds, and then with all of its places, so that what a cell says does not depend on what
    /// else is shown: ask a little more than the screen. At most 1,500 cells; a cell of resolution 5 is 17 km wide, of 7 2.4 km,
    /// of 9 350 m.
    async fn place_clusters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where the centres of the cells lie.")] bounds: BoundsInput,
        #[graphql(desc = "The resolution of the cells: 0 (coarse) to 15 (fine).")] resolution: i32,
        #[graphql(desc = "What a place must have.")] filter: Option<PlaceFilter>,
    ) -> Result<Option<PlainList<PlaceCluster>>> {
        let filter = filter.unwrap_or_default().read(context::view(ctx)?)?;
        let bounds = bounds.read("bounds")?;
        let fitting = u8::try_from(resolution).ok().filter(|resolution| *resolution <= 15);
        let resolution = fitting.ok_or_else(|| {
            let said = format!("This is a whole number from 0 to 15; it was {resolution}.");
            ApiError::input("resolution", said)
        })?;
        PlaceCluster::counted(ctx, &Count { bounds, resolution, filter }).map(Some)
    }

    /// A place; null: there is none with this id.
    async fn place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the place.")] id: ID,
    ) -> Result<Option<Plain<Place>>> {
        Ok(looked_at(ctx, id::place("id", &id)?)?.map(Plain))
    }

    /// A provider; null: there is none with this id.
    async fn provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the provider.")] id: ID,
    ) -> Result<Option<Plain<Provider>>> {
        Ok(Provider::find(context::view(ctx)?, id::provider("id", &id)?).map(Plain))
    }

    /// Providers, in the order of name.
    async fn providers(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "How many: 1 to 100.")] first: i32,
        #[graphql(desc = "Only what comes after this cursor of the same question.")] after: Option<String>,
        #[graphql(desc = "A part of the name; case and accents make no difference.")] name_contains: Option<String>,
    ) -> Result<Plain<ProviderConnection>> {
        providers(ctx, first, after.as_ref(), name_contains.as_ref())
    }

    /// The contactenbestand: people at organisations who know ZEVMB. Holders of a valid ZEVMB-paspoort see published
    /// entries, a provider's staff the entries of their own organisation, the kenniscentrum all. Every read is
    /// recorded.
    #[graphql(name = "contacts")]
    async fn contacts_of_all(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Nearest first from here, by work postcode or where the person works for; left out: in the order of id."
        )]
        near: Option<NearInput>,
        #[graphql(desc = "What is asked of a contact.")] filter: Option<ContactFilter>,
        #[graphql(default = 20, desc = "How many: 1 to 100.")] first: i32,
        #[graphql(desc = "Only what comes after this cursor of the same question.")] after: Option<String>,
    ) -> Result<Option<Plain<ContactConnection>>> {
        let view = context::view(ctx)?;
        let near = near.map(|near| near.destination("near", view)).transpose()?;
        let filter = filter.unwrap_or_default().read(view.reference())?;
        contacts(ctx, near, filter, first, after).await.map(Some)
    }

    /// The zorgkantoorregio's, by code.
    async fn regions(&self, ctx: &Context<'_>) -> Result<PlainList<Region>> {
        Ok(Region::all(context::view(ctx)?))
    }

    /// A zorgkantoorregio; null: there is none with this code.
    #[graphql(name = "region")]
    async fn one_region(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its code, such as `ZK23`.")] code: String,
    ) -> Result<Option<Plain<Region>>> {
        Ok(Region::of(context::view(ctx)?, &code).map(Plain))
    }

    /// The kwaliteitseisen, by code.
    async fn kwaliteitseisen(&self, ctx: &Context<'_>) -> Result<PlainList<Kwaliteitseis>> {
        Ok(context::view(ctx)?.reference().kwaliteitseisen.values().map(Into::into).collect())
    }

    /// A passport by its number, for the kenniscentrum; null: there is none. The read is recorded.
    async fn passport(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number on the card.")] number: String,
    ) -> Result<Option<PassportRecord>> {
        let (view, access) = (context::view(ctx)?, context::access(ctx)?);
        let found = context::store(ctx)?.passport_record(view, access, &number).await??;
        Ok(found.map(|record| PassportRecord::new(record, view.now())))
    }

    /// How many passports were issued up to and including a date, as the yearly report counts them: each once, by its kind
    /// at issue; the new card of a lost one does not count. For the kenniscentrum.
    async fn passport_statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The last date that counts; not after today.")] on: Date,
    ) -> Result<Option<PassportStatistics>> {
        let view = context::view(ctx)?;
        let date = on.parse_as("on")?;
        if date > view.today() {
            return Err(ApiError::input("on", format!("Passports are counted up to today, {}.", view.today())));
        }
        let counted = context::store(ctx)?.passport_statistics(view, date).await??;
        Ok(Some(counted.into()))
    }

    /// What the audit trail says of a contact, a place or a passport, in order of time. For the kenniscentrum; the read is
    /// recorded too.
    #[graphql(name = "auditTrail")]
    async fn trail_of(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of a contact or a place, or the number of a passport.")] subject: String,
        #[graphql(desc = "The first date.")] from: Date,
        #[graphql(desc = "The last date, included.")] to: Date,
        #[graphql(default = 20, desc = "How many: 1 to 100.")] first: i32,
        #[graphql(desc = "Only what comes after this cursor of the same question.")] after: Option<String>,
    ) -> Result<Option<AuditEventConnection>> {
        let (earlier, later) = (from.parse_as("from")?, to.parse_as("to")?);
        if later < earlier {
            return Err(ApiError::input("to", format!("{later} must come on or after {earlier}.")));
        }
        audit_trail(ctx, &subject, (earlier, later), first, after.as_ref()).await
    }

    /// What a ZEVMB-paspoort opens.
    async fn passport_agreements(&self, ctx: &Context<'_>) -> Result<Vec<PassportAgreement>> {
        Ok(context::view(ctx)?.agreements().iter().map(Into::into).collect())
    }
}

/// A place that is asked for by its id, which counts as a look at it.
fn looked_at(ctx: &Context<'_>, id: PlaceId) -> Result<Option<Place>> {
    let view = context::view(ctx)?;
    let place = view.place(id);
    context::store(ctx)?.looked(view, place.map(|_| id));
    Ok(place.map(|place| Place::new(view, place)))
}
