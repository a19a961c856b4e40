//! `wdt.stock.transfer.push` (fact sheet wdt-2, 5.8).

use erp::stock::{self, NewTransfer, NewTransferLine, TransferMode};
use gateway::{Call, Category, Command, Kind, Method, Reply, ReplyShape};
use store::Tx;
use units::Quantity;
use wire::args::{Json, List, Text};

use crate::codes::{self, Error};
use crate::part_two::{may_touch, owned};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// One transfer.
    pub struct Request {
        /// the transfer
        pub transfer_info: Json<Info>,
    }
}

wire::codes! {
    /// How a transfer moves.
    pub enum TransferType {
        /// step by step (分步调拨)
        Stepwise = 0,
        /// at once (快速调拨)
        Quick = 1,
    }
}

wire::codes! {
    /// What the lines name.
    pub enum Mode {
        /// specs (单品调拨)
        BySpec = 0,
        /// bins (货位调拨)
        ByPosition = 1,
    }
}

wire::arguments! {
    /// The transfer.
    pub struct Info {
        /// the caller's number; can be used once
        pub outer_no: Text<40>,
        /// source
        pub from_warehouse_no: Text<40>,
        /// destination; the source itself only with mode 1
        pub to_warehouse_no: Text<40>,
        /// address of the destination
        pub address: Option<Text<255>>,
        /// contact there
        pub contact: Option<Text<40>>,
        /// telephone there
        pub telno: Option<Text<40>>,
        /// remark
        pub remark: Option<Text<255>>,
        /// 0 stepwise, 1 quick (default)
        pub transfer_type: Option<TransferType>,
        /// 0 by spec (default), 1 by bin
        pub mode: Option<Mode>,
        /// 1 = audit at once; 0 by default
        pub autocheck: Option<bool>,
        /// lines
        pub skus: List<Sku, 1, { limits::TRANSFER_LINES }>,
    }
}

wire::arguments! {
    /// One line.
    pub struct Sku by spec_no {
        /// merchant code
        pub spec_no: Text<40>,
        /// pieces, more than 0
        pub num: Quantity,
        /// bin at the source, with mode 1
        pub from_position_no: Option<Text<20>>,
        /// bin at the destination, with mode 1
        pub to_position_no: Option<Text<20>>,
        /// remark
        pub remark: Option<Text<255>>,
    }
}

impl Info {
    fn to_new(&self) -> NewTransfer {
        let line = |sku: &Sku| NewTransferLine {
            spec_no: sku.spec_no.to_string(),
            num: sku.num,
            from_position_no: owned(&sku.from_position_no),
            to_position_no: owned(&sku.to_position_no),
            remark: owned(&sku.remark),
        };
        NewTransfer {
            outer_no: self.outer_no.to_string(),
            from_warehouse_no: self.from_warehouse_no.to_string(),
            to_warehouse_no: self.to_warehouse_no.to_string(),
            quick: self.transfer_type != Some(TransferType::Stepwise),
            mode: if self.mode == Some(Mode::ByPosition) { TransferMode::ByPosition } else { TransferMode::BySpec },
            audit: self.autocheck.unwrap_or(false),
            contact: owned(&self.contact),
            telno: owned(&self.telno),
            address: owned(&self.address),
            remark: owned(&self.remark),
            lines: self.skus.iter().map(line).collect(),
        }
    }
}

/// Create a transfer.
pub(crate) struct TransferPush;

impl Method for TransferPush {
    const NAME: &'static str = "wdt.stock.transfer.push";
    const PHP: &'static str = "stock_transfer_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create a transfer", "创建调拨单");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::EXISTS, "outer_no was used before"),
        (codes::WAREHOUSE, "source or destination is unknown or disabled"),
        (codes::SAME_WAREHOUSE, "source and destination are the same, not by bin"),
        (codes::OUTSOURCED, "a quick transfer from or to an outsourced warehouse"),
        (codes::SPEC, "a merchant code is unknown"),
        (codes::NUMBER, "a quantity is not more than 0"),
        (codes::POSITION, "the source does not have the bin"),
        (codes::STOCK, "with autocheck: not enough at the source that is promised to nobody"),
        (codes::TOO_MANY, "more than 500 lines"),
        (codes::PERMISSION, "the application may not touch one of the warehouses"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "a draft reserves nothing; an audited stepwise transfer reserves its pieces at the source",
        "goods take their cost along",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("transfer_no", "number of the transfer, a text")
    }
}

impl Command for TransferPush {
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let new = request.transfer_info.to_new();
        may_touch(call, &new.from_warehouse_no)?;
        may_touch(call, &new.to_warehouse_no)?;
        let made = stock::push_transfer(tx, &settings.erp, &new)?;
        Ok(call.reply().text("transfer_no", &made.no))
    }
}
