//! What a message that was heard does to the business: one file a family.

mod delivery;
mod inward;
mod outward;
mod report;

use store::Tx;
use units::Quantity;
use wire::xml::Element;

use super::heard::Heard;
use crate::Error;
use crate::binding::Binding;
use crate::message::{
    self, ChangeReport, DeliveryConfirm, EntryConfirm, Flaw, InventoryReport, LackReport, Message, ProcessReport,
    ReturnConfirm, SerialReport, StockOutConfirm, StoreProcessConfirm, WaveReport,
};

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
    fn of(code: Option<&str>, doc_no: &str, text: &str) -> Self {
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
    Ok(match method {
        DeliveryConfirm::METHOD => {
            let said: DeliveryConfirm = message::read(root)?;
            About::of(said.order.out_biz_code.as_deref(), &said.order.code, text)
        }
        EntryConfirm::METHOD => {
            let said: EntryConfirm = message::read(root)?;
            About::of(Some(&said.order.out_biz_code), &said.order.code, text)
        }
        ReturnConfirm::METHOD => {
            let said: ReturnConfirm = message::read(root)?;
            About::of(said.order.out_biz_code.as_deref(), &said.order.code, text)
        }
        StockOutConfirm::METHOD => {
            let said: StockOutConfirm = message::read(root)?;
            About::of(said.order.out_biz_code.as_deref(), &said.order.code, text)
        }
        ChangeReport::METHOD => {
            let said: ChangeReport = message::read(root)?;
            let code = said.items.first().map(|item| item.out_biz_code.as_str()).unwrap_or_default();
            // Each item has a code of its own, by which it is applied once; the message as a whole is known by its content.
            About::of(None, code, text)
        }
        InventoryReport::METHOD => {
            let said: InventoryReport = message::read(root)?;
            let code = format!("{}/{}", said.out_biz_code, said.current_page);
            About::of(Some(&code), &said.check_order_code, text)
        }
        LackReport::METHOD => {
            let said: LackReport = message::read(root)?;
            About::of(Some(&said.out_biz_code), &said.code, text)
        }
        ProcessReport::METHOD => {
            let said: ProcessReport = message::read(root)?;
            About::of(None, &said.order.code, text)
        }
        StoreProcessConfirm::METHOD => {
            let said: StoreProcessConfirm = message::read(root)?;
            About::of(Some(&said.out_biz_code), &said.code, text)
        }
        SerialReport::METHOD => {
            let said: SerialReport = message::read(root)?;
            About::of(None, &said.order.code, text)
        }
        WaveReport::METHOD => {
            let said: WaveReport = message::read(root)?;
            About::of(Some(&said.wave_num), &said.wave_num, text)
        }
        _ => About::of(None, "", text),
    })
}

/// Lets the business know.
pub(super) fn apply(
    tx: &mut Tx,
    settings: &erp::Settings,
    binding: &Binding,
    heard: &Heard,
    root: &Element,
) -> Applied {
    let at = Place { settings, binding, number: store::wire_id(heard.id) };
    match &*heard.method {
        DeliveryConfirm::METHOD => delivery::confirm(tx, settings, binding, &message::read(root)?),
        EntryConfirm::METHOD => inward::entry(tx, &at, &message::read(root)?),
        ReturnConfirm::METHOD => inward::returned(tx, &at, &message::read(root)?),
        StockOutConfirm::METHOD => outward::confirm(tx, &at, &message::read(root)?),
        ChangeReport::METHOD => report::changes(tx, &at, &message::read(root)?),
        InventoryReport::METHOD => report::counted(tx, &at, &message::read(root)?),
        LackReport::METHOD => report::lacks(tx, &message::read(root)?),
        ProcessReport::METHOD => report::process(tx, &message::read(root)?),
        // Kept for whoever asks; the business has nothing to do with them.
        SerialReport::METHOD | WaveReport::METHOD => Ok(()),
        _ => Err(Unapplied::Never("没有自动处理该消息的规则,请人工处理".to_owned())),
    }
}

/// Where something is applied.
struct Place<'p> {
    settings: &'p erp::Settings,
    binding: &'p Binding,
    /// Number of the message.
    number: i64,
}

impl Place<'_> {
    /// The number of ours under which what the message makes is kept: used once.
    fn outer_no(&self) -> String {
        format!("WMS-{}", self.number)
    }

    /// Refuses a document of a warehouse that the agreement does not have.
    fn require(&self, warehouse: i64, no: &str) -> Applied {
        match self.binding.place_of(warehouse) {
            Some(_) => Ok(()),
            None => Err(Unapplied::Never(format!("单据{no}不在该仓库"))),
        }
    }
}

/// 0 good, 1 defective (fact sheet qimen, C6).
fn defect(inventory_type: Option<&String>) -> Result<i64, Unapplied> {
    match inventory_type.map_or("ZP", String::as_str) {
        "ZP" => Ok(0),
        "CC" | "JS" | "XS" => Ok(1),
        other => Err(Unapplied::Never(format!("不支持的库存类型{other}"))),
    }
}

fn positive(item: &str, num: Quantity) -> Applied {
    match num.is_positive() {
        true => Ok(()),
        false => Err(Unapplied::Never(format!("货品{item}数量应大于0"))),
    }
}

/// `None` when there is no such document.
fn found<T>(looked: erp::Result<T>) -> Result<Option<T>, Unapplied> {
    match looked {
        Ok(found) => Ok(Some(found)),
        Err(erp::Error::Refused(erp::Refusal::NotFound { .. } | erp::Refusal::SourceUnknown { .. })) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn unknown<T>(no: &str) -> Result<T, Unapplied> {
    Err(Unapplied::Later(format!("没有单据{no}")))
}
