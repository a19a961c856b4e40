//! Purchase: requisition (采购申请单) → purchase order (采购单) → stock-in; purchase return (采购退货单) → stock-out.
//! (Fact sheet wdt-2, 2.4.)
