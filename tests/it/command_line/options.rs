//! Options: on the command line, in the environment and in a file, right and wrong.

use std::{fs, os::unix::fs::PermissionsExt};

use super::{demo, fails, program, run};

#[test]
fn help_has_examples() {
    let data_dir = tempfile::tempdir().unwrap();
    for command in [&[][..], &["serve"], &["token"], &["migrate"], &["seed"], &["schema"]] {
        let said = run(program(data_dir.path()).args(command).arg("--help"));
        assert!(said.success, "{}", said.stderr);
        let examples = said.stdout.split_once("\nExamples:\n").unwrap_or_else(|| panic!("{}", said.stdout)).1;
        assert!(examples.contains("zorgkaart") && examples.contains(command.first().unwrap_or(&"serve")), "{examples}");
        assert!(said.stdout.contains("--data-dir") && said.stdout.contains("ZORGKAART_DATA_DIR"), "{}", said.stdout);
    }
    let version = run(program(data_dir.path()).arg("--version"));
    assert_eq!(version.stdout, format!("zorgkaart {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(fs::read_dir(data_dir.path()).unwrap().count(), 0, "help makes no files");
}

#[test]
fn the_schema_is_the_one_in_the_repository() {
    let data_dir = tempfile::tempdir().unwrap();
    let said = run(program(data_dir.path()).arg("schema"));
    assert!(said.success && said.stderr.is_empty());
    assert_eq!(said.stdout, include_str!("../../../schema.graphql"));
}

#[test]
fn wrong_options_are_explained() {
    let data_dir = demo();
    let fails = |arguments: &[&str], words: &[&str]| fails(program(data_dir.path()).args(arguments), words);
    fails(&["frobnicate"], &["frobnicate", "--help"]);
    fails(&["serve", "--port", "80"], &["--port", "--help"]);
    fails(&["serve", "--listen", "nonsense"], &["--listen", "nonsense"]);
    fails(&["serve", "--demo", "--demo-date", "2026-02-30"], &["--demo-date", "2026-02-30"]);
    fails(&["serve", "--demo-date", "2026-12-01"], &["--demo"]);
    fails(&["seed", "--synthetic", "0"], &["--synthetic"]);
    fails(&["--config", "nowhere.toml", "migrate"], &["nowhere.toml", "No such file"]);
    fails(&["--database-url", "mysql://root:secret@host/x", "migrate"], &["sqlite:", "postgres://"]);
    fails(&["--database-url", "postgres://user:secret@::bad", "migrate"], &["sqlite:", "postgres://"]);
    fails(
        &["--database-url", "postgres://user:secret@127.0.0.1:1/x", "migrate"],
        &["127.0.0.1:1 cannot be reached", "host and port"],
    );
    fails(&["--database-url", "sqlite:/nowhere/x.db", "migrate"], &["unable to open database file"]);
    fails(&["--database-connections", "0", "migrate"], &["database_connections", "at least 1"]);
    for (arguments, word) in [
        (&[][..], "--role"),
        (&["--role", "admin"], "passport-holder, provider, zorgkantoor, kenniscentrum"),
        (&["--role", "passport-holder"], "needs --passport NUMBER"),
        (&["--role", "passport-holder", "--passport", "DEMO-9999"], "there is no passport DEMO-9999"),
        (&["--role", "passport-holder", "--passport", "DEMO-0001", "--region", "ZK23"], "nothing else"),
        (&["--role", "provider"], "needs --provider ID"),
        (&["--role", "provider", "--provider", "x"], "is not the id of a provider"),
        (&["--role", "provider", "--provider", "provider_00000000000000000000000000000000"], "there is no provider"),
        (&["--role", "zorgkantoor"], "needs --region CODE"),
        (&["--role", "zorgkantoor", "--region", "ZK99"], "there is no zorgkantoorregio ZK99"),
        (&["--role", "kenniscentrum", "--passport", "DEMO-0001"], "neither passport"),
        (&["--role", "kenniscentrum", "--ttl", "2h"], "such as 15m"),
        (&["--role", "kenniscentrum", "--ttl", "0s"], "such as 15m"),
        (&["--role", "kenniscentrum", "--ttl=-5m"], "such as 15m"),
        (&["--role", "kenniscentrum", "--ttl", "9999999999999999999h"], "such as 15m"),
    ] {
        fails(&[&["token"], arguments].concat(), &[word]);
    }
}

#[test]
fn what_cannot_be_used_is_named() {
    let data_dir = demo();
    fails(
        program(data_dir.path()).args(["serve", "--listen", "127.0.0.1:0", "--demo", "--demo-date", "2026-12-02"]),
        &["demo of 2026-12-01", "stands there", "--data-dir", "2026-12-02"],
    );
    let running = ["serve", "--listen", "127.0.0.1:0", "--demo", "--demo-date", "2027-01-01"];
    fails(program(data_dir.path()).args(running), &["demo of 2026-12-01"]);

    let token = ["token", "--role", "kenniscentrum"];
    assert!(run(program(data_dir.path()).args(token)).success);
    let key = fs::read_dir(data_dir.path().join("keys")).unwrap().next().unwrap().unwrap().path();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    for arguments in [&token[..], &["serve", "--listen", "127.0.0.1:0"]] {
        fails(program(data_dir.path()).args(arguments), &[key.to_str().unwrap(), "mode 0600"]);
    }
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&key, "no key").unwrap();
    for arguments in [&token[..], &["serve", "--listen", "127.0.0.1:0"]] {
        fails(program(data_dir.path()).args(arguments), &[key.to_str().unwrap(), "no Ed25519 private key"]);
    }

    // Also for a superuser no directory can be made inside a file.
    let inside = data_dir.path().join("zorgkaart.db").join("data");
    for arguments in [&["migrate"][..], &["seed"], &["serve", "--listen", "127.0.0.1:0"]] {
        let mut command = program(data_dir.path());
        fails(
            command.env("ZORGKAART_DATA_DIR", &inside).args(arguments),
            &["data directory", inside.to_str().unwrap()],
        );
    }
    fs::write(data_dir.path().join("zorgkaart.db"), "no database, but long enough to be taken for one".repeat(100))
        .unwrap();
    fails(program(data_dir.path()).args(["migrate"]), &["file is not a database"]);
    let empty = tempfile::tempdir().unwrap();
    fails(program(empty.path()).args(token), &["zorgkaart migrate"]);
}

#[test]
fn the_command_line_goes_before_the_environment_before_the_file() {
    let data_dir = demo();
    let file = data_dir.path().join("zorgkaart.toml");
    fs::write(&file, "issuer = \"of-the-file\"\naudience = \"of-the-file\"\nreplica = \"x\"\n[limits]\ndepth = 5\n")
        .unwrap();
    let claims = |command: &mut std::process::Command| -> (String, String) {
        let said = run(command.args(["token", "--role", "kenniscentrum"]));
        assert!(said.success, "{}", said.stderr);
        let payload = said.stdout.split('.').nth(1).unwrap().to_owned();
        let payload = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, payload).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&payload).unwrap();
        (claims["iss"].as_str().unwrap().to_owned(), claims["aud"].as_str().unwrap().to_owned())
    };
    let own = || program(data_dir.path());
    let pair = |iss: &str, aud: &str| (iss.to_owned(), aud.to_owned());
    assert_eq!(claims(&mut own()), pair("zorgkaart", "zorgkaart"));
    assert_eq!(claims(own().arg("--config").arg(&file)), pair("of-the-file", "of-the-file"));
    assert_eq!(claims(own().env("ZORGKAART_CONFIG", &file)), pair("of-the-file", "of-the-file"));
    let both = |mut command: std::process::Command| {
        command.env("ZORGKAART_CONFIG", &file).env("ZORGKAART_ISSUER", "of-the-environment");
        command
    };
    assert_eq!(claims(&mut both(own())), pair("of-the-environment", "of-the-file"));
    assert_eq!(claims(both(own()).args(["--issuer", "of-the-line"])), pair("of-the-line", "of-the-file"));

    let issuer = |rest: &str| {
        format!(
            "[[issuers]]\nissuer = \"https://login.example\"\naudience = \"x\"\nroles = {{ k = \"KENNISCENTRUM\" }}\n{rest}\n"
        )
    };
    for (text, word) in [
        ("isuer = \"x\"", "isuer"),
        ("[limits]\ndepht = 3", "depht"),
        ("listen = \"nonsense\"", "listen"),
        ("demo_date = \"2026-12-01\"", "needs the demo"),
        ("database_connections = \"many\"", "database_connections"),
        ("issuer = ", "zorgkaart.toml"),
        ("[freshness]\nfresh_days = 60\naging_days = 45", "fresh_days is at most aging_days"),
        ("[body]\nseconds = 0", "at least 1"),
        ("[load]\npatience_milliseconds = 0", "patience_milliseconds and connections are at least 1"),
        ("[[issuers]]\nissuer = \"https://login.example\"", "missing field `audience`"),
        (&issuer("algorithms = [\"HS256\"]"), "`HS256`, expected `one of `RS256`, `ES256`, `EdDSA`"),
        (&issuer("algorithms = []"), "issuers: \"https://login.example\": algorithms: at least one"),
        (&issuer("algorithms = [\"RS256\"]\nkeys = \"guess\""), "guess"),
        (&issuer("algorithms = [\"RS256\"]\nkeys = { url = \"http://login.example/jwks\" }"), "is not safe"),
        (&issuer("algorithms = [\"RS256\"]\nshared = \"x\""), "shared"),
        (&issuer("algorithms = [\"RS256\"]").replace("KENNISCENTRUM", "ADMIN"), "ADMIN"),
        (
            &issuer("algorithms = [\"RS256\"]").replace("KENNISCENTRUM", "PASSPORT_HOLDER"),
            "PASSPORT_HOLDER never comes from",
        ),
        (
            &issuer("algorithms = [\"RS256\"]").replace("https://login.example", "zorgkaart"),
            "the issuer inside the program",
        ),
        (&issuer("algorithms = [\"RS256\"]").repeat(2), "configured twice"),
    ] {
        fs::write(&file, text).unwrap();
        fails(own().args(["--config", file.to_str().unwrap(), "migrate"]), &[word]);
    }
    // A list of documents whose hash is another's is found at the start.
    let list = data_dir.path().join("documents.json");
    fs::write(&list, format!("{{ \"{}\": \"{{ a }}\" }}", "0".repeat(64))).unwrap();
    for (name, word) in [(list.to_str().unwrap(), "is not the SHA-256 of its document"), ("none.json", "none.json")] {
        fs::write(&file, format!("persisted_documents = {name:?}")).unwrap();
        fails(own().args(["--config", file.to_str().unwrap(), "serve"]), &["persisted documents", word]);
    }
    // The example says what is so without it.
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/zorgkaart.example.toml");
    let read = zorgkaart::config::Config::read(&serde_json::json!({}), Some(example.as_ref())).unwrap();
    let shown = |config: &zorgkaart::config::Config| serde_json::to_value(config).unwrap();
    assert_eq!(shown(&read), shown(&zorgkaart::config::Config::default()));
    // What it only mentions can be read too.
    let lines = fs::read_to_string(example).unwrap();
    let mentioned =
        lines.split_once("# [[issuers]]").unwrap().1.lines().skip(1).map_while(|line| line.strip_prefix("# "));
    fs::write(&file, format!("[[issuers]]\n{}", mentioned.collect::<Vec<_>>().join("\n"))).unwrap();
    let read = zorgkaart::config::Config::read(&serde_json::json!({}), Some(&file)).unwrap();
    assert_eq!(read.issuers.len(), 1);
    assert_eq!(read.issuers[0].keys, zorgkaart::auth::KeySource::Discovery);
}

#[test]
fn the_environment_says_yes_and_no_in_many_ways() {
    let data_dir = demo();
    for yes in ["true", "1", "yes", "on"] {
        let mut command = program(data_dir.path());
        command.env("ZORGKAART_DEMO", yes).env("ZORGKAART_DEMO_DATE", "2026-12-02").arg("seed");
        fails(&mut command, &["demo of 2026-12-01"]);
    }
    for no in ["false", "0", "no", "off"] {
        let said = run(program(data_dir.path()).env("ZORGKAART_DEMO", no).arg("seed"));
        assert!(said.success, "{}", said.stderr);
    }
    fails(program(data_dir.path()).env("ZORGKAART_DEMO", "perhaps").arg("seed"), &["perhaps", "--demo"]);
}
