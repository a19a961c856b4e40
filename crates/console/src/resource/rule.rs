//! Rules (策略) of the order flow: gifts, pre-sale, warehouse, carrier, audit. Whether a kind is asked at all stands in the settings.

use erp::catalog;
use erp::order::{self, Given, Rule, RuleKind, Then, When};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};
use wire::args::{List, Text, Values, arguments};
use wire::rows::{Column, describe, flag, int, list, money, owned, quantity, text, time};

use super::lookup::Names;
use super::page::{page, set};
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

struct Row {
    rule: Rule,
    shops: String,
    warehouses: String,
    specs: String,
    goods: String,
    warehouse_no: String,
    carrier_no: String,
}

const GIFT: &[Column<Given>] = &[
    text("spec_no", "merchant code / 商家编码", |g| &g.spec_no),
    quantity("num", "pieces each time / 数量", |g| g.num),
];

const RULE: &[Column<Row>] = &[
    int("rule_id", "key / 策略id", |r| store::wire_id(r.rule.id)),
    text("kind", "gift, presale, warehouse, carrier or audit / 策略类别", |r| r.rule.kind.key()),
    text("kind_name", "the same in words / 类别名称", |r| r.rule.kind.chinese()),
    text("name", "name / 策略名称", |r| &r.rule.name),
    int("priority", "the smaller is asked first / 优先级", |r| r.rule.priority),
    flag("disabled", "not asked any more / 是否停用", |r| r.rule.disabled),
    text("shop_nos", "only these shops / 店铺编号", |r| &r.shops),
    text("warehouse_nos", "only from these warehouses / 仓库编号", |r| &r.warehouses),
    owned("regions", "only to these regions, by code / 地区编码", |r| numbers(&r.rule.when.regions)),
    owned("delivery_terms", "only when paid so / 发货条件", |r| numbers(&r.rule.when.delivery_terms)),
    text("spec_nos", "only with one of these goods / 商家编码", |r| &r.specs),
    text("goods_nos", "only with a spec of one of these / 货品编号", |r| &r.goods),
    time("start_time", "paid at or after / 开始时间", |r| r.rule.when.from),
    time("end_time", "paid at or before / 结束时间", |r| r.rule.when.until),
    quantity("min_num", "at least so many pieces / 最低数量", |r| r.rule.when.min_num),
    money("min_amount", "at least this amount / 最低金额", |r| r.rule.when.min_amount),
    money("max_amount", "at most this amount; 0 = no limit / 最高金额", |r| r.rule.when.max_amount),
    quantity("max_weight", "at most so heavy, kg; 0 = no limit / 最高重量", |r| r.rule.when.max_weight),
    flag("no_remarks", "only without remarks / 无备注", |r| r.rule.when.no_remarks),
    list!("gifts", "what is given / 赠品", GIFT, |r| r.rule.then.gifts.iter()),
    flag("multiply", "for each time the minimum is reached / 按倍数", |r| r.rule.then.multiply),
    int("most_times", "at most so many times an order; 0 = no limit / 最多倍数", |r| r.rule.then.most_times),
    int("first_orders", "only the first so many orders; 0 = all / 前N名", |r| r.rule.then.first_orders),
    quantity("most_pieces", "pieces altogether; 0 = no limit / 限量", |r| r.rule.then.most_pieces),
    flag("last", "rules behind it are not asked / 不再匹配后续策略", |r| r.rule.then.last),
    time("delivers_from", "pre-sale: delivery begins / 预售发货时间", |r| r.rule.then.delivers_from),
    text("warehouse_no", "warehouse: where from / 发货仓库", |r| &r.warehouse_no),
    text("logistics_no", "carrier: who / 物流编号", |r| &r.carrier_no),
    time("created", "first stored / 创建时间", |r| Some(r.rule.created)),
    time("modified", "last changed / 修改时间", |r| Some(r.rule.modified)),
];

fn numbers(list: &[i64]) -> String {
    list.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

arguments! {
    /// Which rules.
    struct Which {
        /// gift, presale, warehouse, carrier or audit; all when absent / 策略类别
        kind: Option<Text<20>>,
        /// page, from 0 / 页号
        page_no: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// Which rule.
    struct One {
        /// key / 策略id
        rule_id: i64,
    }
}

arguments! {
    /// A gift.
    struct Gift {
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// pieces each time; 1 when absent / 数量
        num: Option<Quantity>,
    }
}

/// Declares what is said of a rule: what stands before the conditions and what behind them differs.
macro_rules! said {
    ($(#[doc = $doc:literal])* $name:ident { $($before:tt)* } { $($behind:tt)* }) => {
        arguments! {
            $(#[doc = $doc])*
            struct $name {
                $($before)*
                /// the smaller is asked first; 100 when absent / 优先级
                priority: Option<i64>,
                /// not asked / 是否停用
                disabled: Option<bool>,
                /// only these shops / 店铺编号
                shop_nos: Option<Values<Text<40>, 0, 100>>,
                /// only from these warehouses / 仓库编号
                warehouse_nos: Option<Values<Text<40>, 0, 100>>,
                /// only to these provinces, cities or districts, by code / 地区编码
                regions: Option<Values<i64, 0, 1000>>,
                /// 1 pay first, 2 cash on delivery, 3 instalments, 4 on account / 发货条件
                delivery_terms: Option<Values<i64, 0, 4>>,
                /// only with one of these goods, which alone count for quantity and amount / 商家编码
                spec_nos: Option<Values<Text<40>, 0, 1000>>,
                /// the same by goods, whatever the spec / 货品编号
                goods_nos: Option<Values<Text<40>, 0, 1000>>,
                /// paid at or after / 开始时间
                start_time: Option<Moment>,
                /// paid at or before / 结束时间
                end_time: Option<Moment>,
                /// at least so many pieces / 最低数量
                min_num: Option<Quantity>,
                /// at least this amount / 最低金额
                min_amount: Option<Money>,
                /// at most this amount; 0 = no limit / 最高金额
                max_amount: Option<Money>,
                /// at most so heavy, kg; 0 = no limit / 最高重量
                max_weight: Option<Quantity>,
                /// only without remarks of buyer and shop / 无备注
                no_remarks: Option<bool>,
                /// gift: what is given / 赠品
                gifts: Option<List<Gift, 0, 50>>,
                /// gift: for each time the minimum is reached / 按倍数
                multiply: Option<bool>,
                /// gift: with multiply, at most so many times an order; 0 = no limit / 最多倍数
                most_times: Option<i64>,
                /// gift: only the first so many orders; 0 = all / 前N名
                first_orders: Option<i64>,
                /// gift: pieces that the rule gives altogether; 0 = no limit / 限量
                most_pieces: Option<Quantity>,
                /// gift: rules behind it are not asked / 不再匹配后续策略
                last: Option<bool>,
                /// presale: when delivery begins; absent = somebody releases it / 预售发货时间
                delivers_from: Option<Moment>,
                /// warehouse: where from / 发货仓库
                warehouse_no: Option<Text<40>>,
                /// carrier: who / 物流编号
                logistics_no: Option<Text<40>>,
                $($behind)*
            }
        }
    };
}

said! {
    /// A rule: conditions that must all hold, and what follows.
    New {
        /// gift, presale, warehouse, carrier or audit / 策略类别
        kind: Text<20>,
        /// name, unique within its kind / 策略名称
        name: Text<100>,
    } {}
}

said! {
    /// What changes of a rule; what is absent stays, an empty list takes the condition away. The kind never changes.
    Change {
        /// key / 策略id
        rule_id: i64,
        /// name / 策略名称
        name: Option<Text<100>>,
    } {
        /// moments to take away: start_time, end_time, delivers_from / 清空的时间
        clear: Option<Values<Text<20>, 0, 3>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(RULE));
    let rows = Shape::Rows("rules", || describe(RULE));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    let one = "/rules/{rule_id}";
    vec![
        reads(head("rule.list", Verb::Get, "/rules", ("list rules", "策略列表"), rows), find),
        reads(head("rule.get", Verb::Get, one, ("one rule", "策略详情"), row), get),
        writes(head("rule.create", Verb::Post, "/rules", ("create a rule", "创建策略"), row), create),
        writes(head("rule.change", Verb::Patch, one, ("change a rule", "修改策略"), row), change),
        writes(head("rule.delete", Verb::Delete, one, ("delete a rule", "删除策略"), row), delete),
    ]
}

fn kind(word: &str) -> Result<RuleKind, Fault> {
    RuleKind::ALL
        .iter()
        .find(|kind| kind.key() == word)
        .copied()
        .ok_or_else(|| Fault::invalid("kind", "kind is gift, presale, warehouse, carrier or audit"))
}

/// The key behind a number of the wire.
fn key(reader: &Reader, number: i64) -> Result<i64, Fault> {
    if number <= 0 || store::wire_id(number) != number {
        return Err(Fault::not_found(format!("no rule {number}")));
    }
    Ok(reader.tenant().id(number))
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let kind = which.kind.as_deref().filter(|word| !word.is_empty()).map(kind).transpose()?;
    let found = order::rules(reader, kind, page(which.page_no, which.page_size)?)?;
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(found.rows.len());
    for rule in found.rows {
        rows.push(row(reader, &mut names, rule)?);
    }
    Ok(Answer::rows(ask.style, "rules", RULE, &rows, found.total))
}

fn get(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let id = key(reader, one.rule_id)?;
    let rule = order::rule_by_id(reader, id)?;
    show(ask, reader, rule)
}

fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let gifts = new.gifts.as_ref().map(|gifts| given(tx, gifts)).transpose()?.unwrap_or_default();
    let when = When {
        shops: keys(new.shop_nos.as_deref(), |no| Ok(catalog::shop_by_no(tx, no)?.id))?,
        warehouses: keys(new.warehouse_nos.as_deref(), |no| Ok(catalog::warehouse_by_no(tx, no)?.id))?,
        regions: new.regions.as_deref().unwrap_or_default().to_vec(),
        from: new.start_time,
        until: new.end_time,
        delivery_terms: new.delivery_terms.as_deref().unwrap_or_default().to_vec(),
        specs: keys(new.spec_nos.as_deref(), |no| spec(tx, no))?,
        goods: keys(new.goods_nos.as_deref(), |no| goods(tx, no))?,
        min_num: new.min_num.unwrap_or_default(),
        min_amount: new.min_amount.unwrap_or_default(),
        max_amount: new.max_amount.unwrap_or_default(),
        max_weight: new.max_weight.unwrap_or_default(),
        no_remarks: new.no_remarks.unwrap_or(false),
    };
    let then = Then {
        gifts,
        multiply: new.multiply.unwrap_or(false),
        most_times: new.most_times.unwrap_or(0),
        first_orders: new.first_orders.unwrap_or(0),
        most_pieces: new.most_pieces.unwrap_or_default(),
        last: new.last.unwrap_or(false),
        delivers_from: new.delivers_from,
        warehouse: match new.warehouse_no.as_deref() {
            Some(no) => catalog::warehouse_by_no(tx, no)?.id,
            None => 0,
        },
        carrier: match new.logistics_no.as_deref() {
            Some(no) => catalog::carrier_by_no(tx, no)?.id,
            None => 0,
        },
    };
    let draft = Rule {
        id: 0,
        kind: kind(&new.kind)?,
        name: new.name.to_string(),
        priority: new.priority.unwrap_or(100),
        disabled: new.disabled.unwrap_or(false),
        when,
        then,
        created: tx.now(),
        modified: tx.now(),
    };
    let rule = order::create_rule(tx, draft)?;
    Ok(show(ask, tx, rule)?.created())
}

fn given(reader: &mut Reader, gifts: &List<Gift, 0, 50>) -> Result<Vec<Given>, Fault> {
    let mut found = Vec::new();
    for gift in gifts.iter() {
        let num = gift.num.unwrap_or(Quantity::whole(1));
        found.push(Given { spec: spec(reader, &gift.spec_no)?, spec_no: gift.spec_no.to_string(), num });
    }
    Ok(found)
}

fn keys<const MAX: usize>(
    numbers: Option<&[Text<MAX>]>,
    mut find: impl FnMut(&str) -> Result<i64, Fault>,
) -> Result<Vec<i64>, Fault> {
    numbers.unwrap_or_default().iter().map(|no| find(no)).collect()
}

fn spec(reader: &mut Reader, no: &str) -> Result<i64, Fault> {
    let found = catalog::spec_by_no(reader, no)?;
    Ok(found.ok_or_else(|| erp::Refusal::SpecUnknown(no.to_owned()))?.id)
}

fn goods(reader: &mut Reader, no: &str) -> Result<i64, Fault> {
    let found = catalog::goods_by_no(reader, no)?;
    Ok(found.ok_or_else(|| Fault::not_found(format!("no goods {no}")))?.id)
}

fn change(ask: &Ask, change: &Change, tx: &mut Tx) -> Result<Answer, Fault> {
    let id = key(tx, change.rule_id)?;
    let mut rule = order::rule_by_id(tx, id)?;
    set(&mut rule.name, change.name.as_deref());
    set(&mut rule.priority, change.priority);
    set(&mut rule.disabled, change.disabled);
    change_when(&mut rule.when, change, tx)?;
    change_then(&mut rule.then, change, tx)?;
    for word in change.clear.as_deref().unwrap_or_default() {
        match &**word {
            "start_time" => rule.when.from = None,
            "end_time" => rule.when.until = None,
            "delivers_from" => rule.then.delivers_from = None,
            _ => return Err(Fault::invalid("clear", "clear names start_time, end_time or delivers_from")),
        }
    }
    let rule = order::change_rule(tx, rule)?;
    show(ask, tx, rule)
}

fn change_when(when: &mut When, change: &Change, reader: &mut Reader) -> Result<(), Fault> {
    if change.shop_nos.is_some() {
        when.shops = keys(change.shop_nos.as_deref(), |no| Ok(catalog::shop_by_no(reader, no)?.id))?;
    }
    if change.warehouse_nos.is_some() {
        when.warehouses = keys(change.warehouse_nos.as_deref(), |no| Ok(catalog::warehouse_by_no(reader, no)?.id))?;
    }
    if change.spec_nos.is_some() {
        when.specs = keys(change.spec_nos.as_deref(), |no| spec(reader, no))?;
    }
    if change.goods_nos.is_some() {
        when.goods = keys(change.goods_nos.as_deref(), |no| goods(reader, no))?;
    }
    set(&mut when.regions, change.regions.as_deref().map(<[i64]>::to_vec));
    set(&mut when.delivery_terms, change.delivery_terms.as_deref().map(<[i64]>::to_vec));
    set(&mut when.min_num, change.min_num);
    set(&mut when.min_amount, change.min_amount);
    set(&mut when.max_amount, change.max_amount);
    set(&mut when.max_weight, change.max_weight);
    set(&mut when.no_remarks, change.no_remarks);
    when.from = change.start_time.or(when.from);
    when.until = change.end_time.or(when.until);
    Ok(())
}

fn change_then(then: &mut Then, change: &Change, reader: &mut Reader) -> Result<(), Fault> {
    if let Some(gifts) = &change.gifts {
        then.gifts = given(reader, gifts)?;
    }
    if let Some(no) = change.warehouse_no.as_deref() {
        then.warehouse = catalog::warehouse_by_no(reader, no)?.id;
    }
    if let Some(no) = change.logistics_no.as_deref() {
        then.carrier = catalog::carrier_by_no(reader, no)?.id;
    }
    set(&mut then.multiply, change.multiply);
    set(&mut then.most_times, change.most_times);
    set(&mut then.first_orders, change.first_orders);
    set(&mut then.most_pieces, change.most_pieces);
    set(&mut then.last, change.last);
    then.delivers_from = change.delivers_from.or(then.delivers_from);
    Ok(())
}

fn delete(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let id = key(tx, one.rule_id)?;
    let rule = order::delete_rule(tx, id)?;
    show(ask, tx, rule)
}

fn show(ask: &Ask, reader: &mut Reader, rule: Rule) -> Result<Answer, Fault> {
    let subject = rule.name.clone();
    let row = row(reader, &mut Names::default(), rule)?;
    Ok(Answer::row(ask.style, RULE, &row).about(&subject))
}

fn row(reader: &mut Reader, names: &mut Names, rule: Rule) -> Result<Row, Fault> {
    let (mut shops, mut warehouses, mut specs, mut goods) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for id in &rule.when.shops {
        shops.push(names.shop(reader, *id)?);
    }
    for id in &rule.when.warehouses {
        warehouses.push(names.warehouse(reader, *id)?);
    }
    for id in &rule.when.specs {
        specs.extend(catalog::spec_by_id(reader, *id)?.map(|(spec, _)| spec.no));
    }
    for id in &rule.when.goods {
        goods.extend(catalog::goods_by_id(reader, *id)?.map(|goods| goods.no));
    }
    Ok(Row {
        goods: goods.join(","),
        shops: shops.join(","),
        warehouses: warehouses.join(","),
        specs: specs.join(","),
        warehouse_no: if rule.then.warehouse == 0 {
            String::new()
        } else {
            names.warehouse(reader, rule.then.warehouse)?
        },
        carrier_no: catalog::carrier_by_id(reader, rule.then.carrier)?.map(|carrier| carrier.no).unwrap_or_default(),
        rule,
    })
}
