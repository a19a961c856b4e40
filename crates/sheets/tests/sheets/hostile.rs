//! Files that were made to hurt.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use sheets::SheetError;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::part::rows;

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="零件" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A further part: its name, and what fills it.
type Part<'p> = (&'p str, &'p dyn Fn(&mut dyn Write));

/// A workbook with this sheet and these further parts.
fn workbook(path: &Path, sheet: &str, more: &[Part<'_>]) {
    let mut zip = ZipWriter::new(File::create(path).unwrap());
    let options = SimpleFileOptions::default();
    for (name, text) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    for (name, fill) in more {
        zip.start_file(*name, options).unwrap();
        fill(&mut zip);
    }
    zip.finish().unwrap();
}

fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

#[test]
fn a_plain_workbook_passes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xlsx");
    workbook(&path, &sheet(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>单号</t></is></c></row>"#), &[]);
    assert_eq!(rows(&path, "零件").unwrap().len(), 1);
}

#[test]
fn files_that_would_fill_the_memory_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, sheet: &str, more: &[Part<'_>], expected: &str| {
        let path = folder.path().join(name);
        workbook(&path, sheet, more);
        let told = rows(&path, "零件").map(|rows| format!("{} rows", rows.len())).unwrap_or_else(|e| e.to_string());
        assert!(told.contains(expected), "{name}: {told}");
    };
    let plain = sheet("");
    let zeros = |times: usize| {
        move |out: &mut dyn Write| {
            let piece = vec![b' '; 1 << 20];
            for _ in 0..times {
                out.write_all(&piece).unwrap();
            }
        }
    };
    check("bomb", &plain, &[("xl/styles.xml", &zeros(20))], "allowed");
    check("picture bomb", &plain, &[("xl/media/a.png", &zeros(70))], "解压后大小");
    check(
        "claimed texts",
        &plain,
        &[("xl/sharedStrings.xml", &|out| out.write_all(br#"<sst uniqueCount="99999999999999"></sst>"#).unwrap())],
        "共享文本数",
    );
    check(
        "many texts",
        &plain,
        &[("xl/sharedStrings.xml", &|out| {
            out.write_all(b"<sst>").unwrap();
            let piece = "<si/>".repeat(100_000);
            for _ in 0..41 {
                out.write_all(piece.as_bytes()).unwrap();
            }
            out.write_all(b"</sst>").unwrap();
        })],
        "共享文本数",
    );
    check("deep", &sheet(&"<a>".repeat(100)), &[], "层级");
    check("long token", &sheet(&format!("<row r=\"{}\"/>", " ".repeat(2 << 20))), &[], "token");
    check("entities", "<!DOCTYPE a [<!ENTITY b \"c\">]><worksheet><sheetData/></worksheet>", &[], "document type");
    check("wide", &sheet(r#"<row r="1"><c r="ZZ1"><v>1</v></c></row>"#), &[], "列数");
    check("far", &sheet(r#"<row r="1048577"><c r="A1048577"><v>1</v></c></row>"#), &[], "out of place");
    check(
        "backwards",
        &sheet(r#"<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>"#),
        &[],
        "out of place",
    );
    check("no such text", &sheet(r#"<row r="1"><c r="A1" t="s"><v>7</v></c></row>"#), &[], "damaged");
    let long = "长".repeat(200_000);
    check("long cell", &sheet(&format!(r#"<row r="1"><c t="str"><v>{long}</v></c></row>"#)), &[], "单元格");
}

#[test]
fn what_is_no_workbook_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let check = |bytes: &[u8], expected: &str| {
        let path = folder.path().join("a");
        std::fs::write(&path, bytes).unwrap();
        let told = rows(&path, "零件").map(|rows| format!("{} rows", rows.len())).unwrap_or_else(|e| e.to_string());
        assert!(told.contains(expected), "{bytes:?}: {told}");
    };
    check(b"", "empty");
    check(b"PK\x03\x04 and nothing more", "damaged");
    check(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ".xls");
    check(b"a\0b", "text");
    check(&[b"\"".as_slice(), &vec![b'x'; 3 << 20]].concat(), "quotation mark");
    check(&[b"x,".repeat(300).as_slice(), b"\n"].concat(), "列数");
    check(b"a\n\"b", "2 rows");
}

#[test]
fn a_damaged_workbook_never_panics() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xlsx");
    crate::part::write(&path, sheets::Format::Xlsx, &[crate::part::part("A1", "x"), crate::part::part("A2", "y")]);
    let whole = std::fs::read(&path).unwrap();
    let mut seed = 7_u32;
    for round in 0..400 {
        let mut bytes = whole.clone();
        for _ in 0..=round % 8 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = seed as usize % bytes.len();
            bytes[at] = (seed >> 11) as u8;
        }
        if round % 5 == 0 {
            bytes.truncate(seed as usize % whole.len());
        }
        std::fs::write(&path, &bytes).unwrap();
        match rows(&path, "零件") {
            Ok(rows) => assert!(rows.len() <= 3, "round {round}"),
            Err(SheetError::Io(error)) => panic!("round {round}: {error}"),
            Err(_) => {}
        }
    }
}
