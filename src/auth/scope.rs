//! What a requester may see and do: the one place where it is decided (DESIGN, section 5).

use entity::id::{PassportId, ProviderId, SessionId};

use super::{requester::TokenHash, role::Role};

/// What a requester may see. Made by `auth` from a verified token, or for nobody.
#[derive(Clone, Debug)]
pub struct Scope {
    pub(super) role: Role,
    pub(super) holder: Option<PassportId>,
    pub(super) standing: Standing,
    pub(super) provider: Option<ProviderId>,
    pub(super) regions: Vec<String>,
    pub(super) pseudonym: Option<String>,
    pub(super) token_hash: Option<TokenHash>,
    pub(super) session: Option<SessionId>,
}

/// Whether somebody with a valid token is still what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The database has confirmed it.
    Confirmed,
    /// Their passport is not valid now.
    Ended,
    /// The database cannot say. What is public they see, like anybody; the rest has to wait.
    Unconfirmed,
}

/// Why something is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Nobody is signed in; somebody might see it.
    Anonymous,
    /// The passport has expired or was revoked.
    PassportEnded,
    /// The database cannot say at the moment whether the requester still is who the token says.
    Unconfirmed,
    /// The role does not see this at all.
    Role,
    /// The role sees its own only.
    OwnOnly,
    /// The role sees the detail of its own regions only.
    OtherRegion,
}

/// Of which zorgkantoorregio's somebody sees where families lack places, down to areas and cells; of the others the totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemandReach<'a> {
    /// Of these, by code.
    Regions(&'a [String]),
    /// Of all.
    Country,
}

impl DemandReach<'_> {
    /// The detail of a region.
    ///
    /// # Errors
    /// When it is not one of the requester's.
    pub fn see_detail_of(self, region: &str) -> Result<(), Denied> {
        match self {
            Self::Country => Ok(()),
            Self::Regions(own) if own.iter().any(|code| code == region) => Ok(()),
            Self::Regions(_) => Err(Denied::OtherRegion),
        }
    }
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
        match self.confirmed_role()? {
            Role::Anonymous => Err(Denied::Anonymous),
            Role::Provider if self.provider != Some(provider) => Err(Denied::OwnOnly),
            Role::PassportHolder | Role::Provider | Role::Zorgkantoor | Role::Kenniscentrum => Ok(()),
        }
    }

    /// Whether an export may hold availability and waiting lists of any place at all.
    ///
    /// # Errors
    /// When that cannot be confirmed at the moment.
    pub fn export_availability(&self) -> Result<bool, Denied> {
        match self.confirmed_role() {
            Ok(Role::Anonymous) | Err(Denied::PassportEnded) => Ok(false),
            Ok(Role::PassportHolder | Role::Provider | Role::Zorgkantoor | Role::Kenniscentrum) => Ok(true),
            Err(denied) => Err(denied),
        }
    }

    /// Filters on availability. Staff of a provider may use them among the own places only, which the filter must
    /// then say: what a filter lets through tells as much as an answer does.
    ///
    /// # Errors
    /// When the requester may not use them.
    pub fn filter_by_availability(&self, filtered_provider: Option<ProviderId>) -> Result<(), Denied> {
        match (self.confirmed_role()?, filtered_provider) {
            (Role::Anonymous, _) => Err(Denied::Anonymous),
            (Role::Provider, None) => Err(Denied::OwnOnly),
            (Role::Provider, Some(provider)) => self.see_availability_of(provider),
            (Role::PassportHolder | Role::Zorgkantoor | Role::Kenniscentrum, _) => Ok(()),
        }
    }

    /// The true address and point of an AREA location of `provider`, and the registry number and web site of a
    /// provider that has one.
    pub fn sees_home_of(&self, provider: ProviderId) -> bool {
        match self.confirmed_role() {
            Ok(Role::Provider) => self.provider == Some(provider),
            Ok(Role::Kenniscentrum) => true,
            Ok(Role::Anonymous | Role::PassportHolder | Role::Zorgkantoor) | Err(_) => false,
        }
    }

    /// The contactenbestand.
    ///
    /// # Errors
    /// When the requester may not see any of it.
    pub fn see_contacts(&self) -> Result<ContactReach, Denied> {
        match self.confirmed_role()? {
            Role::Anonymous => Err(Denied::Anonymous),
            Role::PassportHolder => Ok(ContactReach::Published),
            Role::Provider => self.provider.map(ContactReach::OrganisationOf).ok_or(Denied::Role),
            Role::Zorgkantoor => Err(Denied::Role),
            Role::Kenniscentrum => Ok(ContactReach::All),
        }
    }

    /// Issuing and keeping passports.
    ///
    /// # Errors
    /// When the requester may not.
    pub fn keep_passports(&self) -> Result<(), Denied> {
        match self.confirmed_role()? {
            Role::Anonymous => Err(Denied::Anonymous),
            Role::PassportHolder | Role::Provider | Role::Zorgkantoor => Err(Denied::Role),
            Role::Kenniscentrum => Ok(()),
        }
    }

    /// Keeping the contactenbestand: adding, changing, publishing, and what was changed before.
    ///
    /// # Errors
    /// When the requester may not.
    pub fn curate_contacts(&self) -> Result<(), Denied> {
        self.keep_passports()
    }

    /// Proposing changes of the contactenbestand: for the staff of which provider.
    ///
    /// # Errors
    /// When the requester may not.
    pub fn propose_contacts(&self) -> Result<ProviderId, Denied> {
        match self.confirmed_role()? {
            Role::Anonymous => Err(Denied::Anonymous),
            Role::PassportHolder | Role::Zorgkantoor | Role::Kenniscentrum => Err(Denied::Role),
            Role::Provider => self.provider.ok_or(Denied::Role),
        }
    }

    /// What was proposed: of one provider, or of all.
    ///
    /// # Errors
    /// When the requester may see none of it.
    pub fn see_proposals(&self) -> Result<Option<ProviderId>, Denied> {
        match self.confirmed_role()? {
            Role::Anonymous => Err(Denied::Anonymous),
            Role::PassportHolder | Role::Zorgkantoor => Err(Denied::Role),
            Role::Provider => self.provider.map(Some).ok_or(Denied::Role),
            Role::Kenniscentrum => Ok(None),
        }
    }

    /// Saving searches and being told what opens: for which passport.
    ///
    /// # Errors
    /// When the requester may not.
    pub fn save_searches(&self) -> Result<PassportId, Denied> {
        match self.confirmed_role()? {
            Role::Anonymous => Err(Denied::Anonymous),
            Role::Provider | Role::Zorgkantoor | Role::Kenniscentrum => Err(Denied::Role),
            Role::PassportHolder => self.holder.ok_or(Denied::Role),
        }
    }

    /// Importing files of the map: reference data, and places of all providers.
    ///
    /// # Errors
    /// When the requester may not.
    pub fn import_map(&self) -> Result<(), Denied> {
        self.keep_passports()
    }

    /// The audit trail.
    ///
    /// # Errors
    /// When the requester may not see it.
    pub fn read_trail(&self) -> Result<(), Denied> {
        self.keep_passports()
    }

    /// The requester's own sessions: of which passport, and the one that is used. Also when the passport has ended.
    ///
    /// # Errors
    /// When the requester can have none.
    pub fn sessions(&self) -> Result<(PassportId, Option<SessionId>), Denied> {
        match (self.role, self.standing, self.holder) {
            (Role::Anonymous, ..) => Err(Denied::Anonymous),
            (_, Standing::Unconfirmed, _) => Err(Denied::Unconfirmed),
            (_, _, Some(holder)) => Ok((holder, self.session)),
            _ => Err(Denied::Role),
        }
    }

    /// Changing places and their availability at all.
    ///
    /// # Errors
    /// When the requester may change none.
    pub fn may_change_places(&self) -> Result<(), Denied> {
        match self.confirmed_role()? {
            Role::Anonymous => Err(Denied::Anonymous),
            Role::PassportHolder | Role::Zorgkantoor => Err(Denied::Role),
            Role::Provider | Role::Kenniscentrum => Ok(()),
        }
    }

    /// Changing a place of `provider`, and its availability.
    ///
    /// # Errors
    /// When the requester may not.
    pub fn change_place_of(&self, provider: ProviderId) -> Result<(), Denied> {
        self.may_change_places()?;
        if self.role == Role::Provider && self.provider != Some(provider) { Err(Denied::OwnOnly) } else { Ok(()) }
    }

    /// Whether the database cannot say at the moment whether the requester still is who the token says.
    pub fn is_unconfirmed(&self) -> bool {
        self.standing == Standing::Unconfirmed
    }

    /// Whether the requester's passport is not valid now.
    pub fn has_ended(&self) -> bool {
        self.standing == Standing::Ended
    }

    /// What was changed of a place of `provider`, and what it stated before.
    ///
    /// # Errors
    /// When the requester may not see it.
    pub fn see_history_of(&self, provider: ProviderId) -> Result<(), Denied> {
        self.change_place_of(provider)
    }

    /// Whether the requester changes the map as the kenniscentrum: without review, and its claims are those of the
    /// kenniscentrum.
    pub fn curates_map(&self) -> bool {
        self.decide_reviews().is_ok()
    }

    /// Deciding what waits for review, and what else only the kenniscentrum changes on the map.
    ///
    /// # Errors
    /// When the requester may not.
    pub fn decide_reviews(&self) -> Result<(), Denied> {
        self.keep_passports()
    }

    /// Answering what was asked back of a provider's own changes: for the staff of which provider.
    ///
    /// # Errors
    /// When the requester may not.
    pub fn answer_reviews(&self) -> Result<ProviderId, Denied> {
        self.propose_contacts()
    }

    /// Saying whether a claim is right: the holder of which passport.
    ///
    /// # Errors
    /// When the requester may not.
    pub fn voice_claims(&self) -> Result<PassportId, Denied> {
        self.save_searches()
    }

    /// Places that wait to be confirmed: of which provider, or of all. Staff see their own, also without naming it.
    ///
    /// # Errors
    /// When the requester may not see them.
    pub fn see_stale_queue(&self, asked: Option<ProviderId>) -> Result<Option<ProviderId>, Denied> {
        self.may_change_places()?;
        match (self.role, asked, self.provider) {
            (Role::Provider, Some(asked), Some(own)) if asked != own => Err(Denied::OwnOnly),
            (Role::Provider, _, own) => own.map(Some).ok_or(Denied::Role),
            _ => Ok(asked),
        }
    }

    /// Demand as it is published, and the gap analysis.
    ///
    /// # Errors
    /// When the requester may not see them.
    pub fn see_demand(&self) -> Result<DemandReach<'_>, Denied> {
        match self.confirmed_role()? {
            Role::Anonymous => Err(Denied::Anonymous),
            Role::PassportHolder | Role::Provider => Err(Denied::Role),
            Role::Zorgkantoor => Ok(DemandReach::Regions(&self.regions)),
            Role::Kenniscentrum => Ok(DemandReach::Country),
        }
    }

    /// Demand as it is: counted from passports, and publishing it.
    ///
    /// # Errors
    /// When the requester may not.
    pub fn keep_demand(&self) -> Result<(), Denied> {
        self.keep_passports()
    }

    /// Whether this is somebody with a valid passport, whose looks at places are counted.
    pub fn is_holder(&self) -> bool {
        self.confirmed_role() == Ok(Role::PassportHolder)
    }

    /// The role, if it gives any right now.
    fn confirmed_role(&self) -> Result<Role, Denied> {
        match self.standing {
            Standing::Confirmed => Ok(self.role),
            Standing::Ended => Err(Denied::PassportEnded),
            Standing::Unconfirmed => Err(Denied::Unconfirmed),
        }
    }
}
