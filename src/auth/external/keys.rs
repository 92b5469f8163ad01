//! The public keys of an issuer: what of a JWKS (RFC 7517, 7518, 8037) is taken.

use std::collections::{HashMap, HashSet};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, crypto};

use super::{
    config::SigningAlgorithm,
    json::{self, Object},
};

/// The longest name of a key, bytes.
const LONGEST_ID: usize = 256;
/// The sizes of RSA keys, bits (NIST SP 800-131A; more than the upper bound only costs time).
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// The public exponents of RSA keys (FIPS 186-5 from below, the library from above).
const RSA_EXPONENTS: std::ops::RangeInclusive<u64> = 65_537..=u32::MAX as u64;

/// A key, with the one algorithm for which it is used.
pub(super) struct Key {
    algorithm: SigningAlgorithm,
    decoding: DecodingKey,
}

impl Key {
    /// Whether `signature` is that of `message` by this key. `algorithm` is what the token says, and must be the key's.
    pub(super) fn signed(&self, algorithm: &str, message: &str, signature: &str) -> bool {
        algorithm == self.algorithm.code()
            && crypto::verify(signature, message.as_bytes(), &self.decoding, self.algorithm.algorithm())
                .unwrap_or(false)
    }
}

/// The keys of an issuer by their names.
#[derive(Default)]
pub(super) struct KeySet {
    keys: HashMap<String, Key>,
    /// How many of the document were not taken.
    pub(super) ignored: usize,
}

impl KeySet {
    /// Takes of a JWKS what fits; none if it is no JWKS. A key that does not fit harms no other one.
    pub(super) fn parse(document: &[u8], algorithms: &[SigningAlgorithm]) -> Option<Self> {
        let document = json::object(document)?;
        let all = document.get("keys")?.list()?;
        let mut keys = HashMap::new();
        // A name that two keys have is the name of neither.
        let mut twice = HashSet::new();
        for (id, key) in all.iter().filter_map(|jwk| key(jwk.object()?, algorithms)) {
            if keys.insert(id.clone(), key).is_some() {
                twice.insert(id);
            }
        }
        keys.retain(|id, _| !twice.contains(id));
        Some(Self { ignored: all.len() - keys.len(), keys })
    }

    /// The key of a name.
    pub(super) fn get(&self, id: &str) -> Option<&Key> {
        self.keys.get(id)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }
}

/// Reads one key; none when it is not for signatures, not of these algorithms, weak, or no public key.
fn key(jwk: &Object, algorithms: &[SigningAlgorithm]) -> Option<(String, Key)> {
    let text = |name: &str| jwk.get(name)?.text();
    let id = text("kid").filter(|id| !id.is_empty() && id.len() <= LONGEST_ID)?;
    let for_signatures = jwk.get("use").is_none_or(|usage| usage.text() == Some("sig"));
    let for_verifying = jwk.get("key_ops").is_none_or(|operations| {
        operations.list().is_some_and(|all| all.iter().any(|one| one.text() == Some("verify")))
    });
    // A published private key signs for anybody.
    if !for_signatures || !for_verifying || jwk.contains_key("d") {
        return None;
    }
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
    let (algorithm, decoding) = match (text("kty")?, text("crv")) {
        ("RSA", None) => (SigningAlgorithm::Rs256, rsa(&bytes("n")?, &bytes("e")?)?),
        ("EC", Some("P-256")) if bytes("x")?.len() == 32 && bytes("y")?.len() == 32 => {
            (SigningAlgorithm::Es256, DecodingKey::from_ec_components(text("x")?, text("y")?).ok()?)
        }
        ("OKP", Some("Ed25519")) if bytes("x")?.len() == 32 => {
            (SigningAlgorithm::EdDsa, DecodingKey::from_ed_components(text("x")?).ok()?)
        }
        _ => return None,
    };
    let fits = jwk.get("alg").is_none_or(|alg| alg.text() == Some(algorithm.code())) && algorithms.contains(&algorithm);
    fits.then(|| (id.to_owned(), Key { algorithm, decoding }))
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> Option<DecodingKey> {
    let modulus = without_zeros(modulus);
    let bits = modulus.len() * 8 - modulus.first()?.leading_zeros() as usize;
    let exponent = without_zeros(exponent);
    if exponent.len() > 4 {
        return None;
    }
    let value = exponent.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
    let strong = RSA_BITS.contains(&bits) && RSA_EXPONENTS.contains(&value) && value % 2 == 1;
    strong.then(|| DecodingKey::from_rsa_raw_components(modulus, exponent))
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
    use serde_json::{Value, json};

    use super::*;

    const ALL: [SigningAlgorithm; 3] = [SigningAlgorithm::Rs256, SigningAlgorithm::Es256, SigningAlgorithm::EdDsa];

    fn encoded(bytes: impl AsRef<[u8]>) -> String {
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn taken(jwk: &Value, algorithms: &[SigningAlgorithm]) -> bool {
        let set = KeySet::parse(json!({ "keys": [jwk] }).to_string().as_bytes(), algorithms).unwrap();
        assert_eq!(set.len() + set.ignored, 1);
        set.len() == 1
    }

    fn changed(jwk: &Value, name: &str, value: Value) -> Value {
        let mut jwk = jwk.clone();
        jwk[name] = value;
        jwk
    }

    fn rsa_of(bits: usize, e: &[u8]) -> Value {
        let mut n = vec![0xff; bits.div_ceil(8)];
        n[0] = 0xff >> (n.len() * 8 - bits);
        json!({"kty": "RSA", "kid": "r", "n": encoded(n), "e": encoded(e)})
    }

    #[test]
    fn a_key_fits_its_algorithm_and_the_configuration() {
        let rsa = rsa_of(2048, &[1, 0, 1]);
        let ec = json!({"kty": "EC", "kid": "e", "crv": "P-256", "x": encoded([1; 32]), "y": encoded([2; 32])});
        let ed = json!({"kty": "OKP", "kid": "o", "crv": "Ed25519", "x": encoded([3; 32])});
        for (jwk, algorithm) in [(&rsa, ALL[0]), (&ec, ALL[1]), (&ed, ALL[2])] {
            assert!(taken(jwk, &ALL) && taken(jwk, &[algorithm]), "{jwk}");
            let others: Vec<_> = ALL.into_iter().filter(|other| *other != algorithm).collect();
            assert!(!taken(jwk, &others), "{jwk}");
            assert!(taken(&changed(jwk, "alg", json!(algorithm.code())), &ALL));
            assert!(taken(&changed(jwk, "use", json!("sig")), &ALL));
            assert!(taken(&changed(jwk, "key_ops", json!(["verify"])), &ALL));
            assert!(taken(&changed(jwk, "x5c", json!(["MIIB"])), &ALL), "what is beside the key is not looked at");
            for alg in ["none", "HS256", "RS512", "PS256", "ES384", "RSA-OAEP", ""].map(|alg| json!(alg)) {
                assert!(!taken(&changed(jwk, "alg", alg.clone()), &ALL), "{alg} {jwk}");
            }
            for other in others {
                assert!(!taken(&changed(jwk, "alg", json!(other.code())), &ALL));
            }
            for (name, value) in [
                ("alg", json!(null)),
                ("use", json!("enc")),
                ("use", json!(null)),
                ("key_ops", json!(["sign"])),
                ("key_ops", json!("verify")),
                ("kty", json!("oct")),
                ("kty", json!("rsa")),
                ("crv", json!("P-384")),
                ("crv", json!("X25519")),
                ("d", json!(encoded([1; 32]))),
                ("kid", json!("")),
                ("kid", json!(null)),
                ("kid", json!(5)),
                ("kid", json!("k".repeat(257))),
            ] {
                assert!(!taken(&changed(jwk, name, value.clone()), &ALL), "{name} {value} {jwk}");
            }
        }
        for wrong in [encoded([1; 31]), encoded([1; 33]), String::new(), "=".into(), "not base64".into()] {
            assert!(!taken(&changed(&ec, "x", json!(wrong)), &ALL));
            assert!(!taken(&changed(&ec, "y", json!(wrong)), &ALL));
            assert!(!taken(&changed(&ed, "x", json!(wrong)), &ALL));
        }
    }

    #[test]
    fn an_rsa_key_is_strong() {
        for bits in [2048, 2049, 3072, 4096, 8192] {
            assert!(taken(&rsa_of(bits, &[1, 0, 1]), &ALL), "{bits}");
        }
        for bits in [512, 1024, 2040, 2047, 8193, 16_384] {
            assert!(!taken(&rsa_of(bits, &[1, 0, 1]), &ALL), "{bits}");
        }
        for e in [&[][..], &[1], &[3], &[17], &[0xff, 0xff], &[1, 0, 0], &[1, 0, 0, 0, 1]] {
            assert!(!taken(&rsa_of(2048, e), &ALL), "{e:?}");
        }
        assert!(taken(&rsa_of(2048, &[0, 1, 0, 1]), &ALL));
        let padded =
            json!({"kty": "RSA", "kid": "r", "n": encoded([vec![0; 200], vec![0xff; 128]].concat()), "e": "AQAB"});
        assert!(!taken(&padded, &ALL), "zeros before a number make no key longer");
        assert!(!taken(&json!({"kty": "RSA", "kid": "r", "n": "", "e": "AQAB"}), &ALL));
    }

    #[test]
    fn a_set_holds_what_fits_by_name() {
        let pair = Ed25519KeyPair::generate().unwrap();
        let jwk = |kid: &str| json!({"kty": "OKP", "kid": kid, "crv": "Ed25519", "x": encoded(pair.public_key())});
        let document =
            json!({"keys": [jwk("a"), jwk("b"), jwk("b"), jwk("b"), {"kty": "oct", "kid": "c", "k": "AA"}, 5, null]});
        let set = KeySet::parse(document.to_string().as_bytes(), &ALL).unwrap();
        assert_eq!((set.len(), set.ignored), (1, 6));
        assert!(set.get("b").is_none() && set.get("").is_none());
        let key = set.get("a").unwrap();
        let signature = encoded(pair.sign(b"x.y"));
        assert!(key.signed("EdDSA", "x.y", &signature));
        assert!(!key.signed("EdDSA", "x.z", &signature) && !key.signed("EdDSA", "x.y", ""));
        assert!(
            !key.signed("RS256", "x.y", &signature)
                && !key.signed("none", "x.y", "")
                && !key.signed("eddsa", "x.y", &signature)
        );
        for none in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":null}"#, r#"{"keys":[],"keys":[]}"#, "<html>"] {
            assert!(KeySet::parse(none.as_bytes(), &ALL).is_none(), "{none}");
        }
        assert_eq!(KeySet::parse(br#"{"keys":[]}"#, &ALL).unwrap().len(), 0);
    }
}
