//! Addresses in one text: `北京 北京市 海淀区 花园路1号`, and without spaces as far as it is unambiguous.

use super::divisions::{DIVISIONS, Divisions};
use super::{Region, is_filler};

/// The longest name in the list has fifteen characters.
const LONGEST_NAME: usize = 15;

/// Splits the region off an address; the second part is the rest, without spaces around it.
///
/// The names stand in the order province, city, district, with spaces between them or without. The city may be missing in
/// a municipality, the province when the city says which (`深圳市罗湖区…`). `None` when it is not clear (fact sheet wdt-1, 2.13:
/// an address without the three names must be readable).
pub fn parse(address: &str) -> Option<(Region, &str)> {
    let text = trimmed(address);
    let list = &*DIVISIONS;
    let with_province = starts(text, |name| list.find(0, name));
    let found = with_province.into_iter().find_map(|start| below_province(start.code, start.rest));
    let found = found.or_else(|| {
        let cities = starts(text, |name| list.find_anywhere(name));
        cities.into_iter().find_map(|start| below_city(start.code, start.rest))
    });
    let (district, rest) = found?;
    Some((list.region(district)?, trimmed(rest)))
}

/// A name at the start of a text.
struct Start<'t> {
    code: u32,
    rest: &'t str,
    /// Followed by a space or the end, or ends as names of divisions do; otherwise it may be a part of something else (江宁路).
    closed: bool,
}

/// The names that the text may start with: the first word when it is a name, otherwise its beginnings, longest first.
fn starts<'t>(text: &'t str, find: impl Fn(&str) -> Option<u32>) -> Vec<Start<'t>> {
    let end = text.find(is_separator).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    if let Some(code) = find(word) {
        return vec![Start { code, rest: trimmed(rest), closed: true }];
    }
    let mut ends: Vec<usize> = word.char_indices().map(|(at, _)| at).skip(2).take(LONGEST_NAME - 1).collect();
    ends.reverse();
    let start = |end: usize| {
        let (name, _) = word.split_at(end);
        let closed = name.ends_with(['省', '市', '区', '县', '州', '盟', '旗']);
        find(name).map(|code| Start { code, rest: &text[end..], closed })
    };
    ends.into_iter().filter_map(start).collect()
}

fn below_province(province: u32, text: &str) -> Option<(u32, &str)> {
    let list = &*DIVISIONS;
    let named = starts(text, |name| list.find(province, name)).into_iter();
    let found = named.filter(|start| start.code != province).find_map(|start| match Divisions::is_city(start.code) {
        true => below_city(start.code, start.rest),
        // A district right below the province, where there are no cities, or a county under no city.
        false if start.closed => Some((start.code, without_repetition(start.code, start.rest))),
        false => None,
    });
    found.or_else(|| {
        let city = list.only_city(province)?;
        let (word, rest) = text.split_once(is_separator).unwrap_or((text, ""));
        let has_districts_only = city == province && list.only_district(province).is_none();
        // Where the districts are right below, a first word that is none of them names an island or the province again.
        let filler = is_filler(word) || (has_districts_only && list.find(province, word).is_none());
        if filler && !rest.is_empty() { below_city(city, trimmed(rest)) } else { below_city(city, text) }
    })
}

fn below_city(city: u32, text: &str) -> Option<(u32, &str)> {
    let list = &*DIVISIONS;
    if !Divisions::is_city(city) {
        return Some((city, without_repetition(city, text)));
    }
    let named = starts(text, |name| list.find(city, name)).into_iter().find(|start| start.closed);
    match named {
        Some(start) => Some((start.code, start.rest)),
        None => list.only_district(city).map(|district| (district, without_repetition(district, text))),
    }
}

/// The text without the name of the division that was just read, when it stands for lower levels too: `东莞市 东莞市 南城街道`.
fn without_repetition(code: u32, text: &str) -> &str {
    let mut text = trimmed(text);
    let name = DIVISIONS.name(code).unwrap_or("?");
    while let Some(rest) = text.strip_prefix(name) {
        text = trimmed(rest);
    }
    text
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '/' | ',' | '，')
}

fn trimmed(text: &str) -> &str {
    text.trim_start_matches(is_separator).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_and_without_spaces() {
        for (address, code, rest) in [
            ("北京 北京市 海淀区 花园路1号", 110_108, "花园路1号"),
            ("  北京市　海淀区  花园路 1 号 ", 110_108, "花园路 1 号"),
            ("北京市北京市海淀区花园路1号", 110_108, "花园路1号"),
            ("北京市海淀区花园路1号", 110_108, "花园路1号"),
            ("北京 市辖区 海淀区 花园路1号", 110_108, "花园路1号"),
            ("上海浦东新区世纪大道8号", 310_115, "世纪大道8号"),
            ("广东省 深圳市 罗湖区 深南东路5002号", 440_303, "深南东路5002号"),
            ("广东深圳罗湖区深南东路", 440_303, "深南东路"),
            ("广东省-深圳市-罗湖区-深南东路", 440_303, "深南东路"),
            ("深圳市罗湖区深南东路", 440_303, "深南东路"),
            ("吉林省吉林市船营区河南街", 220_204, "河南街"),
            ("吉林吉林船营区河南街", 220_204, "河南街"),
            ("江苏省南京市江宁区江宁路1号", 320_115, "江宁路1号"),
            ("内蒙古 呼和浩特 新城区 海拉尔东街", 150_102, "海拉尔东街"),
            ("湖北省恩施州恩施市舞阳坝", 422_801, "舞阳坝"),
            ("广东省 东莞市 南城街道 鸿福路1号", 441_900, "南城街道 鸿福路1号"),
            ("广东省 东莞市 东莞市 南城街道", 441_900, "南城街道"),
            ("河南省 济源市 沁园路1号", 419_001, "沁园路1号"),
            ("河南省 济源市 济源市 沁园路1号", 419_001, "沁园路1号"),
            ("河南省 省直辖县级行政区划 济源市 沁园路1号", 419_001, "沁园路1号"),
            ("石河子市北三路", 659_001, "北三路"),
            ("重庆 重庆市 城口县 土城路", 500_229, "土城路"),
            ("香港特别行政区 九龙 油尖旺区 弥敦道", 810_005, "弥敦道"),
            ("香港油尖旺区弥敦道", 810_005, "弥敦道"),
            ("台湾省 台北市 大安区", 710_000, "台北市 大安区"),
            ("北京 北京市 海淀区", 110_108, ""),
        ] {
            let found = parse(address).map(|(region, rest)| (region.district, rest));
            assert_eq!(found, Some((code, rest)), "{address}");
        }
    }

    #[test]
    fn unclear_addresses_are_not_guessed() {
        for address in [
            "",
            "   ",
            "花园路1号",
            "北京",
            "广东省 深圳市 深南东路",
            "江苏省南京市江宁路1号",
            "中国北京",
            "海淀区花园路",
            "abc",
        ] {
            assert_eq!(parse(address), None, "{address}");
        }
    }
}
