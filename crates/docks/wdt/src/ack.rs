//! What the two acknowledging methods share: rows are accepted or refused one by one, the code stays 0 (fact sheet wdt-1, 2.17
//! and 2.19).

use gateway::{Call, Reply};
use store::Tx;
use wire::args::Element;
use wire::rows::{Column, int, text};

use crate::codes::{self, Error};

/// A row that was not accepted.
pub(crate) struct Failed {
    rec_id: i64,
    error: String,
}

/// Columns of `errors`.
pub(crate) const ERRORS: &[Column<Failed>] =
    &[int("rec_id", "key of the row", |f| f.rec_id), text("error", "why it was not accepted", |f| &f.error)];

/// Hands every row to `accept`. A row whose key cannot be read refuses the whole call: nobody could name it in `errors`.
pub(crate) fn each<T>(
    call: &Call,
    method: &'static str,
    tx: &mut Tx,
    rows: &[Element<T>],
    accept: impl Fn(&mut Tx, &T) -> Result<(), Error>,
) -> Result<Reply, Error> {
    let mut failed = Vec::new();
    for element in rows {
        let outcome = match &element.row {
            Ok(row) => tx.attempt(|tx| accept(tx, row)),
            Err(refusal) => Err(codes::argument(method, refusal).into()),
        };
        match outcome {
            Ok(()) => {}
            Err(Error::Refused(refused)) => match element.key.as_deref().and_then(|key| key.parse().ok()) {
                Some(rec_id) => failed.push(Failed { rec_id, error: refused.message }),
                None => return Err(refused.into()),
            },
            Err(error) => return Err(error),
        }
    }
    Ok(call.reply().rows("errors", ERRORS, &failed))
}
