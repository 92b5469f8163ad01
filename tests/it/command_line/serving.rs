//! `serve`: from its first word to its last.

use serde_json::{Value, json};

use super::{demo, program, run};
use crate::support::{
    program::Server,
    raw::{Connection, head},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_the_program_opens_what_its_role_may_see() {
    let data_dir = demo();
    let server = Server::start(program(data_dir.path()).args(["serve", "--listen", "127.0.0.1:0"]));
    let providers = server.ask(None, "{ providers(first: 1) { edges { node { id } } } }").await;
    let provider = providers["data"]["providers"]["edges"][0]["node"]["id"].as_str().unwrap();
    for (role, arguments) in [
        ("PASSPORT_HOLDER", &["--role", "passport-holder", "--passport", "DEMO-0001"][..]),
        ("PROVIDER", &["--role", "provider", "--provider", provider]),
        ("ZORGKANTOOR", &["--role", "zorgkantoor", "--region", "ZK23", "--region", "ZK01", "--ttl", "1h"]),
        ("KENNISCENTRUM", &["--role", "kenniscentrum", "--ttl", "90s"]),
    ] {
        let said = run(program(data_dir.path()).arg("token").args(arguments));
        assert!(said.success && said.stderr.is_empty(), "{}", said.stderr);
        let token = said.stdout.strip_suffix('\n').unwrap();
        assert!(token.split('.').count() == 3 && !token.contains(char::is_whitespace), "{token}");
        let answer = server.ask(Some(token), "{ viewer { role regions { code } } }").await;
        assert_eq!(answer["data"]["viewer"]["role"], role);
        let regions = if role == "ZORGKANTOOR" { json!([{"code": "ZK23"}, {"code": "ZK01"}]) } else { json!([]) };
        assert_eq!(answer["data"]["viewer"]["regions"], regions);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_command_makes_a_demo_and_says_how_to_ask_it() {
    let data_dir = tempfile::tempdir().unwrap();
    let arguments = ["serve", "--demo", "--demo-date", "2026-12-01", "--listen", "127.0.0.1:0"];
    let mut server = Server::start(program(data_dir.path()).args(arguments));
    let paste = server.line("-d '");
    let said = server.said.join("\n");
    // The question that is printed, as a shell would read it.
    let body = paste.split('\'').nth(1).unwrap();
    let token = said.split("authorization: Bearer ").nth(1).unwrap().split('\'').next().unwrap();
    let response = reqwest::Client::new()
        .post(format!("{}/graphql", server.url))
        .header("content-type", "application/json")
        .bearer_auth(token)
        .body(body.to_owned());
    let answer: Value = response.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    assert_eq!(answer["data"]["placesNear"]["edges"].as_array().unwrap().len(), 3);
    let mut roles = Vec::new();
    for token in said.lines().filter(|line| line.trim().starts_with("eyJ")) {
        roles.push(server.ask(Some(token.trim()), "{ viewer { role } }").await["data"]["viewer"]["role"].clone());
    }
    roles.sort_by_key(ToString::to_string);
    assert_eq!(roles, ["KENNISCENTRUM", "PASSPORT_HOLDER", "PROVIDER", "ZORGKANTOOR"]);
    // A second start finds everything as it is.
    drop(server);
    let server = Server::start(program(data_dir.path()).args(["serve", "--listen", "127.0.0.1:0"]));
    assert_eq!(server.ask(Some(token), "{ viewer { role } }").await["data"]["viewer"]["role"], "PASSPORT_HOLDER");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_begun_is_finished_before_it_stops() {
    let data_dir = demo();
    for signal in ["-TERM", "-INT"] {
        let mut server =
            Server::start(program(data_dir.path()).args(["serve", "--listen", "127.0.0.1:0", "--drain-seconds", "0"]));
        let body = json!({"query": "{ viewer { role } }"}).to_string();
        let mut begun = Connection::open(&server.url).await;
        let mut idle = Connection::open(&server.url).await;
        idle.send(format!("{}{body}", head(&[&format!("Content-Length: {}", body.len())]))).await;
        assert_eq!(idle.reply().await.unwrap().status, 200);
        // The service asks for the rest, so it has begun to read.
        begun.send(head(&[&format!("Content-Length: {}", body.len()), "Expect: 100-continue"])).await;
        assert_eq!(begun.reply().await.unwrap().status, 100);
        server.signal(signal);
        server.line("Stopping");
        idle.closed().await;
        begun.send(&body).await;
        let reply = begun.reply().await.unwrap();
        assert_eq!((reply.status, reply.body.as_str()), (200, r#"{"data":{"viewer":{"role":"ANONYMOUS"}}}"#));
        begun.closed().await;
        let status = server.child.wait().unwrap();
        assert!(status.success(), "{status}");
        assert!(tokio::net::TcpStream::connect(server.url.strip_prefix("http://").unwrap()).await.is_err());
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let data_dir = demo();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = program(data_dir.path());
    super::fails(command.args(["serve", "--listen", &address]), &["cannot listen on", &address]);
}
