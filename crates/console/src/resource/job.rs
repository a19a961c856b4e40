//! Excel in and out as jobs: upload a sheet or ask for one, look how far it is, fetch the result.

use std::sync::Arc;

use sheets::Format;
use units::Moment;
use wire::args::{Text, Values, arguments};
use wire::rows::{Column, describe, flag, int, text, time};

use crate::answer::{Answer, FileAnswer, Shape};
use crate::desk::{Ask, Desk};
use crate::fault::Fault;
use crate::input::Upload;
use crate::job::{Action, Job, State};
use crate::operation::{Head, Operation, Verb, transfers};
use crate::sheet::{self, Asked, Counts, Kind};

const JOB: &[Column<Job>] = &[
    int("number", "number / 任务编号", |j| count(j.number)),
    text("sheet", "sheet kind / 表格种类", |j| &j.sheet),
    text("action", "import or export / 导入或导出", |j| match j.action {
        Action::Import => "import",
        Action::Export(_) => "export",
    }),
    text("state", "waiting, running, done or failed / 状态", |j| j.state.name()),
    text("file", "name of the file / 文件名", |j| &j.file),
    int("total", "rows (of an export: documents), an estimate until the end / 总数", |j| count(j.counts.total)),
    int("done", "how many are through / 已处理", |j| count(j.counts.done)),
    int("good", "stored or written / 成功", |j| count(j.counts.good)),
    int("same", "were there already, just so / 已存在且无变化", |j| count(j.counts.same)),
    int("bad", "not stored; marked in the returned sheet / 失败", |j| count(j.counts.bad)),
    text("message", "why it failed / 失败原因", |j| &j.message),
    flag("download", "a file can be fetched: the export, or the sheet with its errors marked / 可下载", |j| {
        j.result
    }),
    time("created", "asked for / 创建时间", |j| Some(j.created)),
    time("started", "begun / 开始时间", |j| j.started),
    time("ended", "ended / 结束时间", |j| j.ended),
];

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

arguments! {
    /// Nothing is asked.
    struct Nothing {}
}

arguments! {
    /// Which sheet kind.
    struct Which {
        /// sheet kind / 表格种类
        kind: Text<40>,
    }
}

arguments! {
    /// A sheet that comes in.
    struct New {
        /// sheet kind / 表格种类
        kind: Text<40>,
        /// name of the file / 文件名
        file: Option<Text<255>>,
    }
}

arguments! {
    /// What an export shall hold.
    struct Wish {
        /// sheet kind / 表格种类
        kind: Text<40>,
        /// xlsx (default) or csv / 文件格式
        format: Option<Text<10>>,
        /// changed at or after / 开始时间
        start_time: Option<Moment>,
        /// changed at or before / 结束时间
        end_time: Option<Moment>,
        /// only of this shop / 店铺编号
        shop_no: Option<Text<40>>,
        /// only of this warehouse / 仓库编号
        warehouse_no: Option<Text<40>>,
        /// only in these states / 状态
        status: Option<Values<i64, 0, 50>>,
        /// show personal fields; an event says that they were asked for / 显示个人信息
        personal: Option<bool>,
    }
}

arguments! {
    /// Which job.
    struct One {
        /// number / 任务编号
        number: i64,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(JOB));
    let rows = Shape::Rows("jobs", || describe(JOB));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    let kinds = Shape::Free("sheets: name, title, about, import, export, filters and columns of every sheet kind");
    vec![
        transfers(
            head("sheet.list", Verb::Get, "/sheets", ("sheet kinds and columns", "表格种类与列"), kinds),
            list_kinds,
        ),
        transfers(
            head(
                "sheet.template",
                Verb::Get,
                "/sheets/{kind}/template",
                ("an empty sheet to fill in", "下载模板"),
                Shape::File("the workbook"),
            ),
            template,
        ),
        transfers(
            head(
                "sheet.import",
                Verb::Post,
                "/sheets/{kind}/import",
                ("bring a sheet in; the body is the file", "导入"),
                row,
            ),
            import,
        )
        .with_file(),
        transfers(head("sheet.export", Verb::Post, "/sheets/{kind}/export", ("write a sheet", "导出"), row), export),
        transfers(head("job.list", Verb::Get, "/jobs", ("list jobs, newest first", "任务列表"), rows), list),
        transfers(head("job.get", Verb::Get, "/jobs/{number}", ("how far a job is", "任务进度"), row), get),
        transfers(
            head(
                "job.file",
                Verb::Get,
                "/jobs/{number}/file",
                ("fetch what a job made", "下载结果"),
                Shape::File("the export, or the caller's sheet with its errors marked"),
            ),
            file,
        ),
        transfers(
            head("job.remove", Verb::Delete, "/jobs/{number}", ("stop or forget a job", "停止或删除任务"), row),
            remove,
        ),
    ]
}

fn kind_of(name: &str) -> Result<&'static Kind, Fault> {
    sheet::kind(name).ok_or_else(|| Fault::not_found(format!("no sheet kind {name}; see /sheets")))
}

async fn list_kinds(_: Arc<Desk>, _: Ask, _: Nothing, _: Option<Upload>) -> Result<Answer, Fault> {
    let kinds = sheet::KINDS.iter().map(|kind| {
        let columns = kind.sheet.columns.iter().map(|column| {
            let words = sheets::describe_column(column);
            words.into_iter().map(|(name, word)| (name.to_owned(), word.into())).collect::<serde_json::Map<_, _>>()
        });
        serde_json::json!({
            "name": kind.sheet.name,
            "title": kind.sheet.title,
            "about": kind.sheet.about.trim(),
            "import": kind.imports(),
            "export": kind.exports(),
            "filters": kind.filters,
            "columns": columns.collect::<Vec<_>>(),
        })
    });
    Ok(Answer::json(&serde_json::json!({ "sheets": kinds.collect::<Vec<_>>() })))
}

async fn template(desk: Arc<Desk>, _: Ask, which: Which, _: Option<Upload>) -> Result<Answer, Fault> {
    let kind = kind_of(&which.kind)?;
    if !kind.imports() {
        return Err(Fault::invalid("kind", "sheets of this kind only go out"));
    }
    let unkept = |error: String| Fault::unavailable(format!("the template cannot be written: {error}"));
    let path = desk.jobs().upload_path().map_err(|error| unkept(error.to_string()))?;
    let upload = Upload(path.clone());
    let made = tokio::task::spawn_blocking(move || {
        sheets::template(&path, kind.sheet).map_err(|error| error.to_string())?;
        std::fs::read(&path).map_err(|error| error.to_string())
    });
    let bytes = made.await.map_err(|error| unkept(error.to_string()))?.map_err(unkept)?;
    drop(upload);
    Ok(Answer::bytes(bytes, format!("{}.xlsx", kind.sheet.title), Format::Xlsx))
}

fn waiting(desk: &Desk, ask: &Ask, kind: &Kind, action: Action, file: String, format: Format) -> Job {
    Job {
        number: 0,
        tenant: ask.tenant.number,
        sheet: kind.sheet.name.to_owned(),
        action,
        state: State::Waiting,
        file,
        format: format.name().to_owned(),
        counts: Counts::default(),
        message: String::new(),
        result: false,
        created: desk.store().clock().now(),
        started: None,
        ended: None,
    }
}

async fn import(desk: Arc<Desk>, ask: Ask, new: New, upload: Option<Upload>) -> Result<Answer, Fault> {
    let kind = kind_of(&new.kind)?;
    if !kind.imports() {
        return Err(Fault::invalid("kind", "sheets of this kind only go out"));
    }
    let upload = upload.ok_or_else(|| Fault::invalid("", "the body must be the file"))?;
    let name = new.file.as_deref().map_or_else(|| format!("{}.xlsx", kind.sheet.title), plain_name);
    let job = desk.jobs().submit(waiting(&desk, &ask, kind, Action::Import, name, Format::Xlsx), Some(&upload.0))?;
    Ok(Answer::row(ask.style, JOB, &job).accepted())
}

async fn export(desk: Arc<Desk>, ask: Ask, wish: Wish, _: Option<Upload>) -> Result<Answer, Fault> {
    let kind = kind_of(&wish.kind)?;
    if !kind.exports() {
        return Err(Fault::invalid("kind", "sheets of this kind only come in"));
    }
    let format = match wish.format.as_deref() {
        None => Format::Xlsx,
        Some(name) => Format::named(name).ok_or_else(|| Fault::invalid("format", "format is xlsx or csv"))?,
    };
    let asked = Asked {
        start_time: wish.start_time,
        end_time: wish.end_time,
        shop_no: wish.shop_no.as_deref().map(str::to_owned),
        warehouse_no: wish.warehouse_no.as_deref().map(str::to_owned),
        status: wish.status.as_deref().map(|codes| codes.to_vec()).unwrap_or_default(),
        personal: wish.personal.unwrap_or(false),
    };
    asked.check(kind).map_err(|name| Fault::invalid(name, format!("{} has no filter {name}", kind.sheet.name)))?;
    let name = format!("{}.{}", kind.sheet.title, format.name());
    let job = desk.jobs().submit(waiting(&desk, &ask, kind, Action::Export(asked), name, format), None)?;
    Ok(Answer::row(ask.style, JOB, &job).accepted())
}

async fn list(desk: Arc<Desk>, ask: Ask, _: Nothing, _: Option<Upload>) -> Result<Answer, Fault> {
    let jobs = desk.jobs().list(ask.tenant.number);
    Ok(Answer::rows(ask.style, "jobs", JOB, &jobs, Some(jobs.len() as i64)))
}

fn found(desk: &Desk, ask: &Ask, one: &One) -> Result<Job, Fault> {
    desk.jobs().get(ask.tenant.number, u64::try_from(one.number).unwrap_or(0))
}

async fn get(desk: Arc<Desk>, ask: Ask, one: One, _: Option<Upload>) -> Result<Answer, Fault> {
    Ok(Answer::row(ask.style, JOB, &found(&desk, &ask, &one)?))
}

async fn file(desk: Arc<Desk>, ask: Ask, one: One, _: Option<Upload>) -> Result<Answer, Fault> {
    let job = found(&desk, &ask, &one)?;
    let path = desk.jobs().result(&job).ok_or_else(|| Fault::not_found(format!("job {} has no file", job.number)))?;
    let name = match job.action {
        Action::Export(_) => job.file.clone(),
        Action::Import => marked_name(&job.file),
    };
    Ok(Answer::file(FileAnswer { path, name, media: job.form().media() }))
}

async fn remove(desk: Arc<Desk>, ask: Ask, one: One, _: Option<Upload>) -> Result<Answer, Fault> {
    let job = desk.jobs().remove(ask.tenant.number, u64::try_from(one.number).unwrap_or(0))?;
    Ok(Answer::row(ask.style, JOB, &job))
}

/// A file name without a path.
fn plain_name(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

/// The name of the returned sheet.
fn marked_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{stem}.错误.xlsx")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_carry_no_path() {
        for (name, expected) in
            [("a.xlsx", "a.错误.xlsx"), ("../../a b.csv", "a b.错误.xlsx"), ("C:\\x\\货品", "货品.错误.xlsx")]
        {
            assert_eq!(marked_name(&plain_name(name)), expected);
        }
    }
}
