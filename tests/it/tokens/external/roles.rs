//! What an issuer of others can make of somebody.

use entity::audit_event;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value, json};
use zorgkaart::{
    app::{App, Filling},
    clock::Clock,
    config::Config,
    graphql::id::GlobalId,
};

use super::{Login, config};
use crate::support::{
    databases::{DEMO_DATE, TestDatabase, on_both_databases},
    issuer::{Issuer, SigningKey},
    service::Service,
};

#[tokio::test]
async fn every_role_comes_with_every_algorithm() {
    for key in [SigningKey::rsa("a"), SigningKey::ec("b"), SigningKey::ed("c")] {
        let alg = key.alg();
        let login = Login::with(key, json!({ "algorithms": [alg] })).await;
        let id = login.service.first_provider().await;
        let shown = GlobalId::Provider(id).to_string();
        let nobody = json!({"provider": null, "regions": []});
        for (claims, role, rest) in [
            (json!({}), "KENNISCENTRUM", nobody.clone()),
            (
                json!({"role": "staff", "provider": shown}),
                "PROVIDER",
                json!({"provider": {"id": shown}, "regions": []}),
            ),
            (json!({"role": "staff", "provider": id.0}), "PROVIDER", json!({"provider": {"id": shown}, "regions": []})),
            (
                json!({"role": ["office"], "regions": "ZK23"}),
                "ZORGKANTOOR",
                json!({"provider": null, "regions": [{"code": "ZK23"}]}),
            ),
            (
                json!({"role": "office", "regions": ["ZK01", "ZK23"]}),
                "ZORGKANTOOR",
                json!({"provider": null, "regions": [{"code": "ZK01"}, {"code": "ZK23"}]}),
            ),
        ] {
            let viewer = login.ask(&login.token(claims.clone())).await.data("/viewer");
            let mut expected = json!({"role": role});
            for (name, value) in rest.as_object().unwrap() {
                expected[name] = value.clone();
            }
            assert_eq!(viewer, expected, "{alg} {claims}");
        }
        for (claims, why) in [
            (json!({"role": "staff", "provider": "provider_00000000000000000000000000000000"}), "no such provider"),
            (json!({"role": "office", "regions": ["ZK23", "ZK99"]}), "no such region"),
            (json!({"role": "office", "regions": ""}), "no region"),
        ] {
            login.refuses(&login.token(claims), why).await;
        }
        // The issuer inside the program goes on beside it.
        let own = login.service.holder("DEMO-0001").await;
        login.accepts(&own, "PASSPORT_HOLDER", "our own").await;
    }
}

#[tokio::test]
async fn an_issuer_grants_only_the_roles_of_its_list() {
    let changes = json!({"roles": {"office": "ZORGKANTOOR"}, "role_claim": "groups"});
    let login = Login::with(SigningKey::ed("a"), changes).await;
    let token = |claims: Value| login.token(claims);
    login.accepts(&token(json!({"groups": ["all", "office"], "regions": "ZK23"})), "ZORGKANTOOR", "listed").await;
    let passport = login.service.store.database().passport_by_number("DEMO-0001").await.unwrap().unwrap();
    let provider = login.service.first_provider().await;
    for claims in [
        json!({"groups": "centre"}),
        json!({"groups": "KENNISCENTRUM", "role": "KENNISCENTRUM"}),
        json!({"groups": "PASSPORT_HOLDER", "role": "PASSPORT_HOLDER", "passport": passport.0, "sub": format!("passport:{}", passport.0.simple())}),
        json!({"groups": "staff", "provider": provider.0}),
        json!({"groups": "PROVIDER", "role": "PROVIDER", "provider": provider.0}),
        json!({"role": "office", "regions": "ZK23"}),
        json!({"groups": "ANONYMOUS"}),
        json!({}),
    ] {
        login.refuses(&token(claims.clone()), &claims.to_string()).await;
    }
}

#[tokio::test]
async fn an_issuer_of_one_organisation_names_its_own_staff() {
    // Ids are random: the service must be there before its providers can be named.
    let database = std::sync::Arc::new(TestDatabase::sqlite().await);
    let probe = Service::start(std::sync::Arc::clone(&database)).await;
    let ids = probe.ask(None, "{ providers(first: 2) { edges { node { id } } } }").await.data("/providers/edges");
    let [own, other] = [0, 1].map(|at| ids[at]["node"]["id"].clone());
    drop(probe);
    let login = Login::on(database, SigningKey::ed("a"), json!({"providers": [own], "regions": ["ZK23"]})).await;
    let (staff, office) = (
        |id: &Value| json!({"role": "staff", "provider": id}),
        |codes: Value| json!({"role": "office", "regions": codes}),
    );
    login.accepts(&login.token(staff(&own)), "PROVIDER", "its own").await;
    login.accepts(&login.token(office(json!(["ZK23"]))), "ZORGKANTOOR", "its own").await;
    login.refuses(&login.token(staff(&other)), "another provider").await;
    login.refuses(&login.token(office(json!(["ZK23", "ZK01"]))), "another region too").await;
}

#[tokio::test]
async fn a_configuration_that_would_let_others_make_passport_holders_does_not_start() {
    let issuer = Issuer::start(&[]).await;
    let database = TestDatabase::sqlite().await;
    let data_dir = tempfile::tempdir().unwrap();
    for (configured, words) in [
        (vec![config(&issuer.url, &json!({"roles": {"x": "PASSPORT_HOLDER"}}))], "PASSPORT_HOLDER never comes"),
        (vec![config(&issuer.url, &json!({"roles": {"x": "ANONYMOUS"}}))], "ANONYMOUS never comes"),
        (vec![config(&issuer.url, &json!({})), config(&issuer.url, &json!({}))], "is configured twice"),
        (vec![config("zorgkaart", &json!({"keys": {"file": "x"}}))], "the issuer inside the program"),
        (vec![config("http://login.example", &json!({}))], "is not safe"),
    ] {
        let config = Config {
            database_url: Some(database.url.clone()),
            data_dir: data_dir.path().to_owned(),
            issuers: configured,
            ..Config::default()
        };
        let started = App::start(config, Filling::None, Clock::standing_on(DEMO_DATE)).await;
        let said = started.err().unwrap().to_string();
        assert!(said.starts_with("issuers: ") && said.contains(words), "{said}");
    }
    assert_eq!(issuer.discovered(), 0, "nobody is asked before all is right");
}

on_both_databases! {
    async fn a_provider_that_was_withdrawn_has_no_staff(db: TestDatabase) {
        let url = db.url.clone();
        let login = Login::on(db, SigningKey::ed("a"), json!({})).await;
        let provider = login.service.first_provider().await;
        let token = login.token(json!({"role": "staff", "provider": provider.0}));
        login.accepts(&token, "PROVIDER", "in business").await;
        let connection = sea_orm::Database::connect(url).await.unwrap();
        connection.execute_unprepared("UPDATE provider SET withdrawn_at = updated_at").await.unwrap();
        let row = "INSERT INTO change (entity, entity_id, occurred_at) VALUES ('MAP', '', CURRENT_TIMESTAMP)";
        connection.execute_unprepared(row).await.unwrap();
        login.service.store.catch_up().await.unwrap();
        login.refuses(&token, "withdrawn").await;
    }

    async fn the_audit_trail_knows_a_pseudonym(db: TestDatabase) {
        let connection = sea_orm::Database::connect(db.url.clone()).await.unwrap();
        let login = Login::on(db, SigningKey::ed("a"), json!({})).await;
        for sub in ["j.jansen@example.org", "p.pietersen@example.org", "j.jansen@example.org"] {
            let token = login.token(json!({ "sub": sub }));
            login.service.ask(Some(&token), "{ contacts(first: 1) { edges { node { name } } } }").await.data("/contacts/edges/0");
        }
        let records = audit_event::Entity::find().all(&connection).await.unwrap();
        let actors: Vec<&str> = records.iter().map(|record| record.actor.as_str()).collect();
        let [one, other, again] = actors[..] else { panic!("{actors:?}") };
        assert!(one == again && one != other, "{actors:?}");
        for record in &records {
            assert_eq!((record.actor.strip_prefix("kenniscentrum:").map(str::len), record.actor_role.as_str()), (Some(16), "KENNISCENTRUM"));
            let text = format!("{record:?}");
            assert!(!text.contains("jansen") && !text.contains("example.org"), "{text}");
        }
    }
}
