//! Through the admin API of a running server: the file travels there, a job does the work, what it made comes back.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use console::sheet::{Asked, Counts, Kind};
use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use sheets::Format;
use tokio::runtime::Runtime;
use wire::form::{self, Space};

use super::bar::Bar;
use crate::trouble::Trouble;

/// How often a job is looked at.
const LOOK: Duration = Duration::from_millis(300);
/// How long an answer without a file may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of a piece of the file.
const PIECE: usize = 256 * 1024;

/// A server and who asks it.
pub(crate) struct Served {
    runtime: Runtime,
    client: Client<HttpConnector, Body>,
    base: String,
    token: String,
    tenant: String,
}

impl Served {
    pub(super) fn new(
        base: String,
        token: String,
        tenant: Option<&str>,
        environment: Option<&str>,
    ) -> Result<Self, Trouble> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(Duration::from_secs(2)));
        let client = Client::builder(TokioExecutor::new()).build(connector);
        let pairs = [("tenant", tenant), ("environment", environment)];
        let given = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let tenant = form::encode(given, Space::Percent);
        Ok(Self { runtime, client, base: base.trim_end_matches('/').to_owned(), token, tenant })
    }

    /// Whether a server with this token is there.
    pub(super) fn answers(&self) -> bool {
        let asked = async {
            let response = self.call("GET", "/health", "", Body::empty()).await?;
            Ok::<_, Trouble>(response.status() == StatusCode::OK)
        };
        self.runtime.block_on(asked).unwrap_or(false)
    }

    pub(crate) fn import(&self, kind: &Kind, file: &Path, marked: &Path) -> Result<Counts, Trouble> {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or("sheet.xlsx");
        let query = form::encode([("file", name)], Space::Percent);
        let path = format!("/sheets/{}/import", kind.sheet.name);
        let body = upload(file)?;
        self.runtime.block_on(async {
            let job = told(self.call("POST", &path, &query, body).await?).await?;
            let job = self.follow(job).await?;
            if job["download"] == 1 {
                self.fetch(&job, marked).await?;
            }
            finished(&job)
        })
    }

    pub(crate) fn export(&self, kind: &Kind, asked: &Asked, file: &Path, format: Format) -> Result<Counts, Trouble> {
        let mut wish = json!({ "format": format.name(), "personal": asked.personal, "status": asked.status });
        let time = |moment: Option<units::Moment>| moment.map(|moment| moment.to_string());
        for (name, value) in [
            ("start_time", time(asked.start_time)),
            ("end_time", time(asked.end_time)),
            ("shop_no", asked.shop_no.clone()),
            ("warehouse_no", asked.warehouse_no.clone()),
        ] {
            if let Some(value) = value {
                wish[name] = value.into();
            }
        }
        let path = format!("/sheets/{}/export", kind.sheet.name);
        self.runtime.block_on(async {
            let job = told(self.call("POST", &path, "", Body::from(wish.to_string())).await?).await?;
            let job = self.follow(job).await?;
            let counts = finished(&job)?;
            self.fetch(&job, file).await?;
            Ok(counts)
        })
    }

    /// Looks at a job until it is over.
    async fn follow(&self, mut job: Value) -> Result<Value, Trouble> {
        let mut bar = Bar::new();
        let path = format!("/jobs/{}", job["number"]);
        while job["state"] == "waiting" || job["state"] == "running" {
            tokio::time::sleep(LOOK).await;
            job = told(self.call("GET", &path, "", Body::empty()).await?).await?;
            bar.show(&counts(&job));
        }
        bar.end();
        Ok(job)
    }

    /// Fetches what a job made; the server need not keep it then.
    async fn fetch(&self, job: &Value, to: &Path) -> Result<(), Trouble> {
        let path = format!("/jobs/{}", job["number"]);
        let response = self.call("GET", &format!("{path}/file"), "", Body::empty()).await?;
        if response.status() != StatusCode::OK {
            return told(response).await.map(drop);
        }
        let part = to.with_extension("part");
        let mut file = File::create(&part)?;
        let mut body = response.into_body();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| Trouble::new(format!("the file broke off: {error}")))?;
            if let Ok(bytes) = frame.into_data() {
                file.write_all(&bytes)?;
            }
        }
        file.sync_all()?;
        std::fs::rename(part, to)?;
        told(self.call("DELETE", &path, "", Body::empty()).await?).await?;
        Ok(())
    }

    async fn call(&self, verb: &str, path: &str, query: &str, body: Body) -> Result<Response<Incoming>, Trouble> {
        let of_tenant = if path == "/health" { "" } else { &self.tenant };
        let query: Vec<&str> = [query, of_tenant].into_iter().filter(|part| !part.is_empty()).collect();
        let request = Request::builder()
            .method(verb)
            .uri(format!("{}{}{path}?{}", self.base, console::ROOT, query.join("&")))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(body)
            .map_err(|error| Trouble::new(format!("{}: {error}", self.base)))?;
        self.client.request(request).await.map_err(|error| Trouble::new(format!("{}: {error}", self.base)))
    }
}

/// A file as a body, piece by piece.
fn upload(path: &Path) -> Result<Body, Trouble> {
    let file = File::open(path)?;
    let pieces = futures_util::stream::unfold(Some(file), |file| async {
        let mut file = file?;
        let mut piece = vec![0; PIECE];
        match file.read(&mut piece) {
            Ok(0) => None,
            Ok(amount) => {
                piece.truncate(amount);
                Some((io::Result::Ok(Bytes::from(piece)), Some(file)))
            }
            Err(error) => Some((Err(error), None)),
        }
    });
    Ok(Body::from_stream(pieces))
}

/// The answer as JSON; a refusal as trouble.
async fn told(response: Response<Incoming>) -> Result<Value, Trouble> {
    let status = response.status();
    let collected = tokio::time::timeout(PATIENCE, response.into_body().collect()).await;
    let body = collected.map_err(|_| Trouble::new("the server does not answer / 服务无响应"))?;
    let bytes = body.map_err(|error| Trouble::new(format!("the answer broke off: {error}")))?.to_bytes();
    let value: Value = serde_json::from_slice(&bytes)?;
    if status.is_success() {
        return Ok(value);
    }
    Err(Trouble::new(value["error"]["message"].as_str().unwrap_or("the server refused it").to_owned()))
}

fn counts(job: &Value) -> Counts {
    let count = |name: &str| job[name].as_u64().unwrap_or(0);
    Counts { total: count("total"), done: count("done"), good: count("good"), same: count("same"), bad: count("bad") }
}

fn finished(job: &Value) -> Result<Counts, Trouble> {
    if job["state"] == "failed" {
        return Err(Trouble::new(job["message"].as_str().unwrap_or_default().to_owned()));
    }
    Ok(counts(job))
}
