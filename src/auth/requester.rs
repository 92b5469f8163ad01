//! Who asks: what a verified token says, or nobody.

use entity::id::{PassportId, ProviderId, SessionId};
use sha2::{Digest, Sha256};

use super::{
    claims::Subject,
    role::Role,
    scope::{Scope, Standing},
};

/// The fingerprint of a token, by which the audit trail can name it without keeping it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenHash(String);

impl TokenHash {
    pub(super) fn of(token: &str) -> Self {
        Self(format!("{:x}", Sha256::digest(token.as_bytes())))
    }

    /// SHA-256 of the token in hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Somebody who came with a verified token.
#[derive(Clone, Debug)]
pub struct Requester {
    pub(super) subject: Subject,
    /// The token's `sub`: a pseudonym.
    pub(super) pseudonym: String,
    pub(super) token_hash: TokenHash,
    /// The session that the token is of, where it is of one.
    pub(super) session: Option<SessionId>,
}

impl Requester {
    /// The session that the token is of; the database must still confirm that it goes on.
    pub const fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// Whom the token is for; the database must still confirm that they exist.
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The scope of somebody of whom the database has said what they are worth now.
    pub fn into_scope(self, standing: Standing) -> Scope {
        let mut scope = Scope::anonymous();
        scope.role = self.subject.role();
        scope.standing = standing;
        match self.subject {
            Subject::PassportHolder(id) => scope.holder = Some(id),
            Subject::Provider(id) => scope.provider = Some(id),
            Subject::Zorgkantoor(regions) => scope.regions = regions,
            Subject::Kenniscentrum => {}
        }
        scope.pseudonym = Some(self.pseudonym);
        scope.token_hash = Some(self.token_hash);
        scope.session = self.session;
        scope
    }
}

impl Scope {
    /// The scope of somebody without a token.
    pub const fn anonymous() -> Self {
        Self {
            role: Role::Anonymous,
            holder: None,
            standing: Standing::Confirmed,
            provider: None,
            regions: Vec::new(),
            pseudonym: None,
            token_hash: None,
            session: None,
        }
    }

    /// The scope of whoever runs the command line: they have the database and the keys anyway, and the audit trail names
    /// them for what they are.
    pub fn operator() -> Self {
        let mut scope = Self::anonymous();
        scope.role = Role::Kenniscentrum;
        scope.pseudonym = Some("operator".into());
        scope
    }

    /// The role.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The passport of a holder, also when it has ended.
    pub const fn passport(&self) -> Option<PassportId> {
        self.holder
    }

    /// The provider of its staff.
    pub const fn provider(&self) -> Option<ProviderId> {
        self.provider
    }

    /// The regions of a zorgkantoor's staff, by code.
    pub fn regions(&self) -> &[String] {
        &self.regions
    }

    /// The pseudonym under which the audit trail knows the requester.
    pub fn pseudonym(&self) -> Option<&str> {
        self.pseudonym.as_deref()
    }

    /// The fingerprint of the token.
    pub fn token_hash(&self) -> Option<&str> {
        self.token_hash.as_ref().map(TokenHash::as_str)
    }
}
