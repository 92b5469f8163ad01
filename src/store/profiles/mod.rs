//! What people state of providers, locations, groups and places.

mod edit;
mod reviews;
mod rows;
mod save;

pub use edit::{AddObject, EditProfile, ProfileChanged, ProfileError, ShowPlace};
pub use reviews::{
    AnswerReview, DecideReview, Decision, Review, ReviewAnswer, ReviewField, ReviewPage, ReviewQuery, Reviewed,
};
pub(in crate::store) use rows::find;
pub(in crate::store) use save::{Saved, create, held, save, show, stated};
