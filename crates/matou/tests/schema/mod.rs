//! A schema of one's own in the PostgreSQL of `MATOU_TEST_POSTGRES`.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::process::Command;

/// Dropped with the test, kept when it fails.
pub(crate) struct Schema {
    address: String,
    name: String,
}

impl Schema {
    /// `None` when nobody asked for PostgreSQL.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let Some(address) = std::env::var("MATOU_TEST_POSTGRES").ok().filter(|address| !address.is_empty()) else {
            eprintln!("{name}: PostgreSQL WAS NOT ASKED FOR (set MATOU_TEST_POSTGRES, see .ci/postgres.sh)");
            return None;
        };
        let schema = Self { address, name: format!("matou_{name}_{}", std::process::id()) };
        schema.psql(&format!("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}", schema.name));
        Some(schema)
    }

    fn psql(&self, sql: &str) {
        let mut psql = Command::new("psql");
        psql.args(["-q", &self.address, "-c", sql]).env("PGOPTIONS", "-cclient_min_messages=warning");
        let output = psql.output().expect("psql is there");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// `host:port` of the server.
    pub(crate) fn host(&self) -> &str {
        let rest = self.address.split("://").nth(1).unwrap_or_default();
        let rest = rest.split('/').next().unwrap_or_default();
        rest.rsplit('@').next().unwrap_or_default()
    }

    /// The address for the program, through another port of this machine if there is one.
    pub(crate) fn url(&self, port: Option<u16>) -> String {
        let mut address = self.address.clone();
        if let Some(port) = port {
            address = address.replace(self.host(), &format!("127.0.0.1:{port}"));
        }
        let mark = if address.contains('?') { '&' } else { '?' };
        format!("{address}{mark}options=-csearch_path%3D{}", self.name)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.psql(&format!("DROP SCHEMA {} CASCADE", self.name));
        }
    }
}
