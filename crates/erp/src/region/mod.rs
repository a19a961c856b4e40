//! The administrative divisions of China (省 / 市 / 区县, GB/T 2260): names to codes, codes to names, addresses to both.
//!
//! Lives here: the embedded list and lookups in it. Never here: storage, towns and streets, what an error is called on the
//! wire. Municipalities have the short name as their province (北京 110000) and the name with 市 as their only city (北京市
//! 110100), as in fact sheet wdt-1, appendix C.
//!
//! The list knows three levels, the country does not everywhere. Where a level is missing, the division above stands for it with
//! its own code: 东莞市 has no districts, so 441900 is city and district; 香港 has no cities, so 810000 is province and city.
//! Counties directly under a province (省直辖县级, such as 济源市) are districts of the list's collective city (419000).

mod address;
mod divisions;
mod short;

use std::fmt;

use divisions::{DIVISIONS, Divisions};

pub use address::parse;

/// A district with the city and the province that it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Code of the province: `440000`.
    pub province: i64,
    /// Code of the city: `440300`.
    pub city: i64,
    /// Code of the district: `440303`.
    pub district: i64,
    /// Their names: `广东省`, `深圳市`, `罗湖区`.
    pub names: [&'static str; 3],
}

/// The first level whose name is not in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unmatched {
    /// No such province.
    Province,
    /// The province has no such city.
    City,
    /// The city has no such district.
    District,
}

impl fmt::Display for Unmatched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Province => "no such province in the list of administrative divisions",
            Self::City => "the province has no such city",
            Self::District => "the city has no such district",
        })
    }
}

/// Finds a region by its three names. Short names (内蒙古, 深圳, 恩施州) and outdated kinds (静海县 for 静海区) are understood
/// where they are unambiguous; the city may be left out in a municipality, the district where the city has only one or none.
///
/// # Errors
/// The first level that cannot be matched.
pub fn resolve(province: &str, city: &str, district: &str) -> Result<Region, Unmatched> {
    let list = &*DIVISIONS;
    let (province, city, district) = (province.trim(), city.trim(), district.trim());
    let province = list.find(0, province).ok_or(Unmatched::Province)?;
    let city = match list.only_city(province) {
        // Who leaves the city of a municipality out may mean the district by it; who names another city errs.
        Some(only) if is_filler(city) || list.find(province, city) == Some(only) || list.lacks_cities(province) => only,
        Some(_) => return Err(Unmatched::City),
        None if city.starts_with("省直辖") || city.starts_with("自治区直辖") => province + 9_000,
        None => list.find(province, city).ok_or(Unmatched::City)?,
    };
    let found = if Divisions::is_city(city) { list.district(city, district) } else { Some(city) };
    found.and_then(|code| list.region(code)).ok_or(Unmatched::District)
}

/// What stands for the city of a municipality in other lists.
fn is_filler(city: &str) -> bool {
    matches!(city, "" | "市辖区" | "县")
}

/// The region of a district's code, or of the code of a city without districts.
pub fn by_code(district: i64) -> Option<Region> {
    DIVISIONS.region(u32::try_from(district).ok()?)
}

/// The names of three codes, each looked up by itself; an unknown code has the empty name.
pub fn names(province: i64, city: i64, district: i64) -> [&'static str; 3] {
    [province, city, district].map(|code| u32::try_from(code).ok().and_then(|c| DIVISIONS.name(c)).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(province: &str, city: &str, district: &str) -> Result<(i64, i64, i64), Unmatched> {
        resolve(province, city, district).map(|r| (r.province, r.city, r.district))
    }

    #[test]
    fn the_names_of_the_sheet() {
        let region = resolve("北京", "北京市", "海淀区").unwrap();
        let expected =
            Region { province: 110_000, city: 110_100, district: 110_108, names: ["北京", "北京市", "海淀区"] };
        assert_eq!(region, expected);
        assert_eq!(codes("广东省", "深圳市", "罗湖区"), Ok((440_000, 440_300, 440_303)));
        assert_eq!(names(440_000, 440_300, 440_303), ["广东省", "深圳市", "罗湖区"]);
        assert_eq!(names(440_000, 1, -5), ["广东省", "", ""]);
        assert_eq!(by_code(440_303).map(|r| r.names), Some(["广东省", "深圳市", "罗湖区"]));
        assert_eq!(by_code(440_300), None, "a city with districts is no district");
    }

    #[test]
    fn short_and_outdated_names() {
        for (names, code) in [
            (["北京市", "北京", "海淀"], 110_108),
            (["北京市", "", "海淀区"], 110_108),
            (["上海市", "市辖区", "浦东"], 310_115),
            (["重庆", "重庆市", "城口县"], 500_229),
            (["重庆市", "县", "城口"], 500_229),
            (["内蒙古", "呼和浩特", "新城区"], 150_102),
            (["内蒙古自治区", "锡林郭勒", "锡林浩特市"], 152_502),
            (["广西", "南宁", "青秀"], 450_103),
            (["宁夏", "银川", "兴庆"], 640_104),
            (["新疆", "伊犁", "伊宁市"], 654_002),
            (["新疆维吾尔自治区", "伊犁哈萨克自治州", "伊宁县"], 654_021),
            (["湖北", "恩施州", "恩施市"], 422_801),
            (["湖北", "恩施", "利川"], 422_802),
            (["吉林", "延边州", "延吉"], 222_401),
            (["吉林", "吉林", "船营区"], 220_204),
            (["天津", "天津市", "静海县"], 120_118),
            (["甘肃省", "临夏州", "东乡"], 622_926),
            (["贵州", "六盘水", "六枝"], 520_203),
            (["浙江省", "杭州市", "下城区"], 330_105),
        ] {
            let [province, city, district] = names;
            assert_eq!(resolve(province, city, district).map(|r| r.district), Ok(code), "{names:?}");
        }
    }

    #[test]
    fn where_a_level_is_missing() {
        assert_eq!(codes("广东省", "东莞市", "南城街道"), Ok((440_000, 441_900, 441_900)));
        assert_eq!(codes("海南省", "儋州市", ""), Ok((460_000, 460_400, 460_400)));
        assert_eq!(codes("甘肃省", "嘉峪关市", ""), Ok((620_000, 620_200, 620_201)));
        assert_eq!(codes("河南省", "济源市", ""), Ok((410_000, 419_000, 419_001)));
        assert_eq!(codes("河南省", "省直辖县级行政区划", "济源市"), Ok((410_000, 419_000, 419_001)));
        assert_eq!(codes("新疆", "石河子", "石河子市"), Ok((650_000, 659_000, 659_001)));
        assert_eq!(codes("香港", "九龙", "油尖旺区"), Ok((810_000, 810_000, 810_005)));
        assert_eq!(codes("台湾省", "台北市", "大安区"), Ok((710_000, 710_000, 710_000)));
    }

    #[test]
    fn says_which_level_is_wrong() {
        assert_eq!(resolve("火星", "北京市", "海淀区"), Err(Unmatched::Province));
        assert_eq!(resolve("", "", ""), Err(Unmatched::Province));
        assert_eq!(resolve("广东省", "北京市", "海淀区"), Err(Unmatched::City));
        assert_eq!(resolve("北京", "上海市", "海淀区"), Err(Unmatched::City));
        assert_eq!(resolve("广东省", "", "罗湖区"), Err(Unmatched::City));
        assert_eq!(resolve("广东省", "深圳市", "海淀区"), Err(Unmatched::District));
        assert_eq!(resolve("广东省", "深圳市", ""), Err(Unmatched::District));
        assert_eq!(resolve("新疆", "伊犁", "伊宁"), Err(Unmatched::District), "伊宁市 or 伊宁县");
    }

    #[test]
    fn every_district_is_found_by_its_names_and_its_code() {
        let mut districts = 0;
        for (code, name) in DIVISIONS.rows() {
            let Some(region) = by_code(i64::from(code)) else { continue };
            let [province, city, district] = region.names;
            assert_eq!(district, name);
            assert_eq!(resolve(province, city, district), Ok(region), "{:?}", region.names);
            let address = format!("{province} {city} {district} 花园路1号");
            assert_eq!(parse(&address), Some((region, "花园路1号")), "{address}");
            districts += 1;
        }
        assert!(districts > 2_900, "{districts}");
    }
}
