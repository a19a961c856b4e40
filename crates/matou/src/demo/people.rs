//! The buyers of the demo shop. Invented people.

use super::tsv::rows;

/// A buyer.
pub(super) struct Person {
    pub(super) nick: &'static str,
    pub(super) name: &'static str,
    pub(super) mobile: &'static str,
    pub(super) province: &'static str,
    pub(super) city: &'static str,
    pub(super) district: &'static str,
    pub(super) address: &'static str,
}

/// All of them.
pub(super) fn people() -> Vec<Person> {
    rows(include_str!("people.tsv"))
        .map(|row| Person {
            nick: row.get("buyer_nick"),
            name: row.get("name"),
            mobile: row.get("mobile"),
            province: row.get("province"),
            city: row.get("city"),
            district: row.get("district"),
            address: row.get("address"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn everybody_has_an_address_and_no_real_number() {
        let people = super::people();
        assert!(people.len() >= 100, "{}", people.len());
        for person in people {
            assert!(person.mobile.starts_with("1990000"), "{}", person.mobile);
            for part in [person.nick, person.name, person.province, person.city, person.address] {
                assert!(!part.is_empty(), "{}", person.mobile);
            }
        }
    }
}
