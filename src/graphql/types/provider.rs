//! A provider.

use async_graphql::{Context, Object, SimpleObject};

use super::place::Place;
use crate::{
    care::{id::ProviderId, text::folded},
    graphql::{
        context,
        cursor::{Cursor, Question, id_of},
        error::{ApiError, Result},
        id::{GlobalId, NodeId},
        page::{self, PageInfo},
        plain::{Plain, PlainList, in_memory},
    },
    store::{SeenProvider, View},
};

/// A zorgaanbieder.
#[derive(Clone)]
pub(in crate::graphql) struct Provider {
    view: View,
    of: Of,
}

/// How a provider is found.
#[derive(Clone, Copy)]
enum Of {
    Id(ProviderId),
    /// By the number of one of its places, at which it is at hand.
    Place(u32),
}

impl Provider {
    fn new(view: &View, of: Of) -> Self {
        Self { view: view.clone(), of }
    }

    /// Whose a place is, by its number in the view.
    pub(super) fn of_place(view: &View, place: u32) -> Self {
        Self::new(view, Of::Place(place))
    }

    /// A provider, if it is on the map.
    pub(in crate::graphql) fn find(view: &View, id: ProviderId) -> Option<Self> {
        view.seen_provider(id).map(|_| Self::new(view, Of::Id(id)))
    }

    fn seen(&self) -> Result<SeenProvider<'_>> {
        let seen = match self.of {
            Of::Id(id) => self.view.seen_provider(id),
            Of::Place(place) => self.view.seen_provider_of(place),
        };
        seen.ok_or_else(|| ApiError::internal("a provider that is not on the map"))
    }
}

/// A zorgaanbieder.
#[Object]
impl Provider {
    /// The id.
    pub(in crate::graphql) async fn id(&self) -> Result<NodeId> {
        Ok(GlobalId::Provider(self.seen()?.id()).into())
    }

    /// The name.
    async fn name(&self) -> Result<&str> {
        Ok(self.seen()?.name())
    }

    /// A telephone number for parents.
    async fn phone(&self) -> Result<Option<&str>> {
        Ok(self.seen()?.phone())
    }

    /// A mail address for parents.
    async fn email(&self) -> Result<Option<&str>> {
        Ok(self.seen()?.email())
    }

    /// The web site; null where a location is an AREA, but for the own staff and the kenniscentrum.
    async fn website(&self) -> Result<Option<&str>> {
        Ok(self.seen()?.website())
    }

    /// The number in the trade register (`KvK`); null where a location is an AREA, but for the own staff and the
    /// kenniscentrum.
    async fn kvk_number(&self) -> Result<Option<&str>> {
        Ok(self.seen()?.kvk_number())
    }

    /// The AGB code.
    async fn agb_code(&self) -> Result<Option<&str>> {
        Ok(self.seen()?.agb_code())
    }

    /// Whether it takes part in the ZEVMB-fieldlab.
    async fn fieldlab(&self) -> Result<bool> {
        Ok(self.seen()?.fieldlab())
    }

    /// Grows with every change of what the provider says of itself; see `editProvider`.
    async fn version(&self) -> Result<i32> {
        Ok(self.seen()?.version())
    }

    /// Its places, in the order of id.
    async fn places(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "How many: 1 to 100.")] first: i32,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Plain<PlaceConnection>> {
        let id = self.seen()?.id();
        let question = Question::new("Provider.places", &id);
        let size = page::size(ctx, first)?;
        let after_id = after.as_deref().map(|cursor| id_of(&question.key(cursor)?)).transpose()?;
        let mut edges: Vec<PlaceEdge> = self
            .view
            .places_of(id)
            .filter_map(|place| Some((place, self.view.seen_place(place)?.id().0.as_u128())))
            .filter(|(_, id)| after_id.is_none_or(|after| *id > after))
            .take(size + 1)
            .map(|(place, id)| PlaceEdge {
                cursor: question.cursor(&id.to_be_bytes()),
                node: Plain(Place::new(&self.view, place)),
            })
            .collect();
        let has_more = edges.len() > size;
        edges.truncate(size);
        let cursors: Vec<&Cursor> = edges.iter().map(|edge| &edge.cursor).collect();
        let page_info = Plain(PageInfo::new(&cursors, has_more, after.as_ref()));
        Ok(Plain(PlaceConnection { edges: PlainList(edges), page_info }))
    }
}

in_memory!(impl Provider { id, name, phone, email, website, kvk_number, agb_code, fieldlab, version });

/// A page of places.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PlaceConnection {
    /// The places with their cursors.
    edges: PlainList<PlaceEdge>,
    /// Where this page stands.
    page_info: Plain<PageInfo>,
}

in_memory!(
    struct PlaceConnection {
        edges: PlaceEdge,
        page_info: PageInfo,
    }
);

/// A place with its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PlaceEdge {
    /// The cursor.
    cursor: Cursor,
    /// The place.
    node: Plain<Place>,
}

in_memory!(struct PlaceEdge { cursor, node: Place });

/// A page of providers.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ProviderConnection {
    /// The providers with their cursors.
    edges: PlainList<ProviderEdge>,
    /// Where this page stands.
    page_info: Plain<PageInfo>,
}

in_memory!(
    struct ProviderConnection {
        edges: ProviderEdge,
        page_info: PageInfo,
    }
);

/// A provider with its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ProviderEdge {
    /// The cursor.
    cursor: Cursor,
    /// The provider.
    node: Plain<Provider>,
}

in_memory!(struct ProviderEdge { cursor, node: Provider });

/// The longest text to look for in names.
const LONGEST_NAME: usize = 100;

/// Providers in the order of name, then id.
pub(in crate::graphql) fn providers(
    ctx: &Context<'_>,
    first: i32,
    after: Option<&String>,
    name_contains: Option<&String>,
) -> Result<Plain<ProviderConnection>> {
    let view = context::view(ctx)?;
    let size = page::size(ctx, first)?;
    if name_contains.is_some_and(|text| text.chars().count() > LONGEST_NAME) {
        return Err(ApiError::input("nameContains", format!("Look for at most {LONGEST_NAME} characters.")));
    }
    let question = Question::new("providers", &name_contains);
    let after_key = after.map(|cursor| question.key(cursor)).transpose()?;
    let wanted = name_contains.map(|text| folded(text));
    // The key of a provider: its name without case and accents, a zero, and its id.
    let key = |name: &str, id: &ProviderId| [name.as_bytes(), &[0], id.0.as_bytes()].concat();
    let found: Vec<(Vec<u8>, ProviderId)> = view
        .providers_by_name()
        .filter(|(name, _)| wanted.as_ref().is_none_or(|wanted| name.contains(wanted.as_str())))
        .map(|(name, id)| (key(name, id), *id))
        .filter(|(key, _)| after_key.as_ref().is_none_or(|after| key > after))
        .take(size + 1)
        .collect();
    let has_more = found.len() > size;
    let edges: Vec<ProviderEdge> = found
        .into_iter()
        .take(size)
        .map(|(key, id)| ProviderEdge { cursor: question.cursor(&key), node: Plain(Provider::new(view, Of::Id(id))) })
        .collect();
    let cursors: Vec<&Cursor> = edges.iter().map(|edge| &edge.cursor).collect();
    let page_info = Plain(PageInfo::new(&cursors, has_more, after));
    Ok(Plain(ProviderConnection { edges: PlainList(edges), page_info }))
}
