//! All doors of the program: gateway, admin API, health, metrics.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use gateway::directory::Network;
use gateway::log::CallLog;
use gateway::{Gateway, Parts};
use http::{HeaderValue, StatusCode, header};
use store::Store;

use super::endings;
use super::health::Readiness;
use super::metrics::Metrics;
use super::open::Opened;
use super::proxies;
use crate::config::Config;
use crate::outside;
use crate::trouble::Trouble;

/// Puts everything together: the doors, and who answers the calls at them.
pub(crate) fn router(config: &Config, opened: &Opened) -> Result<(Router, Arc<Gateway>), Trouble> {
    let metrics = Arc::new(Metrics::new());
    let log = config.call_log(outside::random()?);
    let folder = log.folder.clone();
    let log = CallLog::open(log, Arc::clone(opened.store.vault()));
    let log = Arc::new(log.map_err(|error| Trouble::new(format!("{}: {error}", folder.display())))?);
    let gateway = Gateway::new(Parts {
        store: opened.store.clone(),
        directory: Arc::clone(&opened.directory),
        registry: opened.ascp.methods(dock_wdt::registry()),
        clock: Arc::clone(&opened.clock),
        sink: Arc::clone(&metrics) as _,
        log: Some(Arc::clone(&log)),
        seed: outside::seed(),
        config: gateway::Config {
            openapi2_window: config.gateway.openapi2_window_seconds,
            top_window: config.gateway.top_window_seconds,
            calls_per_minute: config.gateway.calls_per_minute,
            once_days: config.gateway.once_days,
            conceal_applications: config.gateway.conceal_applications,
            authorities: config.authorities()?,
            outgoing_addresses: config.gateway.outgoing_addresses.clone(),
            read_here: config.database.url.is_empty(),
        },
    });
    let gateway = Arc::new(gateway);
    let hosts = gateway::service::Hosts { test: config.gateway.qimen_test_hosts.clone() };
    let scene = gateway::service::router(Arc::clone(&gateway), Arc::new(opened.warehouses.clone()), hosts);
    let mut doors = gateway::http::router(Arc::clone(&gateway)).merge(scene);
    let trusted = config.gateway.trusted_proxies.clone();
    if !trusted.is_empty() {
        let trusted: Arc<[Network]> = trusted.into();
        doors = doors.layer(axum::middleware::map_request(move |request: Request| {
            let request = proxies::unmask(request, &trusted);
            async { request }
        }));
    }
    if !config.gateway.gzip {
        doors = doors.layer(axum::middleware::map_request(|mut request: Request| async move {
            request.headers_mut().remove(header::ACCEPT_ENCODING);
            request
        }));
    }
    let console = console::router(console::Options {
        store: opened.store.clone(),
        directory: Arc::clone(&opened.directory),
        gateway: Arc::clone(&gateway),
        ascp: Some(Arc::clone(&opened.ascp.hub)),
        token: opened.token.clone(),
        fresh: Arc::new(outside::secret_bits),
        jobs_folder: config.data.folder.join("jobs"),
        version: env!("CARGO_PKG_VERSION"),
    });
    let readiness = Arc::new(Readiness::new(opened.store.clone()));
    let ready = move || {
        let readiness = Arc::clone(&readiness);
        async move {
            match readiness.problem().await {
                None => (StatusCode::OK, "ok\n".to_owned()),
                Some(problem) => (StatusCode::SERVICE_UNAVAILABLE, format!("{problem}\n")),
            }
        }
    };
    let (store, directory) = (opened.store.clone(), Arc::clone(&opened.directory));
    let known = Arc::clone(&gateway);
    let counted = move || {
        let (store, metrics, log) = (store.clone(), Arc::clone(&metrics), Arc::clone(&log));
        metrics.note_lines(&known.forwarder().states());
        metrics.note_findings(known.finding_counts(), known.unnoted_calls());
        let tenants = directory.snapshot().tenants().iter().map(|tenant| tenant.number).collect::<Vec<_>>();
        async move { figures(&store, &metrics, &log, &tenants).await }
    };
    let router = doors
        .merge(console)
        .merge(super::documents::router())
        .merge(opened.ascp.doors(&opened.store, &opened.token))
        .route("/healthz", any(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(counted));
    Ok((router, gateway))
}

/// The Prometheus text. A store that does not answer costs only the event numbers and what is known of shops that end.
async fn figures(store: &Store, metrics: &Metrics, log: &CallLog, tenants: &[i64]) -> Response {
    let mut events = Vec::with_capacity(tenants.len());
    for number in tenants {
        let tenant = store::Tenant(*number);
        if let Ok(seq) = store.read(tenant, |reader| reader.last_event()).await {
            events.push((*number, seq));
        }
    }
    if let Ok(shops) = endings::ending_shops(store).await {
        metrics.note_endings(&shops);
    }
    let mut response = metrics.text(store, log, &events).into_response();
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
