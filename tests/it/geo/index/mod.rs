//! The place index against brute force.

mod adversarial;
mod paging;
mod random;
mod sizes;
mod world;
