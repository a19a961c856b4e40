//! Pages and windows: the rules that all queries share (fact sheet wdt-1, 1.8; wdt-2, 0.3).

use erp::catalog::{Page, Rows, Window};
use gateway::directory::Quota;
use gateway::{Call, Refused};
use store::Reader;
use units::Moment;

use crate::codes::{self, Error};
use crate::{limits, settings::Settings};

/// The page of a request: clamped to [`limits::PAGE`]; zero or less is refused with 2220.
pub(crate) fn page(call: &Call, no: Option<i64>, size: Option<i64>, usual: i64) -> Result<Page, Refused> {
    strict(call.quota(), no, size, usual)
}

fn strict(quota: Quota, no: Option<i64>, size: Option<i64>, usual: i64) -> Result<Page, Refused> {
    let size = size.unwrap_or(usual);
    if size < 1 {
        return Err(codes::page_size());
    }
    numbered(quota, limits::PAGE, no, size)
}

/// The same for methods of part 2: zero or less falls back to the usual size (fact sheet wdt-2, 0.3 no. 4).
pub(crate) fn lenient_page(call: &Call, no: Option<i64>, size: Option<i64>, usual: i64) -> Result<Page, Refused> {
    lenient(call.quota(), limits::PAGE, no, size, usual)
}

/// The same where a page has at most `usual` rows (fact sheet wdt-2, chapter 8).
pub(crate) fn small_page(call: &Call, no: Option<i64>, size: Option<i64>, usual: i64) -> Result<Page, Refused> {
    lenient(call.quota(), usual, no, size, usual)
}

fn lenient(quota: Quota, most: i64, no: Option<i64>, size: Option<i64>, usual: i64) -> Result<Page, Refused> {
    numbered(quota, most, no, size.filter(|size| *size > 0).unwrap_or(usual))
}

fn numbered(quota: Quota, most: i64, no: Option<i64>, size: i64) -> Result<Page, Refused> {
    let no = no.unwrap_or(0);
    if no < 0 {
        return Err(codes::invalid(codes::VALUE, "page_no", "从0开始"));
    }
    let most = if quota.page_size > 0 { i64::from(quota.page_size).min(Quota::MOST_ROWS) } else { most };
    Ok(Page { no, size: size.min(most) })
}

/// Rows of a queue in one reply: what is asked for, at most `most` or what the merchant set.
pub(crate) fn queue_rows(call: &Call, limit: i64, most: i64) -> i64 {
    let set = i64::from(call.quota().page_size);
    limit.min(if set > 0 { set.min(most) } else { most })
}

/// Reads one page; its total is there on page 0, or always when the merchant wants it so.
pub(crate) fn listed<T>(
    reader: &mut Reader,
    settings: &Settings,
    page: Page,
    read: impl Fn(&mut Reader, Page) -> erp::Result<Rows<T>>,
) -> Result<Rows<T>, Error> {
    let mut found = read(reader, page)?;
    if page.no > 0 {
        found.total = if settings.total_count_always { read(reader, Page { no: 0, size: 1 })?.total } else { None };
    }
    Ok(found)
}

/// One page of rows that are all in hand.
pub(crate) fn cut<T>(rows: Vec<T>, page: Page) -> Rows<T> {
    let total = i64::try_from(rows.len()).ok().filter(|_| page.no == 0);
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let take = usize::try_from(page.size).unwrap_or(0);
    Rows { rows: rows.into_iter().skip(skip).take(take).collect(), total }
}

/// How wide a window may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// Seconds; a window of exactly this width is allowed.
    seconds: i64,
}

impl Span {
    /// `trade_query`.
    pub(crate) const HOUR: Self = Self { seconds: limits::HOUR };
    /// JIT picks.
    pub(crate) const DAY: Self = Self { seconds: 24 * limits::HOUR };
    /// The others.
    pub(crate) const MONTH: Self = Self { seconds: limits::MONTH };

    /// The same, or what the merchant allows the method instead.
    pub(crate) fn of(self, call: &Call) -> Self {
        self.or(call.quota())
    }

    fn or(self, quota: Quota) -> Self {
        if quota.window_minutes > 0 { Self { seconds: i64::from(quota.window_minutes) * 60 } } else { self }
    }

    /// The width as people say it: 60分钟, 24小时, 30天.
    fn words(self) -> String {
        match self.seconds / 60 {
            hours if hours % 60 == 0 && (2 * 60..=24 * 60).contains(&hours) => format!("{}小时", hours / 60),
            days if days % (24 * 60) == 0 => format!("{}天", days / (24 * 60)),
            minutes => format!("{minutes}分钟"),
        }
    }

    /// The closed window of a request; `None` when neither end is given.
    pub(crate) fn window(self, start: Option<Moment>, end: Option<Moment>) -> Result<Option<Window>, Refused> {
        let (start, end) = match (start, end) {
            (None, None) => return Ok(None),
            (Some(start), Some(end)) if start <= end => (start, end),
            _ => return Err(codes::time()),
        };
        if start == end {
            return Err(Refused::new(codes::EMPTY_SPAN, "modified_from不能等于modified_to"));
        }
        if end.since(start) > self.seconds {
            let text = format!("start_time与end_time时间跨度不能超过最大范围{}", self.words());
            return Err(Refused::new(codes::SPAN, text));
        }
        Ok(Some(Window { start, end }))
    }

    /// A window that must be there.
    pub(crate) fn required(
        self,
        start: Option<Moment>,
        end: Option<Moment>,
        missing: &'static str,
    ) -> Result<Window, Refused> {
        self.window(start, end)?.ok_or_else(|| Refused::new(codes::REQUIRED, missing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages() {
        let check = |no, size, expected: Result<(i64, i64), i64>| {
            let page =
                strict(Quota::default(), no, size, 40).map(|page| (page.no, page.size)).map_err(|refused| refused.code);
            assert_eq!(page, expected, "{no:?} {size:?}");
        };
        check(None, None, Ok((0, 40)));
        check(Some(3), Some(100), Ok((3, 100)));
        check(Some(0), Some(500), Ok((0, 100)));
        check(None, Some(0), Err(2220));
        check(None, Some(-1), Err(2220));
        check(Some(-1), None, Err(2830));
        let free = |no, size, usual| lenient(Quota::default(), limits::PAGE, no, size, usual);
        assert_eq!(free(None, Some(0), 40).map(|page| page.size), Ok(40));
        assert_eq!(free(None, Some(-5), 40).map(|page| page.size), Ok(40));
        assert_eq!(free(None, Some(7), 40).map(|page| page.size), Ok(7));
        let set = |page_size, size| {
            let quota = Quota { page_size, ..Quota::default() };
            lenient(quota, 30, None, size, 30).map(|page| page.size)
        };
        assert_eq!(set(0, Some(99)), Ok(30));
        assert_eq!(set(10, Some(99)), Ok(10));
        assert_eq!(set(10, None), Ok(10));
        assert_eq!(set(200, Some(150)), Ok(150));
        assert_eq!(set(200, None), Ok(30));
        assert_eq!(set(5000, Some(5000)), Ok(1000));
    }

    #[test]
    fn windows() {
        let check = |span: Span, start: Option<i64>, end: Option<i64>, expected: Result<bool, i64>| {
            let (start, end) = (start.map(Moment::from_unix), end.map(Moment::from_unix));
            let window = span.window(start, end).map(|window| window.is_some()).map_err(|refused| refused.code);
            assert_eq!(window, expected, "{start:?} {end:?}");
        };
        check(Span::HOUR, None, None, Ok(false));
        check(Span::HOUR, Some(1), None, Err(2160));
        check(Span::HOUR, None, Some(1), Err(2160));
        check(Span::HOUR, Some(2), Some(1), Err(2160));
        check(Span::HOUR, Some(1), Some(1), Err(2105));
        check(Span::HOUR, Some(0), Some(3600), Ok(true));
        check(Span::HOUR, Some(0), Some(3601), Err(2180));
        check(Span::MONTH, Some(0), Some(2_592_000), Ok(true));
        check(Span::MONTH, Some(0), Some(2_592_001), Err(2180));
        let own = |window_minutes| Span::MONTH.or(Quota { window_minutes, ..Quota::default() });
        check(own(0), Some(0), Some(2_592_001), Err(2180));
        check(own(10), Some(0), Some(600), Ok(true));
        check(own(10), Some(0), Some(601), Err(2180));
        check(own(50_000), Some(0), Some(2_592_001), Ok(true));
        for (span, words) in [
            (Span::HOUR, "60分钟"),
            (Span::DAY, "24小时"),
            (Span::MONTH, "30天"),
            (own(90), "90分钟"),
            (own(120), "2小时"),
        ] {
            assert_eq!(span.words(), words);
        }
    }

    #[test]
    fn cutting_counts_on_page_zero() {
        let cut = |no, size| {
            let found = cut(vec![1, 2, 3], Page { no, size });
            (found.rows, found.total)
        };
        assert_eq!(cut(0, 2), (vec![1, 2], Some(3)));
        assert_eq!(cut(1, 2), (vec![3], None));
        assert_eq!(cut(9_000_000_000_000_000_000, 100), (vec![], None));
    }
}
