//! The GraphQL API: thin wrappers around the domain, described for the person who calls it.
//!
//! The schema is built from types alone ([`schema`]); what a request needs arrives with it ([`prepare`]).

pub mod attempts;
mod context;
mod cursor;
mod enums;
pub mod error;
pub mod gate;
pub mod id;
mod input;
pub(crate) mod json;
mod loaders;
mod mutation;
mod page;
mod plain;
mod query;
mod scalars;
mod subscription;
pub(crate) mod trusting;
mod types;

pub use context::{SigningIn, prepare};
pub use input::gap_question;

use async_graphql::{SDLExportOptions, SchemaBuilder};

/// The schema of this service.
pub type Schema = async_graphql::Schema<query::Query, mutation::Mutation, subscription::Subscription>;

/// Builds the schema.
pub fn schema() -> Schema {
    builder().finish()
}

/// The same for documents that [`schema`] has validated before: it reads the values of arguments, and looks no further.
pub fn trusting_schema() -> Schema {
    builder().extension(trusting::Trusting).finish()
}

fn builder() -> SchemaBuilder<query::Query, mutation::Mutation, subscription::Subscription> {
    let (query, mutation) = (query::Query::default(), mutation::Mutation::default());
    async_graphql::Schema::build(query, mutation, subscription::Subscription)
}

/// The schema in the schema definition language, as `schema.graphql` holds it.
pub fn sdl() -> String {
    let sdl =
        schema().sdl_with_options(SDLExportOptions::new().include_specified_by().prefer_single_line_descriptions());
    format!("{}\n", sdl.trim_end())
}
