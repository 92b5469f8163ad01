//! Where an issuer may say that its keys are.

use std::sync::Mutex;

use serde_json::json;

use super::*;

/// An issuer that names an address for its keys, and what was asked.
struct Fake {
    says: String,
    asked: Mutex<Vec<String>>,
}

impl Fetch for Fake {
    fn get(&self, url: Url) -> BoxFuture<'_, Result<Vec<u8>, String>> {
        let said = if url.path().ends_with("/openid-configuration") { self.says.clone() } else { json_keys() };
        self.asked.lock().unwrap().push(url.to_string());
        Box::pin(async { Ok(said.into_bytes()) })
    }
}

fn json_keys() -> String {
    json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "A".repeat(43) }] }).to_string()
}

/// What comes of an issuer that says that its keys are at an address, and what was asked for that.
async fn read(issuer: &str, keys: &str) -> (Result<usize, String>, Vec<String>) {
    let says = json!({ "issuer": issuer, "jwks_uri": keys }).to_string();
    let fake = Arc::new(Fake { says, asked: Mutex::default() });
    let config =
        json!({ "issuer": issuer, "audience": "y", "algorithms": ["EdDSA"], "roles": { "k": "KENNISCENTRUM" } });
    let config: IssuerConfig = serde_json::from_value(config).unwrap();
    let read = Source::new(&config, Arc::clone(&fake) as Arc<dyn Fetch>).read().await;
    let asked = fake.asked.lock().unwrap().clone();
    (read.map(|keys| keys.len()), asked)
}

/// Otherwise an issuer elsewhere could have us ask whoever listens on this machine.
#[tokio::test]
async fn only_an_issuer_of_this_machine_has_its_keys_on_it() {
    for keys in ["http://127.0.0.1:9100/metrics", "http://127.8.8.8/jwks", "http://localhost/jwks", "http://[::1]/jwks"]
    {
        let (elsewhere, asked) = read("https://login.example/realm", keys).await;
        assert_eq!(elsewhere, Err("the issuer says that its keys are on this machine".into()), "{keys}");
        assert_eq!(asked, ["https://login.example/realm/.well-known/openid-configuration"], "{keys}");
        let (here, asked) = read("http://127.0.0.1:8081", keys).await;
        assert_eq!(here, Ok(1), "{keys}");
        assert_eq!(asked, ["http://127.0.0.1:8081/.well-known/openid-configuration", keys]);
    }
    for issuer in ["https://login.example", "http://localhost:8081"] {
        assert_eq!(read(issuer, "https://keys.example/jwks").await.0, Ok(1), "{issuer}");
    }
}
