//! Stock balances (库存).

use erp::stock::{self, BalanceFilter, BalanceRow, WmsFigure};
use store::{Reader, Tx};
use units::{Money, Quantity};
use wire::args::{List, Text, arguments};
use wire::rows::{Column, describe, int, money, quantity, text, time};

use super::lookup::Names;
use super::page::page;
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

struct Row {
    found: BalanceRow,
    warehouse_no: String,
    sellable: Quantity,
}

const BALANCE: &[Column<Row>] = &[
    text("warehouse_no", "warehouse / 仓库编号", |r| &r.warehouse_no),
    text("spec_no", "merchant code / 商家编码", |r| &r.found.spec().no),
    text("goods_name", "name / 货品名称", |r| &r.found.goods().facts.name),
    int("defect", "0 good, 1 defective / 残次品", |r| r.found.balance.defect),
    quantity("stock_num", "on hand / 库存量", |r| r.found.balance.quantities.stock_num),
    quantity("available_num", "sellable / 可发库存", |r| r.sellable),
    quantity("unpay_num", "in unpaid orders / 未付款量", |r| r.found.balance.quantities.unpay_num),
    quantity("order_num", "waits for audit / 待审核量", |r| r.found.balance.quantities.order_num),
    quantity("sending_num", "waits for shipment / 待发货量", |r| r.found.balance.quantities.sending_num),
    quantity("lock_num", "locked / 锁定量", |r| r.found.balance.quantities.lock_num),
    quantity("to_transfer_num", "reserved for transfers out / 待调拨量", |r| {
        r.found.balance.quantities.to_transfer_num
    }),
    quantity("transfer_num", "on its way to this warehouse / 调拨在途量", |r| {
        r.found.balance.quantities.transfer_num
    }),
    quantity("purchase_num", "bought, not yet received / 采购在途量", |r| r.found.balance.quantities.purchase_num),
    quantity("purchase_arrive_num", "arrived, not audited in / 采购到货量", |r| {
        r.found.balance.quantities.purchase_arrive_num
    }),
    quantity("return_num", "in purchase returns / 采购退货量", |r| r.found.balance.quantities.return_num),
    quantity("refund_onway_num", "on the way back from buyers / 销售退货在途量", |r| {
        r.found.balance.quantities.refund_onway_num
    }),
    quantity("short_num", "may be promised beyond what is on hand / 允许超占量", |r| r.found.balance.short),
    int("waiting", "order lines that wait for stock / 缺货明细数", |r| r.found.balance.waiting),
    money("cost_price", "average cost / 成本价", |r: &Row| -> Money { r.found.balance.cost_price }),
    time("modified", "last changed / 修改时间", |r| Some(r.found.balance.modified)),
];

arguments! {
    /// Which balances.
    struct Which {
        /// only in this warehouse / 仓库编号
        warehouse_no: Option<Text<40>>,
        /// only of this spec / 商家编码
        spec_no: Option<Text<40>>,
        /// page, from 0 / 页号
        page_no: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// How many pieces are locked.
    struct Lock {
        /// warehouse / 仓库编号
        warehouse_no: Text<40>,
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// pieces / 锁定量
        lock_num: Quantity,
        /// defective goods / 残次品
        defect: Option<bool>,
    }
}

arguments! {
    /// What it holds of one spec.
    struct Figure {
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// on hand there / 外部库存
        stock_num: Quantity,
        /// promised there / 外部占用
        preempty_num: Option<Quantity>,
        /// defective goods / 残次品
        defect: Option<bool>,
    }
}

arguments! {
    /// What an outsourced warehouse holds.
    struct WmsReport {
        /// warehouse / 仓库编号
        warehouse_no: Text<40>,
        /// figures / 明细
        lines: List<Figure, 1, 500>,
    }
}

arguments! {
    /// A bin.
    struct Position {
        /// warehouse / 仓库编号
        warehouse_no: Text<40>,
        /// bin / 货位
        position_no: Text<40>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let does = |id, path, summary| Head { id, verb: Verb::Post, path, summary, shape: Shape::Free("an empty object") };
    let head = Head {
        id: "stock.list",
        verb: Verb::Get,
        path: "/stock",
        summary: ("stock balances", "库存列表"),
        shape: Shape::Rows("stocks", || describe(BALANCE)),
    };
    vec![
        reads(head, find),
        writes(
            does("stock.lock", "/stock/lock", ("lock stock: so many pieces, whatever was before", "锁定库存")),
            lock,
        ),
        writes(
            does("stock.wms_report", "/stock/wms-report", ("what an outsourced warehouse holds", "外部仓库库存回传")),
            wms_report,
        ),
        writes(does("stock.position", "/stock/positions", ("make a bin", "创建货位")), position),
    ]
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let warehouses = match which.warehouse_no.as_deref() {
        None => Vec::new(),
        Some(no) => vec![erp::catalog::warehouse_by_no(reader, no)?.id],
    };
    let filter =
        BalanceFilter { warehouses: &warehouses, spec_no: which.spec_no.as_deref(), ..BalanceFilter::default() };
    let found = stock::balances(reader, &filter, page(which.page_no, which.page_size)?)?;
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(found.rows.len());
    for row in found.rows {
        rows.push(Row {
            warehouse_no: names.warehouse(reader, row.balance.warehouse)?,
            sellable: row.balance.sellable(&ask.settings.sellable),
            found: row,
        });
    }
    Ok(Answer::rows(ask.style, "stocks", BALANCE, &rows, found.total))
}

fn done(subject: &str) -> Answer {
    Answer::json(&serde_json::json!({})).about(subject)
}

fn lock(ask: &Ask, lock: &Lock, tx: &mut Tx) -> Result<Answer, Fault> {
    let defect = lock.defect.unwrap_or(false).into();
    stock::lock_stock(tx, &ask.settings, &lock.warehouse_no, &lock.spec_no, defect, lock.lock_num)?;
    Ok(done(&lock.spec_no))
}

fn wms_report(ask: &Ask, report: &WmsReport, tx: &mut Tx) -> Result<Answer, Fault> {
    let figure = |line: &Figure| WmsFigure {
        spec_no: line.spec_no.to_string(),
        defect: line.defect.unwrap_or(false).into(),
        stock: line.stock_num,
        preempty: line.preempty_num.unwrap_or_default(),
    };
    let figures: Vec<WmsFigure> = report.lines.iter().map(figure).collect();
    stock::report_wms_stock(tx, &ask.settings, &report.warehouse_no, &figures)?;
    Ok(done(&report.warehouse_no))
}

fn position(_: &Ask, new: &Position, tx: &mut Tx) -> Result<Answer, Fault> {
    stock::create_position(tx, &new.warehouse_no, &new.position_no)?;
    Ok(done(&new.warehouse_no).created())
}
