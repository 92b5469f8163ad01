//! A small OpenID issuer: its keys, what it publishes of them, and the tokens that it signs.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use axum::{Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// An answer: its status, where it leads, and what it says.
type Page = (StatusCode, Option<String>, String);

/// A running issuer. It goes when this value goes.
pub(crate) struct Issuer {
    pub(crate) url: String,
    pages: Arc<Pages>,
    running: JoinHandle<()>,
}

struct Pages {
    discovery: Mutex<Page>,
    keys: Mutex<Page>,
    discovered: AtomicUsize,
    fetched: AtomicUsize,
}

impl Issuer {
    /// An issuer on a free port that publishes these keys.
    pub(crate) async fn start(keys: &[&SigningKey]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let nothing = || Mutex::new((StatusCode::NOT_FOUND, None, String::new()));
        let (discovered, fetched) = Default::default();
        let pages = Arc::new(Pages { discovery: nothing(), keys: nothing(), discovered, fetched });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks.json", get(keys_page))
            .with_state(Arc::clone(&pages));
        let running = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let issuer = Self { url, pages, running };
        issuer.says(&json!({"issuer": issuer.url, "jwks_uri": issuer.keys_url()}));
        issuer.publishes(keys);
        issuer
    }

    /// Where its keys are.
    pub(crate) fn keys_url(&self) -> String {
        format!("{}/jwks.json", self.url)
    }

    /// Changes what it says of itself.
    pub(crate) fn says(&self, configuration: &Value) {
        set(&self.pages.discovery, (StatusCode::OK, None, configuration.to_string()));
    }

    /// Changes its keys.
    pub(crate) fn publishes(&self, keys: &[&SigningKey]) {
        let keys: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
        self.answers(StatusCode::OK, json!({ "keys": keys }).to_string());
    }

    /// Changes what it answers where its keys are.
    pub(crate) fn answers(&self, status: StatusCode, text: String) {
        set(&self.pages.keys, (status, None, text));
    }

    /// Leads to another address where its keys are.
    pub(crate) fn redirects(&self, to: &str) {
        set(&self.pages.keys, (StatusCode::FOUND, Some(to.to_owned()), String::new()));
    }

    /// How often its keys were fetched.
    pub(crate) fn fetched(&self) -> usize {
        self.pages.fetched.load(Ordering::SeqCst)
    }

    /// How often it was asked about itself.
    pub(crate) fn discovered(&self) -> usize {
        self.pages.discovered.load(Ordering::SeqCst)
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.running.abort();
    }
}

fn set(page: &Mutex<Page>, to: Page) {
    *page.lock().unwrap_or_else(PoisonError::into_inner) = to;
}

fn answer(page: &Mutex<Page>) -> impl IntoResponse + use<> {
    let (status, to, text) = page.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (status, to.map(|to| [("location", to)]), text)
}

async fn discovery(State(pages): State<Arc<Pages>>) -> impl IntoResponse {
    pages.discovered.fetch_add(1, Ordering::SeqCst);
    answer(&pages.discovery)
}

async fn keys_page(State(pages): State<Arc<Pages>>) -> impl IntoResponse {
    pages.fetched.fetch_add(1, Ordering::SeqCst);
    answer(&pages.keys)
}

/// A key of an issuer.
pub(crate) struct SigningKey {
    pub(crate) kid: String,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl SigningKey {
    /// A new key for RS256.
    pub(crate) fn rsa(kid: &str) -> Self {
        Self { kid: kid.to_owned(), pair: Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()) }
    }

    /// A new key for ES256.
    pub(crate) fn ec(kid: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self { kid: kid.to_owned(), pair: Pair::Ec(pair) }
    }

    /// A new key for `EdDSA`.
    pub(crate) fn ed(kid: &str) -> Self {
        Self { kid: kid.to_owned(), pair: Pair::Ed(Ed25519KeyPair::generate().unwrap()) }
    }

    /// Its algorithm.
    pub(crate) fn alg(&self) -> &'static str {
        match self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::Ec(_) => "ES256",
            Pair::Ed(_) => "EdDSA",
        }
    }

    /// Its public half, as the system gives it.
    pub(crate) fn public(&self) -> &[u8] {
        match &self.pair {
            Pair::Rsa(pair) => pair.public_key().as_ref(),
            Pair::Ec(pair) => pair.public_key().as_ref(),
            Pair::Ed(pair) => pair.public_key().as_ref(),
        }
    }

    /// Its public half as a JWK.
    pub(crate) fn jwk(&self) -> Value {
        let (public, encoded) = (self.public(), |part: &[u8]| URL_SAFE_NO_PAD.encode(part));
        let mut jwk = match self.pair {
            // Nine bytes of DER stand before a modulus of 2,048 bits, five before the exponent, which is 65537.
            Pair::Rsa(_) => json!({"kty": "RSA", "n": encoded(&public[9..265]), "e": "AQAB"}),
            Pair::Ec(_) => {
                json!({"kty": "EC", "crv": "P-256", "x": encoded(&public[1..33]), "y": encoded(&public[33..])})
            }
            Pair::Ed(_) => json!({"kty": "OKP", "crv": "Ed25519", "x": encoded(public)}),
        };
        for (name, value) in [("kid", self.kid.as_str()), ("use", "sig"), ("alg", self.alg())] {
            jwk[name] = json!(value);
        }
        jwk
    }

    /// The header of its tokens.
    pub(crate) fn header(&self) -> Value {
        json!({"typ": "at+jwt", "alg": self.alg(), "kid": self.kid})
    }

    /// Its signature of a message.
    pub(crate) fn signature(&self, message: &str) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature).unwrap();
                signature
            }
            Pair::Ec(pair) => pair.sign(&random, message.as_bytes()).unwrap().as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(message.as_bytes()).as_ref().to_vec(),
        }
    }

    /// A token, whatever it says.
    pub(crate) fn sign(&self, header: &str, payload: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(self.signature(&message)))
    }
}
