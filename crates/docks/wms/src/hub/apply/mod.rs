//! What a message that was heard does to the business: one file a family.

mod delivery;
mod inward;
mod marks;
mod outward;
mod report;

use store::Tx;
use units::Quantity;
use wire::xml::Element;

use super::heard::Heard;
use crate::binding::Binding;
use crate::message::{
    self, ChangeReport, DeliveryConfirm, EntryConfirm, Flaw, InventoryReport, LackReport, Message, ProcessReport,
    ReturnConfirm, SerialReport, StockOutConfirm, StoreProcessConfirm, WaveReport,
};
use crate::{Error, coverage, limits};

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
    /// The sender's key and the document.
    type Names = (Option<String>, String);
    fn names<M: Message>(root: &Element, of: impl FnOnce(M) -> Names) -> Result<Names, Flaw> {
        message::read(root).map(of)
    }
    let (code, doc_no) = match method {
        DeliveryConfirm::METHOD => names(root, |m: DeliveryConfirm| (m.order.out_biz_code, m.order.code)),
        EntryConfirm::METHOD => names(root, |m: EntryConfirm| (Some(m.order.out_biz_code), m.order.code)),
        ReturnConfirm::METHOD => names(root, |m: ReturnConfirm| (m.order.out_biz_code, m.order.code)),
        StockOutConfirm::METHOD => names(root, |m: StockOutConfirm| (m.order.out_biz_code, m.order.code)),
        StoreProcessConfirm::METHOD => names(root, |m: StoreProcessConfirm| (Some(m.out_biz_code), m.code)),
        LackReport::METHOD => names(root, |m: LackReport| (Some(m.out_biz_code), m.code)),
        InventoryReport::METHOD => names(root, |m: InventoryReport| {
            (Some(format!("{}/{}", m.out_biz_code, m.current_page)), m.check_order_code)
        }),
        WaveReport::METHOD => names(root, |m: WaveReport| (Some(m.wave_num.clone()), m.wave_num)),
        // Each item has a code of its own, by which it is applied once; the message as a whole is known by its content.
        ChangeReport::METHOD => names(root, |m: ChangeReport| {
            (None, m.items.first().map(|item| item.order_code.clone()).unwrap_or_default())
        }),
        ProcessReport::METHOD => names(root, |m: ProcessReport| (None, m.order.code)),
        SerialReport::METHOD => names(root, |m: SerialReport| (None, m.order.code)),
        _ => Ok((None, first_number(root).unwrap_or_default().chars().take(limits::NUMBER).collect())),
    }?;
    Ok(About::of(code.as_deref(), &doc_no, text))
}

/// The first number of a document in a message whose elements the sheet does not list.
fn first_number(element: &Element) -> Option<&str> {
    const NUMBERS: &[&str] = &[
        "deliveryOrderCode",
        "entryOrderCode",
        "returnOrderCode",
        "transferOrderCode",
        "processOrderCode",
        "orderCode",
    ];
    let own = NUMBERS.contains(&element.name.as_str()).then(|| element.text.trim()).filter(|text| !text.is_empty());
    own.or_else(|| element.children.iter().find_map(first_number))
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
        StoreProcessConfirm::METHOD => report::processed(tx, &at, &message::read(root)?),
        SerialReport::METHOD => marks::serials(tx, &at, &message::read(root)?),
        WaveReport::METHOD => marks::wave(tx, &message::read(root)?),
        method => Err(Unapplied::Never(coverage::why_not(method).unwrap_or("没有该方法的处理规则").to_owned())),
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
