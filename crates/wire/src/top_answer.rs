//! What TOP answers, in its three forms, made from one: full JSON, reduced JSON (`simplify=true`), XML (fact sheets qimen, B5;
//! ascp-direct, 1.7).
//!
//! A method writes its answer in the reduced form. Full JSON and XML put it under a root named after the method and wrap every list
//! once more with an inner name.

use crate::json::{self, Array, Object, RawValue, Shape};
use crate::xml;

/// The root of a method's answer: `alibaba.ascp.x` gives `alibaba_ascp_x_response`; a leading `taobao.` is dropped.
pub fn root(method: &str) -> String {
    format!("{}_response", method.strip_prefix("taobao.").unwrap_or(method).replace('.', "_"))
}

/// The usual inner name of a list: `waybill_cloud_print_dto_list` holds `waybill_cloud_print_dto`, `datas` holds `datas`.
pub fn inner_name(list: &str) -> String {
    match list {
        "logistics_companies" => "logistics_company".to_owned(),
        _ => list.strip_suffix("_list").unwrap_or(list).to_owned(),
    }
}

/// The reduced form with `request_id` beside its members.
pub fn simple(members: &str, request_id: &str) -> Result<String, json::Error> {
    let object = Object::parse(members)?;
    let mut out = Vec::with_capacity(members.len() + 48);
    out.push(b'{');
    for (name, value) in object.iter() {
        json::write_text(&mut out, name);
        out.push(b':');
        out.extend_from_slice(value.get().as_bytes());
        out.push(b',');
    }
    out.extend_from_slice(b"\"request_id\":");
    json::write_text(&mut out, request_id);
    out.push(b'}');
    Ok(String::from_utf8(out).unwrap_or_default())
}

/// The full form.
pub fn full(method: &str, members: &str, request_id: &str) -> Result<String, json::Error> {
    let simple = simple(members, request_id)?;
    let mut out = Vec::with_capacity(simple.len() + 96);
    out.push(b'{');
    json::write_text(&mut out, &root(method));
    out.push(b':');
    wrap_lists(&mut out, "", json::value(&simple)?)?;
    out.push(b'}');
    Ok(String::from_utf8(out).unwrap_or_default())
}

/// The XML form.
pub fn to_xml(method: &str, members: &str, request_id: &str) -> Result<String, json::Error> {
    xml::from_json(&root(method), &simple(members, request_id)?, inner_name)
}

/// Recursion is bounded: [`json::value`] has refused what is deeper than [`crate::limits::JSON_DEPTH`].
fn wrap_lists(out: &mut Vec<u8>, name: &str, value: &RawValue) -> Result<(), json::Error> {
    match json::shape(value) {
        Shape::Object => {
            out.push(b'{');
            for (place, (member, value)) in Object::from_raw(value)?.iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                json::write_text(out, member);
                out.push(b':');
                wrap_lists(out, member, value)?;
            }
            out.push(b'}');
        }
        Shape::Array => {
            out.push(b'{');
            json::write_text(out, &inner_name(name));
            out.extend_from_slice(b":[");
            for (place, value) in Array::from_raw(value, usize::MAX)?.iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                wrap_lists(out, name, value)?;
            }
            out.extend_from_slice(b"]}");
        }
        Shape::Text | Shape::Number | Shape::Bool | Shape::Null => out.extend_from_slice(value.get().as_bytes()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: &str = "alibaba.ascp.aic.supplier.aicinventory.channel.inventory.query";
    const STOCK: &str = r#"{"merchant_inventory_query_response":{"success":true,"datas":[{"sc_item_id":690000000001,"quantity":"50"}]}}"#;

    #[test]
    fn the_three_forms_of_the_sheet() {
        assert_eq!(
            full(QUERY, STOCK, "demo0012").unwrap(),
            r#"{"alibaba_ascp_aic_supplier_aicinventory_channel_inventory_query_response":{"merchant_inventory_query_response":{"success":true,"datas":{"datas":[{"sc_item_id":690000000001,"quantity":"50"}]}},"request_id":"demo0012"}}"#
        );
        assert_eq!(
            simple(r#"{"result":{"success":true}}"#, "demo0013").unwrap(),
            r#"{"result":{"success":true},"request_id":"demo0013"}"#
        );
        let xml = to_xml(QUERY, STOCK, "r").unwrap();
        assert!(xml.contains("<datas><datas><sc_item_id>690000000001</sc_item_id>"), "{xml}");
        assert_eq!(inner_name("waybill_cloud_print_dto_list"), "waybill_cloud_print_dto");
        assert_eq!(root("taobao.logistics.companies.get"), "logistics_companies_get_response");
    }

    #[test]
    fn only_an_object_is_an_answer() {
        assert!(simple("[]", "r").is_err() && full("m", "{", "r").is_err());
    }
}
