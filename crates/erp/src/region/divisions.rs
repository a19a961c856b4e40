//! The embedded list, read once when it is first needed, and lookups in it.

use std::sync::LazyLock;

use super::Region;
use super::short::short;

/// The list of the country.
pub(super) static DIVISIONS: LazyLock<Divisions> = LazyLock::new(|| Divisions::read(include_str!("divisions.tsv")));

/// Districts that were merged into another one since; buyers' address books still have them. City, old name, code now.
const MERGED: [(u32, &str, u32); 10] = [
    (110_100, "崇文区", 110_101),
    (110_100, "宣武区", 110_102),
    (310_100, "卢湾区", 310_101),
    (310_100, "闸北区", 310_106),
    (330_100, "江干区", 330_102),
    (330_100, "下城区", 330_105),
    (350_400, "梅列区", 350_404),
    (410_300, "吉利区", 410_308),
    (450_100, "横县", 450_181),
    (310_100, "南汇区", 310_115),
];

/// A short name that several divisions share.
const AMBIGUOUS: u32 = 0;
/// The parent under which all cities of the country stand once more, for addresses that begin with the city.
const ANYWHERE: u32 = 1;
/// The counties of Chongqing have a collective code of their own (500200), which no address names.
const CHONGQING_COUNTIES: u32 = 500_200;

/// Divisions by code and by name.
pub(super) struct Divisions {
    /// Code and name, by code.
    rows: Vec<(u32, &'static str)>,
    /// Parent, full or short name, code; by parent and name.
    index: Vec<(u32, &'static str, u32)>,
}

impl Divisions {
    fn read(text: &'static str) -> Self {
        let lines = text.lines().filter_map(|line| line.split_once('\t'));
        let mut rows: Vec<(u32, &'static str)> =
            lines.filter_map(|(code, name)| Some((code.parse().ok()?, name))).collect();
        rows.sort_unstable();
        let mut list = Self { rows, index: Vec::new() };
        list.index = list.names_by_parent();
        list
    }

    fn names_by_parent(&self) -> Vec<(u32, &'static str, u32)> {
        let mut full = Vec::with_capacity(self.rows.len() + 512);
        for (code, name) in self.rows() {
            let parent = self.parent(code);
            full.push((parent, name, code));
            if Self::is_city(code) && parent != 0 {
                full.push((ANYWHERE, name, code));
            }
            if parent % 10_000 == 9_000 {
                full.push((parent / 10_000 * 10_000, name, code));
                full.push((ANYWHERE, name, code));
            }
        }
        full.extend(MERGED);
        full.sort_unstable();
        let mut shortened: Vec<_> = full.iter().map(|(parent, name, code)| (*parent, short(name), *code)).collect();
        shortened
            .retain(|(parent, name, _)| full.binary_search_by(|row| (row.0, row.1).cmp(&(*parent, name))).is_err());
        shortened.sort_unstable();
        shortened.dedup();
        shortened.dedup_by(|twin, first| {
            let same = (twin.0, twin.1) == (first.0, first.1);
            if same {
                first.2 = AMBIGUOUS;
            }
            same
        });
        full.append(&mut shortened);
        full.sort_unstable();
        full.shrink_to_fit();
        full
    }

    /// Every division, by code.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u32, &'static str)> {
        self.rows.iter().copied()
    }

    /// The name of a code.
    pub(super) fn name(&self, code: u32) -> Option<&'static str> {
        let at = self.rows.binary_search_by_key(&code, |row| row.0).ok()?;
        self.rows.get(at).map(|row| row.1)
    }

    /// True for provinces and cities.
    pub(super) fn is_city(code: u32) -> bool {
        code.is_multiple_of(100)
    }

    fn province_of(code: u32) -> u32 {
        code / 10_000 * 10_000
    }

    /// The division above; 0 above a province.
    fn parent(&self, code: u32) -> u32 {
        let province = Self::province_of(code);
        match code / 100 * 100 {
            _ if code == province => 0,
            CHONGQING_COUNTIES => CHONGQING_COUNTIES - 100,
            city if city != code && self.name(city).is_some() => city,
            _ => province,
        }
    }

    /// The division of this full or short name, or of another kind (静海县 for 静海区), right below `parent`; 0 = a province.
    pub(super) fn find(&self, parent: u32, name: &str) -> Option<u32> {
        self.exactly(parent, name).or_else(|| {
            let short = short(name);
            if short == name { None } else { self.exactly(parent, short) }
        })
    }

    /// A city or a county directly under a province, wherever it is.
    pub(super) fn find_anywhere(&self, name: &str) -> Option<u32> {
        self.find(ANYWHERE, name)
    }

    fn exactly(&self, parent: u32, name: &str) -> Option<u32> {
        let at = self.index.binary_search_by(|row| (row.0, row.1).cmp(&(parent, name))).ok()?;
        self.index.get(at).map(|row| row.2).filter(|code| *code != AMBIGUOUS)
    }

    /// The codes of the rows strictly below a province or a city.
    fn below(&self, code: u32) -> &[(u32, &'static str)] {
        let end = code + if code == Self::province_of(code) { 10_000 } else { 100 };
        let from = self.rows.partition_point(|row| row.0 <= code);
        let to = self.rows.partition_point(|row| row.0 < end);
        self.rows.get(from..to).unwrap_or_default()
    }

    /// True where the districts stand right below the province, or nothing does.
    pub(super) fn lacks_cities(&self, province: u32) -> bool {
        self.below(province).iter().all(|row| !Self::is_city(row.0))
    }

    /// The city that goes without saying: of a municipality, and of a province without cities the province itself.
    pub(super) fn only_city(&self, province: u32) -> Option<u32> {
        let mut cities = self.below(province).iter().map(|row| row.0).filter(|code| Self::is_city(*code));
        match (cities.next(), cities.next()) {
            (None, _) => Some(province),
            (only, None) => only,
            _ => None,
        }
    }

    /// The district of this name; of a city without districts the city, of a city with one that one, whatever the name.
    pub(super) fn district(&self, city: u32, name: &str) -> Option<u32> {
        self.find(city, name).or_else(|| self.only_district(city))
    }

    /// The district that goes without saying.
    pub(super) fn only_district(&self, city: u32) -> Option<u32> {
        match self.below(city) {
            [] => Some(city),
            [only] => Some(only.0),
            _ => None,
        }
    }

    /// The region of a district, or of a city without districts.
    pub(super) fn region(&self, district: u32) -> Option<Region> {
        let name = self.name(district)?;
        if Self::is_city(district) && !self.below(district).is_empty() {
            return None;
        }
        let province = Self::province_of(district);
        let city = if Self::is_city(district) { district } else { self.parent(district) };
        let names = [self.name(province)?, self.name(city)?, name];
        Some(Region { province: province.into(), city: city.into(), district: district.into(), names })
    }
}
