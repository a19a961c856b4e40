//! ONE table: what is refused, and the number and words that the caller gets (fact sheets wdt-1, 1.11; wdt-2, 0.5 and 9).
//!
//! Numbers of the vendor are used where they are public. 9001 to 9027 are our own: the rows P-9001 to P-9027 of fact sheet
//! wdt-2, chapter 9, in a range that no source uses.

use gateway::{Failure, Refused};
use wire::args::{Field, Problem, Refusal};

/// An argument or business error that has no number of its own.
pub(crate) const GENERAL: i64 = 1;
/// More rows than one answer can hold.
pub(crate) const TOO_WIDE: i64 = 20;
/// One `buyer_nick` too often in one push.
pub(crate) const SAME_NICK: i64 = 99;
/// Something inside failed.
const INTERNAL: i64 = 1020;
/// Start and end are the same.
pub(crate) const EMPTY_SPAN: i64 = 2105;
/// Start or end missing, malformed, or the wrong way round.
pub(crate) const TIME: i64 = 2160;
/// The window is too wide.
pub(crate) const SPAN: i64 = 2180;
/// `page_size` is not a positive number.
pub(crate) const PAGE_SIZE: i64 = 2220;
/// The shop is unknown or disabled.
pub(crate) const SHOP: i64 = 2310;
/// The number of a stock-in is in use.
pub(crate) const STOCK_IN_EXISTS: i64 = 2470;
/// A value is not acceptable.
pub(crate) const VALUE: i64 = 2830;
/// Something required is missing.
pub(crate) const REQUIRED: i64 = 2900;
/// The platform is not that of the shop.
pub(crate) const PLATFORM: i64 = 4304;
/// The raw order of a refund is unknown.
const TID: i64 = 5040;
/// The number of a purchase order is in use.
pub(crate) const PURCHASE_EXISTS: i64 = 7010;
/// Number or name of a provider is in use.
pub(crate) const PROVIDER_EXISTS: i64 = 17_000_001;
/// P-9001
pub(crate) const EXISTS: i64 = 9001;
/// P-9002
const JSON: i64 = 9002;
/// P-9003: part 2's number for a shop that is unknown, disabled or of the wrong platform.
pub(crate) const REFUND_SHOP: i64 = 9003;
/// P-9004
pub(crate) const WAREHOUSE: i64 = 9004;
/// P-9005
pub(crate) const OUTSOURCED: i64 = 9005;
/// P-9006
pub(crate) const PROVIDER: i64 = 9006;
/// P-9007
pub(crate) const SPEC: i64 = 9007;
/// P-9008
pub(crate) const SPEC_TWICE: i64 = 9008;
/// P-9009
pub(crate) const NOT_ON_ORDER: i64 = 9009;
/// P-9010
pub(crate) const NO_SOURCE: i64 = 9010;
/// P-9011
pub(crate) const STATE: i64 = 9011;
/// P-9012
pub(crate) const NUMBER: i64 = 9012;
/// P-9013
pub(crate) const OVER: i64 = 9013;
/// P-9014
pub(crate) const STOCK: i64 = 9014;
/// P-9015
pub(crate) const NO_STOCK_ROW: i64 = 9015;
/// P-9016
pub(crate) const POSITION: i64 = 9016;
/// P-9017
pub(crate) const BATCH: i64 = 9017;
/// P-9018
pub(crate) const CARRIER: i64 = 9018;
/// P-9019
pub(crate) const REASON: i64 = 9019;
/// P-9020
pub(crate) const LENGTH: i64 = 9020;
/// P-9021
pub(crate) const SAME_WAREHOUSE: i64 = 9021;
/// P-9022
pub(crate) const TOO_MANY: i64 = 9022;
/// P-9023
pub(crate) const QUOTA: i64 = 9023;
/// P-9024
pub(crate) const HOURS: i64 = 9024;
/// P-9025
const OID: i64 = 9025;
/// P-9026
pub(crate) const PERMISSION: i64 = 9026;
/// P-9027
pub(crate) const STATUS_WITHOUT_TYPE: i64 = 9027;
/// A document number that does not exist.
pub(crate) const NOT_FOUND: i64 = 30400;

/// The number of a business refusal.
pub(crate) fn of(refusal: &erp::Refusal) -> i64 {
    use erp::Refusal as R;
    match refusal {
        R::ShopUnknown(_) => SHOP,
        R::WarehouseUnknown(_) | R::NoWarehouse => WAREHOUSE,
        R::WarehouseOutsourced(_) | R::WarehouseOwn(_) => OUTSOURCED,
        R::CarrierUnknown(_) => CARRIER,
        R::SpecUnknown(_) => SPEC,
        R::Exists { what, .. } if what.starts_with("入库单") => STOCK_IN_EXISTS,
        R::Exists { what: "采购单", .. } => PURCHASE_EXISTS,
        R::Exists { .. } | R::OuterNoUsed { .. } => EXISTS,
        R::ProviderUnknown(_) => PROVIDER,
        R::ProviderExists => PROVIDER_EXISTS,
        R::TooLong { .. } => LENGTH,
        R::Permission(_) => PERMISSION,
        R::NotFound { .. } => NOT_FOUND,
        R::State(_) | R::OrderPast { .. } | R::Unfinished { .. } => STATE,
        R::OutOfStock(_) => STOCK,
        R::BadNumber { .. } => NUMBER,
        R::SourceUnknown { .. } => NO_SOURCE,
        R::WarehouseOfOther(_) => WAREHOUSE,
        R::NotOnOrder(_) => NOT_ON_ORDER,
        R::Over { .. } => OVER,
        R::SpecRepeated(_) => SPEC_TWICE,
        R::NoStockRow(_) => NO_STOCK_ROW,
        R::PositionUnknown(_) => POSITION,
        R::BatchUnknown(_) => BATCH,
        R::ReasonUnknown(_) => REASON,
        R::SameWarehouse(_) => SAME_WAREHOUSE,
        R::TooMany { .. } => TOO_MANY,
        R::Quota { .. } => QUOTA,
        R::NotThisWay(_) => STATE,
        R::Aftersale(refusal) => of_aftersale(refusal),
        R::Invalid { .. } => VALUE,
        R::ShopNotOwnMall(_)
        | R::GoodsNameMissing
        | R::SpecOfOtherGoods
        | R::SpecDeleted(_)
        | R::BarcodeExists(_)
        | R::FlagUnknown(_)
        | R::TidOfOtherShop(..)
        | R::TradeTimeInFuture(_)
        | R::LineChanged { .. }
        | R::LinesDiffer(_)
        | R::RegionUnknown(..)
        | R::Short { .. }
        | R::RefundPending(_)
        | R::Frozen(..)
        | R::WithWarehouse(_)
        | R::Held(..)
        | R::NotPaid(..)
        | R::Blocked { .. }
        | R::OrderMarked(_)
        | R::QueueRow(_) => GENERAL,
    }
}

/// The number of a refusal of after-sale.
fn of_aftersale(refusal: &erp::aftersale::AftersaleRefusal) -> i64 {
    use erp::aftersale::AftersaleRefusal as R;
    match refusal {
        R::TidUnknown(_) => TID,
        R::OidUnknown { .. } => OID,
        R::Number { .. } => NUMBER,
        R::NothingLeft { .. } => OVER,
        R::NoOrder(_) => NO_SOURCE,
        R::AlreadyShipped(_) | R::NotReceivable { .. } | R::ReceiptOpen(_) | R::NotEditable { .. } => STATE,
        R::SpecNotOnOrder { .. } => NOT_ON_ORDER,
        R::Exchange(_) => VALUE,
    }
}

/// The words of a refusal where the sheet has other ones than the core.
fn text(refusal: &erp::Refusal) -> String {
    match refusal {
        erp::Refusal::Invalid { field: "spec_list", why } => (*why).to_owned(),
        other => other.to_string(),
    }
}

/// The codes of a method that takes a window.
pub(crate) fn of_window(method: &'static str, fields: &'static [Field]) -> &'static [(i64, &'static str)] {
    const ENDS: [(i64, &str); 2] = [
        (EMPTY_SPAN, "起止时间相同 / start and end are the same"),
        (TIME, "缺一、颠倒或不是时间 / one of them missing, reversed or no time"),
    ];
    const WIDE: &str = "跨度过大 / the window is too wide";
    let has = |name: &str| fields.iter().any(|field| field.name == name);
    match method {
        _ if !has("start_time") || !has("end_time") => &[],
        PLATFORM_GOODS_QUERY => &const { [ENDS[0], ENDS[1], (PLATFORM_SPAN, WIDE)] },
        _ => &const { [ENDS[0], ENDS[1], (SPAN, WIDE)] },
    }
}

/// The one method with a number of its own for a window that is too wide (fact sheet wdt-1, chapter 4 no. 10).
pub(crate) const PLATFORM_GOODS_QUERY: &str = "wdt.vip.api.goods.query";
/// That number.
pub(crate) const PLATFORM_SPAN: i64 = 2104;

/// What a refused argument is answered with. `method` is the name without scene.
pub(crate) fn argument(method: &'static str, refusal: &Refusal) -> Refused {
    let path = if refusal.path.is_empty() { refusal.name } else { &refusal.path };
    match (refusal.name, refusal.problem) {
        ("page_size", Problem::Missing | Problem::Empty) => required(path),
        ("page_size", _) => page_size(),
        ("start_time" | "end_time", _) => time(),
        (_, Problem::Missing | Problem::Empty) => required(path),
        (_, Problem::TooFew { .. }) => required(&format!("{path}(列表为空)")),
        (_, problem) => invalid(number_of(method, problem), path, &rule(problem)),
    }
}

fn number_of(method: &str, problem: Problem) -> i64 {
    match problem {
        Problem::TooLong { .. } => LENGTH,
        Problem::TooMany { .. } => TOO_MANY,
        Problem::NotADecimal | Problem::OutOfRange => NUMBER,
        // Part 2 of the sheet has a number for it, part 1 says 2830.
        Problem::NotJson | Problem::WrongShape | Problem::Duplicate if in_part_two(method) => JSON,
        _ => VALUE,
    }
}

/// Whether part 2 of the sheet has the method.
fn in_part_two(method: &str) -> bool {
    let family = method.strip_prefix("wdt.").unwrap_or(method);
    ["stock", "purchase.", "sales.refund.", "refund.", "vip.wms."].iter().any(|start| family.starts_with(start))
}

/// What a problem is called.
fn rule(problem: Problem) -> String {
    let fixed = match problem {
        Problem::TooLong { max } => return format!("长度不能超过{max}个字符"),
        Problem::TooMany { max } => return format!("不能超过{max}条"),
        Problem::Missing | Problem::Empty => "不能为空",
        Problem::TooFew { .. } => "列表为空",
        Problem::NotAnInteger => "应为整数",
        Problem::NotADecimal => "应为数字",
        Problem::OutOfRange => "数值超出范围",
        Problem::NotATime => "应为yyyy-MM-dd HH:mm:ss格式的时间",
        Problem::NotAllowed => "不是有效的取值",
        Problem::NotJson => "json格式错误,无法解析",
        Problem::WrongShape => "json结构异常",
        Problem::Duplicate => "字段重复",
        Problem::NotText => "包含非法字符",
    };
    fixed.to_owned()
}

/// A required argument is missing.
pub(crate) fn required(path: &str) -> Refused {
    Refused::new(REQUIRED, format!("必传参数缺失入参：{path}"))
}

/// A value breaks a rule.
pub(crate) fn invalid(code: i64, path: &str, rule: &str) -> Refused {
    Refused::new(code, format!("参数值无效:{path}({rule})"))
}

/// `page_size` is not a positive number.
pub(crate) fn page_size() -> Refused {
    Refused::new(PAGE_SIZE, "page_size为正整数，请检查page_size是否为有效值")
}

/// Start or end of the window missing or malformed.
pub(crate) fn time() -> Refused {
    Refused::new(TIME, "start_time和end_time为空或不是有效的时间格式")
}

/// The application may not touch this shop.
pub(crate) fn no_shop(no: &str) -> Refused {
    Refused::new(PERMISSION, format!("权限不足,无店铺访问权限:{no}"))
}

/// The application may not touch this provider.
pub(crate) fn no_provider(no: &str) -> Refused {
    Refused::new(PERMISSION, format!("权限不足,无供应商访问权限:{no}"))
}

/// The application may not touch this warehouse.
pub(crate) fn no_warehouse(no: &str) -> Refused {
    Refused::new(PERMISSION, format!("权限不足,无仓库访问权限:{no}"))
}

/// Why a method gave no reply. Used by: every method of this crate.
#[derive(Debug)]
pub enum Error {
    /// The caller is told why.
    Refused(Refused),
    /// The store failed; the caller is told to repeat the call.
    Store(store::Error),
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<erp::Error> for Error {
    fn from(error: erp::Error) -> Self {
        match error {
            erp::Error::Refused(refusal) => Self::Refused(Refused::new(of(&refusal), text(&refusal))),
            erp::Error::Store(error) => Self::Store(error),
            erp::Error::Document(..) => Self::Store(store::Error::Corrupt(error.to_string())),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refused) => Self::Refused(refused),
            Error::Store(error) => Self::Store(error),
        }
    }
}

/// The settings of a tenant cannot be read.
pub(crate) fn bad_settings(problem: &serde_json::Error) -> Refused {
    Refused::new(INTERNAL, format!("系统异常:租户设置无法读取({problem})"))
}
