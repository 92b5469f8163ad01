//! What was found as pictures and files.

mod fictional;
mod files;
mod maps;
mod palette;
