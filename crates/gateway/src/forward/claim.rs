//! The claim of a forwarded write: a receipt that is on the disk before the call leaves, and holds its answer afterwards.
//!
//! Between the two the outcome is *pending*: after a crash, a timeout or a broken connection nobody knows what the target did. The
//! identical call is then told so and not sent again; whoever is sure signs it anew. Receipts of forwarded calls belong to the house,
//! since no merchant of this program is behind them.

use store::receipt::{self, NewReceipt, Receipt};
use store::{Store, Tenant, Vault, retention};
use units::Moment;

use super::errand::Brought;
use crate::fault::Fault;
use crate::limits::MAX_KEPT_REPLY;
use crate::method::Refused;
use crate::once::{self, OnceKey};
use crate::reply::Answer;

/// A write that is about to leave.
#[derive(Clone)]
pub(crate) struct Claim {
    /// Of its signed content.
    pub(crate) fingerprint: [u8; 16],
    /// Who sent it.
    pub(crate) app: String,
    /// Name and environment, for people.
    pub(crate) method: String,
    /// The message, sealed.
    pub(crate) message_sealed: Vec<u8>,
    /// The business key of the call, when its API has one.
    pub(crate) once: Option<OnceKey>,
}

/// Whether the claim is ours.
pub(crate) enum Claimed {
    /// It is: the call may leave.
    Now,
    /// The identical call came before, or one with the same business key and content.
    Before(Kept),
    /// A call with the same business key and other content came before.
    Clash(Refused),
}

/// What is known about a write that was claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It left, or was about to: nobody knows what became of it. Holds the id of that call.
    Pending(String),
    /// The target's success.
    Answered(Brought),
    /// The target's refusal.
    Refused { code: String, message: String },
}

impl Claim {
    /// Claims the write, durable when it returns.
    pub(crate) async fn take(&self, store: &Store, request_id: &str) -> store::Result<Claimed> {
        let (claim, pending) = (self.clone(), Kept::Pending(request_id.to_owned()).to_bytes());
        let unit = store.write(Tenant::HOUSE, move |tx| {
            if let Some(kept) = receipt::find(tx, &claim.fingerprint)? {
                return Ok(Claimed::Before(Kept::of(&kept, tx.vault())?));
            }
            if let Some(key) = &claim.once
                && let Some((first, kept)) = once::first(tx, key)?
            {
                return Ok(if first.same {
                    Claimed::Before(Kept::of(&kept, tx.vault())?)
                } else {
                    Claimed::Clash(key.clash(&first))
                });
            }
            let id = receipt::begin(tx)?;
            let new = NewReceipt {
                fingerprint: &claim.fingerprint,
                app: &claim.app,
                method: &claim.method,
                message_sealed: &claim.message_sealed,
                answer: &pending,
            };
            receipt::keep(tx, id, &new)?;
            if let Some(key) = &claim.once {
                once::keep(tx, key, &claim.fingerprint)?;
            }
            Ok::<_, store::Error>(Claimed::Now)
        });
        unit.await
    }

    /// What is known about the identical write.
    pub(crate) async fn find(&self, store: &Store) -> store::Result<Option<Kept>> {
        let fingerprint = self.fingerprint;
        let found = store.read(Tenant::HOUSE, move |reader| match receipt::find(reader, &fingerprint)? {
            Some(kept) => Kept::of(&kept, reader.vault()).map(Some),
            None => Ok(None),
        });
        found.await
    }

    /// Keeps the answer. One that is too large stays pending rather than fill the disk.
    pub(crate) async fn settle(&self, store: &Store, kept: Kept) -> store::Result<()> {
        let (fingerprint, answer) = (self.fingerprint, kept.to_bytes());
        if answer.len() > MAX_KEPT_REPLY {
            return Ok(());
        }
        store.write(Tenant::HOUSE, move |tx| receipt::settle(tx, &fingerprint, &answer)).await
    }

    /// Gives the claim back: the call never reached the target.
    pub(crate) async fn withdraw(&self, store: &Store) -> store::Result<()> {
        let fingerprint = self.fingerprint;
        store.write(Tenant::HOUSE, move |tx| receipt::withdraw(tx, &fingerprint)).await
    }
}

/// Receipts that one unit forgets.
const ROUND: i64 = 500;

/// Forgets claims and their answers older than `before`; the identical message is too old to be carried out by then.
pub async fn forget(store: &Store, before: Moment) -> store::Result<()> {
    while store.write(Tenant::HOUSE, move |tx| retention::trim_receipts(tx, before, ROUND)).await? == ROUND {}
    Ok(())
}

impl Kept {
    /// What the identical call hears.
    pub(crate) fn answer(self) -> Result<Brought, Fault> {
        match self {
            Self::Pending(request_id) => Err(Fault::TargetUnknown { request_id }),
            Self::Answered(brought) => Ok(brought),
            Self::Refused { code, message } => Err(Fault::TargetRefused { code, message }),
        }
    }

    fn of(kept: &Receipt, vault: &Vault) -> store::Result<Self> {
        let damaged = || store::Error::Corrupt(format!("the answer of receipt {} is damaged", kept.id));
        Self::from_bytes(&kept.answer(vault)?).ok_or_else(damaged)
    }

    /// A word that says which, then what it holds. Answers for the envelope begin with their own digit.
    fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Pending(request_id) => format!("pending {request_id}").into_bytes(),
            Self::Answered(Brought::Answer(answer)) => answer.to_bytes(),
            Self::Answered(Brought::Passed { body, xml }) => {
                [if *xml { &b"xml "[..] } else { b"json " }, body].concat()
            }
            Self::Refused { code, message } => format!("refused {} {code}{message}", code.len()).into_bytes(),
        }
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.first() == Some(&b'1') {
            return Answer::from_bytes(bytes).map(Brought::Answer).map(Self::Answered);
        }
        let (word, rest) = bytes.split_at_checked(bytes.iter().position(|byte| *byte == b' ')?)?;
        let rest = rest.get(1..)?;
        let passed = |xml| Some(Self::Answered(Brought::Passed { body: bytes::Bytes::copy_from_slice(rest), xml }));
        let text = || std::str::from_utf8(rest).ok();
        match word {
            b"pending" => Some(Self::Pending(text()?.to_owned())),
            b"xml" => passed(true),
            b"json" => passed(false),
            b"refused" => {
                let (length, rest) = text()?.split_once(' ')?;
                let (code, message) = rest.split_at_checked(length.parse().ok()?)?;
                Some(Self::Refused { code: code.to_owned(), message: message.to_owned() })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let answer =
            Answer { code: 0, message: "好".into(), members: (&b",\"n\":1"[..]).into(), request_id: "15m".into() };
        for kept in [
            Kept::Pending("15mabc".into()),
            Kept::Answered(Brought::Answer(answer)),
            Kept::Answered(Brought::Passed { body: (&b"{\"a\":1} "[..]).into(), xml: false }),
            Kept::Answered(Brought::Passed { body: (&b"<a/>"[..]).into(), xml: true }),
            Kept::Refused { code: "sign-check-failure".into(), message: "Illegal request".into() },
            Kept::Refused { code: String::new(), message: String::new() },
        ] {
            assert_eq!(Kept::from_bytes(&kept.to_bytes()), Some(kept));
        }
        for damaged in [&b""[..], b"pending", b"refused 9 x", b"1 0", b"other x"] {
            assert_eq!(Kept::from_bytes(damaged), None);
        }
    }
}
