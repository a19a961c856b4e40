//! What the words of `given` do. Each of them looks first and makes only what is missing.

use rehearsal::{Act, Argument, Fault};
use serde_json::{Map, Value, json};
use units::Quantity;

use super::speak::Speaker;
use crate::outside;

/// The words, for the message about unknown ones.
const GIVENS: &[&str] = &[
    "shop NO [arguments]",
    "warehouse NO [arguments]",
    "carrier NO [NAME KIND]",
    "goods NO NAME with specs SPEC PRICE, …",
    "suite NO NAME of SPEC NUM, … [retail_price = …]",
    "stock SPEC NUM in WAREHOUSE (at least)",
    "stock SPEC exactly NUM in WAREHOUSE",
    "stock sync on|off for SHOP",
];

pub(super) fn given(speaker: &Speaker, given: &Act) -> Result<(), Fault> {
    match given.words().as_slice() {
        ["shop", no] => thing(speaker, "/shops", "shop_no", no, "shop_name", given),
        ["warehouse", no] => thing(speaker, "/warehouses", "warehouse_no", no, "name", given),
        ["carrier", no] => carrier(speaker, no, no, "2000"),
        ["carrier", no, name, kind] => carrier(speaker, no, name, kind),
        ["goods", no, name, "with", "specs" | "spec", specs @ ..] => goods(speaker, no, name, specs),
        ["suite", no, name, "of", parts @ ..] => suite(speaker, no, name, parts, given),
        ["stock"] => table(speaker, given),
        ["stock", "sync", mode @ ("on" | "off"), "for", shop] => {
            let body = json!({ "enabled": *mode == "on" });
            must(speaker, "POST", &format!("/shops/{shop}/stock-sync"), body)
        }
        ["stock", spec, "exactly", num, "in", warehouse] => stock(speaker, spec, num, warehouse, true),
        ["stock", spec, num, "in", warehouse] => stock(speaker, spec, num, warehouse, false),
        _ => Err(Fault::unknown(given, GIVENS)),
    }
}

/// A refusal because it is there already is what was wanted.
fn must(speaker: &Speaker, verb: &str, path: &str, body: Value) -> Result<(), Fault> {
    let reply = speaker.admin(verb, path, Some(body))?;
    let code = reply.value["error"]["code"].as_str().unwrap_or_default();
    if code.is_empty() || code == "exists" {
        return Ok(());
    }
    let message = reply.value["error"]["message"].as_str().unwrap_or_default().to_owned();
    Err(Fault { message, exchanges: reply.exchanges })
}

fn thing(speaker: &Speaker, path: &str, key: &str, no: &str, name: &str, given: &Act) -> Result<(), Fault> {
    let mut body = Map::new();
    body.insert(key.to_owned(), no.into());
    body.insert(name.to_owned(), no.into());
    body.extend(given.arguments.iter().map(|argument| (argument.name.clone(), argument.value())));
    must(speaker, "POST", path, Value::Object(body))
}

fn carrier(speaker: &Speaker, no: &str, name: &str, kind: &str) -> Result<(), Fault> {
    let body = json!({ "logistics_no": no, "logistics_name": name, "logistics_type": kind });
    must(speaker, "POST", "/carriers", body)
}

/// Groups of two words between commas.
fn couples<'w>(words: &[&'w str], what: &str) -> Result<Vec<(&'w str, &'w str)>, Fault> {
    words
        .split(|word| matches!(*word, "," | "，"))
        .map(|group| match group {
            [one, other] => Ok((*one, *other)),
            _ => Err(Fault::new(format!("`{}`: {what}", group.join(" ")))),
        })
        .collect()
}

fn goods(speaker: &Speaker, no: &str, name: &str, specs: &[&str]) -> Result<(), Fault> {
    let specs: Vec<Value> = couples(specs, "SPEC PRICE is expected")?
        .into_iter()
        .map(|(spec, price)| json!({ "spec_no": spec, "spec_name": spec, "retail_price": price }))
        .collect();
    must(speaker, "POST", "/goods", json!({ "goods_no": no, "goods_name": name, "specs": specs }))
}

fn suite(speaker: &Speaker, no: &str, name: &str, parts: &[&str], given: &Act) -> Result<(), Fault> {
    let parts: Vec<Value> = couples(parts, "SPEC NUM is expected")?
        .into_iter()
        .map(|(spec, num)| json!({ "spec_no": spec, "num": num }))
        .collect();
    let mut body = json!({ "suite_no": no, "suite_name": name, "specs": parts });
    for argument in &given.arguments {
        body[&argument.name] = argument.value();
    }
    must(speaker, "POST", "/suites", body)
}

fn table(speaker: &Speaker, given: &Act) -> Result<(), Fault> {
    for row in &given.rows {
        let cell = |name: &str| -> Result<&str, Fault> {
            let found: Option<&Argument> = row.iter().find(|cell| cell.name == name);
            found.map(|cell| cell.text.as_str()).ok_or_else(|| Fault::new(format!("the table has no column {name}")))
        };
        stock(speaker, cell("spec_no")?, cell("num")?, cell("warehouse_no")?, false)?;
    }
    Ok(())
}

/// Brings the sellable stock up to `num`; `exactly` refuses when there is more, because nothing here takes stock away.
fn stock(speaker: &Speaker, spec: &str, num: &str, warehouse: &str, exactly: bool) -> Result<(), Fault> {
    let wanted: Quantity = num.parse().map_err(|_| Fault::new(format!("{num} is not a quantity")))?;
    let found = speaker.admin("GET", &format!("/stock?spec_no={spec}&warehouse_no={warehouse}"), None)?;
    let there = found.value["stocks"][0]["available_num"].as_str().and_then(|text| text.parse().ok());
    let there: Quantity = there.unwrap_or(Quantity::ZERO);
    if exactly && there > wanted {
        return Err(Fault::new(format!(
            "{spec} has {there} pieces to sell in {warehouse} already; use a code with ${{run}} in it, which is new each time"
        )));
    }
    let missing = wanted - there;
    if !missing.is_positive() {
        return Ok(());
    }
    let body = json!({
        "outer_no": format!("CASE-{:016x}", outside::seed()),
        "warehouse_no": warehouse,
        "lines": [{ "spec_no": spec, "num": missing.to_string() }],
    });
    must(speaker, "POST", "/stock-in", body)
}
