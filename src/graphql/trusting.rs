//! For documents that were validated before.

use std::sync::Arc;

use async_graphql::{
    CacheControl, ServerError, ValidationResult,
    async_trait::async_trait,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation},
};

/// Takes documents to be valid: the engine's quickest validation walks all of a document, and finds nothing in one that passed
/// its strictest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trusting;

impl ExtensionFactory for Trusting {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(*self)
    }
}

#[async_trait]
impl Extension for Trusting {
    async fn validation(
        &self,
        _: &ExtensionContext<'_>,
        _: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        // What would be measured is measured at the gate, with the values of variables.
        Ok(ValidationResult { cache_control: CacheControl::default(), complexity: 0, depth: 0 })
    }
}
