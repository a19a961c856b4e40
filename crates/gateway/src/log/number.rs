//! The business number under which a call is found: of a built-in method the first of its fields that names a document, of a
//! foreign one the parameter that its definition marks (日志索引; fact sheet qimen, C3).

use wire::args::{Field, Kind};
use wire::params::Params;
use wire::xml::Element;

use super::bytes::cut;
use crate::pick::Source;

/// Numbers of documents, the most telling first. None of them is personal.
const NUMBERS: &[&str] = &[
    "tid",
    "src_tid",
    "trade_no",
    "src_order_no",
    "refund_no",
    "src_refund_no",
    "outer_no",
    "api_outer_no",
    "stockout_no",
    "stockin_no",
    "transfer_no",
    "purchase_no",
    "return_no",
    "pd_no",
    "order_no",
    "logistics_no",
    "provider_no",
    "goods_no",
    "suite_no",
    "spec_no",
];
/// Bytes of a number.
const LONGEST: usize = 64;
/// Bytes of a list that are looked through.
const LOOKED_THROUGH: usize = 8 * 1024;

/// Where the number of a method stands: a parameter, or a member of the first object in a parameter that holds JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    parameter: &'static str,
    member: Option<&'static str>,
}

impl Number {
    /// The number of a method with these fields.
    pub(crate) fn among(fields: &'static [Field]) -> Option<Self> {
        let rank = |name: &str| NUMBERS.iter().position(|known| *known == name);
        let own =
            fields.iter().filter_map(|field| Some((rank(field.name)?, Self { parameter: field.name, member: None })));
        let inner = fields.iter().flat_map(|field| {
            let of = members(&field.kind).iter();
            of.filter_map(|member| {
                Some((rank(member.name)?, Self { parameter: field.name, member: Some(member.name) }))
            })
        });
        own.chain(inner).min_by_key(|(rank, _)| *rank).map(|(_, number)| number)
    }

    /// The number of a call; empty when it has none.
    pub(crate) fn of<'p>(&self, params: &'p Params<'_>) -> &'p str {
        let Some(value) = params.get(self.parameter) else { return "" };
        match self.member {
            None => fit(value),
            Some(member) => first(value, member),
        }
    }
}

/// The number to which the log index of a definition points; nothing where the path names something personal.
pub(crate) fn indexed(path: &str, content: &wire::call::Call<'_>) -> String {
    if super::mask::is_personal(path.rsplit('.').next().unwrap_or(path)) {
        return String::new();
    }
    let source = Source { params: &content.params, raw: content.raw };
    source.pick(path).map(|value| fit(&value).to_owned()).unwrap_or_default()
}

/// A value as a number: short and printable, or nothing.
pub(crate) fn fit(value: &str) -> &str {
    if value.chars().any(char::is_control) { "" } else { cut(value, LONGEST) }
}

/// The first member of this name in a JSON text, as it stands there. Not a parse: an index needs the first number only, and a text that
/// is no JSON is refused elsewhere.
pub(crate) fn first<'t>(text: &'t str, member: &str) -> &'t str {
    let text = cut(text, LOOKED_THROUGH);
    let mut rest = text;
    while let Some(at) = rest.find(member) {
        let before = rest.get(..at).unwrap_or_default();
        let after = rest.get(at + member.len()..).unwrap_or_default();
        rest = after;
        if !before.ends_with('"') || before.ends_with("\\\"") {
            continue;
        }
        let Some(value) = after.strip_prefix('"') else { continue };
        let Some(value) = value.trim_start().strip_prefix(':').map(str::trim_start) else { continue };
        return match value.strip_prefix('"') {
            Some(value) => fit(value.split(['"', '\\']).next().unwrap_or_default()),
            None => fit(value.split([',', '}', ']', ' ', '\n']).next().unwrap_or_default()),
        };
    }
    ""
}

/// Documents of the standard WMS scene (fact sheet qimen, C6), the most telling first.
const IN_XML: &[&str] = &[
    "deliveryOrderCode",
    "entryOrderCode",
    "returnOrderCode",
    "orderCode",
    "checkOrderCode",
    "outBizCode",
    "itemCode",
];

/// The number of a message of the warehouse scene: a member of its root or of the first object in it.
pub(crate) fn in_xml(root: &Element) -> &str {
    let find = |name: &&str| {
        let inner = root.children.iter().find_map(|child| child.text_of(name));
        root.text_of(name).or(inner).filter(|text| !text.is_empty())
    };
    IN_XML.iter().find_map(find).map_or("", fit)
}

/// The fields of the objects that a field holds.
fn members(kind: &Kind) -> &'static [Field] {
    match kind {
        Kind::Object(fields) | Kind::List { of: fields, .. } => fields,
        Kind::JsonText(inner) => members(inner),
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_first_number_of_a_list() {
        for (text, expected) in [
            (r#"[{"tid":"T1","order_list":[{"oid":"1"}]},{"tid":"T2"}]"#, "T1"),
            (r#"{ "x": 1, "tid" : 42 }"#, "42"),
            (r#"[{"remark":"\"tid\":\"no\"","tid":"T3"}]"#, "T3"),
            (r#"[{"src_tid":"S1","tid":"T4"}]"#, "T4"),
            (r#"[{"tid":"a\u0001"}]"#, "a"),
            ("[]", ""),
            ("tid", ""),
        ] {
            assert_eq!(first(text, "tid"), expected, "{text}");
        }
        assert_eq!(fit("a\nb"), "");
        assert_eq!(fit(&"9".repeat(100)).len(), LONGEST);
    }
}
