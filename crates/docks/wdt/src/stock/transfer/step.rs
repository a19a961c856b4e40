//! `wdt.stockout.transfer.push` and `wdt.stockin.transfer.push` (fact sheet wdt-2, 5.9, 5.10): the two steps of a transfer.

use erp::stock::{self, NewStep, NewStepLine};
use gateway::{Call, Category, Command, Kind, Method, Reply, ReplyShape};
use store::Tx;
use units::{Moment, Money, Quantity};
use wire::args::{Json, List, Text};

use crate::codes::{self, Error};
use crate::part_two::{may_touch, owned};
use crate::{limits, settings::Settings};

wire::codes! {
    /// Kind of the upper document.
    pub enum SourceType {
        /// transfer (调拨)
        Transfer = 2,
    }
}

wire::arguments! {
    /// One out step.
    pub struct OutRequest {
        /// the stock-out
        pub stockout_info: Json<Out>,
    }
}

wire::arguments! {
    /// The stock-out of a transfer.
    pub struct Out {
        /// number of the transfer
        pub src_order_no: Text<40>,
        /// 2; of old versions
        pub src_order_type: Option<SourceType>,
        /// the caller's number; can be used once
        pub outer_no: Text<40>,
        /// 1 = audit at once; 0 by default
        pub is_check: Option<bool>,
        /// the source of the transfer
        pub warehouse_no: Text<40>,
        /// carrier number
        pub logistics_code: Option<Text<20>>,
        /// waybill
        pub logistics_no: Option<Text<40>>,
        /// freight
        pub post_cost: Option<Money>,
        /// remark
        pub remark: Option<Text<255>>,
        /// mark
        pub flag_name: Option<Text<32>>,
        /// lines
        pub goods_list: List<OutLine, 1, { limits::TRANSFER_LINES }>,
    }
}

wire::arguments! {
    /// One line of it.
    pub struct OutLine by spec_no {
        /// merchant code
        pub spec_no: Text<40>,
        /// pieces, more than 0
        pub num: Quantity,
        /// price of a piece
        pub price: Option<Money>,
        /// bin
        pub position_no: Option<Text<20>>,
        /// batch
        pub batch_no: Option<Text<20>>,
        /// remark
        pub remark: Option<Text<255>>,
    }
}

wire::arguments! {
    /// One in step.
    pub struct InRequest {
        /// the stock-in
        pub stockin_info: Json<In>,
    }
}

wire::arguments! {
    /// The stock-in of a transfer.
    pub struct In {
        /// the caller's number; can be used once
        pub outer_no: Text<40>,
        /// 2
        pub src_order_type: Option<SourceType>,
        /// number of the transfer
        pub src_order_no: Text<40>,
        /// the destination of the transfer
        pub warehouse_no: Text<40>,
        /// 1 = make batches that are not known yet; 0 by default
        pub is_created_batch | is_create_batch: Option<bool>,
        /// 1 = audit at once; 0 by default
        pub is_check: Option<bool>,
        /// carrier number
        pub logistics_code: Option<Text<20>>,
        /// waybill
        pub logistics_no: Option<Text<40>>,
        /// freight
        pub post_fee: Option<Money>,
        /// remark
        pub remark: Option<Text<255>>,
        /// lines
        pub goods_list: List<InLine, 1, { limits::TRANSFER_LINES }>,
    }
}

wire::arguments! {
    /// One line of it.
    pub struct InLine by spec_no {
        /// merchant code
        pub spec_no: Text<40>,
        /// pieces, more than 0
        pub num: Quantity,
        /// bin
        pub position_no: Option<Text<20>>,
        /// batch
        pub batch_no: Option<Text<20>>,
        /// made when
        pub production_date: Option<Moment>,
        /// shelf life, days
        pub validity_days: Option<i64>,
        /// expires when
        pub expire_date: Option<Moment>,
        /// remark
        pub remark: Option<Text<255>>,
    }
}

impl Out {
    fn to_new(&self) -> NewStep {
        let line = |line: &OutLine| NewStepLine {
            spec_no: line.spec_no.to_string(),
            num: line.num,
            price: line.price.unwrap_or_default(),
            position_no: owned(&line.position_no),
            batch_no: owned(&line.batch_no),
            remark: owned(&line.remark),
            ..NewStepLine::default()
        };
        NewStep {
            transfer_no: self.src_order_no.to_string(),
            outer_no: self.outer_no.to_string(),
            warehouse_no: self.warehouse_no.to_string(),
            audit: self.is_check.unwrap_or(false),
            create_batch: false,
            logistics_code: owned(&self.logistics_code),
            logistics_no: owned(&self.logistics_no),
            post_fee: self.post_cost.unwrap_or_default(),
            flag_name: owned(&self.flag_name),
            remark: owned(&self.remark),
            lines: self.goods_list.iter().map(line).collect(),
        }
    }
}

impl In {
    fn to_new(&self) -> NewStep {
        let line = |line: &InLine| NewStepLine {
            spec_no: line.spec_no.to_string(),
            num: line.num,
            position_no: owned(&line.position_no),
            batch_no: owned(&line.batch_no),
            production_date: line.production_date,
            expire_date: line.expire_date,
            validity_days: line.validity_days.unwrap_or(0),
            remark: owned(&line.remark),
            ..NewStepLine::default()
        };
        NewStep {
            transfer_no: self.src_order_no.to_string(),
            outer_no: self.outer_no.to_string(),
            warehouse_no: self.warehouse_no.to_string(),
            audit: self.is_check.unwrap_or(false),
            create_batch: self.is_created_batch.unwrap_or(false),
            logistics_code: owned(&self.logistics_code),
            logistics_no: owned(&self.logistics_no),
            post_fee: self.post_fee.unwrap_or_default(),
            flag_name: String::new(),
            remark: owned(&self.remark),
            lines: self.goods_list.iter().map(line).collect(),
        }
    }
}

/// Let goods of a transfer out.
pub(crate) struct TransferOutPush;

impl Method for TransferOutPush {
    const NAME: &'static str = "wdt.stockout.transfer.push";
    const PHP: &'static str = "stockout_transfer_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create the stock-out of a transfer", "创建调拨出库单");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::EXISTS, "outer_no was used before"),
        (codes::NO_SOURCE, "the transfer is unknown"),
        (codes::STATE, "the transfer is not at 40, 46 or 50 (or 70 with something open to go out)"),
        (codes::WAREHOUSE, "the warehouse is unknown, or not the source"),
        (codes::NOT_ON_ORDER, "the transfer does not have the merchant code"),
        (codes::OVER, "more than is open to go out"),
        (codes::NUMBER, "a quantity is not more than 0"),
        (codes::STOCK, "the goods are not on hand"),
        (codes::POSITION, "the source does not have the bin"),
        (codes::CARRIER, "the carrier is unknown"),
        (codes::PERMISSION, "the application may not touch one of the warehouses"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "without audit the stock-out waits at 50 and nothing moves; the open quantity is checked again at its audit",
        "what is open to go out may still leave after a part came in (70)",
    ];
    type Request = OutRequest;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("stockout_no", "number of the stock-out order, a text")
    }
}

impl Command for TransferOutPush {
    fn run(call: &Call, request: &OutRequest, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        may_touch(call, &request.stockout_info.warehouse_no)?;
        let made = stock::push_transfer_out(tx, &settings.erp, &request.stockout_info.to_new())?;
        Ok(call.reply().text("stockout_no", &made.no))
    }
}

/// Take goods of a transfer in.
pub(crate) struct TransferInPush;

impl Method for TransferInPush {
    const NAME: &'static str = "wdt.stockin.transfer.push";
    const PHP: &'static str = "stockin_transfer_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create the stock-in of a transfer", "创建调拨入库单");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::STOCK_IN_EXISTS, "outer_no was used before"),
        (codes::NO_SOURCE, "the transfer is unknown"),
        (codes::STATE, "nothing of the transfer is out (50, 60, 66, 70)"),
        (codes::WAREHOUSE, "the warehouse is unknown, or not the destination"),
        (codes::NOT_ON_ORDER, "the transfer does not have the merchant code"),
        (codes::OVER, "more than is on its way"),
        (codes::NUMBER, "a quantity is not more than 0"),
        (codes::POSITION, "the destination does not have the bin, where bins must exist"),
        (codes::BATCH, "the batch is unknown, where batches must exist"),
        (codes::CARRIER, "the carrier is unknown"),
        (codes::PERMISSION, "the application may not touch the warehouse"),
    ];
    const DECISIONS: &'static [&'static str] = &["the goods come in at the cost with which they left"];
    type Request = InRequest;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("stockin_no", "number of the stock-in order, a text")
    }
}

impl Command for TransferInPush {
    fn run(call: &Call, request: &InRequest, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        may_touch(call, &request.stockin_info.warehouse_no)?;
        let made = stock::push_transfer_in(tx, &settings.erp, &request.stockin_info.to_new())?;
        Ok(call.reply().text("stockin_no", &made.no))
    }
}
