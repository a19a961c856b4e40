//! Receipts: an identical signed write gets its stored first answer, and every event can name the message that caused it.
//!
//! A unit that answers a signed message first asks [`find`]; if there is no receipt, [`begin`] gives the id that events carry from then
//! on, and [`keep`] stores message and answer, sealed, in the same transaction as what the message changed.

use units::Moment;

use crate::{Reader, Result, Tx, Vault};

/// A kept message and its answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What events and ledger rows name.
    pub id: i64,
    /// See [`fingerprint`].
    pub fingerprint: Vec<u8>,
    /// Who sent it.
    pub app: String,
    /// What was asked for.
    pub method: String,
    /// When it was answered.
    pub at: Moment,
    message: Vec<u8>,
    answer: Vec<u8>,
}

/// What [`keep`] stores.
pub struct NewReceipt<'a> {
    /// See [`fingerprint`]; unique per tenant.
    pub fingerprint: &'a [u8],
    /// Who sent it.
    pub app: &'a str,
    /// What was asked for.
    pub method: &'a str,
    /// The message, sealed by [`seal_message`] before the unit began: sealing is work that the writer need not do.
    pub message_sealed: &'a [u8],
    /// The answer as sent, not sealed yet.
    pub answer: &'a [u8],
}

const COLUMNS: &str = "SELECT id, fingerprint, app, method, at, message, answer FROM receipt";
const BY_FINGERPRINT: &str =
    "SELECT id, fingerprint, app, method, at, message, answer FROM receipt WHERE tenant = ?1 AND fingerprint = ?2";

impl Receipt {
    /// The message as it came in.
    pub fn message(&self, vault: &Vault) -> Result<Vec<u8>> {
        Ok(vault.open(&context("message", &self.fingerprint), &self.message)?)
    }

    /// The answer as it went out.
    pub fn answer(&self, vault: &Vault) -> Result<Vec<u8>> {
        Ok(vault.open(&context("answer", &self.fingerprint), &self.answer)?)
    }
}

/// The fingerprint of a signed message: when it says it was sent, then a keyed hash of all of it. The time comes first so that new
/// receipts lie side by side in the index; a hash alone would touch a page of its own each, which costs a third of the speed at a
/// million receipts.
pub fn fingerprint(vault: &Vault, sent: Moment, message: &str) -> [u8; 24] {
    let mut print = [0; 24];
    let (time, hash) = print.split_at_mut(8);
    time.copy_from_slice(&sent.unix().to_be_bytes());
    hash.copy_from_slice(&vault.fingerprint(message));
    print
}

/// Seals a message for its receipt.
pub fn seal_message(vault: &Vault, fingerprint: &[u8], message: &[u8]) -> Vec<u8> {
    vault.seal(&context("message", fingerprint), message)
}

/// The receipt of the message with this fingerprint.
pub fn find(reader: &mut Reader, fingerprint: &[u8]) -> Result<Option<Receipt>> {
    let tenant = reader.tenant();
    reader.query_opt(BY_FINGERPRINT, &[tenant.into(), fingerprint.into()], receipt)
}

/// Announces [`find`].
pub fn foresee(tx: &mut Tx, fingerprint: &[u8]) -> Result<()> {
    let tenant = tx.tenant();
    tx.foresee_nothing(BY_FINGERPRINT, &[tenant.into(), fingerprint.into()])
}

/// The receipt that an event names.
pub fn get(reader: &mut Reader, id: i64) -> Result<Option<Receipt>> {
    let tenant = reader.tenant();
    reader.query_opt(&format!("{COLUMNS} WHERE id = ?1 AND tenant = ?2"), &[id.into(), tenant.into()], receipt)
}

/// Takes a new receipt's id; what the unit writes from here on carries it.
pub fn begin(tx: &mut Tx) -> Result<i64> {
    let id = tx.document_id("receipt")?;
    tx.set_receipt(id);
    Ok(id)
}

/// Stores the receipt `id`.
pub fn keep(tx: &mut Tx, id: i64, new: &NewReceipt<'_>) -> Result<()> {
    let answer = tx.vault().seal(&context("answer", new.fingerprint), new.answer);
    let (tenant, at) = (tx.tenant(), tx.now());
    tx.put(
        "INSERT INTO receipt (id, tenant, fingerprint, app, method, at, message, answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            id.into(),
            tenant.into(),
            new.fingerprint.into(),
            new.app.into(),
            new.method.into(),
            at.into(),
            new.message_sealed.into(),
            (&answer).into(),
        ],
    )
}

/// Gives the receipt with this fingerprint its answer: for a message that was claimed by [`keep`] before its answer was known.
pub fn settle(tx: &mut Tx, fingerprint: &[u8], answer: &[u8]) -> Result<()> {
    let sealed = tx.vault().seal(&context("answer", fingerprint), answer);
    let tenant = tx.tenant();
    tx.put(
        "UPDATE receipt SET answer = ?3 WHERE tenant = ?1 AND fingerprint = ?2",
        &[tenant.into(), fingerprint.into(), (&sealed).into()],
    )
}

/// Takes the claim of a message back: it was certainly not carried out, and the same message may come again.
pub fn withdraw(tx: &mut Tx, fingerprint: &[u8]) -> Result<()> {
    let tenant = tx.tenant();
    tx.put("DELETE FROM receipt WHERE tenant = ?1 AND fingerprint = ?2", &[tenant.into(), fingerprint.into()])
}

fn receipt(row: &crate::Row<'_>) -> Result<Receipt> {
    Ok(Receipt {
        id: row.int(0)?,
        fingerprint: row.bytes(1)?.to_vec(),
        app: row.string(2)?,
        method: row.string(3)?,
        at: row.moment(4)?,
        message: row.bytes(5)?.to_vec(),
        answer: row.bytes(6)?.to_vec(),
    })
}

fn context(part: &str, fingerprint: &[u8]) -> Vec<u8> {
    [b"receipt.", part.as_bytes(), b":", fingerprint].concat()
}
