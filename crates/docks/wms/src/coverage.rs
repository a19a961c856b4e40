//! What becomes of every method of the scene: the one table from which refusals, the documents and their test are made.

use gateway::service::{Direction, METHODS};

/// What one role does with a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dealt {
    /// It is told by itself, with what the business knows.
    Told,
    /// It comes in and changes something, or is answered.
    Served,
    /// It is not: why, in Chinese and English. A question or an order is refused with these words, a report waits for a person.
    Not(&'static str, &'static str),
}

use Dealt::{Not, Served, Told};

/// A method with what the merchant's side and the warehouse's side do with it.
#[derive(Debug, Clone, Copy)]
pub struct Covered {
    /// Short name.
    pub name: &'static str,
    /// In the role `erp`.
    pub as_erp: Dealt,
    /// In the role `wms`.
    pub as_wms: Dealt,
}

const fn covered(name: &'static str, as_erp: Dealt, as_wms: Dealt) -> Covered {
    Covered { name, as_erp, as_wms }
}

/// The sheet gives a name and nothing, or hardly anything, of the message (fact sheet qimen, C6: `order.callback`, `transferorder.*` and
/// the "further names").
const NO_FIELDS: Dealt =
    Not("文档未给出可执行的报文字段,请人工处理", "the sheet gives no elements to act on; nothing is guessed");
const ONE_BY_ONE: Dealt = Not("逐单推送,每单各有结果", "orders are told one by one, so that each has its own answer");
const SPECS_ONLY: Dealt = Not("发货单只含单品,组合装已拆开", "orders name specs only; suites are taken apart before");
const NO_WORK_ORDERS: Dealt = Not(
    "没有加工单,加工由仓库发起并回传",
    "there is no processing order here; what a warehouse made comes in as its confirmation",
);
const NOT_ASKED: Dealt =
    Not("仓库会主动回传,无需查询", "the warehouse tells by itself; a doubt is settled by telling the order again");
const RECEIVER_KNOWN: Dealt = Not("发货单已带收件人", "a delivery brings its receiver");
const BY_INVENTORY: Dealt = Not("用inventory.query查询", "inventory.query asks the same for many items");
const TWO_DOCUMENTS: Dealt =
    Not("调拨按出库单与入库单两张单据推送", "a transfer is told as a stock-out at one end and a receipt at the other");
const NOT_DONE_HERE: Dealt =
    Not("该方法不支持,请按单据人工处理", "nothing in the business stands for it; people do it by document");
const FINAL_AT_ONCE: Dealt = Not("建单结果在应答中返回", "the answer of the batch says which orders were not taken");
const NOT_KEPT: Dealt =
    Not("本系统不区分作业过程", "how far picking has come is not kept here; the confirmation tells");

/// Every method.
pub static COVERAGE: &[Covered] = &[
    covered("deliveryorder.create", Told, Served),
    covered("deliveryorder.batchcreate", ONE_BY_ONE, Served),
    covered("order.cancel", Told, Served),
    covered("order.pending", Told, Served),
    covered("order.callback", NO_FIELDS, NO_FIELDS),
    covered("entryorder.create", Told, Served),
    covered("returnorder.create", Told, Served),
    covered("stockout.create", Told, Served),
    covered("items.synchronize", Told, Served),
    covered("singleitem.synchronize", Not("用items.synchronize同步", "items.synchronize says the same"), Served),
    covered("combineitem.synchronize", SPECS_ONLY, Served),
    covered("storeprocess.create", NO_WORK_ORDERS, Served),
    covered("inventory.query", Told, Served),
    covered("stock.query", BY_INVENTORY, Served),
    covered("deliveryorder.query", NOT_ASKED, Served),
    covered("entryorder.query", NOT_ASKED, Served),
    covered("orderprocess.query", NOT_ASKED, Served),
    covered("transferorder.create", TWO_DOCUMENTS, NO_FIELDS),
    covered("transferorder.query", TWO_DOCUMENTS, NO_FIELDS),
    covered("combineitem.delete", SPECS_ONLY, NO_FIELDS),
    covered("combineitem.query", SPECS_ONLY, NO_FIELDS),
    covered("singleitem.query", NOT_ASKED, NO_FIELDS),
    covered("inventorybatch.query", BY_INVENTORY, NO_FIELDS),
    covered("inventory.synchronize", NO_FIELDS, NO_FIELDS),
    covered("channelinventory.query", NO_FIELDS, NO_FIELDS),
    covered("inventoryreserve.cancel", NO_FIELDS, NO_FIELDS),
    covered("inventoryrule.create", NO_FIELDS, NO_FIELDS),
    covered("itemmapping.create", NO_FIELDS, NO_FIELDS),
    covered("itemmapping.query", NO_FIELDS, NO_FIELDS),
    covered("shop.synchronize", NO_FIELDS, NO_FIELDS),
    covered("supplier.synchronize", NO_FIELDS, NO_FIELDS),
    covered("warehouseinfo.synchronize", NO_FIELDS, NO_FIELDS),
    covered("warehouseinfo.query", NO_FIELDS, NO_FIELDS),
    covered("expressinfo.query", NO_FIELDS, NO_FIELDS),
    covered("presalespackage.consign", NO_FIELDS, NO_FIELDS),
    covered("deliveryorder.confirm", Served, Told),
    covered("deliveryorder.batchconfirm", Served, ONE_BY_ONE),
    covered("entryorder.confirm", Served, Told),
    covered("returnorder.confirm", Served, Told),
    covered("stockout.confirm", Served, Told),
    covered("stockchange.report", Served, Told),
    covered("inventory.report", Served, Told),
    covered("storeprocess.confirm", Served, Told),
    covered("orderprocess.report", Served, NOT_KEPT),
    covered("itemlack.report", Served, NOT_DONE_HERE),
    covered("sn.report", Served, NOT_DONE_HERE),
    covered("wavenum.report", Served, NOT_DONE_HERE),
    covered("receiverinfo.query", Served, RECEIVER_KNOWN),
    covered("deliveryorder.batchcreate.answer", NO_FIELDS, FINAL_AT_ONCE),
    covered("orderexception.report", NO_FIELDS, NO_FIELDS),
    covered("inventory.synchronize.report", NO_FIELDS, NO_FIELDS),
    covered("order.sn.report", NO_FIELDS, NO_FIELDS),
    covered("transferorder.report", NO_FIELDS, TWO_DOCUMENTS),
    covered("returnpackage.report", NO_FIELDS, NO_FIELDS),
    covered("order.query", NO_FIELDS, NO_FIELDS),
];

/// Why a method that comes in is not served, in Chinese; `None` when it is.
pub(crate) fn why_not(method: &str) -> Option<&'static str> {
    let Some(covered) = COVERAGE.iter().find(|covered| covered.name == method) else { return Some("没有该方法") };
    let dealt = match direction_of(method) {
        Direction::ToErp => covered.as_erp,
        Direction::ToWms => covered.as_wms,
    };
    match dealt {
        Not(chinese, _) => Some(chinese),
        Told | Served => None,
    }
}

fn direction_of(method: &str) -> Direction {
    METHODS.iter().find(|known| known.name == method).map_or(Direction::ToWms, |known| known.direction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_scene() {
        let mut ours: Vec<&str> = COVERAGE.iter().map(|covered| covered.name).collect();
        let mut theirs: Vec<&str> = METHODS.iter().map(|method| method.name).collect();
        ours.sort_unstable();
        theirs.sort_unstable();
        assert_eq!(ours, theirs);
        for covered in COVERAGE {
            let (sends, hears) = match direction_of(covered.name) {
                Direction::ToWms => (covered.as_erp, covered.as_wms),
                Direction::ToErp => (covered.as_wms, covered.as_erp),
            };
            assert_ne!(sends, Served, "{} is told or not", covered.name);
            assert_ne!(hears, Told, "{} comes in", covered.name);
        }
    }
}
