//! Where a test of any crate keeps its data: a folder of its own, or with `MATOU_TEST_POSTGRES` a schema of its own in that
//! database. The suites take this file in by its path.

#![allow(dead_code, reason = "each suite uses a part of it")]

use std::sync::atomic::{AtomicU32, Ordering};

use store::Engine;
use tempfile::TempDir;

/// Goes away with its data.
pub(crate) enum Place {
    Folder { _folder: TempDir },
    Schema { url: String, name: String },
}

impl Place {
    pub(crate) fn new() -> (Self, Engine) {
        let Some(url) = std::env::var("MATOU_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) else {
            let folder = tempfile::tempdir().unwrap();
            let engine = Engine::Sqlite { folder: folder.path().to_owned() };
            return (Self::Folder { _folder: folder }, engine);
        };
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
        beside(&url, format!("CREATE SCHEMA {name}"));
        let mark = if url.contains('?') { '&' } else { '?' };
        let engine = Engine::Postgres { url: format!("{url}{mark}options=-csearch_path%3D{name}"), workers: 2 };
        (Self::Schema { url, name }, engine)
    }

    /// Whether the store lives in this process.
    pub(crate) fn is_embedded(&self) -> bool {
        matches!(self, Self::Folder { .. })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Schema { url, name } = self {
            beside(url, format!("DROP SCHEMA {name} CASCADE"));
        }
    }
}

/// Runs a statement on a connection beside the store; on a thread of its own, because the caller is a task.
fn beside(url: &str, sql: String) {
    let url = url.to_owned();
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&format!("SET client_min_messages = warning; {sql}")).await.unwrap();
        });
    };
    std::thread::spawn(run).join().unwrap();
}
