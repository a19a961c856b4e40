//! A folder with many orders in it, spread over the last thirty days, made by the core itself with a clock that is moved.

use std::path::Path;
use std::sync::Arc;

use erp::catalog;
use erp::order::{self, Buyer, DeliveryTerm, PushLine, PushOrder, TradeStatus};
use units::{Clock, ManualClock, Moment, Money, Quantity};

use crate::config;
use crate::demo::{self, Size};
use crate::outside::SystemClock;
use crate::server;
use crate::trouble::Trouble;

const DAYS: i64 = 30;
const ORDERS_A_UNIT: usize = 100;

/// Fills the folder with `count` orders of two lines. Returns hours of that past, as `trade_query` wants them.
pub(super) async fn fill(folder: &Path, count: usize) -> Result<Vec<(String, String)>, Trouble> {
    let begin = SystemClock.now().plus(-DAYS * 86_400);
    let clock = Arc::new(ManualClock::at(begin));
    let mut config = config::load(None)?;
    config.data.folder = folder.to_owned();
    let opened = server::open_at(&config, clock.clone()).await?;
    demo::settle(&opened.directory).await?;
    demo::furnish(&opened.store, &opened.directory, Size::Full).await?;
    let tenant = opened
        .directory
        .snapshot()
        .tenant_of(gateway::directory::Environment::Production, demo::SID)
        .map(|tenant| tenant.tenant())
        .ok_or_else(|| Trouble::new("the demo merchant is missing"))?;
    let specs: Arc<[(String, String)]> = demo::spec_numbers().into();
    let units = count.div_ceil(ORDERS_A_UNIT);
    let step = (DAYS * 86_400 - 7_200) / i64::try_from(units.max(1)).unwrap_or(i64::MAX);
    for unit in 0..units {
        let specs = specs.clone();
        opened
            .store
            .write(tenant, move |tx| {
                let settings = erp::Settings::default();
                let shop = catalog::own_mall_to_push(tx, demo::MALL)?;
                for n in unit * ORDERS_A_UNIT..((unit + 1) * ORDERS_A_UNIT).min(count) {
                    order::push(tx, &settings, &shop, past_order(n, &specs))?;
                }
                Ok::<_, erp::Error>(())
            })
            .await?;
        clock.advance(step);
        if unit % (units / 20).max(1) == 0 {
            eprintln!("bench: {} of {count} orders stored", unit * ORDERS_A_UNIT);
        }
    }
    opened.store.close();
    let hour = |n: i64| {
        let start = Moment::from_unix(begin.unix() + 3_600 * n);
        (start.to_string(), start.plus(3_599).to_string())
    };
    Ok((1..DAYS * 24 - 2).map(hour).collect())
}

fn past_order(n: usize, specs: &[(String, String)]) -> PushOrder {
    let tid = format!("L2025{n:012}");
    let line = |i: usize| {
        let (goods_no, spec_no) = &specs[(n * 7 + i * 31) % specs.len()];
        PushLine {
            oid: format!("{tid}-{i}"),
            status: TradeStatus::Paid,
            refund_status: 0,
            goods_id: format!("M-{goods_no}"),
            spec_id: format!("M-{spec_no}"),
            goods_no: goods_no.clone(),
            spec_no: spec_no.clone(),
            goods_name: "示例货品 2026春季新款".into(),
            spec_name: "红色 L".into(),
            num: Quantity::whole(2),
            price: Money::whole(99),
            adjust: Money::ZERO,
            discount: Money::ZERO,
            share_discount: Money::whole(5),
            cid: String::new(),
            remark: String::new(),
        }
    };
    let lines = vec![line(0), line(1)];
    PushOrder {
        status: TradeStatus::Paid,
        pay_status: 2,
        delivery_term: DeliveryTerm::PayFirst,
        trade_time: None,
        pay_time: None,
        region: [110_000, 110_100, 110_108],
        area: "北京 北京市 海淀区".into(),
        pay_id: None,
        logistics_type: Some(-1),
        invoice_kind: Some(0),
        invoice_title: None,
        invoice_content: None,
        buyer_message: Some("请尽快发货，谢谢".into()),
        seller_memo: Some(String::new()),
        seller_flag: Some(0),
        post_amount: Money::whole(10),
        cod_amount: Money::ZERO,
        ext_cod_fee: Money::ZERO,
        other_amount: Money::ZERO,
        paid: Money::whole(396),
        fenxiao_type: None,
        fenxiao_nick: None,
        warehouse_no: None,
        is_auto_wms: None,
        wms_type: None,
        to_deliver_time: None,
        id_card_type: None,
        cust_data: None,
        is_sealed: None,
        buyer: Buyer {
            nick: format!("买家_{n}"),
            name: "张三".into(),
            address: "花园路1号东门快递柜".into(),
            mobile: "19900000000".into(),
            zip: "100000".into(),
            ..Buyer::default()
        },
        tid,
        lines,
    }
}
