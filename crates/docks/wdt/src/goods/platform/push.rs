//! `wdt.api.goodsspec.push` (fact sheet wdt-1, 2.8).

use erp::catalog::{self, PushedPlatformGoods, Shop};
use gateway::{Call, Category, Command, Kind, Method, Refused, Reply, ReplyShape};
use store::Tx;
use units::{Money, Quantity};
use wire::args::{Json, RawList, Text, given};
use wire::rows::{Column, text};

use crate::codes::{self, Error};
use crate::{limits, rights};

wire::codes! {
    /// Where a platform goods row stands on its platform.
    pub enum Status {
        /// deleted (已删除)
        Deleted = 0,
        /// on sale (在架)
        OnSale = 1,
        /// off sale (下架)
        OffSale = 2,
    }
}

wire::arguments! {
    /// One SKU of the platform; shop, goods_id and spec_id are its key.
    pub struct Row {
        /// platform SPU id; the same value as in trade_push
        pub goods_id: Text<40>,
        /// platform SKU id
        pub spec_id: Text<40>,
        /// platform SPU code
        pub goods_no: Option<Text<40>>,
        /// platform SKU code; matched to the merchant code of a spec, then of a suite
        pub spec_no: Text<40>,
        /// 0 deleted, 1 on sale, 2 off sale
        pub status: Status,
        /// name
        pub goods_name: Option<Text<255>>,
        /// code of the SKU
        pub spec_code: Option<Text<40>>,
        /// name of the SKU
        pub spec_name: Option<Text<100>>,
        /// picture
        pub pic_url: Option<Text<255>>,
        /// price on the platform
        pub price: Option<Money>,
        /// stock on the platform
        pub stock_num: Option<Quantity>,
        /// category on the platform
        pub cid: Option<Text<40>>,
    }
}

wire::arguments! {
    /// The rows of one shop.
    pub struct Info {
        /// platform of the shop, 127
        pub platform_id: i64,
        /// shop
        pub shop_no: Text<40>,
        /// rows, at most 2000; each is stored or refused by itself
        pub goods_list: RawList<Row, 1, { limits::PLATFORM_GOODS }>,
    }
}

wire::arguments! {
    /// Platform goods of a shop of the own mall.
    pub struct Request {
        /// shop and rows
        pub api_goods_info: Json<Info>,
    }
}

/// A row that was not stored.
struct Failed {
    goods_id: String,
    spec_id: String,
    error: String,
}

const ERRORS: &[Column<Failed>] = &[
    text("goods_id", "platform SPU id", |f| &f.goods_id),
    text("spec_id", "platform SKU id", |f| &f.spec_id),
    text("error", "why it was not stored", |f| &f.error),
];

/// Create or change platform goods.
pub(crate) struct PlatformGoodsPush;

impl Method for PlatformGoodsPush {
    const NAME: &'static str = "wdt.api.goodsspec.push";
    const PHP: &'static str = "api_goodsspec_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create or change platform goods", "创建平台货品");
    const CATEGORY: Category = Category::Goods;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::SHOP, "the shop is unknown or disabled"),
        (codes::GENERAL, "the shop is not one of the own mall"),
        (codes::PLATFORM, "platform_id is not the platform of the shop"),
        (codes::PERMISSION, "the application may not touch the shop"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "a row that cannot be read is named in errors, the others are stored; a row that says nothing new counts in neither number",
        "a row with status 0 keeps its match, but its stock is no longer offered in the stock-sync queue",
    ];
    type Request = Request;
    type Error = Error;

    fn rows(request: &Request) -> usize {
        request.api_goods_info.goods_list.elements().len()
    }

    fn reply() -> ReplyShape {
        ReplyShape::new().count("new_count", "rows created").count("chg_count", "rows that were there already").rows(
            "errors",
            "rows that were not stored; empty = all were",
            ERRORS,
        )
    }
}

impl Command for PlatformGoodsPush {
    /// Each row is stored or refused by itself; the code stays 0.
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let info = &*request.api_goods_info;
        let shop = catalog::shop_by_no(tx, &info.shop_no)?;
        if shop.platform != info.platform_id {
            let text = "shop_no 对应的店铺所属的平台 与 传入platform_id 不一致";
            return Err(Refused::new(codes::PLATFORM, text).into());
        }
        rights::own_mall_to_push(call, tx, &info.shop_no)?;
        let (mut new, mut changed) = (0, 0);
        let mut failed = Vec::new();
        for (index, element) in info.goods_list.elements().iter().enumerate() {
            let outcome = match &element.row {
                Ok(row) => store_one(tx, &shop, row),
                Err(refusal) => Err(codes::argument(Self::NAME, refusal).into()),
            };
            match outcome {
                Ok(true) => new += 1,
                Ok(false) => changed += 1,
                Err(Error::Refused(refused)) => {
                    let (goods_id, spec_id) = match &element.row {
                        Ok(row) => (row.goods_id.to_string(), row.spec_id.to_string()),
                        Err(_) => (format!("goods_list[{index}]"), String::new()),
                    };
                    failed.push(Failed { goods_id, spec_id, error: refused.message });
                }
                Err(error) => return Err(error),
            }
        }
        let reply = call.reply().message("OK").int("new_count", new).int("chg_count", changed);
        Ok(reply.rows("errors", ERRORS, &failed))
    }
}

/// True when the row is new.
fn store_one(tx: &mut Tx, shop: &Shop, row: &Row) -> Result<bool, Error> {
    let pushed = PushedPlatformGoods {
        goods_id: &row.goods_id,
        spec_id: &row.spec_id,
        goods_no: given(&row.goods_no),
        spec_no: &row.spec_no,
        status: row.status.code(),
        goods_name: row.goods_name.as_deref(),
        spec_code: row.spec_code.as_deref(),
        spec_name: row.spec_name.as_deref(),
        pic_url: row.pic_url.as_deref(),
        price: row.price,
        stock_num: row.stock_num,
        cid: row.cid.as_deref(),
    };
    Ok(catalog::push_platform_goods(tx, shop, &pushed)?)
}
