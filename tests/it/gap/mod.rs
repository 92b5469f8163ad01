//! The gap analysis: the kernel, pictures and files, and the API.

mod api;
