//! A creation that is told again is answered as the first time, unless it says something else now or was taken back since: then the
//! other side must hear that nothing will come of it.

use wire::xml::Element;

use crate::hub::Heard;
use crate::{Error, Result};

/// What a creation has instead of a problem once it was taken back.
pub(super) const TAKEN_BACK: &str = "已取消";

/// What makes it another order: goods, quantities, warehouse; all of the receiver. Times and remarks may differ from one attempt to the next.
const TELLING: [&str; 5] = ["warehouseCode", "itemCode", "planQty", "quantity", "inventoryType"];

/// Why the repetition is refused, if it is.
pub(super) fn refusal(known: &Heard, root: &Element) -> Result<Option<String>> {
    if known.problem == TAKEN_BACK {
        return Ok(Some(format!("单据{}已取消,请使用新单号", known.doc_no)));
    }
    let first = wire::xml::read(&known.body).map_err(|error| Error::Document("message", error.to_string()))?;
    let same = essence(&first) == essence(root);
    Ok((!same).then(|| format!("单据{}已存在,且内容与首次不同", known.doc_no)))
}

fn essence(root: &Element) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    collect(root, false, &mut found);
    found
}

fn collect<'e>(element: &'e Element, receiver: bool, found: &mut Vec<(&'e str, &'e str)>) {
    for child in &element.children {
        let receiver = receiver || child.name == "receiverInfo";
        let text = plain(child.text.trim());
        if !child.children.is_empty() {
            collect(child, receiver, found);
        } else if !text.is_empty() && (receiver || TELLING.contains(&child.name.as_str())) {
            found.push((&child.name, text));
        }
    }
}

/// `1.000` is `1`.
fn plain(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, places)) if !whole.is_empty() && places.bytes().all(|b| b == b'0') => whole,
        _ => text,
    }
}
