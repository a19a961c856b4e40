//! What a message that was heard does to the business: one file a family.

mod delivery;

use store::Tx;
use wire::xml::Element;

use super::heard::Heard;
use crate::Error;
use crate::binding::Binding;
use crate::message::{self, DeliveryConfirm, Flaw};

/// Why a message was not applied.
pub(super) enum Unapplied {
    /// What it is about is not there yet.
    Later(String),
    /// It fits nothing; a person must look.
    Never(String),
    /// The store failed.
    Error(Error),
}

impl From<Error> for Unapplied {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(why) | Error::Unknown(why) => Self::Never(why),
            error => Self::Error(error),
        }
    }
}

impl From<erp::Error> for Unapplied {
    fn from(error: erp::Error) -> Self {
        Error::from(error).into()
    }
}

impl From<store::Error> for Unapplied {
    fn from(error: store::Error) -> Self {
        Self::Error(error.into())
    }
}

impl From<Flaw> for Unapplied {
    fn from(flaw: Flaw) -> Self {
        Self::Never(flaw.to_string())
    }
}

pub(super) type Applied = Result<(), Unapplied>;

/// By what a message is known: its key and the document that it is about.
pub(super) struct About {
    pub(super) key: String,
    pub(super) doc_no: String,
}

impl About {
    /// `outBizCode`, or else the whole content.
    fn of(code: Option<&String>, doc_no: &str, text: &str) -> Self {
        let key = match code {
            Some(code) => format!("={code}"),
            None => format!("#{}", content(text)),
        };
        Self { key, doc_no: doc_no.to_owned() }
    }
}

/// A name for the content of a message: FNV-1a over 128 bits, enough to tell the messages of one document apart.
fn content(text: &str) -> String {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in text.bytes() {
        hash ^= u128::from(byte);
        hash = hash.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    format!("{hash:032x}")
}

/// Reads a message as far as to know it, which also tells whether it is one.
pub(super) fn about(method: &str, root: &Element, text: &str) -> Result<About, Flaw> {
    match method {
        "deliveryorder.confirm" => {
            let confirm: DeliveryConfirm = message::read(root)?;
            Ok(About::of(confirm.order.out_biz_code.as_ref(), &confirm.order.code, text))
        }
        _ => Ok(About::of(None, "", text)),
    }
}

/// Lets the business know.
pub(super) fn apply(
    tx: &mut Tx,
    settings: &erp::Settings,
    binding: &Binding,
    heard: &Heard,
    root: &Element,
) -> Applied {
    match &*heard.method {
        "deliveryorder.confirm" => delivery::confirm(tx, settings, binding, &message::read(root)?),
        _ => Err(Unapplied::Never("没有处理该消息的程序".to_owned())),
    }
}
