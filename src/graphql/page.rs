//! Pages after the Relay cursor connections specification.

use async_graphql::{Context, SimpleObject};

use super::{
    context,
    cursor::Cursor,
    error::{ApiError, Result},
    plain::in_memory,
};

/// Where a page stands in the whole answer.
#[derive(SimpleObject, Clone, Debug, Default)]
pub(super) struct PageInfo {
    /// Whether there is more after this page: ask again with `after` set to `endCursor`.
    pub(super) has_next_page: bool,
    /// Whether this page was asked for with `after`.
    pub(super) has_previous_page: bool,
    /// The cursor of the first edge; null on an empty page.
    pub(super) start_cursor: Option<Cursor>,
    /// The cursor of the last edge; null on an empty page.
    pub(super) end_cursor: Option<Cursor>,
}

in_memory!(struct PageInfo { has_next_page, has_previous_page, start_cursor, end_cursor });

impl PageInfo {
    /// The place of a page with these cursors.
    pub(super) fn new(cursors: &[&Cursor], has_next_page: bool, after: Option<&String>) -> Self {
        Self {
            has_next_page,
            has_previous_page: after.is_some(),
            start_cursor: cursors.first().copied().cloned(),
            end_cursor: cursors.last().copied().cloned(),
        }
    }
}

/// Checks how many are asked for.
pub(super) fn size(ctx: &Context<'_>, first: i32) -> Result<usize> {
    let largest = context::largest_page(ctx)?;
    match usize::try_from(first) {
        Ok(size) if (1..=largest).contains(&first) => Ok(size),
        _ => Err(ApiError::input("first", format!("`first` is a whole number from 1 to {largest}; it was {first}."))),
    }
}
