//! Where a test keeps its data: a folder of its own, or a schema of its own in PostgreSQL.

use std::sync::atomic::{AtomicU32, Ordering};

use store::Engine;
use tempfile::TempDir;

/// Goes away with its data.
pub(crate) enum Place {
    Folder { _folder: TempDir },
    Schema(String),
}

impl Place {
    pub(crate) fn new() -> (Self, Engine) {
        match std::env::var("MATOU_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) {
            None => {
                let folder = tempfile::tempdir().unwrap();
                let engine = Engine::Sqlite { folder: folder.path().to_owned() };
                (Self::Folder { _folder: folder }, engine)
            }
            Some(url) => {
                static NUMBER: AtomicU32 = AtomicU32::new(0);
                let schema = format!("gateway_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
                psql(format!("CREATE SCHEMA {schema}"));
                let mark = if url.contains('?') { '&' } else { '?' };
                let url = format!("{url}{mark}options=-csearch_path%3D{schema}");
                (Self::Schema(schema), Engine::Postgres { url, workers: 2 })
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Schema(schema) = self {
            psql(format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}

/// Runs a statement on a connection beside the store, on a thread of its own: the caller is a task.
fn psql(sql: String) {
    let run = move || {
        let url = std::env::var("MATOU_TEST_POSTGRES").unwrap_or_default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&format!("SET client_min_messages = warning; {sql}")).await.unwrap();
        });
    };
    std::thread::spawn(run).join().unwrap();
}
