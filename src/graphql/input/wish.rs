//! Wishes.

use async_graphql::InputObject;

use super::{
    super::error::{ApiError, Result},
    kwaliteitseis,
};
use crate::care::{reference::Reference, wishes::Wish};

/// A kwaliteitseis that the parent wishes for; unlike a filter it excludes nothing.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct WishInput {
    /// The code, such as `3.b`.
    code: String,
    /// How much it weighs: 1 to 3.
    #[graphql(default = 1)]
    weight: i32,
}

/// Reads wishes: each kwaliteitseis at most once.
pub(in crate::graphql) fn wishes(wishes: Option<Vec<WishInput>>, reference: &Reference) -> Result<Vec<Wish>> {
    let mut read: Vec<Wish> = Vec::new();
    for (at, wish) in wishes.unwrap_or_default().into_iter().enumerate() {
        let code = kwaliteitseis(&format!("wishes.{at}.code"), wish.code, reference)?;
        if read.iter().any(|other| other.code == code) {
            return Err(ApiError::input(format!("wishes.{at}.code"), format!("{code} is wished for twice.")));
        }
        let weight = u8::try_from(wish.weight).ok().filter(|weight| (1..=3).contains(weight)).ok_or_else(|| {
            ApiError::input(format!("wishes.{at}.weight"), format!("A weight is 1, 2 or 3; it was {}.", wish.weight))
        })?;
        read.push(Wish { code, weight });
    }
    Ok(read)
}
