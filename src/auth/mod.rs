//! Who asks, and what they may see: token -> [`Requester`] -> [`Scope`].
//!
//! Nothing here knows the database. A [`Scope`] cannot be made elsewhere, and everything protected asks it, so that
//! what a role may see is decided in `scope.rs` and nowhere else.

mod claims;
mod external;
mod head;
mod keys;
mod requester;
mod role;
mod scope;
mod token;

pub use claims::Subject;
pub use external::{
    Fetch, IssuerConfig, IssuerError, Issuers, KeySource, LARGEST_DOCUMENT, SigningAlgorithm, check as check_issuers,
};
pub use head::TrailHead;
pub use keys::{KeyError, Keys, Rotated};
pub use requester::{Requester, TokenHash};
pub use role::Role;
pub use scope::{ContactReach, DemandReach, Denied, Scope, Standing};
pub use token::{Authority, BadToken, IssueError};
