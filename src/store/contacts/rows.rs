//! Rows of the contactenbestand, and entries made of them.

use std::collections::HashMap;

use entity::{contact, contact_expertise, contact_gemeente, contact_region};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::super::{error::StoreError, rows::pc4};
use crate::care::{
    contact::{Consent, Contact, Withdrawal},
    id::ContactId,
};

/// How many ids a statement names: each list of an entry is read with as many values.
const MOST_IDS: usize = 10_000;

/// An entry, as the audit trail names it.
pub(in crate::store) fn object(id: ContactId) -> Value {
    json!({ "type": "contact", "id": id.0.simple().to_string() })
}

/// Reads the entries with these ids, in the given order; all of them are there.
pub(super) async fn read(tx: &DatabaseTransaction, ids: &[ContactId]) -> Result<Vec<Contact>, StoreError> {
    let mut found: HashMap<ContactId, Contact> = HashMap::with_capacity(ids.len());
    for some in ids.chunks(MOST_IDS) {
        let rows = contact::Entity::find().filter(contact::Column::Id.is_in(some.iter().copied())).all(tx).await?;
        for row in rows {
            found.insert(row.id, contact_of(row)?);
        }
        let expertise = contact_expertise::Entity::find()
            .filter(contact_expertise::Column::ContactId.is_in(some.iter().copied()))
            .all(tx)
            .await?;
        for row in expertise {
            found.entry(row.contact_id).and_modify(|contact| contact.expertise.push(row.expertise));
        }
        let gemeenten = contact_gemeente::Entity::find()
            .filter(contact_gemeente::Column::ContactId.is_in(some.iter().copied()))
            .all(tx)
            .await?;
        for row in gemeenten {
            found.entry(row.contact_id).and_modify(|contact| contact.gemeenten.push(row.gemeente_code));
        }
        let regions = contact_region::Entity::find()
            .filter(contact_region::Column::ContactId.is_in(some.iter().copied()))
            .all(tx)
            .await?;
        for row in regions {
            found.entry(row.contact_id).and_modify(|contact| contact.regions.push(row.region_code));
        }
    }
    let contacts = ids.iter().filter_map(|id| {
        let mut contact = found.remove(id)?;
        contact.expertise.sort_unstable();
        contact.gemeenten.sort_unstable();
        contact.regions.sort_unstable();
        Some(contact)
    });
    Ok(contacts.collect())
}

/// Reads the entry with an id.
pub(super) async fn one(tx: &DatabaseTransaction, id: ContactId) -> Result<Option<Contact>, StoreError> {
    Ok(read(tx, &[id]).await?.pop())
}

fn contact_of(row: contact::Model) -> Result<Contact, StoreError> {
    Ok(Contact {
        id: row.id,
        external_id: row.external_id,
        name: row.name,
        function: row.function,
        organisation: row.organisation,
        organisation_kind: row.organisation_kind,
        provider_id: row.provider_id,
        location_id: row.location_id,
        email: row.email,
        phone: row.phone,
        work_pc4: row.work_pc4.as_deref().map(pc4).transpose()?,
        work_city: row.work_city,
        gemeenten: Vec::new(),
        expertise: Vec::new(),
        regions: Vec::new(),
        status: row.status,
        consent: row.consent_on.zip(row.consent_source).map(|(on, source)| Consent { on, source }),
        version: row.version,
        verified_at: row.verified_at,
        due_on: row.due_on,
        withdrawal: row.withdrawn_on.zip(row.withdrawal_reason).map(|(on, reason)| Withdrawal { on, reason }),
        merged_into: row.merged_into,
    })
}
