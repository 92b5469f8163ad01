//! How a token is sent.

use serde_json::json;

use super::{Forge, WHO};
use crate::support::raw::{Connection, head};

#[tokio::test]
async fn a_token_comes_in_one_authorization_header_as_a_bearer_token() {
    let forge = Forge::sqlite().await;
    let token = forge.token(&forge.with(json!({})));
    let good = format!("Bearer {token}");
    let good = good.as_bytes();
    for (line, why) in [
        (&b""[..], "empty"),
        (b"Bearer", "no token"),
        (b"Bearer ", "an empty token"),
        (b"bearer", "no token, small"),
        (b"Basic emVrZXI6Z2VoZWlt", "basic"),
        (b"Digest username=\"x\"", "digest"),
        (b"Negotiate x", "negotiate"),
        (token.as_bytes(), "no scheme"),
        (format!("Bearer:{token}").as_bytes(), "a colon"),
        (format!("Bearer\t{token}").as_bytes(), "a tab"),
        (format!("Bearer  {token}").as_bytes(), "two spaces"),
        (format!("Bearer {token} {token}").as_bytes(), "two tokens"),
        (format!("Bearer {token}, Bearer {token}").as_bytes(), "a list"),
        (format!("Bearer token=\"{token}\"").as_bytes(), "a parameter"),
        (format!("Token {token}").as_bytes(), "another scheme"),
        (format!("Bearer {token}\u{e9}").as_bytes(), "no ASCII"),
        (b"Bearer \xff\xfe", "no text"),
    ] {
        forge.refuses_header(&[line], why).await;
    }
    forge.refuses_header(&[good, good], "twice the same").await;
    forge.refuses_header(&[good, b"Basic x"], "two schemes").await;
    forge.refuses_header(&[b"", good], "one of them empty").await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let answer = forge.ask(&[format!("{scheme} {token}").as_bytes()]).await;
        assert_eq!(answer.data("/viewer/role"), "KENNISCENTRUM");
    }
}

#[tokio::test]
async fn a_token_is_at_most_4_kb() {
    let forge = Forge::sqlite().await;
    let padded = |bytes: usize| forge.token(&forge.with(json!({ "pad": "x".repeat(bytes) })));
    // Three bytes are four characters: the longest token that is taken, and the shortest that is not.
    let longest = (0..4_096).rev().map(padded).find(|token| token.len() <= 4_096).unwrap();
    assert!(longest.len() > 4_090);
    forge.accepts(&longest, "KENNISCENTRUM", "4 KB").await;
    let shortest = (2_000..4_096).map(padded).find(|token| token.len() > 4_096).unwrap();
    forge.refuses(&shortest, "more than 4 KB").await;
    forge.refuses(&padded(50_000), "67 KB").await;
    forge.refuses(&"x".repeat(200_000), "200 KB").await;
    forge.refuses(&".".repeat(100_000), "points").await;

    // More than a head may be: refused before anybody reads what it says.
    let mut connection = Connection::open(&forge.service.url).await;
    let body = json!({ "query": WHO }).to_string();
    let authorization = format!("Authorization: Bearer {}", "x".repeat(1024 * 1024));
    let request = head(&[&authorization, &format!("Content-Length: {}", body.len())]) + &body;
    // The service may close before all is written.
    let _ = tokio::io::AsyncWriteExt::write_all(&mut connection.writer, request.as_bytes()).await;
    if let Some(reply) = connection.reply().await {
        assert_eq!((reply.status, reply.body.as_str()), (431, ""));
    }
    connection.closed().await;
    assert_eq!(forge.ask(&[]).await.data("/viewer/role"), "ANONYMOUS");
}

#[tokio::test]
async fn a_bad_token_is_refused_whatever_is_asked() {
    let forge = Forge::sqlite().await;
    for body in ["{", "{}", r#"{"query":"{"}"#, r#"{"query":"{ nothing }"}"#, r#"{"query":"{ regions { code } }"}"#] {
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert("content-type", "application/json".parse().unwrap());
        headers.insert("authorization", "Bearer x".parse().unwrap());
        let answer = forge.service.post(headers, body).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (401, json!("UNAUTHENTICATED")), "{body}");
    }
}
