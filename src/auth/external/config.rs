//! What is configured of one issuer of others, and what is wrong with it.

use std::{collections::BTreeMap, net::IpAddr, path::PathBuf};

use jsonwebtoken::Algorithm;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::{Host, Url};

use super::{
    super::{claims::TOKEN_TYPE, role::Role},
    claims::provider,
};

/// Claims with a meaning of their own: none of them says a role, a provider or regions.
const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// An OpenID issuer of others whose access tokens are taken: that of a provider's staff, say.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerConfig {
    /// What its tokens say as `iss`, to the letter.
    pub issuer: String,
    /// What its tokens say as `aud`: the name of this service at that issuer.
    pub audience: String,
    /// Where its public keys are.
    #[serde(default)]
    pub keys: KeySource,
    /// The algorithms with which it signs. A key is used with its own one only.
    pub algorithms: Vec<SigningAlgorithm>,
    /// What its tokens say as `typ`, in any case of letters.
    #[serde(rename = "type", default = "defaults::token_type")]
    pub token_type: String,
    /// From a value of the role claim to a role. Other roles this issuer cannot grant.
    pub roles: BTreeMap<String, Role>,
    /// The providers whose staff it can name, as in `provider_claim`; left out: all.
    pub providers: Option<Vec<String>>,
    /// The regions whose zorgkantoor's staff it can name, by code; left out: all.
    pub regions: Option<Vec<String>>,
    /// The claim with the role: a text, or a list of which exactly one is among `roles`.
    #[serde(default = "defaults::role_claim")]
    pub role_claim: String,
    /// The claim with the provider of its staff: an id as the API shows it, or a plain UUID.
    #[serde(default = "defaults::provider_claim")]
    pub provider_claim: String,
    /// The claim with the regions of a zorgkantoor's staff: a code such as `ZK23`, or a list of codes.
    #[serde(default = "defaults::regions_claim")]
    pub regions_claim: String,
    /// Whether `nbf` must be there. Many identity providers leave it out; then `iat` says from when a token is good.
    #[serde(default = "defaults::require_nbf")]
    pub require_nbf: bool,
}

mod defaults {
    pub(super) fn token_type() -> String {
        super::TOKEN_TYPE.into()
    }

    pub(super) fn role_claim() -> String {
        "role".into()
    }

    pub(super) fn provider_claim() -> String {
        "provider".into()
    }

    pub(super) fn regions_claim() -> String {
        "regions".into()
    }

    pub(super) const fn require_nbf() -> bool {
        true
    }
}

/// Where the public keys of an issuer are: a JWKS (RFC 7517).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeySource {
    /// Where the issuer itself says (`OpenID` Connect Discovery 1.0, section 4).
    #[default]
    Discovery,
    /// At an address.
    Url(String),
    /// In a file.
    File(PathBuf),
}

/// How an issuer signs. Asymmetric algorithms alone: a shared secret would let us make tokens of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// RSA with SHA-256 (PKCS #1, version 1.5).
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl SigningAlgorithm {
    /// The algorithm as tokens and keys write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    pub(super) const fn algorithm(self) -> Algorithm {
        match self {
            Self::Rs256 => Algorithm::RS256,
            Self::Es256 => Algorithm::ES256,
            Self::EdDsa => Algorithm::EdDSA,
        }
    }
}

/// Why an issuer is not acceptable.
#[derive(Debug, Error)]
#[error("{issuer}: {reason}")]
pub struct IssuerError {
    issuer: String,
    reason: String,
}

/// Whether these issuers can stand beside each other and beside our own, which names itself `own`.
///
/// # Errors
/// When one cannot; the message says which, what is wrong with it and what would be right.
pub fn check(issuers: &[IssuerConfig], own: &str) -> Result<(), IssuerError> {
    for (at, config) in issuers.iter().enumerate() {
        let alone = if config.issuer == own {
            Err("this is the name of the issuer inside the program; give that one another (`issuer`)".into())
        } else if issuers[..at].iter().any(|other| other.issuer == config.issuer) {
            Err("is configured twice".into())
        } else {
            Ok(())
        };
        alone
            .and_then(|()| config.check())
            .map_err(|reason| IssuerError { issuer: format!("{:?}", config.issuer), reason })?;
    }
    Ok(())
}

impl IssuerConfig {
    fn check(&self) -> Result<(), String> {
        for (name, text) in [("issuer", &self.issuer), ("audience", &self.audience), ("type", &self.token_type)] {
            if text.is_empty() || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
                return Err(format!("{name}: a text without spaces, to the letter as the tokens have it"));
            }
        }
        if self.algorithms.is_empty() {
            return Err("algorithms: at least one of RS256, ES256 and EdDSA".into());
        }
        self.check_roles()?;
        self.check_reach()?;
        self.check_claims()?;
        match &self.keys {
            KeySource::Discovery => discovery_address(&self.issuer).map(drop).map_err(|why| format!("keys: {why}")),
            KeySource::Url(url) => address(url).map(drop).map_err(|why| format!("keys: {why}")),
            KeySource::File(path) if path.as_os_str().is_empty() => Err("keys: file: the name of a file".into()),
            KeySource::File(_) => Ok(()),
        }
    }

    fn check_roles(&self) -> Result<(), String> {
        if self.roles.is_empty() {
            return Err("roles: at least one, such as { \"zk-provider\" = \"PROVIDER\" }".into());
        }
        for (value, role) in &self.roles {
            match role {
                Role::Provider | Role::Zorgkantoor | Role::Kenniscentrum if value.is_empty() => {
                    return Err("roles: a value of the role claim is not empty".into());
                }
                Role::Provider | Role::Zorgkantoor | Role::Kenniscentrum => {}
                Role::PassportHolder | Role::Anonymous => {
                    return Err(format!(
                        "roles: {value:?}: {} never comes from an issuer of others; \
                         PROVIDER, ZORGKANTOOR and KENNISCENTRUM can",
                        role.code()
                    ));
                }
            }
        }
        Ok(())
    }

    fn check_reach(&self) -> Result<(), String> {
        if self.providers.as_ref().is_some_and(Vec::is_empty) || self.regions.as_ref().is_some_and(Vec::is_empty) {
            return Err("providers and regions: at least one each, or left out for all".into());
        }
        match self.providers.iter().flatten().find(|id| provider(id).is_none()) {
            Some(id) => {
                Err(format!("providers: {id:?} is not the id of a provider; take it from the `id` of an answer"))
            }
            None => Ok(()),
        }
    }

    fn check_claims(&self) -> Result<(), String> {
        let names = [
            ("role_claim", &self.role_claim),
            ("provider_claim", &self.provider_claim),
            ("regions_claim", &self.regions_claim),
        ];
        for (at, (name, claim)) in names.iter().enumerate() {
            if claim.is_empty() || REGISTERED.contains(&claim.as_str()) {
                return Err(format!("{name}: the name of a claim, and none of {}", REGISTERED.join(", ")));
            }
            if let Some((other, _)) = names[..at].iter().find(|(_, other)| other == claim) {
                return Err(format!("{name}: another claim than that of {other}"));
            }
        }
        Ok(())
    }
}

/// Where an issuer says where its keys are.
pub(super) fn discovery_address(issuer: &str) -> Result<Url, String> {
    let base = address(issuer).map_err(|why| format!("discovery needs an issuer that is an address: {why}"))?;
    if base.query().is_some() {
        return Err("discovery needs an issuer that is an address without a query".into());
    }
    address(&format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/')))
}

/// An address from which keys may come: nobody on the way can change what it answers.
pub(super) fn address(text: &str) -> Result<Url, String> {
    let right = "an address that begins with https:// (http:// for this machine alone)";
    let url = Url::parse(text).map_err(|error| format!("{text:?} is no address ({error}); {right}"))?;
    if !(url.scheme() == "https" || is_here(&url)) {
        return Err(format!("{text:?} is not safe; {right}"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err("an address without a user, a password and a fragment".into());
    }
    Ok(url)
}

/// Whether an address is plain HTTP on this machine.
pub(super) fn is_here(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    };
    url.scheme() == "http" && loopback
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests;
