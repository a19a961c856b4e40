//! The names of the standard scene and which way each of them goes (fact sheet qimen, C6).

use crate::directory::Direction;

/// A method of the scene.
#[derive(Debug, PartialEq, Eq)]
pub struct SceneMethod {
    /// Short name: `deliveryorder.create`.
    pub name: &'static str,
    /// The name by which rights and quotas know it: `qimen.deliveryorder.create`.
    pub right: &'static str,
    /// Which way it goes.
    pub direction: Direction,
    /// It only reads.
    pub query: bool,
}

macro_rules! methods {
    ($($direction:ident $kind:ident: $($name:literal)*;)*) => {
        /// Every method, by direction.
        pub static METHODS: &[SceneMethod] = &[$($(SceneMethod {
            name: $name,
            right: concat!("qimen.", $name),
            direction: Direction::$direction,
            query: methods!(@$kind),
        },)*)*];
    };
    (@query) => { true };
    (@command) => { false };
}

methods! {
    ToWms command:
        "singleitem.synchronize" "items.synchronize" "combineitem.synchronize" "entryorder.create" "returnorder.create"
        "stockout.create" "deliveryorder.create" "deliveryorder.batchcreate" "order.cancel" "order.pending"
        "order.callback" "storeprocess.create" "transferorder.create" "combineitem.delete" "inventory.synchronize"
        "inventoryreserve.cancel" "inventoryrule.create" "itemmapping.create" "shop.synchronize" "supplier.synchronize"
        "warehouseinfo.synchronize" "presalespackage.consign";
    ToWms query:
        "entryorder.query" "deliveryorder.query" "orderprocess.query" "inventory.query" "stock.query"
        "transferorder.query" "combineitem.query" "singleitem.query" "inventorybatch.query" "channelinventory.query"
        "itemmapping.query" "warehouseinfo.query" "expressinfo.query";
    ToErp command:
        "entryorder.confirm" "returnorder.confirm" "stockout.confirm" "deliveryorder.confirm" "orderprocess.report"
        "itemlack.report" "inventory.report" "stockchange.report" "storeprocess.confirm" "sn.report" "wavenum.report"
        "deliveryorder.batchconfirm" "deliveryorder.batchcreate.answer" "orderexception.report"
        "inventory.synchronize.report" "order.sn.report" "transferorder.report" "returnpackage.report";
    ToErp query:
        "receiverinfo.query" "order.query";
}

/// Names of version 1.0 that version 2.0 calls otherwise.
const OLD_NAMES: &[(&str, &str)] = &[("item.synchronize", "singleitem.synchronize")];

/// The prefixes of the long spelling.
const PREFIXES: &[&str] = &["taobao.qimen.", "qimen."];

/// The method of this name: short or long, of version 1.0 or 2.0.
pub fn find(name: &str) -> Option<&'static SceneMethod> {
    let short = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    let short = OLD_NAMES.iter().find(|(old, _)| *old == short).map_or(short, |(_, new)| new);
    METHODS.iter().find(|method| method.name == short)
}

/// The name of a method as version `v` has it, without prefix.
pub fn name_in<'m>(name: &'m str, v: &str) -> &'m str {
    match OLD_NAMES.iter().find(|(_, new)| *new == name && v == "1.0") {
        Some((old, _)) => old,
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_found() {
        for (given, expected) in [
            ("deliveryorder.create", Some("deliveryorder.create")),
            ("taobao.qimen.deliveryorder.create", Some("deliveryorder.create")),
            ("qimen.deliveryorder.create", Some("deliveryorder.create")),
            ("taobao.qimen.item.synchronize", Some("singleitem.synchronize")),
            ("item.synchronize", Some("singleitem.synchronize")),
            ("singleitem.synchronize", Some("singleitem.synchronize")),
            ("taobao.qimen.", None),
            ("taobao.deliveryorder.create", None),
            ("deliveryorder", None),
            ("", None),
        ] {
            assert_eq!(find(given).map(|method| method.name), expected, "{given}");
        }
    }

    #[test]
    fn names_are_said_once_and_survive_both_versions() {
        for (at, method) in METHODS.iter().enumerate() {
            assert!(METHODS.iter().skip(at + 1).all(|other| other.name != method.name), "{}", method.name);
            for v in ["1.0", "2.0"] {
                let spelled = format!("taobao.qimen.{}", name_in(method.name, v));
                assert_eq!(find(&spelled).map(|found| found.name), Some(method.name), "{spelled}");
            }
        }
        assert_eq!(name_in("singleitem.synchronize", "1.0"), "item.synchronize");
    }
}
