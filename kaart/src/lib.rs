//! The domain of zorgkaart, apart from what asks and what stores: what the words of care mean (`care`), and places in
//! space (`geo`). `care` uses `geo`; neither knows a database, GraphQL or HTTP. A crate of its own, since it is where
//! tests compute, and is compiled better for them.

pub mod care;
pub mod geo;
