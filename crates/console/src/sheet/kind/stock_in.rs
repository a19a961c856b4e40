//! 其他入库: goods that come in without a document above them, one row a line.

use erp::catalog::{self, Page, Rows, Window};
use erp::stock::{self, NewStockIn, NewStockInLine, StockIn, StockInFilter, StockInKind, StockInStatus};
use sheets::{code, decimal, flag, text, time};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};

use super::{filled, given, words};
use crate::sheet::export::{Export, Filter, Names};
use crate::sheet::import::{Import, Stop, Stored};
use crate::sheet::{Failed, Work};

sheets::sheet! {
    /// 一行一条明细,外部单号相同的行为同一入库单。导入后自动审核,库存随即增加;同一外部单号再次导入不会重复入库。 / One row a line; rows with the same outer number are one stock-in, audited at once. The same number comes in only once.
    pub(super) struct StockInRow("stock-in", "其他入库") {
        outer_no: String = "外部单号", text(40).key().like("RK20260102001").says("number of the caller's, used once", "每张入库单唯一"),
        stockin_no: String = "入库单号", text(40).only_out().says("number of the system's", "系统生成"),
        status: i64 = "入库单状态", code(words!(StockInStatus)).only_out().says("state", ""),
        warehouse_no: String = "仓库编号", text(40).head().required().like("WH01").says("warehouse", ""),
        reason: String = "入库原因", text(40).head().says("why it comes", ""),
        remark: String = "备注", text(255).head().says("remark", ""),
        spec_no: String = "商家编码", text(40).required().like("G1001-RED").says("merchant code", ""),
        num: Quantity = "入库数量", decimal().required().or(&["数量"]).like("100").says("pieces", "大于0"),
        price: Money = "入库价", decimal().or(&["单价"]).like("20.00").says("cost of a piece", ""),
        defect: bool = "残次品", flag().like("否").says("defective", ""),
        position_no: String = "货位", text(40).says("bin", ""),
        batch_no: String = "批次号", text(40).says("batch", ""),
        line_remark: String = "明细备注", text(255).says("remark of the line", ""),
        checked: Moment = "审核时间", time().only_out().says("when it came on hand", ""),
    }
}

impl Import for StockInRow {
    fn store(tx: &mut Tx, settings: &erp::Settings, rows: &[Self]) -> Result<Stored, Stop> {
        let Some(first) = rows.first() else { return Ok(Stored::Same) };
        let filter = StockInFilter { outer_no: first.outer_no.as_deref(), ..StockInFilter::default() };
        if let Some(stored) = stock::stock_ins(tx, &filter, Page { no: 0, size: 1 })?.rows.first() {
            let warehouse = catalog::warehouse_by_id(tx, stored.warehouse)?.map(|warehouse| warehouse.no);
            if warehouse.as_deref() == first.warehouse_no.as_deref() && is_same(stored, rows) {
                return Ok(Stored::Same);
            }
            return Err(Stop::Refused(format!("外部单号已用于入库单{},内容不同", stored.no)));
        }
        let lines = rows.iter().map(|row| NewStockInLine {
            spec_no: given(&row.spec_no).to_owned(),
            defect: row.defect.unwrap_or(false).into(),
            num: row.num.unwrap_or_default(),
            price: row.price.unwrap_or_default(),
            position_no: given(&row.position_no).to_owned(),
            batch_no: given(&row.batch_no).to_owned(),
            remark: given(&row.line_remark).to_owned(),
            ..NewStockInLine::default()
        });
        let new = NewStockIn {
            outer_no: given(&first.outer_no).to_owned(),
            warehouse_no: given(&first.warehouse_no).to_owned(),
            audit: true,
            create_batch: true,
            reason: given(&first.reason).to_owned(),
            remark: given(&first.remark).to_owned(),
            lines: lines.collect(),
            ..NewStockIn::default()
        };
        stock::push_other_stock_in(tx, settings, &new)?;
        Ok(Stored::Done)
    }
}

/// Whether the rows say what is stored: then this is the same file again.
fn is_same(stored: &StockIn, rows: &[StockInRow]) -> bool {
    stored.lines.len() == rows.len()
        && stored.lines.iter().zip(rows).all(|(line, row)| {
            line.spec_no == given(&row.spec_no)
                && Some(line.num) == row.num
                && line.price == row.price.unwrap_or_default()
                && (line.defect != 0) == row.defect.unwrap_or(false)
        })
}

impl Export for StockInRow {
    type Item = StockIn;
    const FILTERS: &'static [&'static str] = &["start_time", "end_time", "warehouse_no", "status"];

    fn page(reader: &mut Reader, filter: &Filter, window: Window, page: Page) -> Result<Rows<StockIn>, Failed> {
        let filter = StockInFilter {
            kinds: &[StockInKind::Other],
            statuses: &filter.statuses,
            warehouses: &filter.warehouses,
            window: Some(window),
            ..StockInFilter::default()
        };
        Ok(stock::stock_ins(reader, &filter, page)?)
    }

    fn rows(reader: &mut Reader, _: &Work, names: &mut Names, item: &StockIn) -> Result<Vec<Self>, Failed> {
        let warehouse = names.warehouse(reader, item.warehouse)?;
        let row = |line: &stock::StockInLine| Self {
            outer_no: filled(&item.outer_no),
            stockin_no: filled(&item.no),
            status: Some(item.status.code()),
            warehouse_no: filled(&warehouse),
            reason: filled(&item.reason),
            remark: filled(&item.remark),
            spec_no: filled(&line.spec_no),
            num: Some(line.num),
            price: Some(line.price),
            defect: Some(line.defect != 0),
            position_no: filled(&line.position_no),
            batch_no: filled(&line.batch_no),
            line_remark: filled(&line.remark),
            checked: item.checked,
        };
        Ok(item.lines.iter().map(row).collect())
    }
}
