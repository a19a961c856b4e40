//! `wdt.goods.push` (fact sheet wdt-1, 2.6).

mod request;

use erp::catalog::{self, GoodsChange, SpecChange};
use gateway::{Call, Category, Command, Kind, Method, Refused, Reply, ReplyShape};
use store::Tx;
use wire::args::{Problem, Refusal};
use wire::rows::{Column, text};

use crate::codes::{self, Error};
use request::{PushedGoods, Request};

/// A goods that was not stored.
struct Failed {
    goods_no: String,
    error: String,
}

const ERRORS: &[Column<Failed>] =
    &[text("goods_no", "SPU key", |f| &f.goods_no), text("error", "why it was not stored", |f| &f.error)];

/// Create or change goods.
pub(crate) struct GoodsPush;

impl Method for GoodsPush {
    const NAME: &'static str = "wdt.goods.push";
    const PHP: &'static str = "goods_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create or change goods", "创建货品档案");
    const CATEGORY: Category = Category::Goods;
    type Request = Request;
    type Error = Error;

    fn rows(request: &Request) -> usize {
        request.goods_list.elements().len()
    }

    fn reply() -> ReplyShape {
        ReplyShape::new().rows("errors", "goods that were not stored; empty = all were", ERRORS)
    }
}

impl Command for GoodsPush {
    /// Each goods is stored or refused by itself; the code stays 0.
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let mut errors = Vec::new();
        for element in request.goods_list.elements() {
            let outcome = match &element.row {
                Ok(goods) => tx.attempt(|tx| store_one(tx, goods)),
                Err(refusal) => Err(unreadable(refusal).into()),
            };
            match outcome {
                Ok(()) => {}
                Err(Error::Refused(refused)) => {
                    let goods_no = element.key.clone().unwrap_or_default();
                    errors.push(Failed { goods_no, error: refused.message });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(call.reply().rows("errors", ERRORS, &errors))
    }
}

fn store_one(tx: &mut Tx, goods: &PushedGoods) -> Result<(), Error> {
    let specs = goods.spec_list.iter();
    let change = GoodsChange {
        no: &goods.goods_no,
        brand: goods.brand_name.as_deref(),
        class: goods.class_name.as_deref(),
        change: &|facts| goods.change(facts),
        specs: specs
            .map(|spec| SpecChange { no: &spec.spec_no, change: Box::new(|facts| spec.change(facts)) })
            .collect(),
    };
    Ok(catalog::push_goods(tx, &change)?)
}

fn unreadable(refusal: &Refusal) -> Refused {
    match (refusal.name, refusal.problem) {
        ("spec_list", Problem::Missing | Problem::TooFew { .. }) => Refused::new(codes::GENERAL, "最少包含一个规格！"),
        _ => codes::argument(GoodsPush::NAME, refusal),
    }
}
