//! 货品类: goods with their specs, platform goods, suites, brands, classes (fact sheet wdt-1, 2.6 to 2.12).

pub(crate) mod brand;
pub(crate) mod class;
pub(crate) mod platform;
pub(crate) mod push;
pub(crate) mod query;
pub(crate) mod suites;

use gateway::Registry;

/// The methods of the family, in the order of the platform's page.
pub(crate) fn methods(registry: Registry) -> Registry {
    registry
        .command::<push::GoodsPush>()
        .query::<query::GoodsQuery>()
        .command::<platform::push::PlatformGoodsPush>()
        .query::<platform::query::PlatformGoodsQuery>()
        .query::<suites::SuitesQuery>()
        .query::<brand::BrandQuery>()
        .query::<class::ClassQuery>()
}
