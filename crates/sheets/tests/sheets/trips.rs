//! What is written is read again as it was; what is wrong comes back marked.

use std::fs;

use sheets::{Format, Layout, Raw, Record, Row, SheetError, Writer};

use crate::part::{Part, mark, part, read, rows, write};

const NASTY: &[&str] = &[
    "红色",
    "=1+1",
    "+86",
    "-5",
    "@SUM(A1)",
    "'=1",
    "''-x",
    "\"引号\",逗号",
    "两\n行",
    "0012",
    "😀𠮷",
    "<a>&amp;",
    "1E5",
    "\t x",
];

#[test]
fn both_forms_bring_back_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    for format in [Format::Xlsx, Format::Csv] {
        let path = folder.path().join(format.name());
        let parts: Vec<Part> = NASTY.iter().map(|name| part("A1", name)).collect();
        write(&path, format, &parts);
        let got = read(&path);
        assert_eq!(got.len(), parts.len());
        for (got, mut wanted) in got.into_iter().zip(parts) {
            wanted.seen = None;
            wanted.name = wanted.name.map(|name| name.trim().to_owned());
            let got = got.unwrap_or_else(|why| panic!("{}: {why}", format.name()));
            assert!(got == wanted, "{}: {:?} became {:?}", format.name(), wanted.name, got.name);
        }
    }
}

#[test]
fn no_text_becomes_a_formula() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xlsx");
    write(&path, Format::Xlsx, &[part("A1", "=HYPERLINK(\"http://x\")")]);
    let mut archive = zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut xml).unwrap();
    assert!(!xml.contains("<f>") && xml.contains("HYPERLINK"), "{xml}");
    let csv = folder.path().join("a.csv");
    write(&csv, Format::Csv, &[part("A1", "=1")]);
    let text = fs::read_to_string(csv).unwrap();
    assert!(text.contains("A1,S1,'=1,"), "{text}");
    assert!(text.contains(",-7,"), "numbers stay numbers: {text}");
}

#[test]
fn personal_texts_are_hidden_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let mut writer = Writer::create(&path, Format::Csv, Part::SHEET, Some(|_| "***".to_owned())).unwrap();
    writer.put(&part("A1", "x")).unwrap();
    writer.finish().unwrap();
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(",***,") && !text.contains("136"), "{text}");
}

#[test]
fn gbk_and_utf8_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let text = "*单号,店铺,名称,单价,时间\r\nA1,S1,红色,￥1,2026/1/2 3:04\r\n";
    let (gbk, _, broken) = encoding_rs::GBK.encode(text);
    assert!(!broken);
    for (name, bytes) in [("gbk", gbk.into_owned()), ("utf8", text.into()), ("mark", format!("\u{feff}{text}").into())]
    {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let part = read(&path).remove(0).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(part.name.as_deref(), Some("红色"), "{name}");
        assert_eq!(part.at.map(|at| at.to_string()).as_deref(), Some("2026-01-02 03:04:00"), "{name}");
    }
}

#[test]
fn columns_are_found_by_name_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, "我的列,单价,店铺,备忘,订单号\nx,5,S1,不读,A9\n").unwrap();
    let part = read(&path).remove(0).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!((part.no.as_deref(), part.price.map(|p| p.floor()), part.seen), (Some("A9"), Some(5), None));
    for (text, expected) in [("名称,店铺\n", "单号、单价"), ("单号,店铺,单价,名称,名称\n", "名称")]
    {
        fs::write(&path, text).unwrap();
        let rows = rows(&path, "零件").unwrap();
        let told = Layout::of(Part::SHEET, &rows[0]).unwrap_err().to_string();
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn errors_come_back_beside_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let (path, to, again) = (folder.path().join("a.csv"), folder.path().join("b.xlsx"), folder.path().join("c.xlsx"));
    fs::write(&path, "单号,店铺,状态,单价,我的列\nA1,S1,待发货,1,甲\n,,,,\nA2,S1,已发货,x,乙\n,S1,,2,丙\n").unwrap();
    assert_eq!(mark(&path, &to), 2);
    let copy = rows(&to, "零件").unwrap();
    let error = |row: &Row| match row.cell(5) {
        Raw::Text(text) => text.clone(),
        _ => String::new(),
    };
    assert_eq!(copy.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 4, 5], "rows stand where they stood");
    assert_eq!(copy[0].cell(5), &Raw::Text("错误信息".into()));
    assert_eq!(copy[2].cell(4), &Raw::Text("乙".into()), "what is not ours is copied");
    assert_eq!(error(&copy[1]), "");
    assert_eq!(error(&copy[2]), "【状态】只能是:待付款、待发货;【单价】应为数字");
    assert_eq!(error(&copy[3]), "【单号】不能为空");
    // The returned sheet can be sent again; its column of errors is not a second one then.
    assert_eq!(mark(&to, &again), 2);
    assert_eq!(rows(&again, "零件").unwrap()[0].cells.len(), 6);
    fs::write(&path, "单号,店铺,单价\nA1,S1,1\n").unwrap();
    let clean = folder.path().join("d.xlsx");
    assert_eq!(mark(&path, &clean), 0);
    assert!(!clean.exists(), "nothing wrong, nothing to send back");
}

#[test]
fn fields_of_the_document_may_be_left_out_or_repeated_but_not_changed() {
    let header = row(1, &["单号", "店铺", "单价"]);
    let layout = Layout::of(Part::SHEET, &header).unwrap();
    let first: Part = layout.record(&row(2, &["A1", "S1", "1"]), None).unwrap_or_default();
    assert_eq!(layout.key(&row(3, &["A1"])).as_deref(), Some("A1"));
    let check = |cells: &[&str], expected: Option<&str>| {
        assert_eq!(layout.record(&row(3, cells), Some(&first)).err().as_deref(), expected, "{cells:?}");
    };
    check(&["A1", "", "2"], None);
    check(&["A1", "S1", "2"], None);
    check(&["A1", "S2", "2"], Some("【店铺】与同一单据的首行不一致"));
    assert_eq!(layout.record::<Part>(&row(2, &["A1", "", "1"]), None).err().as_deref(), Some("【店铺】不能为空"));
}

#[test]
fn templates_have_every_column_that_is_read_and_explain_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.xlsx");
    sheets::template(&path, Part::SHEET).unwrap();
    let header = rows(&path, "零件").unwrap().remove(0);
    assert_eq!(header.cells.len(), Part::SHEET.columns.len() - 1, "what is only exported is left out");
    assert!(Layout::of(Part::SHEET, &header).is_ok());
    let notes = rows(&path, "说明").unwrap();
    assert_eq!(notes.len(), Part::SHEET.columns.len());
    assert!(matches!(sheets::open(&folder.path().join("none")), Err(SheetError::Io(_))));
}

#[test]
fn declarations_fit_their_fields() {
    assert_eq!(Part::misfits(), Vec::<&str>::new());
    let table = sheets::markdown(&Part::SHEET);
    assert!(table.contains("| 单号 | `no` | 导入 导出 | **单据号** | 文本,最多20字 | A1 |"), "{table}");
}

fn row(number: u32, cells: &[&str]) -> Row {
    Row { number, cells: cells.iter().map(|cell| Raw::Text((*cell).to_owned())).collect() }
}
