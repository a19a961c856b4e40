//! What the methods of part 2 of the sheet share: totals as it sends them, lines with the goods they are about, names for keys, lists of
//! states, permissions.

use std::collections::HashMap;
use std::rc::Rc;

use erp::catalog::{self, Carrier, Goods, Provider, Spec};
use gateway::{Call, Refused, Reply};
use store::Reader;
use wire::args::Text;
use wire::rows::Scalars;

use crate::codes::{self, Error};
use crate::rights;

/// The start of a reply with its total: a text on openapi2, as every captured reply of part 2 has it (fact sheet wdt-2, 0.3
/// no. 3).
pub(crate) fn totalled(call: &Call, total: Option<i64>) -> Reply {
    match (total, call.style().scalars) {
        (Some(total), Scalars::Text) => call.reply().text("total_count", &total.to_string()),
        (total, _) => call.reply().total_if(total),
    }
}

/// A line with its document and its goods.
pub(crate) struct Line<D: 'static, L: 'static> {
    /// The document.
    pub(crate) of: Rc<D>,
    /// The line.
    pub(crate) line: L,
    goods: Rc<(Spec, Goods)>,
}

impl<D, L> Line<D, L> {
    /// The spec.
    pub(crate) fn spec(&self) -> &Spec {
        &self.goods.0
    }

    /// The goods.
    pub(crate) fn goods(&self) -> &Goods {
        &self.goods.1
    }
}

/// The goods of a page of documents, read together.
pub(crate) struct GoodsOfPage(HashMap<i64, Rc<(Spec, Goods)>>);

impl GoodsOfPage {
    /// Reads those of these specs.
    pub(crate) fn load(reader: &mut Reader, specs: impl Iterator<Item = i64>) -> Result<Self, Error> {
        Ok(Self(catalog::specs_by_id(reader, specs)?))
    }

    /// The lines of a document.
    pub(crate) fn lines<D, L>(&self, of: &Rc<D>, lines: Vec<L>, spec: impl Fn(&L) -> i64) -> Vec<Line<D, L>> {
        let with_goods =
            |line: L| Line { of: of.clone(), goods: self.0.get(&spec(&line)).cloned().unwrap_or_default(), line };
        lines.into_iter().map(with_goods).collect()
    }
}

/// The carriers of a merchant by number.
pub(crate) struct Carriers(HashMap<String, Rc<Carrier>>);

impl Carriers {
    /// Reads them all; there are few.
    pub(crate) fn load(reader: &mut Reader) -> Result<Self, Error> {
        let all = catalog::carriers(reader, None, None)?;
        Ok(Self(all.into_iter().map(|carrier| (carrier.no.clone(), Rc::new(carrier))).collect()))
    }

    /// The carrier with this number; a nameless one when there is none.
    pub(crate) fn get(&self, no: &str) -> Rc<Carrier> {
        self.0.get(no).cloned().unwrap_or_default()
    }
}

/// The providers of a page of documents, read together.
pub(crate) struct Providers(HashMap<i64, Rc<Provider>>);

impl Providers {
    /// Reads those with these keys; 0 = none.
    pub(crate) fn load(reader: &mut Reader, keys: impl Iterator<Item = i64>) -> Result<Self, Error> {
        let mut keys: Vec<i64> = keys.filter(|key| *key != 0).collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.is_empty() {
            return Ok(Self(HashMap::new()));
        }
        let found = catalog::providers_by_id(reader, &keys)?;
        Ok(Self(found.into_iter().map(|provider| (provider.id, Rc::new(provider))).collect()))
    }

    /// The provider with this key; a nameless one when there is none.
    pub(crate) fn get(&self, key: i64) -> Rc<Provider> {
        self.0.get(&key).cloned().unwrap_or_default()
    }
}

/// States of a filter, comma separated (fact sheet wdt-2, 12 no. 21). `known` says which codes there are.
pub(crate) fn codes_of(
    name: &'static str,
    list: Option<&str>,
    known: impl Fn(i64) -> bool,
) -> Result<Vec<i64>, Refused> {
    let Some(list) = list else { return Ok(Vec::new()) };
    let codes = rights::numbers(name, list)?;
    match codes.iter().any(|code| !known(*code)) {
        true => Err(Refused::new(codes::VALUE, format!("参数值无效{name}"))),
        false => Ok(codes),
    }
}

/// The codes of a query of documents by window, number, state and warehouse, beside those of the window itself.
pub(crate) const OF_DOCUMENTS: &[(i64, &str)] = &[
    (codes::REQUIRED, "neither window nor number"),
    (codes::VALUE, "unknown status"),
    (codes::WAREHOUSE, "the warehouse is unknown"),
    (codes::PERMISSION, "the application may not see the warehouse"),
];

/// The content of an optional text, empty when it is not given.
pub(crate) fn owned<const MAX: usize>(text: &Option<Text<MAX>>) -> String {
    text.as_deref().unwrap_or_default().to_owned()
}

/// Refuses a warehouse that the application may not touch.
pub(crate) fn may_touch(call: &Call, warehouse_no: &str) -> Result<(), Refused> {
    if call.warehouses().permits(warehouse_no) { Ok(()) } else { Err(codes::no_warehouse(warehouse_no)) }
}
