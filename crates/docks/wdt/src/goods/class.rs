//! `wdt.goods.class.query` (fact sheet wdt-1, 2.12).

use std::collections::HashSet;

use erp::catalog::{self, Class, Page};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use wire::args::{Text, given};
use wire::rows::{Column, flag, int, owned, text, time};

use crate::codes::Error;
use crate::{limits, settings::Settings, window};

wire::arguments! {
    /// Classes of goods.
    pub struct Request {
        /// one class
        pub class_name: Option<Text<64>>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
        /// page, from 0
        pub page_no: Option<i64>,
    }
}

/// A class, and whether another one lies below it.
struct Row {
    class: Class,
    leaf: bool,
}

/// What stands above the top of the tree.
const TOP: i64 = -1;

fn path(row: &Row) -> String {
    let ids = std::iter::once(TOP).chain(row.class.path.iter().map(|id| wire_id(*id)));
    ids.map(|id| id.to_string()).collect::<Vec<_>>().join(",")
}

const CLASSES: &[Column<Row>] = &[
    int("class_id", "primary key", |r| wire_id(r.class.id)),
    int("parent_id", "the class above; -1 at the top", |r| r.class.parent.map_or(TOP, wire_id)),
    flag("is_leaf", "1 = no class below", |r| r.leaf),
    text("class_name", "name", |r| &r.class.name),
    owned("path", "ids from the top, comma separated", path),
    time("modified", "last changed", |r| Some(r.class.modified)),
    time("created", "first stored", |r| Some(r.class.created)),
];

/// Query classes.
pub(crate) struct ClassQuery;

impl Method for ClassQuery {
    const NAME: &'static str = "wdt.goods.class.query";
    const PHP: &'static str = "goods_class_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query classes of goods", "查询货品分类");
    const CATEGORY: Category = Category::Goods;
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("goods_class", "classes", CLASSES)
    }
}

impl Query for ClassQuery {
    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let name = given(&request.class_name);
        let found = window::listed(reader, &settings, page, |reader, page| catalog::classes(reader, name, page))?;
        let all = catalog::classes(reader, None, Page::ALL)?;
        let parents: HashSet<i64> = all.rows.iter().filter_map(|class| class.parent).collect();
        let found = found.map(|class| Row { leaf: !parents.contains(&class.id), class });
        Ok(call.reply().total_if(found.total).rows("goods_class", CLASSES, &found.rows))
    }
}
