//! Regions and gemeenten.

use async_graphql::Object;

use super::super::plain::{PlainList, in_memory};
use crate::{care::reference, store::View};

/// A zorgkantoorregio: the area for which one zorgkantoor buys care under the Wlz.
pub(in crate::graphql) struct Region {
    region: reference::Region,
    view: View,
}

/// A gemeente.
pub(in crate::graphql) struct Gemeente(reference::Gemeente);

impl Region {
    pub(in crate::graphql) fn of(view: &View, code: &str) -> Option<Self> {
        Some(Self { region: view.reference().regions.get(code)?.clone(), view: view.clone() })
    }

    /// Every region, by code.
    pub(in crate::graphql) fn all(view: &View) -> PlainList<Self> {
        view.reference().regions.keys().filter_map(|code| Self::of(view, code)).collect()
    }
}

impl Gemeente {
    pub(in crate::graphql) fn of(view: &View, code: &str) -> Option<Self> {
        view.reference().gemeenten.get(code).cloned().map(Self)
    }

    /// The gemeenten with these codes; a code that is not known is left out.
    pub(in crate::graphql) fn some(view: &View, codes: &[String]) -> PlainList<Self> {
        codes.iter().filter_map(|code| Self::of(view, code)).collect()
    }
}

/// A zorgkantoorregio: the area for which one zorgkantoor buys care under the Wlz.
#[Object]
impl Region {
    /// The code of Statistics Netherlands, such as `ZK23`.
    async fn code(&self) -> &str {
        &self.region.code
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.region.name
    }

    /// The insurer that holds the concession.
    async fn concession_holder(&self) -> &str {
        &self.region.concession_holder
    }

    /// The gemeenten in it today, by code.
    async fn gemeenten(&self) -> PlainList<Gemeente> {
        let today = self.view.today();
        self.view
            .reference()
            .gemeenten
            .values()
            .filter(|gemeente| gemeente.region_code == self.region.code)
            .filter(|gemeente| gemeente.valid_from <= today && gemeente.valid_to.is_none_or(|last| today <= last))
            .cloned()
            .map(Gemeente)
            .collect()
    }
}

in_memory!(impl Region { code, name, concession_holder, gemeenten: Gemeente });

/// A gemeente.
#[Object]
impl Gemeente {
    /// The code of Statistics Netherlands, such as `GM0344`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }
}

in_memory!(impl Gemeente { code, name });
