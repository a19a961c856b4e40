//! The whole way: a form, a JSON text in one of its fields, rows, lines.

use units::{Day, Moment, Money, Quantity};

use super::*;
use crate::json::Object;
use crate::params::Params;

codes! {
    /// State of a raw order.
    pub(super) enum Status {
        /// unpaid (未付款)
        Unpaid = 10,
        /// paid
        /// in full
        Paid = 30,
        /// no state
        None = -1,
    }
}

arguments! {
    /// One line.
    pub(super) struct Line by oid {
        /// line number
        pub(super) oid: Text<40>,
        /// pieces
        pub(super) num: Quantity,
        /// list price
        pub(super) price: Option<Money>,
    }
}

arguments! {
    /// One order of `trade_list`
    /// (fact sheet wdt-1, 2.13).
    pub(super) struct Order by tid {
        /// order number
        pub(super) tid: Text<8>,
        /// its state
        pub(super) trade_status: Status,
        /// paid when
        pub(super) pay_time: ZeroDate,
        /// ordered when
        pub(super) trade_time: Option<Moment>,
        /// kind of invoice
        pub(super) invoice_kind | invoice_type | r#type: Option<i64>,
        /// remark
        pub(super) memo: Option<Text<4>>,
        /// hold it
        pub(super) hold: Option<bool>,
        /// lines
        pub(super) order_list: List<Line, 1, 2>,
        /// nested object
        pub(super) extra: Option<Line>,
        /// plain values
        pub(super) tags: Option<Values<Text<3>, 0, 2>>,
    }
}

arguments! {
    /// A strict push.
    struct Push {
        /// shop
        shop_no: Text<20>,
        /// day
        day: Option<Day>,
        /// orders
        trade_list: Json<List<Order, 1, 3>>,
        /// strict
        switch: Option<bool>,
    }
}

arguments! {
    /// A lenient push.
    struct Lenient {
        /// shop key of another system
        other = "otherShop": Option<Text<20>>,
        /// orders
        trade_list: Json<RawList<Order, 0, 3>>,
    }
}

arguments! {
    /// Nothing.
    struct Nothing {}
}

const GOOD: &str =
    r#"{"tid":"T1","trade_status":"30","pay_time":"","order_list":[{"oid":"L1","num":2,"price":"9.90"}]}"#;

fn push(orders: &str) -> Result<Push, Refusal> {
    let params = Params::of_pairs([("shop_no", "s1"), ("trade_list", orders), ("switch", "1")]).unwrap();
    Push::decode_root(&params)
}

#[test]
fn reads_what_is_right() {
    let push = push(&format!(
        r#"[{GOOD},{{"tid":12345678,"trade_status":30,"pay_time":"2023-11-15 06:13:20","trade_time":"0000-00-00 00:00:00",
            "invoice_type":"2","invoice_kind":null,"memo":"","hold":true,"unknown":[{{}}],"tags":["a",1],
            "order_list":[{{"oid":"x","num":"1.5","price":""}}],"extra":{{"oid":"e","num":1E1}}}}]"#
    ))
    .unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(&*push.shop_no, "s1");
    assert!(push.day.is_none() && push.switch == Some(true));
    let [first, second] = &**push.trade_list else { panic!("two orders") };
    assert_eq!((first.tid.as_str(), first.trade_status, first.pay_time), ("T1", Status::Paid, ZeroDate(None)));
    assert_eq!(&*first.order_list[0].oid, "L1");
    assert_eq!(first.order_list[0].price.unwrap().to_string(), "9.9000");
    assert_eq!((second.tid.as_str(), second.pay_time.0.unwrap().unix()), ("12345678", 1_700_000_000));
    // The declared name is present (as null), so the alias is not looked at.
    assert_eq!((second.trade_time, second.invoice_kind, second.hold), (None, None, Some(true)));
    assert_eq!(second.memo.as_deref(), Some(""));
    assert_eq!(given(&second.memo), None);
    assert!(second.order_list[0].price.is_none());
    assert_eq!(second.extra.as_ref().unwrap().num, Quantity::whole(10));
    assert_eq!(second.tags.as_ref().unwrap().iter().map(Text::as_str).collect::<Vec<_>>(), ["a", "1"]);
    assert!(Nothing::decode_root(&Params::default()).is_ok());
}

#[test]
fn an_alias_is_found() {
    let object =
        Object::parse(r#"{"tid":"T","trade_status":10,"pay_time":"","order_list":[{"oid":"L","num":1}],"type":7}"#)
            .unwrap();
    let order = Order::decode_root(&object).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(order.invoice_kind, Some(7));
}

/// One change to a good order, and the refusal it must bring.
fn check(from: &str, to: &str, path: &str, problem: Problem) {
    assert!(GOOD.contains(from), "{from}");
    let refusal =
        push(&format!("[{}]", GOOD.replacen(from, to, 1))).err().unwrap_or_else(|| panic!("{to} was accepted"));
    assert_eq!((refusal.path.as_str(), refusal.problem), (path, problem), "{to}");
}

#[test]
fn says_what_is_wrong_and_where() {
    let o = |field: &str| format!("trade_list[0].{field}");
    let l = |field: &str| format!("trade_list[0].order_list[0].{field}");
    check(r#""tid":"T1","#, "", &o("tid"), Problem::Missing);
    check(r#""T1""#, "null", &o("tid"), Problem::Missing);
    check(r#""T1""#, r#""""#, &o("tid"), Problem::Empty);
    check(r#""T1""#, r#""一二三四五六七八九""#, &o("tid"), Problem::TooLong { max: 8 });
    check(r#""T1""#, "true", &o("tid"), Problem::WrongShape);
    check(r#""T1""#, "[]", &o("tid"), Problem::WrongShape);
    check(r#""T1""#, r#""\u0000""#, &o("tid"), Problem::NotText);
    check(r#""T1""#, r#""\ud800""#, &o("tid"), Problem::NotText);
    check(r#""tid":"T1""#, r#""tid":"T1","tid":"T1""#, &o("tid"), Problem::Duplicate);
    check(r#""30""#, r#""31""#, &o("trade_status"), Problem::NotAllowed);
    check(r#""30""#, r#""x""#, &o("trade_status"), Problem::NotAnInteger);
    check(r#""30""#, r#""""#, &o("trade_status"), Problem::Empty);
    check(r#""pay_time":"","#, "", &o("pay_time"), Problem::Missing);
    check(r#""pay_time":"""#, r#""pay_time":"2023-02-30 00:00:00""#, &o("pay_time"), Problem::NotATime);
    check(r#""num":2"#, r#""num":"two""#, &l("num"), Problem::NotADecimal);
    check(r#""num":2"#, r#""num":123456789012345"#, &l("num"), Problem::OutOfRange);
    check(r#""num":2"#, r#""num":{}"#, &l("num"), Problem::WrongShape);
    check(r#"[{"oid":"L1","num":2,"price":"9.90"}]"#, "[]", &o("order_list"), Problem::TooFew { min: 1 });
    check(r#"[{"oid":"L1","num":2,"price":"9.90"}]"#, "[{},{},{}]", &o("order_list"), Problem::TooMany { max: 2 });
    check(r#"[{"oid":"L1","num":2,"price":"9.90"}]"#, "{}", &o("order_list"), Problem::WrongShape);
    check(r#"[{"oid":"L1","num":2,"price":"9.90"}]"#, "[7]", &o("order_list[0]"), Problem::WrongShape);
    check(r#""tid""#, r#""hold":2,"tid""#, &o("hold"), Problem::NotAllowed);
    check(r#""tid""#, r#""tags":["long"],"tid""#, &o("tags[0]"), Problem::TooLong { max: 3 });
    check(r#""tid""#, r#""extra":{"oid":"a"},"tid""#, &o("extra.num"), Problem::Missing);
}

#[test]
fn the_json_text_itself() {
    for (orders, problem) in [
        ("", Problem::Empty),
        ("[", Problem::NotJson),
        ("{}", Problem::WrongShape),
        ("\"[]\"", Problem::WrongShape),
        ("[]", Problem::TooFew { min: 1 }),
        ("[{},{},{},{}]", Problem::TooMany { max: 3 }),
        (&"[".repeat(10_000), Problem::WrongShape),
    ] {
        let refusal = push(orders).err().unwrap();
        assert_eq!((refusal.path.as_str(), refusal.name, refusal.problem), ("trade_list", "trade_list", problem));
    }
    let refusal = Push::decode_root(&Params::default()).err().unwrap();
    assert_eq!((refusal.name, refusal.problem), ("shop_no", Problem::Missing));
    assert_eq!(refusal.to_string(), "shop_no is missing");
}

#[test]
fn a_refusal_names_the_outermost_keyed_row() {
    let refusal = push(&format!("[{}]", GOOD.replace("\"num\":2", "\"num\":\"x\""))).err().unwrap();
    assert_eq!(refusal.key.as_deref(), Some("T1"));
    assert_eq!(refusal.to_string(), "trade_list[0].order_list[0].num (of T1) is not a decimal number");
}

#[test]
fn lenient_rows_are_read_one_by_one() {
    let bad = GOOD.replace("T1", "T2").replace("\"30\"", "\"99\"");
    let orders = format!("[{GOOD},{bad},7]");
    let params = Params::of_pairs([("trade_list", orders.as_str()), ("otherShop", "x")]).unwrap();
    let lenient = Lenient::decode_root(&params).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(given(&lenient.other), Some("x"));
    let [good, bad, seven] = lenient.trade_list.elements() else { panic!("three rows") };
    assert!(good.row.is_ok());
    assert_eq!((bad.index, bad.key.as_deref()), (1, Some("T2")));
    assert_eq!(bad.row.as_ref().err().unwrap().problem, Problem::NotAllowed);
    assert_eq!(seven.row.as_ref().err().unwrap().path, "trade_list[2]");
    assert!(seven.key.is_none());
}

#[test]
fn the_declaration_describes_itself() {
    assert_eq!(Order::DOC, "One order of `trade_list` (fact sheet wdt-1, 2.13).");
    assert_eq!((Order::KEY, Push::KEY), ("tid", ""));
    let [tid, status, pay_time, _, invoice, memo, _, lines, extra, tags] = Order::FIELDS else { panic!("ten fields") };
    assert!(tid.required && matches!(tid.kind, Kind::Text { max: 8 }));
    assert_eq!(tid.doc, "order number");
    let Kind::Code(codes) = status.kind else { panic!("a code") };
    assert_eq!(codes, [(10, "unpaid (未付款)"), (30, "paid in full"), (-1, "no state")]);
    assert!(pay_time.required && matches!(pay_time.kind, Kind::Time));
    assert_eq!(invoice.aliases, ["invoice_type", "type"]);
    assert!(!memo.required);
    assert!(matches!(lines.kind, Kind::List { of, min: 1, max: 2, .. } if of.len() == 3));
    assert!(matches!(extra.kind, Kind::Object(fields) if fields.len() == 3));
    assert!(matches!(tags.kind, Kind::Values { of: Kind::Text { max: 3 }, min: 0, max: 2 }));
    assert!(matches!(Push::FIELDS[2].kind, Kind::JsonText(Kind::List { min: 1, max: 3, .. })));
    assert_eq!(Lenient::FIELDS[0].name, "otherShop");
}

#[test]
fn codes_know_themselves() {
    assert_eq!(Status::ALL.iter().map(|s| s.code()).collect::<Vec<_>>(), [10, 30, -1]);
    assert_eq!(Status::from_code(-1), Some(Status::None));
    assert_eq!(Status::from_code(0), None);
    assert_eq!(serde_json::to_string(&Status::Paid).unwrap(), "30");
    assert_eq!(serde_json::from_str::<Status>("10").unwrap(), Status::Unpaid);
    assert!(serde_json::from_str::<Status>("11").is_err());
}
