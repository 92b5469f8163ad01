//! Several replicas that start at once on an empty database.

use crate::{
    alone,
    replica::{Realm, serve},
    support::{databases::TestDatabase, program::Server},
};

const REPLICAS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_eight_one_migrates_and_each_loads_once() {
    let _alone = alone().await;
    let Some(db) = TestDatabase::empty_postgres().await else { return };
    let realm = Realm::new();
    let data_dirs: Vec<_> = (0..REPLICAS).map(|_| realm.data_dir()).collect();
    let mut servers: Vec<Server> = data_dirs
        .iter()
        .map(|data_dir| {
            let mut command = serve(data_dir.path(), Some(&db.url));
            command.args(["--demo", "--demo-date", "2026-12-01", "--metrics-listen", "127.0.0.1:0"]);
            command.args(["--database-connections", "4"]).env("RUST_LOG", "info");
            Server::begin(&mut command)
        })
        .collect();
    let mut migrated = 0;
    for server in &mut servers {
        server.until_it_listens();
        let metrics = server.line("Metrics: ").split("Metrics: ").nth(1).unwrap().to_owned();
        let readiness = server.until_ready().await;
        assert_eq!(readiness["places"], 500, "{readiness}");
        let (_, metrics) = server.get(&metrics).await;
        assert!(metrics.contains("zorgkaart_map_loads 1\n"), "{metrics}");
        migrated += server.all_said().matches("is brought to this version").count();
    }
    assert_eq!(migrated, 1);
}
