//! The same rows in every style.

use units::{Day, Moment, Money, Quantity};

use super::*;

struct Shop {
    platform: i64,
    no: String,
    mobile: String,
    open: bool,
    modified: Option<Moment>,
    since: Option<Day>,
    fee: Money,
    lines: Vec<Line>,
}
struct Line {
    num: Quantity,
}

const LINE: &[Column<Line>] = &[quantity("num", "pieces", |l| l.num), zero("gift", "not kept")];
const SHOP: &[Column<Shop>] = &[
    int("platform_id", "platform, appendix A", |s| s.platform),
    text("shop_no", "business key", |s| &s.no),
    personal("mobile", "contact", |s| &s.mobile),
    owned("both", "made up", |s: &Shop| format!("{}/{}", s.platform, s.no)).of_class(Class::Personal),
    secret("app_key", "credential"),
    flag("open", "is it", |s| s.open),
    money("fee", "fee", |s| s.fee),
    zero_decimal("tax", "not kept"),
    time("modified", "changed when", |s| s.modified),
    no_time("expire_time", "not kept"),
    day("since", "since", |s| s.since),
    empty("zip", "not kept"),
    list!("goods_list", "lines", LINE, |s| s.lines.iter()),
    int("last", "after the list", |_| 9),
];

fn shop() -> Shop {
    Shop {
        platform: 127,
        no: "a\"旗舰店".into(),
        mobile: "13800000000".into(),
        open: true,
        modified: Some(Moment::from_unix(1_700_000_000)),
        since: None,
        fee: "1.5".parse().unwrap(),
        lines: vec![Line { num: Quantity::whole(2) }, Line { num: Quantity::ZERO }],
    }
}

fn write(scalars: Scalars, personal: Personal) -> String {
    let shop = shop();
    let mut out = Writer::new(Style { scalars, personal });
    out.open();
    out.open_member("response");
    out.member_int("errorcode", 0);
    out.member_text("message", "");
    out.member_rows("shoplist", SHOP, [&shop]);
    out.member_rows("none", LINE, []);
    out.member_rows_of("some", SHOP, |name| name == "shop_no" || name == "last", [&shop, &shop]);
    out.member_bool("ok", true);
    out.close();
    out.close();
    String::from_utf8(out.finish()).unwrap()
}

#[test]
fn text_for_openapi2() {
    let expected = r#"{"response":{"errorcode":0,"message":"","shoplist":[{"platform_id":"127","shop_no":"a\"旗舰店",
        "mobile":"13800000000","both":"127/a\"旗舰店","app_key":"","open":"1","fee":"1.5000","tax":"0.0000",
        "modified":"2023-11-15 06:13:20","expire_time":"0000-00-00 00:00:00","since":"0000-00-00","zip":"",
        "goods_list":[{"num":"2.0000","gift":"0"},{"num":"0.0000","gift":"0"}],"last":"9"}],"none":[],
        "some":[{"shop_no":"a\"旗舰店","last":"9"},{"shop_no":"a\"旗舰店","last":"9"}],"ok":true}}"#;
    assert_eq!(write(Scalars::Text, Personal::Show), expected.replace("\n        ", ""));
}

#[test]
fn native_and_blank_for_qimen() {
    let text = write(Scalars::Native, Personal::Blank);
    for part in [
        r#""platform_id":127,"#,
        r#""mobile":"","both":"","#,
        r#""open":1,"fee":"1.5000","#,
        r#""gift":0}"#,
        r#""last":9}"#,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
}

#[test]
fn masked_for_logs() {
    let text = write(Scalars::Native, Personal::Mask);
    assert!(text.contains(r#""mobile":"138****0000","both":"1********","#), "{text}");
}

#[test]
fn columns_describe_themselves() {
    let all = describe(SHOP);
    let kinds: Vec<ColumnKind> = all.iter().map(|d| d.kind).collect();
    use ColumnKind::*;
    assert_eq!(kinds, [Int, Text, Text, Text, Text, Flag, Decimal, Decimal, Time, Time, Day, Text, List, Int]);
    assert_eq!(all[2].class, Class::Personal);
    assert_eq!(all[12].columns.iter().map(|d| d.name).collect::<Vec<_>>(), ["num", "gift"]);
}
