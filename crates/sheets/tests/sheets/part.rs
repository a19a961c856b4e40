//! A sheet kind for tests.

use std::path::Path;

use sheets::{Format, Layout, Marked, Record, Row, SheetError, Writer, code, decimal, flag, text, time, whole};
use units::{Moment, Money};

sheets::sheet! {
    /// one row a part / 一行一个零件
    pub struct Part("part", "零件") {
        no: String = "单号", text(20).key().or(&["订单号"]).like("A1").says("document", "单据"),
        shop: String = "店铺", text(20).head().required().says("shop", "店铺编号"),
        name: String = "名称", text(40).says("name", "名称"),
        state: i64 = "状态", code(&[(10, "待付款"), (30, "待发货")]).says("state", "状态"),
        num: i64 = "数量", whole().says("pieces", "数量"),
        price: Money = "单价", decimal().required().says("price", "单价"),
        at: Moment = "时间", time().says("when", "时间"),
        gift: bool = "赠品", flag().says("gift", "赠品"),
        phone: String = "手机", text(20).personal().says("mobile", "手机"),
        seen: String = "备忘", text(20).only_out().says("note", "只导出"),
    }
}

pub(crate) fn part(no: &str, name: &str) -> Part {
    Part {
        no: Some(no.into()),
        shop: Some("S1".into()),
        name: Some(name.into()),
        state: Some(30),
        num: Some(-7),
        price: Some("12345678.9012".parse().unwrap()),
        at: Some(Moment::parse("2026-01-02 23:59:59").unwrap()),
        gift: Some(true),
        phone: Some("13600000000".into()),
        seen: Some("x".into()),
    }
}

/// All rows of a file, raw.
pub(crate) fn rows(path: &Path, title: &str) -> Result<Vec<Row>, SheetError> {
    let mut rows = Vec::new();
    sheets::open(path)?.each(title, &mut |row| {
        rows.push(row);
        Ok::<_, SheetError>(())
    })?;
    Ok(rows)
}

/// All records of a file.
pub(crate) fn read(path: &Path) -> Vec<Result<Part, String>> {
    let rows = rows(path, Part::SHEET.title).unwrap();
    let layout = Layout::of(Part::SHEET, &rows[0]).unwrap();
    rows[1..].iter().map(|row| layout.record(row, None)).collect()
}

pub(crate) fn write(path: &Path, format: Format, parts: &[Part]) {
    let mut writer = Writer::create(path, format, Part::SHEET, None).unwrap();
    for part in parts {
        writer.put(part).unwrap();
    }
    writer.finish().unwrap();
}

/// Reads a file and writes its marked copy.
pub(crate) fn mark(path: &Path, to: &Path) -> u64 {
    let rows = rows(path, Part::SHEET.title).unwrap();
    let layout = Layout::of(Part::SHEET, &rows[0]).unwrap();
    let mut marked = Marked::create(to, Part::SHEET.title, &rows[0], &layout).unwrap();
    for row in &rows[1..] {
        let error = layout.record::<Part>(row, None).err();
        marked.row(row, error.as_deref()).unwrap();
    }
    let wrong = marked.wrong();
    marked.finish().unwrap();
    wrong
}
