//! What ends by the calendar - authorisations of shops on their platforms, of callers with targets - and who is told before: the log,
//! when the server starts and once a day, and `/metrics`.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use erp::catalog::EndingShop;
use gateway::Directory;
use gateway::directory::endings;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use store::{Store, Tenant};

/// How often the log says it again.
const DAY: Duration = Duration::from_secs(86_400);

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    tenant: i64,
    within: &'static str,
}

/// How many shops of each tenant have an end behind or shortly before them.
pub(super) struct EndingMetrics(Family<Labels, Gauge<i64, AtomicI64>>);

impl EndingMetrics {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let shops = Family::default();
        let help =
            "Shops whose authorisation on their platform has expired or ends within 3 or 14 days; each counts once";
        registry.register("shops_ending", help, Family::clone(&shops));
        Self(shops)
    }

    /// Who is content is not there any more.
    pub(super) fn note(&self, shops: &[EndingShop]) {
        self.0.clear();
        for shop in shops {
            let labels = Labels { tenant: shop.tenant.0, within: shop.nearness.name() };
            self.0.get_or_create(&labels).inc();
        }
    }
}

/// Shops of all tenants that have ended or will soon.
pub(super) async fn ending_shops(store: &Store) -> Result<Vec<EndingShop>, erp::Error> {
    let now = store.clock().now();
    store.read(Tenant::HOUSE, move |reader| erp::catalog::ending_shops(reader, now)).await
}

/// Writes the log for as long as the program lives.
pub(super) async fn watch(store: Store, directory: Arc<Directory>) {
    loop {
        match ending_shops(&store).await {
            Ok(shops) => shops.iter().for_each(|shop| tell(shop, &directory)),
            Err(error) => tracing::warn!(%error, "the ends of shop authorisations cannot be read"),
        }
        match directory.authorisations().await {
            Ok(authorisations) => {
                for found in endings(&authorisations, store.clock().now()) {
                    let (english, chinese) = found.kind.words();
                    let environment = found.environment.name();
                    let (app_key, target_app_key) = (found.app_key, found.target_app_key);
                    let until = found.until.map(|until| until.to_string());
                    tracing::warn!(app_key, target_app_key, environment, until, "{english} / {chinese}");
                }
            }
            Err(error) => tracing::warn!(%error, "the ends of authorisations cannot be read"),
        }
        tokio::time::sleep(DAY).await;
    }
}

fn tell(shop: &EndingShop, directory: &Directory) {
    let snapshot = directory.snapshot();
    let sid = snapshot.tenant(shop.tenant.0).map_or("", |tenant| tenant.sid.as_str());
    let (english, chinese) = shop.nearness.words();
    tracing::warn!(sid, shop_no = shop.no, until = %shop.until, "{english} / {chinese}");
}

#[cfg(test)]
mod tests {
    use erp::catalog::Nearness;
    use prometheus_client::encoding::text::encode;
    use units::Moment;

    use super::*;

    #[test]
    fn shops_are_counted_and_vanish() {
        let mut registry = Registry::default();
        let metrics = EndingMetrics::new(&mut registry);
        let shop = |nearness| EndingShop { tenant: Tenant(1), no: "S".into(), until: Moment::default(), nearness };
        metrics.note(&[shop(Nearness::Over), shop(Nearness::Soon), shop(Nearness::Soon)]);
        let text = || {
            let mut text = String::new();
            encode(&mut text, &registry).unwrap();
            text
        };
        for line in [r#"shops_ending{tenant="1",within="14_days"} 2"#, r#"shops_ending{tenant="1",within="expired"} 1"#]
        {
            assert!(text().contains(line), "{}", text());
        }
        metrics.note(&[]);
        assert!(!text().contains("within"), "{}", text());
    }
}
