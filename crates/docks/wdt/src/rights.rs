//! Which rows a caller may see: allow-lists of the application, and platforms that openapi2 hides (fact sheet wdt-1, 1.5 and
//! 1.12).

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use erp::catalog::{self, Page, ProviderFilter, Shop, Warehouse};
use gateway::directory::Allowed;
use gateway::{Call, Channel, Refused};
use store::{Reader, Tx};

use crate::codes::{self, Error};
use crate::{limits, settings::Settings};

/// The key that no row has: a filter by it finds nothing.
const NOBODY: i64 = -1;

/// All shops of the merchant, for the names and platforms in replies.
pub(crate) struct Shops(HashMap<i64, Rc<Shop>>);

impl Shops {
    /// Reads them, the disabled ones too: their orders stay.
    pub(crate) fn load(reader: &mut Reader) -> Result<Self, Error> {
        let mut all = HashMap::new();
        for disabled in [false, true] {
            let found = catalog::shops(reader, None, &[], disabled, Page::ALL)?;
            all.extend(found.rows.into_iter().map(|shop| (shop.id, Rc::new(shop))));
        }
        Ok(Self(all))
    }

    /// The shop with this key; a nameless one when it is gone.
    pub(crate) fn get(&self, id: i64) -> Rc<Shop> {
        self.0.get(&id).cloned().unwrap_or_default()
    }

    fn by_no(&self, no: &str) -> Option<&Rc<Shop>> {
        self.0.values().find(|shop| shop.no == no)
    }

    /// Those of `keys` (empty = all) whose platform this is.
    pub(crate) fn of_platform(&self, platform: i64, keys: Vec<i64>) -> Vec<i64> {
        let here = self.0.values().filter(|shop| shop.platform == platform).map(|shop| shop.id);
        or_nobody(here.filter(|id| keys.is_empty() || keys.contains(id)).collect())
    }

    /// Keys of the shops that a query is about; empty = no restriction. `one` and `many` are `shop_no` and `shop_nos`.
    pub(crate) fn asked_for(
        &self,
        call: &Call,
        settings: &Settings,
        one: Option<&str>,
        many: Option<&str>,
    ) -> Result<Vec<i64>, Error> {
        let hidden =
            |shop: &Shop| call.channel() == Channel::Openapi2 && settings.taobao_platforms.contains(&shop.platform);
        let mut numbers: Vec<&str> = many.map(|list| listed(list).collect()).unwrap_or_default();
        if numbers.len() > limits::SHOP_NOS {
            return Err(codes::invalid(codes::TOO_MANY, "shop_nos", "最多20个店铺编号").into());
        }
        numbers.extend(one);
        if numbers.is_empty() {
            if *call.shops() == Allowed::All && !self.0.values().any(|shop| hidden(shop)) {
                return Ok(Vec::new());
            }
            let seen = self.0.values().filter(|shop| call.shops().permits(&shop.no) && !hidden(shop));
            return Ok(or_nobody(seen.map(|shop| shop.id).collect()));
        }
        let mut keys = Vec::with_capacity(numbers.len());
        for no in numbers {
            let shop = self.by_no(no).ok_or_else(|| erp::Error::from(erp::Refusal::ShopUnknown(no.to_owned())))?;
            if !call.shops().permits(no) {
                return Err(codes::no_shop(no).into());
            }
            if !hidden(shop) {
                keys.push(shop.id);
            }
        }
        Ok(or_nobody(keys))
    }
}

/// All warehouses of the merchant, for the names and kinds in replies.
pub(crate) struct Warehouses(HashMap<i64, Rc<Warehouse>>);

impl Warehouses {
    /// Reads them, the disabled ones too.
    pub(crate) fn load(reader: &mut Reader) -> Result<Self, Error> {
        let mut all = HashMap::new();
        for disabled in [false, true] {
            let found = catalog::warehouses(reader, None, None, None, disabled, Page::ALL)?;
            all.extend(found.rows.into_iter().map(|warehouse| (warehouse.id, Rc::new(warehouse))));
        }
        Ok(Self(all))
    }

    /// The warehouse with this key; a nameless one when it is gone.
    pub(crate) fn get(&self, id: i64) -> Rc<Warehouse> {
        self.0.get(&id).cloned().unwrap_or_default()
    }

    /// Keys of the warehouses that a query is about; empty = no restriction.
    pub(crate) fn asked_for(&self, call: &Call, one: Option<&str>) -> Result<Vec<i64>, Error> {
        let Some(no) = one else {
            return Ok(match call.warehouses() {
                Allowed::All => Vec::new(),
                some => or_nobody(self.0.values().filter(|w| some.permits(&w.no)).map(|w| w.id).collect()),
            });
        };
        let warehouse = self.0.values().find(|warehouse| warehouse.no == no);
        let warehouse = warehouse.ok_or_else(|| erp::Error::from(erp::Refusal::WarehouseUnknown(no.to_owned())))?;
        if !call.warehouses().permits(no) {
            return Err(codes::no_warehouse(no).into());
        }
        Ok(vec![warehouse.id])
    }
}

/// Keys of the providers whose rows the application may see; empty = all.
pub(crate) fn seen_providers(call: &Call, reader: &mut Reader) -> Result<Vec<i64>, Error> {
    let Some(numbers) = call.providers().list() else { return Ok(Vec::new()) };
    let mut keys = Vec::with_capacity(numbers.len());
    for no in numbers {
        let filter = ProviderFilter { no: Some(no.as_str()), name: None, deleted: true, disabled: None };
        keys.extend(catalog::providers(reader, &filter, Page::ALL)?.rows.into_iter().map(|provider| provider.id));
    }
    Ok(or_nobody(keys))
}

fn or_nobody(keys: Vec<i64>) -> Vec<i64> {
    if keys.is_empty() { vec![NOBODY] } else { keys }
}

/// The enabled shop of the merchant's own mall that a queue is about.
pub(crate) fn own_mall(call: &Call, reader: &mut Reader, no: &str) -> Result<Shop, Error> {
    let shop = catalog::own_mall(reader, no)?;
    if call.shops().permits(no) { Ok(shop) } else { Err(codes::no_shop(no).into()) }
}

/// The same for a push.
pub(crate) fn own_mall_to_push(call: &Call, tx: &mut Tx, no: &str) -> Result<Arc<Shop>, Error> {
    let shop = catalog::own_mall_to_push(tx, no)?;
    if call.shops().permits(no) { Ok(shop) } else { Err(codes::no_shop(no).into()) }
}

/// Whether personal fields of this platform's orders may be shown: openapi2 gives them for own malls and offline shops only.
/// (What the Qimen side shows is decided by the style of the reply.)
pub(crate) fn shows_buyer(call: &Call, platform: i64) -> bool {
    call.channel() != Channel::Openapi2 || matches!(platform, catalog::OWN_MALL | 0)
}

/// The values of a comma-separated argument.
pub(crate) fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '，']).map(str::trim).filter(|part| !part.is_empty())
}

/// The whole numbers of a comma-separated argument.
pub(crate) fn numbers(name: &'static str, text: &str) -> Result<Vec<i64>, Refused> {
    listed(text).map(|part| part.parse().map_err(|_| Refused::new(codes::VALUE, format!("参数值无效{name}")))).collect()
}

/// The key of a document of this merchant from the number on the wire; `None` for a number that no document can have.
pub(crate) fn key(call: &Call, number: i64) -> Option<i64> {
    (number > 0 && store::wire_id(number) == number).then(|| call.tenant().id(number))
}
