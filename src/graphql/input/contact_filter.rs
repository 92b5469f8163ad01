//! What is asked of contacts.

use async_graphql::{ID, InputObject};

use super::{
    super::{
        enums::{OrganisationKind, domain},
        error::{ApiError, Result},
        id,
    },
    region, sentence,
};
use crate::care::{
    contact::{
        self,
        stated::{StatedError, is_word},
    },
    reference::Reference,
    text::folded,
};

/// What is asked of contacts: lists are OR within, fields are AND between; an empty list asks for nothing.
#[derive(InputObject, Clone, Debug, Default)]
pub(in crate::graphql) struct ContactFilter {
    /// Any of these kinds of organisation.
    organisation_kinds: Option<Vec<OrganisationKind>>,
    /// The gemeente that they work for: its code, such as `GM0344`.
    gemeente: Option<String>,
    /// The zorgkantoorregio that they work for, or a gemeente in it: its code, such as `ZK23`.
    region: Option<String>,
    /// Any of these words for what they know about, such as `sondevoeding`.
    expertise: Option<Vec<String>>,
    /// The provider that they work at.
    provider: Option<ID>,
    /// Words, in any order: each is somewhere in the name, the function or the organisation. Case and accents make no
    /// difference, so `rene arts` finds René at an organisation with artsen. At most 100 characters.
    text: Option<String>,
}

/// The longest text to look for.
const LONGEST_TEXT: usize = 100;

impl ContactFilter {
    pub(in crate::graphql) fn read(self, reference: &Reference) -> Result<contact::ContactFilter> {
        if let Some(code) = &self.gemeente
            && !reference.gemeenten.contains_key(code)
        {
            return Err(ApiError::input(
                "filter.gemeente",
                "There is no gemeente with this code; `regions { gemeenten { code } }` lists them, such as GM0344.",
            ));
        }
        let words = self.expertise.unwrap_or_default();
        if let Some(at) = words.iter().position(|word| !is_word(word)) {
            return Err(ApiError::input(format!("filter.expertise.{at}"), sentence(&StatedError::Word)));
        }
        let folded = self.text.as_deref().map(folded);
        let looked_for: Vec<String> =
            folded.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect();
        if self.text.is_some_and(|text| looked_for.is_empty() || text.chars().count() > LONGEST_TEXT) {
            return Err(ApiError::input(
                "filter.text",
                format!("Look for at least a word and at most {LONGEST_TEXT} characters, such as arts Utrecht."),
            ));
        }
        Ok(contact::ContactFilter {
            organisation_kinds: domain(self.organisation_kinds),
            gemeente: self.gemeente,
            region: self.region.map(|code| region("filter.region", code, reference)).transpose()?,
            expertise: words,
            provider: self.provider.map(|id| id::provider("filter.provider", &id)).transpose()?,
            words: looked_for,
        })
    }
}
