//! Stock balances (库存).

use erp::stock::{self, BalanceFilter, BalanceRow};
use store::Reader;
use units::{Money, Quantity};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, int, money, quantity, text, time};

use super::lookup::Names;
use super::page::page;
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads};

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

pub(super) fn operations() -> Vec<Operation> {
    let head = Head {
        id: "stock.list",
        verb: Verb::Get,
        path: "/stock",
        summary: ("stock balances", "库存列表"),
        shape: Shape::Rows("stocks", || describe(BALANCE)),
    };
    vec![reads(head, find)]
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
