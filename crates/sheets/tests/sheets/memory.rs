//! Memory does not grow with the rows.

use sheets::Format;

use crate::part::{Part, part};
use sheets::{Layout, Marked, Record, SheetError, Writer};

/// Peak resident memory of this process, in KiB.
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Writes a file of so many rows, reads it, and writes the copy with every tenth row marked.
fn pass(rows: u32, format: Format) {
    let folder = tempfile::tempdir().unwrap();
    let (path, to) = (folder.path().join("a"), folder.path().join("b.xlsx"));
    let mut writer = Writer::create(&path, format, Part::SHEET, None).unwrap();
    for number in 0..rows {
        writer.put(&part(&format!("A{number}"), &format!("第{number}个零件的名称"))).unwrap();
    }
    writer.finish().unwrap();
    let (mut state, mut count) = (None::<(Layout, Marked)>, 0);
    let opened = sheets::open(&path).unwrap();
    assert_eq!(opened.rows, u64::from(rows) + 1);
    opened
        .each(Part::SHEET.title, &mut |row| {
            let Some((layout, marked)) = &mut state else {
                let layout = Layout::of(Part::SHEET, &row)?;
                let marked = Marked::create(&to, Part::SHEET.title, &row, &layout)?;
                state = Some((layout, marked));
                return Ok::<_, SheetError>(());
            };
            count += 1;
            assert!(layout.record::<Part>(&row, None).is_ok());
            marked.row(&row, (count % 10 == 0).then_some("错误"))
        })
        .unwrap();
    assert_eq!(count, rows);
    state.unwrap().1.finish().unwrap();
    assert!(to.exists());
}

#[test]
#[cfg(target_os = "linux")]
fn twenty_times_the_rows_take_no_more_memory() {
    // Tests of this binary run beside each other, so the first pass is large enough to be what counts.
    for format in [Format::Xlsx, Format::Csv] {
        pass(2_000, format);
        let before = peak();
        pass(40_000, format);
        let grown = peak() - before;
        assert!(grown < 48 * 1024, "{}: the peak grew by {grown} KiB", format.name());
    }
}
