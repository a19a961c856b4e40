//! Values that the platform's lists name and that never occur here, each with the reason. Filters accept them and find nothing;
//! `docs/state-machines.md` shows this list, and a test compares it with the machines.

/// A value that never occurs.
#[derive(Debug, Clone, Copy)]
pub struct Unused {
    /// The enumeration or mask it belongs to: a machine's document, or a column.
    pub of: &'static str,
    /// The platform's number.
    pub code: i64,
    /// What the platform calls it.
    pub name: &'static str,
    /// Why it does not occur.
    pub why: &'static str,
    /// The same in Chinese.
    pub reason: &'static str,
}

const fn unused(of: &'static str, code: i64, name: &'static str, why: &'static str, reason: &'static str) -> Unused {
    Unused { of, code, name, why, reason }
}

const AT_ONCE: (&str, &str) = (
    "gifts, merge, split, choice of warehouse and pre-sale are done in the unit of work that makes the order; nobody can see it in between",
    "赠品、合并、拆分、选仓、预售在生成订单的同一事务内完成,外部看不到中间状态",
);
const GRAB: (&str, &str) = ("stores that grab orders are not part of the Wangdian methods here", "没有门店抢单业务");
const WHOLE: (&str, &str) = (
    "such a document is made as a whole and waits for its audit; nobody writes it bit by bit",
    "单据一次性创建后直接待审核,没有编辑过程",
);
const COUNTED: (&str, &str) =
    ("counting goes on outside; what comes here is the result", "盘点在系统外进行,进入系统的是盘点结果");
const NO_SUCH_TRADE: (&str, &str) =
    ("no method and no hand makes documents of this kind", "没有产生此类单据的接口或操作");
const PHYSICAL: (&str, &str) = ("a step inside a warehouse that is not followed here", "仓内作业环节,系统不跟踪");
const OTHER_PLATFORM: (&str, &str) =
    ("a service of other platforms or carriers that own malls do not have", "其他平台或物流商的服务,自有商城没有");

/// All of them.
pub const UNUSED: &[Unused] = &[
    unused("原始订单", 15, "部分发货等待", "partial shipment is 30", "部分发货用30表示"),
    unused("原始订单", 19, "预递交", "submission is one unit of work", "递交在一个事务内完成"),
    unused("订单", 19, "预订单前处理", AT_ONCE.0, AT_ONCE.1),
    unused("订单", 20, "前处理", AT_ONCE.0, AT_ONCE.1),
    unused("订单", 21, "委外前处理", AT_ONCE.0, AT_ONCE.1),
    unused("订单", 22, "抢单前处理", GRAB.0, GRAB.1),
    unused("订单", 27, "待抢单", GRAB.0, GRAB.1),
    unused("销售出库单", 115, "回传失败", "no source says of what; see sync_status", "来源未说明含义,见sync_status"),
    unused("销售出库单", 120, "回传成功", "no source says of what; see sync_status", "来源未说明含义,见sync_status"),
    unused("入库单", 20, "编辑中", WHOLE.0, WHOLE.1),
    unused("退换单", 30, "已同意", "the audit leads at once to what comes after it", "审核后直接进入下一状态"),
    unused("盘点单", 20, "编辑中", COUNTED.0, COUNTED.1),
    unused("盘点单", 30, "待盘点", COUNTED.0, COUNTED.1),
    unused("盘点单", 31, "盘点中", COUNTED.0, COUNTED.1),
    unused("盘点单", 33, "部分盘点", COUNTED.0, COUNTED.1),
    unused("调拨单", 20, "编辑中", WHOLE.0, WHOLE.1),
    unused("委外出入库单", 20, "编辑中", WHOLE.0, WHOLE.1),
    unused(
        "sync_status",
        1,
        "单号提交失败",
        "waybill numbers are given with the shipment; none are fetched for the mall first",
        "物流单号随发货给出,不预先向平台提交单号",
    ),
    unused("源单据类别(入库)", 5, "生产入库", NO_SUCH_TRADE.0, NO_SUCH_TRADE.1),
    unused("源单据类别(入库)", 7, "保修入库", NO_SUCH_TRADE.0, NO_SUCH_TRADE.1),
    unused("源单据类别(入库)", 8, "纠错入库", NO_SUCH_TRADE.0, NO_SUCH_TRADE.1),
    unused("源单据类别(入库)", 9, "初始化入库", NO_SUCH_TRADE.0, NO_SUCH_TRADE.1),
    unused("源单据类别(入库)", 10, "预入库", NO_SUCH_TRADE.0, NO_SUCH_TRADE.1),
    unused("源单据类别(出库)", 5, "生产出库", NO_SUCH_TRADE.0, NO_SUCH_TRADE.1),
    unused("源单据类别(出库)", 6, "现款销售出库", NO_SUCH_TRADE.0, NO_SUCH_TRADE.1),
    unused("源单据类别(出库)", 8, "多发出库", NO_SUCH_TRADE.0, NO_SUCH_TRADE.1),
    unused("源单据类别(出库)", 9, "纠错出库", NO_SUCH_TRADE.0, NO_SUCH_TRADE.1),
    unused("源单据类别(出库)", 10, "保修配件出库", NO_SUCH_TRADE.0, NO_SUCH_TRADE.1),
    unused("源单据类别(出库)", 11, "初始化出库", NO_SUCH_TRADE.0, NO_SUCH_TRADE.1),
    unused("consign_status", 2, "已称重", PHYSICAL.0, PHYSICAL.1),
    unused("consign_status", 16, "已分拣", PHYSICAL.0, PHYSICAL.1),
    unused("consign_status", 32, "档口", PHYSICAL.0, PHYSICAL.1),
    unused("consign_status", 64, "已拣货", PHYSICAL.0, PHYSICAL.1),
    unused("consign_status", 128, "供销回传成功", OTHER_PLATFORM.0, OTHER_PLATFORM.1),
    unused("consign_status", 256, "供销回传失败", OTHER_PLATFORM.0, OTHER_PLATFORM.1),
    unused("trade_mask", 1, "智选物流", OTHER_PLATFORM.0, OTHER_PLATFORM.1),
    unused(
        "trade_mask",
        2,
        "航空禁运",
        "carriers are chosen by rules, not by what may fly",
        "物流由策略选择,不区分航空",
    ),
    unused(
        "trade_mask",
        4,
        "预订单自动审核失败",
        "a pre-sale order that comes back waits for its audit like every other",
        "预订单到期后与其他订单一样待审核",
    ),
    unused("trade_mask", 8, "库存预占", "stock is promised to every paid order", "已付款订单一律占用库存"),
    unused("trade_mask", 16, "指定批次", "sales are not bound to batches", "销售不指定批次"),
    unused("trade_mask", 256, "已发签收短信", "no text messages are sent", "不发送短信"),
    unused("trade_mask", 512, "大宗订单锁仓", NO_SUCH_TRADE.0, NO_SUCH_TRADE.1),
    unused("trade_mask", 2048, "按配置占用", "stock is promised to every paid order", "已付款订单一律占用库存"),
    unused("trade_mask", 4096, "顺丰前置库存", OTHER_PLATFORM.0, OTHER_PLATFORM.1),
    unused("trade_mask", 16_384, "合并达上限", "merging has no limit but that of a request", "合并没有单独的上限"),
    unused("trade_mask", 32_768, "物流升级", OTHER_PLATFORM.0, OTHER_PLATFORM.1),
    unused("trade_mask", 65_536, "BIC", OTHER_PLATFORM.0, OTHER_PLATFORM.1),
    unused("trade_mask", 67_108_864, "预售下沉", OTHER_PLATFORM.0, OTHER_PLATFORM.1),
];
