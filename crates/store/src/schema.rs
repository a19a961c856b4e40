//! The store's own tables, and the little that the engines spell differently.

use crate::Migration;

/// The store's own tables, applied before everybody else's.
pub(crate) const MIGRATIONS: &[Migration] =
    &[Migration { name: "store-1", sql: STORE_1 }, Migration { name: "store-2", sql: STORE_2 }];

const STORE_1: &str = "
CREATE TABLE tenant_clock (
    tenant BIGINT PRIMARY KEY,
    stamp BIGINT NOT NULL,
    horizon BIGINT NOT NULL,
    event_seq BIGINT NOT NULL,
    turn BIGINT NOT NULL
) /*hot*/;
CREATE TABLE counter (
    tenant BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
) /*clustered*/;
CREATE TABLE event (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    at BIGINT NOT NULL,
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    receipt BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX event_key ON event (tenant, key, id);
CREATE TABLE receipt (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    fingerprint BYTES NOT NULL,
    app TEXT NOT NULL,
    method TEXT NOT NULL,
    at BIGINT NOT NULL,
    message BYTES NOT NULL,
    answer BYTES NOT NULL
);
CREATE UNIQUE INDEX receipt_fingerprint ON receipt (tenant, fingerprint);
CREATE TABLE timer (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    due BIGINT NOT NULL,
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    problem TEXT NOT NULL
);
CREATE UNIQUE INDEX timer_name ON timer (tenant, topic, key);
CREATE INDEX timer_due ON timer (due);
";

/// Up to which number the oldest rows of a log were deleted.
const STORE_2: &str = "
CREATE TABLE retention (
    tenant BIGINT NOT NULL,
    what TEXT NOT NULL,
    floor BIGINT NOT NULL,
    PRIMARY KEY (tenant, what)
) /*clustered*/;
";

/// Which spelling a schema text is needed in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    Sqlite,
    Postgres,
}

/// A schema text in the engine's spelling: `BYTES`, `TEXT` (bytewise order on both engines), `BIGINT PRIMARY KEY` (the row
/// address on SQLite), and the markers after a table's closing parenthesis: `/*clustered*/` (the table is its primary key), `/*hot*/` (its rows change all
/// the time: PostgreSQL keeps room beside them for their next versions).
pub(crate) fn spell(sql: &str, spelling: Spelling) -> String {
    let mut out = String::with_capacity(sql.len() + 64);
    // Every second piece between single quotes is a literal, which stays as it is.
    for (index, piece) in sql.split('\'').enumerate() {
        if index > 0 {
            out.push('\'');
        }
        if index % 2 == 1 {
            out.push_str(piece);
        } else {
            spell_words(piece, spelling, &mut out);
        }
    }
    match spelling {
        Spelling::Sqlite => {
            out.replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY").replace("/*clustered*/", "WITHOUT ROWID")
        }
        Spelling::Postgres => out.replace("/*hot*/", "WITH (fillfactor = 50)"),
    }
}

fn spell_words(piece: &str, spelling: Spelling, out: &mut String) {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut rest = piece;
    while let Some(start) = rest.find(is_word) {
        let end = rest[start..].find(|c| !is_word(c)).map_or(rest.len(), |length| start + length);
        out.push_str(&rest[..start]);
        out.push_str(match (&rest[start..end], spelling) {
            ("BYTES", Spelling::Sqlite) => "BLOB",
            ("BYTES", Spelling::Postgres) => "BYTEA",
            ("TEXT", Spelling::Postgres) => "TEXT COLLATE \"C\"",
            (word, _) => word,
        });
        rest = &rest[end..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_for_each_engine() {
        let sql = "CREATE TABLE a (id BIGINT PRIMARY KEY, b BYTES, c TEXT DEFAULT 'TEXT BYTES') /*clustered*/;";
        assert_eq!(spell("(a BIGINT) /*hot*/;", Spelling::Postgres), "(a BIGINT) WITH (fillfactor = 50);");
        assert_eq!(
            spell(sql, Spelling::Sqlite),
            "CREATE TABLE a (id INTEGER PRIMARY KEY, b BLOB, c TEXT DEFAULT 'TEXT BYTES') WITHOUT ROWID;"
        );
        assert_eq!(
            spell(sql, Spelling::Postgres),
            "CREATE TABLE a (id BIGINT PRIMARY KEY, b BYTEA, c TEXT COLLATE \"C\" DEFAULT 'TEXT BYTES') /*clustered*/;"
        );
    }
}
