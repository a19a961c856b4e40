//! A network in memory: calls go to routers, and sometimes get lost on the way there or back, or arrive twice.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use dock_wms::{Outbound, Outgoing};
use fastrand::Rng;
use http::Request;
use http_body_util::BodyExt;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

/// How bad the network is: of a hundred calls, how many meet each fate.
#[derive(Clone, Copy, Default)]
pub(crate) struct Weather {
    /// Never arrive.
    pub(crate) lost: u8,
    /// Arrive, but their replies do not.
    pub(crate) deaf: u8,
    /// Arrive twice.
    pub(crate) twice: u8,
}

#[derive(Default)]
pub(crate) struct Network {
    hosts: Mutex<Vec<(&'static str, Router)>>,
    weather: Mutex<Weather>,
    chance: Mutex<Option<Rng>>,
    pub(crate) calls: Mutex<Vec<String>>,
}

impl Network {
    pub(crate) fn open(&self, host: &'static str, router: Router) {
        self.hosts.lock().unwrap().push((host, router));
    }

    pub(crate) fn weather(&self, weather: Weather, seed: u64) {
        *self.weather.lock().unwrap() = weather;
        *self.chance.lock().unwrap() = Some(Rng::with_seed(seed));
    }

    fn fate(&self) -> u8 {
        self.chance.lock().unwrap().as_mut().map_or(50, |chance| chance.u8(0..100))
    }

    /// One call, whatever the weather: status and body.
    pub(crate) async fn call(&self, method: &str, url: &str, content_type: &str, body: Bytes) -> (u16, String) {
        let (host, path) = url.split_once('/').unwrap();
        let router = self.hosts.lock().unwrap().iter().find(|(name, _)| *name == host).map(|(_, r)| r.clone());
        let request = Request::builder()
            .method(method)
            .uri(format!("/{path}"))
            .header("host", host)
            .header("content-type", content_type)
            .body(Body::from(body))
            .unwrap();
        let response = TowerToHyperService::new(router.expect("a known host")).call(request).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8_lossy(&body).into_owned())
    }
}

/// The network as the dock sees it.
#[derive(Clone)]
pub(crate) struct Line(pub(crate) Arc<Network>);

impl Outgoing for Line {
    fn post(&self, call: Outbound) -> Pin<Box<dyn Future<Output = Result<Bytes, String>> + Send>> {
        let network = self.0.clone();
        Box::pin(async move {
            let url = format!("{}?{}", call.url.trim_start_matches("http://"), call.query);
            network.calls.lock().unwrap().push(url.clone());
            let (weather, fate) = (*network.weather.lock().unwrap(), network.fate());
            if fate < weather.lost {
                return Err("lost".to_owned());
            }
            let (status, body) = network.call("POST", &url, "text/xml;charset=utf-8", call.body.clone()).await;
            if fate >= 100 - weather.twice {
                network.call("POST", &url, "text/xml;charset=utf-8", call.body).await;
            }
            if fate < weather.lost + weather.deaf {
                return Err("connection reset".to_owned());
            }
            if status == 200 { Ok(body.into()) } else { Err(format!("HTTP {status}")) }
        })
    }
}
