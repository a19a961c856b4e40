//! A million rows of Excel in and out, each by a process of its own whose peak of memory is read.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use super::child::{Server, spawn};
use super::figures::Table;
use crate::trouble::Trouble;

/// Megabytes that no number of rows may make a process need.
const BOUND: f64 = 256.0;

/// Imports so many rows of goods from CSV, exports them into a workbook, and imports that workbook again.
pub(super) async fn measure(folder: &Path, rows: usize, table: &mut Table) -> Result<(), Trouble> {
    drop(Server::demo(folder, &[]).await?);
    let csv = folder.join("goods.csv");
    write(&csv, rows)?;
    let book = folder.join("goods.xlsx");
    for (verb, file, what) in [("import", &csv, "CSV"), ("export", &book, "workbook"), ("import", &book, "workbook")] {
        let (file, data) = (file.display().to_string(), folder.display().to_string());
        let began = Instant::now();
        let peak = peak(spawn(&[verb, "goods", &file, "--data", &data], &[("MATOU_SERVER_LISTEN", "127.0.0.1:1")])?)?;
        let rate = rows as f64 / began.elapsed().as_secs_f64();
        eprintln!("bench: {verb} of {rows} rows, {what}: {rate:.0}/s, peak {peak:.0} MB");
        table.note(&format!("`matou {verb} goods`, {rows} rows, {what}"), rate, "rows/s");
        table.below(&format!("the same: peak of memory, {what}"), peak, BOUND, "MB");
    }
    Ok(())
}

fn write(path: &Path, rows: usize) -> Result<(), Trouble> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "货品编号,货品名称,品牌,分类,商家编码,规格名称,条码,零售价,重量,单品备注")?;
    for row in 0..rows {
        let goods = row / 4;
        writeln!(
            file,
            "BG{goods:07},第{goods}款示例货品 2026春季新款,示例品牌,上衣,BG{goods:07}-{},第{}种颜色,69{row:011},99.00,0.25,备注{row}",
            row % 4,
            row % 4
        )?;
    }
    file.flush()?;
    Ok(())
}

/// Waits for a process to end; the most memory that it held, MB.
fn peak(mut child: Child) -> Result<f64, Trouble> {
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0.0;
    loop {
        if let Some(status) = child.try_wait()? {
            return if status.success() { Ok(peak) } else { Err(Trouble::new(format!("it ended with {status}"))) };
        }
        let status = std::fs::read_to_string(&path).unwrap_or_default();
        let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib: Option<f64> = kib.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        peak = kib.map_or(peak, |kib| kib / 1024.0);
        std::thread::sleep(Duration::from_millis(20));
    }
}
