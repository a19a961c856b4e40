//! Whose data it is, and ids that are unique over all tenants.

/// Bits of an id that count documents; the tenant's number stands above them.
const BITS: u32 = 40;
const LOW: i64 = (1 << BITS) - 1;

/// A merchant: the number of its row, from 1. Every row of the business belongs to one tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tenant(pub i64);

impl Tenant {
    /// What belongs to the installation and not to a merchant: applications, routes, settings.
    pub const HOUSE: Self = Self(0);
    /// The largest number a tenant can have (23 bits).
    pub const MAX: i64 = (1 << 23) - 1;

    /// The id, unique over tenants, of this tenant's document `number`.
    pub const fn id(self, number: i64) -> i64 {
        (self.0 << BITS) | (number & LOW)
    }

    /// The tenant that an id made by [`Tenant::id`] belongs to.
    pub const fn of(id: i64) -> Self {
        Self(id >> BITS)
    }
}

/// The number of a document within its tenant, as clients see it: the low 40 bits of its id.
pub const fn wire_id(id: i64) -> i64 {
    id & LOW
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_hold_tenant_and_number() {
        let id = Tenant(Tenant::MAX).id(LOW);
        assert!(id > 0);
        assert_eq!((Tenant::of(id), wire_id(id)), (Tenant(Tenant::MAX), LOW));
    }
}
