//! A Qimen call as a call of the Wangdian standard API on another server, and that server's answer back (fact sheet qimen, C5).

use std::collections::BTreeSet;

use units::Moment;
use wire::form::{self, Space};
use wire::json::{Object, RawValue, Shape, shape, text};
use wire::rows::{Class, ColumnKind, Description};
use wire::wdt::{self, LengthUnit};

use super::fault::ForwardFault;
use super::personal;
use super::qimen::Written;
use super::reply::{Verdict, scalar};
use super::upstream::Upstream;
use crate::directory::{Openapi2Account, PersonalForm};
use crate::registry::Entry;

/// Names that the account gives; a caller's own are dropped.
const GIVEN: [&str; 3] = ["appkey", "sign", "timestamp"];

/// Writes the call: form, time in seconds, lengths in characters as the vendor's own client counts them. `file` is the name of the
/// service, `trade_push.php`.
pub(crate) fn write(
    upstream: &Upstream,
    account: &Openapi2Account,
    file: &str,
    business: &[(&str, &str)],
    now: Moment,
) -> Written {
    let seconds = now.unix().to_string();
    let given = |name: &str| GIVEN.contains(&name) || name == "sid" && account.sid.is_some();
    let mut pairs: Vec<(&str, &str)> = business.iter().copied().filter(|(name, _)| !given(name)).collect();
    pairs.extend(account.sid.as_deref().map(|sid| ("sid", sid)));
    pairs.push(("appkey", &account.appkey));
    pairs.push(("timestamp", &seconds));
    pairs.sort_unstable();
    let sign = wdt::sign(account.secret.expose_text(), pairs.iter().copied(), LengthUnit::CodePoints);
    pairs.push(("sign", &sign));
    let folder = upstream.url.path().trim_end_matches('/');
    Written {
        path: if file.is_empty() { folder.to_owned() } else { format!("{folder}/{file}") },
        content_type: "application/x-www-form-urlencoded;charset=UTF-8",
        body: form::encode(pairs, Space::Plus).into(),
    }
}

/// The file name of a method that the registry does not know, by the rule that the others follow: `wdt.stock.out.query` is
/// `stock_out_query.php`.
pub(crate) fn file_of(method: &str) -> String {
    let name = method.strip_prefix("wdt.").unwrap_or(method);
    format!("{}.php", name.replace('.', "_"))
}

/// What is known about the columns of a method's reply.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    /// JSON numbers on the Qimen side.
    pub(crate) numbers: BTreeSet<&'static str>,
    /// About a person, as the method itself declares it: empty on the Qimen side, like those of the privacy list.
    pub(crate) personal: BTreeSet<&'static str>,
    /// The same, as the target is known to call them.
    pub(crate) named: Vec<String>,
    /// Personal fields of this target are shown after all.
    pub(crate) shown: bool,
}

impl Columns {
    /// With what is set for the target.
    pub(crate) fn at(self, account: &Openapi2Account) -> Self {
        Self { named: account.personal_names.clone(), shown: account.personal == PersonalForm::Show, ..self }
    }
}

/// The columns of a method that Matou serves itself.
pub(crate) fn columns(entry: &Entry) -> Columns {
    let (mut found, mut texts) = (Columns::default(), BTreeSet::new());
    for member in entry.reply().members {
        match member.columns {
            None => drop(found.numbers.insert(member.name)),
            Some(columns) => sort_out(&columns, &mut found, &mut texts),
        }
    }
    // A name that is a text in one list and a number in another stays as it comes.
    found.numbers.retain(|name| !texts.contains(name));
    found
}

fn sort_out(columns: &[Description], found: &mut Columns, texts: &mut BTreeSet<&'static str>) {
    for column in columns {
        if column.class != Class::Business {
            found.personal.insert(column.name);
        }
        match column.kind {
            ColumnKind::List => sort_out(&column.columns, found, texts),
            ColumnKind::Int | ColumnKind::Flag => drop(found.numbers.insert(column.name)),
            _ => drop(texts.insert(column.name)),
        }
    }
}

/// Reads the answer: `code` 0 is a success, whose other members go on as they are, but for personal fields when they are to be
/// emptied and for the columns that are numbers here.
pub(crate) fn read(reply: &str, columns: &Columns, blank: bool) -> Result<Verdict, ForwardFault> {
    let object = Object::parse(reply).map_err(|error| ForwardFault::Garbage(error.to_string()))?;
    let code = object.get("code").and_then(scalar);
    let code = code.ok_or_else(|| ForwardFault::Garbage("the answer has no code".to_owned()))?;
    let message = object.get("message").and_then(scalar).unwrap_or_default().into_owned();
    if code != "0" {
        return Ok(Verdict::Refused { code: code.into_owned(), message });
    }
    let mut members = Vec::with_capacity(reply.len());
    for (name, value) in object.iter().filter(|(name, _)| !matches!(*name, "code" | "message")) {
        members.push(b',');
        wire::json::write_text(&mut members, name);
        members.push(b':');
        members.extend(member(name, value, columns, blank));
    }
    Ok(Verdict::Members { message, members: members.into() })
}

fn member(name: &str, value: &RawValue, columns: &Columns, blank: bool) -> Vec<u8> {
    match shape(value) {
        _ if blank && personal::is_personal(name, columns) => b"\"\"".to_vec(),
        Shape::Object | Shape::Array if blank => personal::convert(value.get(), columns),
        // `total_count` and its like.
        Shape::Text if columns.numbers.contains(name) => {
            let plain = text(value).unwrap_or_default();
            let whole = plain.len() <= 15 && !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_digit());
            let whole = whole && (plain == "0" || !plain.starts_with('0'));
            if whole { plain.as_bytes().to_vec() } else { value.get().as_bytes().to_vec() }
        }
        _ => value.get().as_bytes().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use store::Secret;

    use super::*;
    use crate::directory::Charset;

    fn account(sid: Option<&str>) -> Openapi2Account {
        Openapi2Account {
            appkey: "wdt2-ot".into(),
            secret: Secret::new("wdtsecret"),
            sid: sid.map(str::to_owned),
            ..Default::default()
        }
    }

    fn upstream() -> Upstream {
        super::super::upstream::tests::upstream("http://erp.example.com/openapi2/", Charset::Utf8)
    }

    #[test]
    fn the_worked_example_of_the_sheet() {
        let business = [
            ("sid", "wdt2"),
            ("shop_no", "旗舰店01"),
            ("trade_list", r#"[{"tid":"T2026010200001","buyer_message":"请发顺丰，谢谢"}]"#),
        ];
        let now = Moment::parse("2026-01-02 03:04:05").unwrap();
        let written = write(&upstream(), &account(None), &file_of("wdt.trade.push"), &business, now);
        assert_eq!(written.path, "/openapi2/trade_push.php");
        assert_eq!(
            String::from_utf8_lossy(&written.body),
            "appkey=wdt2-ot&shop_no=%E6%97%97%E8%88%B0%E5%BA%9701&sid=wdt2&timestamp=1767294245&trade_list=%5B%7B%22tid%22%3A%22T2026010200001%22%2C%22buyer_message%22%3A%22%E8%AF%B7%E5%8F%91%E9%A1%BA%E4%B8%B0%EF%BC%8C%E8%B0%A2%E8%B0%A2%22%7D%5D&sign=97ee97a81338b95a619ecb4acfb8462d"
        );
    }

    #[test]
    fn the_account_is_not_the_callers_to_choose() {
        let business = [("appkey", "mine"), ("sid", "other"), ("sign", "x"), ("timestamp", "1"), ("a", "1")];
        let now = Moment::from_unix(1_767_294_245);
        let written = write(&upstream(), &account(Some("wdt2")), "shop.php", &business, now);
        let body = String::from_utf8_lossy(&written.body);
        assert!(body.starts_with("a=1&appkey=wdt2-ot&sid=wdt2&timestamp=1767294245&sign="), "{body}");
    }

    #[test]
    fn answers_come_back_digit_for_digit() {
        let columns = Columns {
            numbers: BTreeSet::from(["total_count", "num"]),
            personal: BTreeSet::from(["contact"]),
            ..Default::default()
        };
        let reply = r#"{"code":"0","total_count":"2","message":"OK","trades":[{"tid":12345678901234567890,"price":1.10,"num":"3","receiver_name":"张三","contact":"李四"}],"buyer_nick":"n","contact":"李四"}"#;
        let Ok(Verdict::Members { message, members }) = read(reply, &columns, true) else { panic!("a success") };
        assert_eq!(message, "OK");
        assert_eq!(
            String::from_utf8_lossy(&members),
            r#","total_count":2,"trades":[{"tid":12345678901234567890,"price":1.10,"num":3,"receiver_name":"","contact":""}],"buyer_nick":"","contact":"""#
        );
        let refused = read(r#"{"code":2310,"message":"店铺不存在"}"#, &columns, true);
        assert_eq!(refused, Ok(Verdict::Refused { code: "2310".into(), message: "店铺不存在".into() }));
        for garbage in ["", "<html>", "[]", r#"{"message":"x"}"#, r#"{"code":null}"#] {
            assert!(matches!(read(garbage, &columns, true), Err(ForwardFault::Garbage(_))), "{garbage}");
        }
    }
}
