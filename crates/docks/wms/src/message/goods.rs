//! Goods: made known one by one, many at a time, and as sets.

use units::{Money, Quantity};

use super::part::{Some1, parts};

parts! {
    /// What is said about an item.
    Item {
        code: String = "itemCode",
        id: Option<String> = "itemId",
        goods_code: Option<String> = "goodsCode",
        name: String = "itemName",
        bar_code: String = "barCode",
        item_type: String = "itemType",
        sku_property: Option<String> = "skuProperty",
        stock_unit: Option<String> = "stockUnit",
        gross_weight: Option<Quantity> = "grossWeight",
        tag_price: Option<Money> = "tagPrice",
        retail_price: Option<Money> = "retailPrice",
        brand_name: Option<String> = "brandName",
        category_name: Option<String> = "categoryName",
    }

    /// `singleitem.synchronize` (`item.synchronize` in version 1.0).
    ItemSynchronize for "singleitem.synchronize" {
        action_type: String = "actionType",
        warehouse_code: String = "warehouseCode",
        owner_code: String = "ownerCode",
        item: Item = "item",
    }

    /// `items.synchronize`.
    ItemsSynchronize for "items.synchronize" {
        action_type: String = "actionType",
        warehouse_code: String = "warehouseCode",
        owner_code: String = "ownerCode",
        items: Some1<Item> = "items/item",
    }

    /// A component of a set.
    Component {
        item_code: String = "itemCode",
        item_id: String = "itemId",
        quantity: Quantity = "quantity",
    }

    /// `combineitem.synchronize`.
    CombineSynchronize for "combineitem.synchronize" {
        item_code: String = "itemCode",
        owner_code: String = "ownerCode",
        items: Some1<Component> = "items/item",
    }
}
