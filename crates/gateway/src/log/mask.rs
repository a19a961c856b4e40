//! Messages as people may see them: personal values masked unless somebody may and wants to see them, credentials never.
//!
//! What is personal says the declaration of the built-in method that was called; of everything else the name of the member (fact sheet
//! qimen, D1). What cannot be taken apart is not shown at all without the permission.

use wire::call;
use wire::json::{self, Array, Object, RawValue, Shape, write_text};
use wire::params::Clash;
use wire::rows::mask;
use wire::xml::{self, Element};

use super::message::Messages;
use crate::registry::Entry as MethodEntry;
use crate::reply::ReplyShape;

/// Ends of names that are about a person, in lower case and without separators.
const PERSONAL_ENDS: &[&str] = &[
    "mobile",
    "mobileno",
    "phone",
    "telno",
    "tel",
    "email",
    "idcard",
    "idcardno",
    "idnumber",
    "identityno",
    "realname",
    "alipayno",
    "alipayid",
    "payaccount",
    "payid",
    "receivername",
    "receiveraddress",
    "receiverzip",
    "buyername",
    "buyernick",
    "buyermessage",
    "contact",
    "contactname",
    "consignee",
    "detailaddress",
    "custdata",
    "oaid",
    "qq",
    "wechat",
    "bankaccount",
    "taxno",
];
/// Whole names.
const PERSONAL: &[&str] = &["address", "zip", "zipcode", "fax", "nick", "customername"];
/// Parts of the name of an object whose `name` is a person's.
const PERSONS: &[&str] = &["receiver", "sender", "buyer", "contact", "consignee", "customer", "pickup", "person"];
/// Credentials.
const SECRET: &[&str] = &["session", "appsecret", "secret", "password", "accesstoken", "refreshtoken", "token"];

const HIDDEN: &str = "***";
/// Levels of JSON within JSON texts.
pub(super) const NESTED: usize = 3;

/// What may be seen.
pub struct View<'v> {
    /// Personal values as they are.
    pub reveal: bool,
    /// The built-in method that was called.
    pub method: Option<&'v MethodEntry>,
}

impl Messages {
    /// The parameters of the request as a JSON object, JSON among them opened; with a raw body as `body`.
    pub fn request_shown(&self, view: &View<'_>) -> String {
        let names = Names::of(view);
        let body = bytes::Bytes::copy_from_slice(&self.body);
        let mut out = Vec::new();
        match call::read(self.query.as_bytes(), &self.content_type, &body, Clash::BodyWins) {
            Ok(call) => {
                out.push(b'{');
                for (name, value) in call.params.iter() {
                    member(&mut out, name);
                    names.text(&mut out, name, "", value, NESTED);
                }
                if let Some(raw) = call.raw {
                    member(&mut out, "body");
                    names.document(&mut out, &String::from_utf8_lossy(raw));
                }
                out.push(b'}');
            }
            Err(_) => names.opaque(&mut out, &[self.query.as_bytes(), b"\n", &self.body].concat()),
        }
        String::from_utf8(out).unwrap_or_default()
    }

    /// The reply as JSON; XML as a text.
    pub fn reply_shown(&self, view: &View<'_>) -> String {
        let mut out = Vec::new();
        Names::of(view).document(&mut out, &String::from_utf8_lossy(&self.reply));
        String::from_utf8(out).unwrap_or_default()
    }
}

/// Whether values of this name are about a person, whoever declares them.
pub(crate) fn is_personal(name: &str) -> bool {
    let name = plain(name);
    PERSONAL.contains(&&*name) || PERSONAL_ENDS.iter().any(|end| name.ends_with(end))
}

/// Which names are personal here.
pub(super) struct Names {
    reveal: bool,
    /// Nothing at all is hidden: to compare with.
    bare: bool,
    declared: Vec<&'static str>,
}

impl Names {
    pub(super) fn of(view: &View<'_>) -> Self {
        let declared = view.method.map(|method| personal_columns(&method.reply())).unwrap_or_default();
        Self { reveal: view.reveal, bare: false, declared }
    }

    /// Those that hide nothing, not even credentials.
    pub(super) fn none() -> Self {
        Self { reveal: true, bare: true, declared: Vec::new() }
    }

    /// Whether the value of this member must not be seen; `within` is the object's own name.
    fn hides(&self, name: &str, within: &str) -> bool {
        if self.reveal {
            return false;
        }
        if self.declared.contains(&name) {
            return true;
        }
        let (name, within) = (plain(name), plain(within));
        PERSONAL.contains(&&*name)
            || PERSONAL_ENDS.iter().any(|end| name.ends_with(end))
            || name == "name" && PERSONS.iter().any(|person| within.contains(person))
    }

    /// A JSON or XML text, whole.
    pub(super) fn document(&self, out: &mut Vec<u8>, text: &str) {
        let trimmed = text.trim_start();
        if trimmed.starts_with(['{', '['])
            && let Ok(raw) = json::value(text)
        {
            self.json(out, "", "", raw, NESTED);
        } else if trimmed.starts_with('<')
            && let Ok(root) = xml::read(text)
        {
            let mut writer = xml::Writer::new();
            self.xml(&mut writer, &root, "");
            write_text(out, &writer.finish());
        } else {
            self.opaque(out, text.as_bytes());
        }
    }

    /// Bytes of which nothing is known.
    fn opaque(&self, out: &mut Vec<u8>, bytes: &[u8]) {
        if bytes.is_empty() {
            out.extend_from_slice(b"\"\"");
        } else if self.reveal {
            write_text(out, &String::from_utf8_lossy(bytes));
        } else {
            write_text(out, &format!("({} bytes that cannot be taken apart; shown with reveal=true)", bytes.len()));
        }
    }

    /// A value that is a text; one that holds JSON or XML is opened.
    pub(super) fn text(&self, out: &mut Vec<u8>, name: &str, within: &str, value: &str, depth: usize) {
        if !self.bare && SECRET.contains(&&*plain(name)) && !value.is_empty() {
            return write_text(out, HIDDEN);
        }
        if self.hides(name, within) {
            return write_text(out, &mask(value));
        }
        let start = value.trim_start();
        if depth > 0
            && start.starts_with(['{', '['])
            && let Ok(raw) = json::value(value)
        {
            return self.json(out, name, within, raw, depth - 1);
        }
        if start.starts_with('<') {
            return self.document(out, value);
        }
        write_text(out, value);
    }

    fn json(&self, out: &mut Vec<u8>, name: &str, within: &str, raw: &RawValue, depth: usize) {
        match json::shape(raw) {
            Shape::Object => {
                let Ok(object) = Object::from_raw(raw) else { return self.opaque(out, raw.get().as_bytes()) };
                out.push(b'{');
                for (inner, value) in object.iter() {
                    member(out, inner);
                    self.json(out, inner, if name.is_empty() { within } else { name }, value, depth);
                }
                out.push(b'}');
            }
            Shape::Array => {
                let Ok(array) = Array::from_raw(raw, usize::MAX) else { return self.opaque(out, raw.get().as_bytes()) };
                out.push(b'[');
                for (at, value) in array.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    self.json(out, name, within, value, depth);
                }
                out.push(b']');
            }
            Shape::Text => match json::text(raw) {
                Ok(text) => self.text(out, name, within, &text, depth),
                Err(_) => self.opaque(out, raw.get().as_bytes()),
            },
            Shape::Number if self.hides(name, within) => write_text(out, &mask(raw.get())),
            _ => out.extend_from_slice(raw.get().as_bytes()),
        }
    }

    fn xml(&self, out: &mut xml::Writer, element: &Element, within: &str) {
        if element.children.is_empty() {
            let mut shown = Vec::new();
            self.text(&mut shown, &element.name, within, &element.text, 0);
            let text = std::str::from_utf8(&shown).ok().and_then(|shown| serde_json::from_str::<String>(shown).ok());
            return out.element(&element.name, &text.unwrap_or_default());
        }
        out.open(&element.name);
        for child in &element.children {
            self.xml(out, child, &element.name);
        }
        out.close(&element.name);
    }
}

/// A comma unless it is the first, and the name.
fn member(out: &mut Vec<u8>, name: &str) {
    if !out.ends_with(b"{") {
        out.push(b',');
    }
    write_text(out, name);
    out.push(b':');
}

/// Lower case, without separators.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

fn personal_columns(shape: &ReplyShape) -> Vec<&'static str> {
    fn walk(columns: &[wire::rows::Description], into: &mut Vec<&'static str>) {
        for column in columns {
            if column.class != wire::rows::Class::Business {
                into.push(column.name);
            }
            walk(&column.columns, into);
        }
    }
    let mut names = Vec::new();
    for member in &shape.members {
        walk(member.columns.as_deref().unwrap_or_default(), &mut names);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(content_type: &str, query: &str, body: &str, reveal: bool) -> String {
        let messages = Messages {
            query: query.to_owned(),
            content_type: content_type.to_owned(),
            body: body.as_bytes().to_vec(),
            ..Messages::default()
        };
        messages.request_shown(&View { reveal, method: None })
    }

    #[test]
    fn masks_by_name_wherever_a_value_stands() {
        let form = "application/x-www-form-urlencoded";
        let order = r#"trade_list=[{"tid":"T1","num":12345678901234567890,"receiver_name":"张三","receiver_mobile":13800138000}]&session=abc"#;
        for (kind, query, body, reveal, expected) in [
            (
                form,
                "sid=a",
                order,
                false,
                r#"{"session":"***","sid":"a","trade_list":[{"tid":"T1","num":12345678901234567890,"receiver_name":"张*","receiver_mobile":"138****8000"}]}"#,
            ),
            (
                form,
                "sid=a",
                order,
                true,
                r#"{"session":"***","sid":"a","trade_list":[{"tid":"T1","num":12345678901234567890,"receiver_name":"张三","receiver_mobile":13800138000}]}"#,
            ),
            (
                "application/json",
                "v=2.0",
                r#"{"shop_name":"店","senderInfo":{"name":"李四","detailAddress":"花园路1号"}}"#,
                false,
                r#"{"v":"2.0","body":{"shop_name":"店","senderInfo":{"name":"李*","detailAddress":"花****"}}}"#,
            ),
            (
                "text/xml",
                "",
                "<request><receiverInfo><name>王五</name><company>某厂</company><mobile>13800138000</mobile></receiverInfo></request>",
                false,
                r#"{"body":"<?xml version=\"1.0\" encoding=\"utf-8\"?><request><receiverInfo><name>王*</name><company>某厂</company><mobile>138****8000</mobile></receiverInfo></request>"}"#,
            ),
            (form, "a=%zz", "", false, r#""(6 bytes that cannot be taken apart; shown with reveal=true)""#),
        ] {
            assert_eq!(shown(kind, query, body, reveal), expected);
        }
    }

    #[test]
    fn a_broken_reply_is_not_shown_and_a_good_one_is() {
        let reply = |reply: &str, reveal| {
            Messages { reply: reply.as_bytes().to_vec(), ..Messages::default() }
                .reply_shown(&View { reveal, method: None })
        };
        assert_eq!(
            reply(r#"{"rows":[{"mobile":"13800138000","no":"1"}]}"#, false),
            r#"{"rows":[{"mobile":"138****8000","no":"1"}]}"#
        );
        assert_eq!(
            reply("mobile 13800138000", false),
            r#""(18 bytes that cannot be taken apart; shown with reveal=true)""#
        );
        assert_eq!(reply("mobile 13800138000", true), r#""mobile 13800138000""#);
        assert_eq!(reply("", false), r#""""#);
    }
}
