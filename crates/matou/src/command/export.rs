//! `matou export`: a sheet goes out.

use std::path::PathBuf;

use clap::Args;
use console::sheet::Asked;
use sheets::Format;
use units::Moment;

use super::office::{self, Office, Place};
use crate::trouble::Trouble;

/// Exports to an Excel or CSV file. / 导出表格。
#[derive(Args)]
pub(crate) struct Export {
    /// Sheet kind: goods, stock, stock-in, raw-order, order …; see docs/excel.md. / 表格种类
    kind: String,
    /// The new file; .csv writes CSV, everything else a workbook. / 文件
    file: PathBuf,
    /// Changed at or after, "2026-01-02 03:04:05". / 开始时间
    #[arg(long, value_parser = moment)]
    start: Option<Moment>,
    /// Changed at or before. / 结束时间
    #[arg(long, value_parser = moment)]
    end: Option<Moment>,
    /// Only of this shop. / 店铺编号
    #[arg(long)]
    shop: Option<String>,
    /// Only of this warehouse. / 仓库编号
    #[arg(long)]
    warehouse: Option<String>,
    /// Only in this state; may be repeated. / 状态
    #[arg(long)]
    status: Vec<i64>,
    /// Show personal fields; an event says that they were asked for. / 显示个人信息
    #[arg(long)]
    personal: bool,
    #[command(flatten)]
    place: Place,
}

fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text).map_err(|error| error.to_string())
}

pub(crate) fn run(export: Export) -> Result<(), Trouble> {
    let kind = office::kind(&export.kind)?;
    if export.file.exists() {
        return Err(Trouble::new(format!("{}: exists already / 文件已存在", export.file.display())));
    }
    let is_csv = export.file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let format = if is_csv { Format::Csv } else { Format::Xlsx };
    let asked = Asked {
        start_time: export.start,
        end_time: export.end,
        shop_no: export.shop,
        warehouse_no: export.warehouse,
        status: export.status,
        personal: export.personal,
    };
    asked.check(kind).map_err(|name| Trouble::new(format!("{} has no filter {name} / 不支持该筛选", export.kind)))?;
    let counts = match export.place.open()? {
        Office::Here(here) => here.export(kind, &asked, &export.file, format)?,
        Office::Served(served) => served.export(kind, &asked, &export.file, format)?,
    };
    println!("{}: {} exported / 已导出", export.file.display(), counts.good);
    Ok(())
}
