//! What people say of stock-ins and stock-outs alike: which ones they want to see, and which goods they move by hand.

use units::{Moment, Money, Quantity};
use wire::args::{List, Text, arguments};

arguments! {
    /// Which documents.
    pub(super) struct Which {
        /// kind: 1 to 12 in, 2 to 13 out / 源单据类别
        pub(super) order_type: Option<i64>,
        /// state / 状态
        pub(super) status | stockin_status | stockout_status: Option<i64>,
        /// the caller's number / 外部单号
        pub(super) outer_no: Option<Text<40>>,
        /// upper document / 上级单号
        pub(super) src_order_no: Option<Text<40>>,
        /// only of this warehouse / 仓库编号
        pub(super) warehouse_no: Option<Text<40>>,
        /// changed at or after / 开始时间
        pub(super) start_time: Option<Moment>,
        /// changed at or before / 结束时间
        pub(super) end_time: Option<Moment>,
        /// page, from 0 / 页号
        pub(super) page_no: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        pub(super) page_size: Option<i64>,
    }
}

arguments! {
    /// A line of goods that move.
    pub(super) struct NewLine {
        /// merchant code / 商家编码
        pub(super) spec_no: Text<40>,
        /// pieces / 数量
        pub(super) num: Quantity,
        /// in: cost of a piece; out: its price / 价格
        pub(super) price: Option<Money>,
        /// defective goods / 残次品
        pub(super) defect: Option<bool>,
        /// bin / 货位
        pub(super) position_no: Option<Text<20>>,
        /// batch / 批次
        pub(super) batch_no: Option<Text<20>>,
    }
}

arguments! {
    /// Goods that come in or go out.
    pub(super) struct New {
        /// the caller's number, used once / 外部单号
        pub(super) outer_no: Text<40>,
        /// warehouse / 仓库编号
        pub(super) warehouse_no: Text<40>,
        /// audit at once (default) / 是否审核
        pub(super) audit: Option<bool>,
        /// remark / 备注
        pub(super) remark: Option<Text<255>>,
        /// why they move / 原因
        pub(super) reason: Option<Text<255>>,
        /// lines / 明细
        pub(super) lines: List<NewLine, 1, 500>,
    }
}
