//! What a merchant sells, where it stands and how it leaves: shops, warehouses, carriers, brands, classes, goods with their
//! specs, suites, and the goods rows of selling platforms that are matched to them.
//!
//! Never here: quantities (see `stock`), orders.

mod carrier;
mod class;
mod customer;
mod flag;
mod goods;
mod mark;
mod page;
mod platform_goods;
mod platform_push;
mod provider;
mod shop;
mod shop_authorisation;
mod suite;
mod table;
mod warehouse;

pub use carrier::{
    Carrier, carrier_by_id, carrier_by_no, carriers, create_carrier, kind_name, preferred_carrier, update_carrier,
};
pub use class::{Brand, Class, brand_by_no, brand_named, brands, class_named, classes};
pub use customer::{
    Customer, CustomerFacts, CustomerFilter, Person, change_customer, customer_by_no, customer_of, customers,
};
pub use flag::GOODS_FLAGS;
pub use goods::{
    Goods, GoodsChange, GoodsFacts, GoodsFilter, GoodsWithSpecs, Spec, SpecChange, SpecFacts, goods_by_id, goods_by_no,
    goods_page, push_goods, spec_by_id, spec_by_no, specs_and_goods_by_no, specs_by_id, specs_by_no,
};
pub use mark::{Mark, MarkKind, create_mark, marks, update_mark};
pub use page::{Page, Rows, Window};
pub use platform_goods::{PlatformGoods, Target, match_line, platform_goods_by_id};
pub use platform_push::{MatchedPlatformGoods, PushedPlatformGoods, platform_goods_page, push_platform_goods};
pub use provider::{
    Provider, ProviderFilter, ProviderGoods, any_provider_by_no, create_provider, provider_by_no, provider_goods,
    providers, providers_by_id, set_provider_goods, update_provider,
};
pub use shop::{
    OWN_MALL, Shop, StockSync, create_shop, enable_stock_sync, own_mall, own_mall_to_push, shop_by_id, shop_by_no,
    shops, update_shop,
};
pub use shop_authorisation::{EndingShop, Given, Nearness, ShopAuthorisation, ending_shops};
pub use suite::{Suite, SuiteFilter, SuitePart, create_suite, suite_by_id, suites};
pub use warehouse::{
    Warehouse, create_warehouse, default_warehouse, update_warehouse, warehouse_by_id, warehouse_by_no, warehouses,
};

pub(crate) use mark::order_mark;
pub(crate) use platform_goods::{known_target, target_by_code};
pub(crate) use provider::bought_from;
pub(crate) use table::{
    Conditions, ack_stock_change, count_stock_changes, key_list, look_up, places, platform_goods_pending, spec_ids,
    specs_with_goods, suite_parts_of,
};
