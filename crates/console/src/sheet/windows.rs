//! Reading everything in pages of bounded cost: a window of time with many rows is halved until few are left, so that no page stands
//! behind a long row of others that the database must pass over.

use erp::catalog::{Page, Rows, Window};
use units::Moment;

use super::Failed;

/// Rows of a page.
const PAGE: i64 = 200;
/// Rows of a window that is not halved any more.
const LEAF: i64 = 4_000;

/// Hands over the rows of a window page by page, in the order of time; `total` hears how many there are in all.
pub(super) fn walk<T>(
    whole: Window,
    page: &mut dyn FnMut(Window, Page) -> Result<Rows<T>, Failed>,
    total: &mut dyn FnMut(i64),
    take: &mut dyn FnMut(Vec<T>) -> Result<(), Failed>,
) -> Result<(), Failed> {
    let mut windows = vec![whole];
    let mut first = true;
    while let Some(window) = windows.pop() {
        let count = page(window, Page { no: 0, size: 1 })?.total.unwrap_or(0);
        if std::mem::take(&mut first) {
            total(count);
        }
        if count > LEAF && window.start < window.end {
            let middle = window.start.unix() + (window.end.unix() - window.start.unix()) / 2;
            windows.push(Window { start: Moment::from_unix(middle + 1), end: window.end });
            windows.push(Window { start: window.start, end: Moment::from_unix(middle) });
            continue;
        }
        let mut no = 0;
        while no * PAGE < count {
            take(page(window, Page { no, size: PAGE })?.rows)?;
            no += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_comes_once_and_in_order() {
        // Many rows in one second, none for long, some spread out.
        let times: Vec<i64> =
            (0..9_000).map(|_| 50).chain((0..3_000).map(|n| 100 + n)).chain([90_000, 1_000_000_000]).collect();
        let whole = Window { start: Moment::from_unix(0), end: Moment::from_unix(2_000_000_000) };
        let (mut got, mut all, mut furthest) = (Vec::new(), 0, 0);
        walk(
            whole,
            &mut |window, page| {
                let inside: Vec<i64> = times
                    .iter()
                    .copied()
                    .filter(|time| (window.start.unix()..=window.end.unix()).contains(time))
                    .collect();
                furthest = furthest.max(page.offset());
                let rows = inside.iter().copied().skip(page.offset() as usize).take(page.size as usize).collect();
                Ok(Rows { rows, total: (page.no == 0).then_some(inside.len() as i64) })
            },
            &mut |total| all = total,
            &mut |rows| {
                got.extend(rows);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(all as usize, times.len());
        assert!(got == times);
        assert!(furthest < 9_000);
    }
}
