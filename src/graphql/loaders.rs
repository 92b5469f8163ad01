//! Loaders: what many fields of one answer need is read at once, and recorded once.
//!
//! A loader lives for one request and holds its view, so that one viewer's batch can never serve another.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;

use super::error::{ApiError, Result};
use crate::{
    care::{contact::Contact, id::LocationId},
    store::{Access, ContactQuery, SharedStore, View},
};

/// The contacts who work at a location.
pub(super) struct ContactsAt {
    pub(super) store: SharedStore,
    pub(super) view: View,
    pub(super) access: Access,
}

impl Loader<LocationId> for ContactsAt {
    type Value = Vec<Contact>;
    type Error = ApiError;

    async fn load(&self, locations: &[LocationId]) -> Result<HashMap<LocationId, Vec<Contact>>> {
        let query = ContactQuery { locations: Some(locations.to_vec()), ..ContactQuery::default() };
        let page = self.store.contacts(&self.view, &self.access, &query).await??;
        let mut at: HashMap<LocationId, Vec<Contact>> = HashMap::new();
        for listed in page.contacts {
            if let Some(location) = listed.contact.location_id {
                at.entry(location).or_default().push(listed.contact);
            }
        }
        Ok(at)
    }
}
