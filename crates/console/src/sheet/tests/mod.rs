//! Every sheet kind on a real store: in, out, in again; errors marked; nothing doubled.

mod aftersale;
#[path = "../../../../store/tests/place/mod.rs"]
mod place;
mod purchase;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use erp::catalog::{self, OWN_MALL, Page, Shop, Warehouse};
use erp::order::{self, OrderFilter};
use sheets::{Format, Raw, Row, SheetError};
use store::{Options, Store, Tenant, Vault};
use units::{ManualClock, Moment};

use super::*;

struct House {
    store: Store,
    clock: Arc<ManualClock>,
    folder: tempfile::TempDir,
    _place: place::Place,
}

impl Drop for House {
    fn drop(&mut self) {
        self.store.close();
    }
}

const TENANT: Tenant = Tenant(1);

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(Moment::parse("2026-01-02 10:00:00").unwrap()));
        let (place, engine) = place::Place::new();
        let store =
            Store::open(&Options::new(engine, &[erp::MIGRATIONS]), clock.clone(), Arc::new(Vault::new([7; 32])));
        let house = Self { store: store.unwrap(), clock, folder, _place: place };
        let made = house.store.write_blocking(TENANT, |tx| {
            let shop = Shop { no: "S1".into(), name: "自有商城".into(), platform: OWN_MALL, ..Shop::default() };
            catalog::create_shop(tx, shop)?;
            for no in ["WH01", "WH02"] {
                catalog::create_warehouse(tx, Warehouse { no: no.into(), kind: 1, ..Warehouse::default() })?;
            }
            Ok::<_, erp::Error>(())
        });
        made.unwrap();
        house
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn work(&self) -> Work {
        Work {
            store: self.store.clone(),
            tenant: TENANT,
            settings: erp::Settings::default(),
            progress: Arc::default(),
            subject: "job:1".into(),
        }
    }

    /// Imports a file; the counters as `[good, same, bad]` and the errors by row.
    fn import(&self, name: &str, file: &Path) -> ([u64; 3], Vec<(u32, String)>) {
        let work = self.work();
        let marked = self.path("marked.xlsx");
        drop(std::fs::remove_file(&marked));
        kind(name).unwrap().import(&work, file, &marked).unwrap();
        let counts = work.progress.counts();
        assert_eq!(counts.total, counts.done);
        assert_eq!(marked.exists(), counts.bad > 0);
        let errors = if marked.exists() { told(&marked, kind(name).unwrap().sheet.title) } else { Vec::new() };
        ([counts.good, counts.same, counts.bad], errors)
    }

    fn import_text(&self, name: &str, text: &str) -> ([u64; 3], Vec<(u32, String)>) {
        let file = self.path("in.csv");
        std::fs::write(&file, text).unwrap();
        self.import(name, &file)
    }

    fn export(&self, name: &str, asked: &Asked, format: Format) -> PathBuf {
        let file = self.path(&format!("out.{}", format.name()));
        kind(name).unwrap().export(&self.work(), asked, &file, format).unwrap();
        file
    }

    fn furnish(&self) {
        let goods = "货品编号,货品名称,商家编码,规格名称,零售价\nG1,T恤,G1-R,红,99\nG1,,G1-B,蓝,89\nG2,帽子,G2-X,,\n";
        assert_eq!(self.import_text("goods", goods), ([3, 0, 0], vec![]));
        let stock = "外部单号,仓库编号,商家编码,数量,入库价\nIN1,WH01,G1-R,10,20\nIN1,,G1-B,5,30\n";
        assert_eq!(self.import_text("stock-in", stock), ([2, 0, 0], vec![]));
    }

    fn balances(&self) -> Vec<(String, i64)> {
        let read = self.store.read_blocking(TENANT, |reader| {
            let filter = erp::stock::BalanceFilter::default();
            let rows = erp::stock::balances(reader, &filter, Page::ALL)?.rows;
            Ok::<_, erp::Error>(
                rows.iter().map(|r| (r.spec().no.clone(), r.balance.quantities.stock_num.floor())).collect(),
            )
        });
        let mut balances: Vec<_> = read.unwrap();
        balances.sort();
        balances
    }

    fn orders(&self) -> usize {
        let read = self.store.read_blocking(TENANT, |reader| order::orders(reader, &OrderFilter::default(), Page::ALL));
        read.unwrap().rows.len()
    }

    fn admin_events(&self) -> Vec<serde_json::Value> {
        let events = self.store.read_blocking(TENANT, |reader| reader.events_after(0, 10_000)).unwrap();
        let of_admin = events.iter().filter(|event| event.topic == "admin");
        of_admin.map(|event| serde_json::from_str(&event.body).unwrap()).collect()
    }
}

fn rows(file: &Path, title: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let take = &mut |row| {
        rows.push(row);
        Ok::<_, SheetError>(())
    };
    sheets::open(file).unwrap().each(title, take).unwrap();
    rows
}

fn words(raw: &Raw) -> String {
    match raw {
        Raw::Text(text) => text.clone(),
        Raw::Empty => String::new(),
        other => format!("{other:?}"),
    }
}

/// Rows with their errors in a returned sheet.
fn told(file: &Path, title: &str) -> Vec<(u32, String)> {
    let rows = rows(file, title);
    let column = rows[0].cells.iter().position(|cell| words(cell) == "错误信息").unwrap();
    let told = rows[1..].iter().map(|row| (row.number, words(row.cell(column))));
    told.filter(|(_, error)| !error.is_empty()).collect()
}

const ORDERS: &str = "原始单号,店铺编号,订单状态,支付状态,下单时间,客户网名,收件人,省,市,区,地址,手机,邮费,已付金额,子单号,商家编码,货品编号,货品名称,数量,单价
T1,S1,已付款待发货,已付款,2026/1/2 9:00,买家一,张三丰,北京,北京市,海淀区,花园路1号,19900000001,10,208,T1-1,G1-R,G1,T恤,1,99
T1,,,,,,,,,,,,,,T1-2,G1-R,G1,T恤,1,99
T2,S1,30,2,2026-01-02 09:30:00,买家二,李四,,,,广东省 深圳市 罗湖区 东门路2号,19900000002,0,89,,G1-B,G1,T恤,1,89
";

#[test]
fn declarations_fit_and_names_are_unique() {
    let mut names = std::collections::BTreeSet::new();
    for kind in KINDS {
        assert_eq!((kind.misfits)(), Vec::<&str>::new(), "{}", kind.sheet.name);
        assert!(names.insert(kind.sheet.name) && names.insert(kind.sheet.title));
        assert!(!kind.imports() || kind.sheet.key().is_some(), "{} has no key", kind.sheet.name);
        assert!(kind.filters.iter().all(|filter| FILTERS.contains(filter)));
        let mut headers = std::collections::BTreeSet::new();
        for column in kind.sheet.columns {
            let all = [column.header, column.field].into_iter().chain(column.aliases.iter().copied());
            for header in all {
                assert!(headers.insert(header), "{}: {header} names two columns", kind.sheet.name);
            }
            assert!(!column.english.is_empty(), "{}.{} is not explained", kind.sheet.name, column.field);
        }
    }
}

#[test]
fn goods_go_in_and_out_and_in_again() {
    let house = House::new();
    house.furnish();
    for format in [Format::Xlsx, Format::Csv] {
        let file = house.export("goods", &Asked::default(), format);
        assert_eq!(rows(&file, "货品").len(), 4);
        let other = House::new();
        assert_eq!(other.import("goods", &file), ([3, 0, 0], vec![]));
        let again = other.export("goods", &Asked::default(), format);
        let bare = |file: &Path| -> Vec<Vec<Raw>> {
            // The last column is the time of the change.
            rows(file, "货品").into_iter().map(|row| row.cells.into_iter().take(27).collect()).collect()
        };
        assert!(bare(&file) == bare(&again), "{}", format.name());
    }
}

#[test]
fn a_file_that_comes_twice_doubles_nothing() {
    let house = House::new();
    house.furnish();
    let stock = "外部单号,仓库编号,商家编码,数量,入库价\nIN1,WH01,G1-R,10,20\nIN1,,G1-B,5,30\nIN2,WH01,G1-R,1,20\n";
    assert_eq!(house.import_text("stock-in", stock), ([1, 2, 0], vec![]));
    assert_eq!(house.balances(), [("G1-B".to_owned(), 5), ("G1-R".to_owned(), 11)]);
    let other = stock.replace("IN1,,G1-B,5,30", "IN1,,G1-B,6,30");
    let (counts, errors) = house.import_text("stock-in", &other);
    assert_eq!(counts, [0, 1, 2]);
    assert!(errors.iter().all(|(_, why)| why.contains("内容不同")), "{errors:?}");
    assert_eq!(house.import_text("raw-order", ORDERS), ([3, 0, 0], vec![]));
    assert_eq!(house.import_text("raw-order", ORDERS), ([0, 3, 0], vec![]));
    assert_eq!(house.orders(), 2);
    assert_eq!(house.store.read_blocking(TENANT, erp::stock::audit_books).unwrap(), Vec::<String>::new());
}

#[test]
fn good_rows_are_stored_bad_ones_are_marked_and_the_corrected_file_is_imported_whole() {
    let house = House::new();
    house.furnish();
    let wrong =
        ORDERS.replace("T1-2,G1-R,G1,T恤,1,99", "T1-2,G1-R,G1,T恤,一,99").replace("深圳市 罗湖区", "深圳市 没有区");
    let more = "T3,S9,30,2,,买家,王五,北京,北京市,海淀区,x,19900000003,0,99,T3-1,G1-R,G1,T恤,1,99\n\
                T4,S1,30,2,,买家,赵六,北京,北京市,海淀区,x,199****0004,0,99,T4-1,G1-R,G1,T恤,1,99\n\
                T5,S1,30,2,,买家,钱七,北京,北京市,海淀区,x,19900000005,0,89,T5-1,G1-B,G1,T恤,1,89\n";
    let (counts, errors) = house.import_text("raw-order", &format!("{wrong}{more}"));
    assert_eq!(counts, [1, 0, 5], "{errors:?}");
    let texts: Vec<(u32, &str)> = errors.iter().map(|(row, why)| (*row, why.as_str())).collect();
    assert_eq!(texts[0], (2, "同一单据的第3行有错误,整单未导入"));
    assert_eq!(texts[1], (3, "【数量】应为数字"));
    assert!(texts[2].0 == 4 && texts[2].1.contains("省市区"), "{texts:?}");
    assert!(texts[3].0 == 5 && texts[3].1.contains("S9"), "{texts:?}");
    assert!(texts[4].0 == 6 && texts[4].1.contains("【手机】含有*"), "{texts:?}");
    assert_eq!(house.orders(), 1);
    let corrected = more.replace("S9", "S1").replace("****", "0000");
    assert_eq!(house.import_text("raw-order", &format!("{ORDERS}{corrected}")), ([5, 1, 0], vec![]));
    assert_eq!(house.orders(), 5);
}

#[test]
fn orders_go_out_masked_unless_asked_and_come_in_elsewhere() {
    let house = House::new();
    house.furnish();
    house.import_text("raw-order", ORDERS);
    let text = |file: PathBuf| std::fs::read_to_string(file).unwrap();
    for name in ["raw-order", "order"] {
        let masked = text(house.export(name, &Asked::default(), Format::Csv));
        assert!(
            masked.contains("张**") && masked.contains("199****0001") && !masked.contains("19900000001"),
            "{masked}"
        );
        let shown = text(house.export(name, &Asked { personal: true, ..Asked::default() }, Format::Csv));
        assert!(shown.contains("张三丰") && shown.contains("19900000001"));
    }
    let asked: Vec<bool> = house.admin_events().iter().filter_map(|event| event["personal"].as_bool()).collect();
    assert_eq!(asked, [false, true, false, true], "who asked for personal fields is on record");
    let file = house.export("raw-order", &Asked { personal: true, ..Asked::default() }, Format::Xlsx);
    let other = House::new();
    other.furnish();
    assert_eq!(other.import("raw-order", &file), ([3, 0, 0], vec![]));
    assert_eq!(house.import("raw-order", &file), ([0, 3, 0], vec![]), "what went out is what is there");
    assert_eq!(other.orders(), 2);
}

#[test]
fn exports_hold_what_was_asked_for() {
    let house = House::new();
    house.furnish();
    house.clock.advance(60);
    house.import_text("raw-order", ORDERS);
    let check = |name: &str, asked: Asked, expected: usize| {
        let file = house.export(name, &asked, Format::Xlsx);
        assert_eq!(rows(&file, kind(name).unwrap().sheet.title).len() - 1, expected, "{name} {asked:?}");
    };
    let all = Asked::default;
    let time = |text: &str| Some(Moment::parse(text).unwrap());
    check("order", all(), 3);
    check("order", Asked { warehouse_no: Some("WH01".into()), ..all() }, 3);
    check("order", Asked { warehouse_no: Some("WH02".into()), ..all() }, 0);
    check("order", Asked { shop_no: Some("S1".into()), status: vec![30], ..all() }, 3);
    check("order", Asked { status: vec![95], ..all() }, 0);
    check("order", Asked { end_time: time("2026-01-02 10:00:30"), ..all() }, 0);
    check("order", Asked { start_time: time("2026-01-02 10:00:30"), ..all() }, 3);
    check("stock", all(), 2);
    check("stock", Asked { warehouse_no: Some("WH02".into()), ..all() }, 0);
    check("stock-in", all(), 2);
    check("stock-in", Asked { status: vec![10], ..all() }, 0);
    let strange = Asked { shop_no: Some("S1".into()), ..all() };
    assert_eq!(strange.check(kind("goods").unwrap()), Err("shop_no"));
    let unknown = Asked { shop_no: Some("S9".into()), ..all() };
    let file = house.path("x");
    assert!(kind("order").unwrap().export(&house.work(), &unknown, &file, Format::Csv).is_err());
}

#[test]
fn exported_stock_is_filled_in_and_comes_back_as_a_stock_taking() {
    let house = House::new();
    house.furnish();
    let text = std::fs::read_to_string(house.export("stock", &Asked::default(), Format::Csv)).unwrap();
    let (header, lines) = text.split_once("\r\n").unwrap();
    let counted = header.split(',').position(|name| name == "盘点数量").unwrap();
    let filled = lines.lines().map(|line| {
        let mut cells: Vec<&str> = line.split(',').collect();
        (cells[0], cells[counted]) = ("PD1", "7");
        cells.join(",")
    });
    let sheet = format!("{header}\n{}", filled.collect::<Vec<_>>().join("\n"));
    assert_eq!(
        house.import_text("stock", &text),
        (
            [0, 0, 2],
            vec![
                (2, "【盘点单号】不能为空;【盘点数量】不能为空".to_owned()),
                (3, "【盘点单号】不能为空;【盘点数量】不能为空".to_owned()),
            ]
        )
    );
    assert_eq!(house.import_text("stock", &sheet), ([2, 0, 0], vec![]));
    assert_eq!(house.balances(), [("G1-B".to_owned(), 7), ("G1-R".to_owned(), 7)]);
    assert_eq!(house.import_text("stock", &sheet), ([0, 2, 0], vec![]));
    assert_eq!(house.import_text("stock", &sheet.replace(",7,", ",8,")).0, [0, 0, 2]);
    assert_eq!(house.store.read_blocking(TENANT, erp::stock::audit_books).unwrap(), Vec::<String>::new());
}

#[test]
fn documents_beyond_the_limit_and_stops_are_told() {
    let house = House::new();
    house.furnish();
    let mut text = String::from("外部单号,仓库编号,商家编码,数量\n");
    for _ in 0..1_205 {
        text.push_str("BIG,WH01,G1-R,1\n");
    }
    text.push_str("OK,WH01,G1-R,1\n");
    let (counts, errors) = house.import_text("stock-in", &text);
    assert_eq!(counts, [1, 0, 1_205]);
    assert!(errors.iter().all(|(_, why)| why == "同一单据超过500行"));
    let work = house.work();
    work.progress.stop();
    let stopped = kind("stock-in").unwrap().import(&work, &house.path("in.csv"), &house.path("m.xlsx"));
    assert!(matches!(stopped, Err(Failed::File(SheetError::Stopped))));
}

#[test]
fn a_rerun_after_a_crash_between_units_goes_on() {
    let house = House::new();
    house.furnish();
    let mut text = String::from("外部单号,仓库编号,商家编码,数量\n");
    for number in 0..1_000 {
        text.push_str(&format!("N{number},WH01,G2-X,1\n"));
    }
    let cut = text.lines().take(501).collect::<Vec<_>>().join("\n");
    assert_eq!(house.import_text("stock-in", &cut).0, [500, 0, 0]);
    assert_eq!(house.import_text("stock-in", &text).0, [500, 500, 0]);
    assert!(house.balances().contains(&("G2-X".to_owned(), 1_000)));
}

/// docs/excel.md is made from the declarations; `MATOU_BLESS=1` writes it.
#[test]
fn the_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/excel.md");
    let fresh = document();
    if std::env::var_os("MATOU_BLESS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == fresh, "docs/excel.md is stale: MATOU_BLESS=1 cargo test -p console document");
}
