//! How long the hot path of a push takes on this machine: merge and decode the parameters, verify the signature, decode
//! the orders. `cargo run --release -p wire --example verify_speed`

use std::hint::black_box;
use std::time::Instant;

use units::{Money, Quantity};
use wire::args::{Arguments, Json, List, Text, ZeroDate, arguments};
use wire::form::{self, Space};
use wire::params::{Clash, Params};
use wire::rows::{Column, Personal, Scalars, Style, Writer, int, list, money, personal, quantity, text};
use wire::top::{self, Digest, Options};
use wire::wdt::{self, LengthUnit};

arguments! {
    /// A line, as in fact sheet wdt-1, 2.13.
    pub struct Line by oid {
        /// line number
        pub oid: Text<40>,
        /// pieces
        pub num: Quantity,
        /// list price
        pub price: Money,
        /// state
        pub status: i64,
        /// state of the refund
        pub refund_status: i64,
        /// platform goods
        pub goods_id: Text<40>,
        /// platform spec
        pub spec_id: Option<Text<40>>,
        /// goods number
        pub goods_no: Option<Text<40>>,
        /// spec number
        pub spec_no: Option<Text<40>>,
        /// name
        pub goods_name: Text<255>,
        /// name of the spec
        pub spec_name: Option<Text<100>>,
        /// change of the price
        pub adjust_amount: Option<Money>,
        /// discount
        pub discount: Option<Money>,
        /// shared discount
        pub share_discount: Option<Money>,
    }
}

arguments! {
    /// An order.
    pub struct Order by tid {
        /// number
        pub tid: Text<40>,
        /// state
        pub trade_status: i64,
        /// paid
        pub pay_status: i64,
        /// terms
        pub delivery_term: i64,
        /// ordered when
        pub trade_time: ZeroDate,
        /// paid when
        pub pay_time: ZeroDate,
        /// nick
        pub buyer_nick: Text<100>,
        /// receiver
        pub receiver_name: Text<40>,
        /// province
        pub receiver_province: Option<Text<40>>,
        /// city
        pub receiver_city: Option<Text<40>>,
        /// district
        pub receiver_district: Option<Text<40>>,
        /// address
        pub receiver_address: Text<256>,
        /// mobile
        pub receiver_mobile: Option<Text<40>>,
        /// carrier kind
        pub logistics_type: Option<i64>,
        /// message
        pub buyer_message: Option<Text<1024>>,
        /// freight
        pub post_amount: Money,
        /// cash on delivery
        pub cod_amount: Money,
        /// fee
        pub ext_cod_fee: Money,
        /// other
        pub other_amount: Option<Money>,
        /// paid
        pub paid: Money,
        /// lines
        pub order_list: List<Line, 1, 200>,
    }
}

arguments! {
    /// A push.
    pub struct Push {
        /// shop
        pub shop_no: Text<50>,
        /// orders
        pub trade_list: Json<List<Order>>,
    }
}

const LINES: &[Column<Line>] = &[
    text("oid", "", |l| &l.oid),
    quantity("num", "", |l| l.num),
    money("price", "", |l| l.price),
    text("goods_name", "", |l| &l.goods_name),
];
const ORDERS: &[Column<Order>] = &[
    text("tid", "", |o| &o.tid),
    int("trade_status", "", |o| o.trade_status),
    personal("receiver_name", "", |o| &o.receiver_name),
    money("paid", "", |o| o.paid),
    list!("goods_list", "", LINES, |o| o.order_list.iter()),
];

const ORDER: &str = r#"[{"tid":"T20231115001","trade_status":30,"pay_status":2,"delivery_term":1,"trade_time":"2023-11-15 05:50:00","pay_time":"2023-11-15 05:52:00","buyer_nick":"张三_01","receiver_name":"张三","receiver_province":"北京","receiver_city":"北京市","receiver_district":"海淀区","receiver_address":"花园路1号","receiver_mobile":"13600000000","receiver_zip":"100000","logistics_type":-1,"invoice_kind":0,"buyer_message":"请尽快","seller_memo":"","seller_flag":0,"post_amount":10,"cod_amount":0,"ext_cod_fee":0,"other_amount":0,"paid":"302.00","order_list":[{"oid":"T20231115001-1","num":2,"price":99,"status":30,"refund_status":0,"goods_id":"M100","spec_id":"M100-1","goods_no":"G1001","spec_no":"G1001-RED","goods_name":"示例T恤","spec_name":"红色","adjust_amount":0,"discount":0,"share_discount":5},{"oid":"T20231115001-2","num":1,"price":"99.00","status":30,"refund_status":0,"goods_id":"M100","spec_id":"M100-2","goods_no":"G1001","spec_no":"G1001-BLUE","goods_name":"示例T恤","spec_name":"蓝色","adjust_amount":0,"discount":0,"share_discount":0}]}]"#;

/// Prints the median of several rounds, microseconds a turn.
fn time(what: &str, mut turn: impl FnMut()) {
    const TURNS: u32 = 5_000;
    let mut rounds: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            (0..TURNS).for_each(|_| turn());
            start.elapsed().as_secs_f64() * 1e6 / f64::from(TURNS)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    println!("{what:<44} {:>8.2} µs", rounds[4]);
}

fn main() {
    const SECRET: &str = "demo_secret_01";
    let qimen = [
        ("method", "wdt.trade.push"),
        ("app_key", "21300001"),
        ("target_app_key", "21300099"),
        ("timestamp", "2023-11-15 06:13:20"),
        ("format", "json"),
        ("v", "2.0"),
        ("sid", "demo2"),
        ("shop_no", "api_test"),
        ("trade_list", ORDER),
    ];
    let body = form::encode(qimen, Space::Plus);
    println!("request of {} bytes, JSON of {}", body.len(), ORDER.len());
    let decode = || Params::of_form(b"", body.as_bytes(), Clash::Refuse).unwrap_or_default();
    let params = decode();

    time("parameters decoded and sorted", || drop(black_box(decode())));
    for digest in Digest::ALL {
        let given = top::sign(digest, SECRET, params.iter(), None);
        time(&format!("Qimen verified, {}", digest.name()), || {
            assert!(top::verify(digest, SECRET, black_box(&params), None, &given, Options::default()).is_some());
        });
    }
    let given = wdt::sign(SECRET, params.iter(), LengthUnit::CodePoints);
    time("openapi2 verified", || assert!(wdt::verify(SECRET, black_box(&params), &given).is_some()));
    time("one order of two lines decoded", || assert!(Push::decode_root(black_box(&params)).is_ok()));
    time("all three, openapi2", || {
        let params = decode();
        assert!(wdt::verify(SECRET, &params, &given).is_some());
        assert!(Push::decode_root(&params).is_ok());
    });
    if let Ok(push) = Push::decode_root(&params) {
        time("the order written as a reply row", || {
            let mut out = Writer::new(Style { scalars: Scalars::Text, personal: Personal::Show });
            out.rows(ORDERS, push.trade_list.iter());
            black_box(out.finish());
        });
    }
}
