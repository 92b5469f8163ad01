//! What a token of an issuer of others says, and what of it counts here.

use entity::id::ProviderId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    super::{
        claims::Subject,
        role::Role,
        token::{LEEWAY, MAX_LIFETIME},
    },
    config::IssuerConfig,
    json::{Json, Object},
};

/// The longest `sub`, bytes (`OpenID` Connect Core 1.0, section 2).
const LONGEST_SUBJECT: usize = 255;
/// How many regions there are.
const MOST_REGIONS: usize = 31;

/// What a header says that counts.
pub(super) struct Header<'a> {
    pub(super) algorithm: &'a str,
    pub(super) key: &'a str,
}

/// Reads the protected header. Members that would bring or name a key (`jku`, `jwk`, `x5u`, `x5c`) are not looked at;
/// extensions that must be understood are not.
pub(super) fn header<'a>(config: &IssuerConfig, header: &'a Object) -> Option<Header<'a>> {
    let typed = header.get("typ")?.text()?.eq_ignore_ascii_case(&config.token_type);
    let (algorithm, key) = (header.get("alg")?.text()?, header.get("kid")?.text()?);
    // Before anybody looks for the key: nonsense shall not make us ask the issuer.
    let known = config.algorithms.iter().any(|known| known.code() == algorithm);
    (typed && known && !header.contains_key("crit")).then_some(Header { algorithm, key })
}

/// Whom the claims speak of at `now` (seconds since 1970), with the pseudonym; none when any of them is wrong.
pub(super) fn subject(config: &IssuerConfig, claims: &Object, now: u64) -> Option<(Subject, String)> {
    let ours = claims.get("iss")?.text()? == config.issuer && is_for(claims.get("aud")?, &config.audience);
    if !ours || !is_alive(config, claims, now)? {
        return None;
    }
    let sub = claims.get("sub")?.text()?;
    if sub.is_empty() || sub.len() > LONGEST_SUBJECT || sub.chars().any(char::is_control) {
        return None;
    }
    let subject = granted(config, claims)?;
    let pseudonym = pseudonym(subject.role(), &config.issuer, sub);
    Some((subject, pseudonym))
}

/// Whether a token is for `audience` alone, as a text or as a list of one: what is meant for others too, they could
/// send here.
fn is_for(aud: &Json, audience: &str) -> bool {
    aud.texts().is_some_and(|all| all == [audience])
}

/// Whether a token has begun and not ended, and does not live too long; none when a time is no whole number.
fn is_alive(config: &IssuerConfig, claims: &Object, now: u64) -> Option<bool> {
    let time = |name: &str| claims.get(name)?.whole();
    let (iat, exp) = (time("iat")?, time("exp")?);
    let nbf = if claims.contains_key("nbf") || config.require_nbf { time("nbf")? } else { iat };
    let begun = nbf <= now + LEEWAY && iat <= now + LEEWAY;
    let alive = exp.checked_add(LEEWAY)? > now;
    Some(begun && alive && exp.checked_sub(iat)? <= MAX_LIFETIME)
}

/// The role that the issuer grants, with what belongs to it and with nothing that belongs to another.
fn granted(config: &IssuerConfig, claims: &Object) -> Option<Subject> {
    let values = claims.get(&config.role_claim)?.texts()?;
    let mut roles = values.into_iter().filter_map(|value| config.roles.get(value));
    // Two of them would be a guess.
    let (Some(role), None) = (roles.next(), roles.next()) else { return None };
    match (role, claims.get(&config.provider_claim), claims.get(&config.regions_claim)) {
        (Role::Provider, Some(id), None) => {
            let id = provider(id.text()?)?;
            let reaches = config.providers.as_ref().is_none_or(|all| all.iter().any(|one| provider(one) == Some(id)));
            reaches.then_some(Subject::Provider(id))
        }
        (Role::Zorgkantoor, None, Some(regions)) => {
            let regions = regions.texts()?;
            let reaches = |code: &&str| config.regions.as_ref().is_none_or(|all| all.iter().any(|one| one == code));
            let some = (1..=MOST_REGIONS).contains(&regions.len()) && regions.iter().all(reaches);
            some.then(|| Subject::Zorgkantoor(regions.into_iter().map(Into::into).collect()))
        }
        (Role::Kenniscentrum, None, None) => Some(Subject::Kenniscentrum),
        // The other roles are not in any configuration; this says it once more.
        _ => None,
    }
}

/// An id of a provider, in one of its three spellings: the API's, and a UUID with or without hyphens.
pub(super) fn provider(text: &str) -> Option<ProviderId> {
    let plain = text.strip_prefix("provider_");
    let id = Uuid::try_parse(plain.unwrap_or(text)).ok()?;
    let spelled = id.simple().to_string() == plain.unwrap_or(text) || id.hyphenated().to_string() == text;
    spelled.then_some(ProviderId(id))
}

/// Under what name the audit trail knows somebody: one per person and issuer, without what the issuer calls them,
/// which may be an address.
fn pseudonym(role: Role, issuer: &str, sub: &str) -> String {
    // No issuer has a line break in its name, so no two pairs are the same text.
    let digest = format!("{:x}", Sha256::digest(format!("{issuer}\n{sub}")));
    format!("{}:{}", role.code().to_lowercase(), &digest[..16])
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use serde_json::{Value, json};

    use super::{super::json, *};

    const NOW: u64 = 1_800_000_000;

    fn config(changes: &Value) -> IssuerConfig {
        let mut config = json!({
            "issuer": "https://login.example", "audience": "zorgkaart", "algorithms": ["RS256"],
            "roles": {"p": "PROVIDER", "z": "ZORGKANTOOR", "k": "KENNISCENTRUM"},
        });
        for (name, value) in changes.as_object().unwrap() {
            config[name] = value.clone();
        }
        serde_json::from_value(config).unwrap()
    }

    fn read(config: &IssuerConfig, changes: &Value) -> Option<(Subject, String)> {
        let mut claims = json!({
            "iss": "https://login.example", "aud": "zorgkaart", "sub": "j.jansen@example.org",
            "iat": NOW, "nbf": NOW, "exp": NOW + 600, "role": "k",
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let mut claims = json::object(claims.to_string().as_bytes()).unwrap();
        // Null takes a claim out, and so does a number that we do not read.
        claims.retain(|_, value| *value != Json::Other);
        subject(config, &claims, NOW)
    }

    #[test]
    fn a_role_comes_with_what_belongs_to_it() {
        let config = config(&json!({}));
        let id = Uuid::from_u128(0x01a2_2ee6_b000_72bf_9ddd_add3_10bb_2797);
        let provider = Subject::Provider(ProviderId(id));
        let regions = |codes: &[&str]| Subject::Zorgkantoor(codes.iter().map(|&code| code.to_owned()).collect());
        for (claims, expected) in [
            (json!({}), Subject::Kenniscentrum),
            (json!({"role": ["other", "k"]}), Subject::Kenniscentrum),
            (json!({"role": "p", "provider": format!("provider_{}", id.simple())}), provider.clone()),
            (json!({"role": "p", "provider": id.simple().to_string()}), provider.clone()),
            (json!({"role": "p", "provider": id.hyphenated().to_string()}), provider),
            (json!({"role": "z", "regions": "ZK23"}), regions(&["ZK23"])),
            (json!({"role": "z", "regions": ["ZK23", "ZK01"]}), regions(&["ZK23", "ZK01"])),
        ] {
            assert_eq!(read(&config, &claims).map(|read| read.0), Some(expected), "{claims}");
        }
        let many: Vec<String> = (0..32).map(|n| format!("ZK{n}")).collect();
        for claims in [
            json!({"role": null}),
            json!({"role": "PROVIDER"}),
            json!({"role": "K"}),
            json!({"role": ""}),
            json!({"role": []}),
            json!({"role": ["k", "k"]}),
            json!({"role": ["k", "z"], "regions": "ZK23"}),
            json!({"role": ["k", 5]}),
            json!({"role": {"k": "k"}}),
            json!({"role": "p"}),
            json!({"role": "z"}),
            json!({"role": "k", "regions": "ZK23"}),
            json!({"role": "k", "provider": id.simple().to_string()}),
            json!({"role": "p", "provider": id.simple().to_string(), "regions": []}),
            json!({"role": "z", "regions": "ZK23", "provider": ""}),
            json!({"role": "z", "regions": []}),
            json!({"role": "z", "regions": many}),
            json!({"role": "z", "regions": [["ZK23"]]}),
            json!({"role": "p", "provider": [id.simple().to_string()]}),
            json!({"role": "p", "provider": format!("place_{}", id.simple())}),
            json!({"role": "p", "provider": format!("provider_{}", id.hyphenated())}),
            json!({"role": "p", "provider": id.simple().to_string().to_uppercase()}),
            json!({"role": "p", "provider": format!("{{{}}}", id.hyphenated())}),
            json!({"role": "p", "provider": id.urn().to_string()}),
        ] {
            assert_eq!(read(&config, &claims), None, "{claims}");
        }
    }

    #[test]
    fn claims_have_the_names_that_are_configured() {
        let config = config(&json!({"role_claim": "https://x.example/role", "regions_claim": "gebied"}));
        let claims = json!({"role": "k", "https://x.example/role": "z", "gebied": "ZK23"});
        assert_eq!(read(&config, &claims).unwrap().0, Subject::Zorgkantoor(vec!["ZK23".into()]));
        assert_eq!(read(&config, &json!({"role": "k"})), None);
    }

    #[test]
    fn a_role_that_is_not_listed_is_not_granted() {
        let config = config(&json!({"roles": {"z": "ZORGKANTOOR"}}));
        assert!(read(&config, &json!({"role": "z", "regions": "ZK23"})).is_some());
        for role in ["k", "p", "KENNISCENTRUM", "PASSPORT_HOLDER", "ANONYMOUS"] {
            assert_eq!(read(&config, &json!({ "role": role })), None, "{role}");
        }
    }

    #[test]
    fn an_issuer_names_only_whom_it_reaches() {
        let [own, other] = [1, 2].map(|n| Uuid::from_u128(n).simple().to_string());
        let config = config(&json!({"providers": [format!("provider_{own}")], "regions": ["ZK23", "ZK01"]}));
        let staff = |provider: &str| read(&config, &json!({"role": "p", "provider": provider}));
        assert!(staff(&own).is_some() && staff(&format!("provider_{own}")).is_some());
        assert_eq!((staff(&other), staff(&format!("provider_{other}"))), (None, None));
        let office = |regions: &[&str]| read(&config, &json!({"role": "z", "regions": regions}));
        assert!(office(&["ZK23"]).is_some() && office(&["ZK01", "ZK23"]).is_some());
        assert_eq!((office(&["ZK02"]), office(&["ZK23", "ZK02"]), office(&["zk23"])), (None, None, None));
    }

    #[test]
    fn whoever_asks_has_a_pseudonym_of_issuer_and_subject() {
        let one = config(&json!({}));
        let pseudonym = |config: &IssuerConfig, sub: &str, iss: &str| read(config, &json!({"sub": sub, "iss": iss}));
        let of = |sub: &str| pseudonym(&one, sub, &one.issuer).unwrap().1;
        let name = of("j.jansen@example.org");
        assert_eq!((name.as_str(), name.len()), ("kenniscentrum:b8fac9c9c95d4bc5", 30));
        assert!(name != of("j.janssen@example.org") && name != of("J.jansen@example.org"));
        let other = config(&json!({"issuer": "https://login.example.org"}));
        assert_ne!(name, pseudonym(&other, "j.jansen@example.org", &other.issuer).unwrap().1);
        assert!(of(&"x".repeat(255)).len() == 30);
        for sub in ["", "a\nb", "a\0", &"x".repeat(256)] {
            assert_eq!(pseudonym(&one, sub, &one.issuer), None, "{sub}");
        }
    }

    #[test]
    fn a_token_is_for_us_alone() {
        let config = config(&json!({}));
        assert!(read(&config, &json!({"aud": ["zorgkaart"]})).is_some());
        for aud in [
            json!(null),
            json!("other"),
            json!([]),
            json!(["zorgkaart", "other"]),
            json!(["zorgkaart", "zorgkaart"]),
            json!(5),
        ] {
            assert_eq!(read(&config, &json!({ "aud": aud })), None, "{aud}");
        }
        for iss in [json!(null), json!(["https://login.example"]), json!("https://login.example/")] {
            assert_eq!(read(&config, &json!({ "iss": iss })), None, "{iss}");
        }
    }

    #[test]
    fn a_token_lives_from_its_beginning_to_its_end() {
        let strict = config(&json!({}));
        let lax = config(&json!({"require_nbf": false}));
        for (claims, in_strict, in_lax) in [
            (json!({"iat": NOW, "exp": NOW + 3600}), true, true),
            (json!({"iat": NOW, "exp": NOW + 3601}), false, false),
            (json!({"iat": NOW - 600, "exp": NOW - 4}), true, true),
            (json!({"iat": NOW - 600, "exp": NOW - 5}), false, false),
            (json!({"iat": NOW + 5, "nbf": NOW + 5}), true, true),
            (json!({"iat": NOW + 6}), false, false),
            (json!({"nbf": NOW + 6}), false, false),
            (json!({"nbf": null}), false, true),
            (json!({"nbf": "x"}), false, false),
            (json!({"exp": NOW * 1000}), false, false),
            (json!({"exp": u64::MAX, "iat": u64::MAX}), false, false),
            (json!({"exp": u64::MAX}), false, false),
            (json!({"iat": NOW + 3, "exp": NOW + 2}), false, false),
            (json!({"iat": null}), false, false),
            (json!({"exp": null}), false, false),
            (json!({"exp": (NOW + 60).to_string()}), false, false),
        ] {
            assert_eq!(read(&strict, &claims).is_some(), in_strict, "{claims}");
            assert_eq!(read(&lax, &claims).is_some(), in_lax, "{claims}");
        }
    }
}
