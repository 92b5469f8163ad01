//! What a requester may see and do: the one place where it is decided (DESIGN, section 5).

use entity::id::{PassportId, ProviderId};

use super::{requester::TokenHash, role::Role};

/// What a requester may see. Made by `auth` from a verified token, or for nobody.
#[derive(Clone, Debug)]
pub struct Scope {
    pub(super) role: Role,
    pub(super) holder: Option<Holder>,
    pub(super) provider: Option<ProviderId>,
    pub(super) regions: Vec<String>,
    pub(super) pseudonym: Option<String>,
    pub(super) token_hash: Option<TokenHash>,
}

/// The holder of a passport, and whether it is worth anything now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holder {
    pub(super) passport: PassportId,
    pub(super) active: bool,
}

/// Why something is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Nobody is signed in; somebody might see it.
    Anonymous,
    /// The passport has expired or was revoked.
    PassportEnded,
    /// The role does not see this at all.
    Role,
    /// The role sees its own only.
    OwnOnly,
}

/// Which entries of the contactenbestand somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactReach {
    /// Those that are published.
    Published,
    /// Those of one provider that are not withdrawn.
    OrganisationOf(ProviderId),
    /// All.
    All,
}

impl Scope {
    /// Availability by date, the next stay and the waiting list of a place of `provider`.
    ///
    /// # Errors
    /// When the requester may not see them.
    pub fn see_availability_of(&self, provider: ProviderId) -> Result<(), Denied> {
        match self.role {
            Role::Anonymous => Err(Denied::Anonymous),
            Role::PassportHolder => self.active_holder(),
            Role::Provider if self.provider == Some(provider) => Ok(()),
            Role::Provider => Err(Denied::OwnOnly),
            Role::Zorgkantoor | Role::Kenniscentrum => Ok(()),
        }
    }

    /// Filters on availability. Staff of a provider may use them among the own places only, which the filter must
    /// then say: what a filter lets through tells as much as an answer does.
    ///
    /// # Errors
    /// When the requester may not use them.
    pub fn filter_by_availability(&self, filtered_provider: Option<ProviderId>) -> Result<(), Denied> {
        match (self.role, filtered_provider) {
            (Role::Provider, None) => Err(Denied::OwnOnly),
            (Role::Provider, Some(provider)) => self.see_availability_of(provider),
            (Role::Anonymous, _) => Err(Denied::Anonymous),
            (Role::PassportHolder, _) => self.active_holder(),
            (Role::Zorgkantoor | Role::Kenniscentrum, _) => Ok(()),
        }
    }

    /// The true address and point of an AREA location of `provider`, and the registry number and web site of a
    /// provider that has one.
    pub fn sees_home_of(&self, provider: ProviderId) -> bool {
        match self.role {
            Role::Anonymous | Role::PassportHolder | Role::Zorgkantoor => false,
            Role::Provider => self.provider == Some(provider),
            Role::Kenniscentrum => true,
        }
    }

    /// The contactenbestand.
    ///
    /// # Errors
    /// When the requester may not see any of it.
    pub fn see_contacts(&self) -> Result<ContactReach, Denied> {
        match self.role {
            Role::Anonymous => Err(Denied::Anonymous),
            Role::PassportHolder => self.active_holder().map(|()| ContactReach::Published),
            Role::Provider => self.provider.map(ContactReach::OrganisationOf).ok_or(Denied::Role),
            Role::Zorgkantoor => Err(Denied::Role),
            Role::Kenniscentrum => Ok(ContactReach::All),
        }
    }

    fn active_holder(&self) -> Result<(), Denied> {
        match self.holder {
            Some(holder) if holder.active => Ok(()),
            _ => Err(Denied::PassportEnded),
        }
    }
}
