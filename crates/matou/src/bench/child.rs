//! Servers under measurement: children of this program, stopped when dropped.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::Keys;
use crate::demo::Card;
use crate::trouble::Trouble;

/// A running child.
pub(super) struct Server {
    child: Child,
    /// Host and port.
    pub(super) address: String,
    /// From the start of the process to the first answer, milliseconds.
    pub(super) start_millis: f64,
}

/// What the demo wrote down about itself.
pub(super) struct Demo {
    pub(super) sid: String,
    pub(super) shop_no: String,
    pub(super) wdt: Keys,
    pub(super) qimen: Keys,
    pub(super) target_app_key: String,
    /// All of it.
    pub(super) card: Card,
    /// Goods and merchant codes of its catalogue.
    pub(super) specs: Vec<(String, String)>,
}

impl Server {
    /// Starts `matou demo` on a folder, with the given settings in its environment.
    pub(super) async fn demo(folder: &Path, settings: &[(&str, &str)]) -> Result<(Self, Demo), Trouble> {
        let card = folder.join("demo.json");
        let _ = std::fs::remove_file(&card);
        let folder_text = folder.display().to_string();
        let arguments = ["demo", "--data", &folder_text, "--listen", "127.0.0.1:0", "--shop-rate", "0"];
        let began = Instant::now();
        let mut child = spawn(&arguments, settings)?;
        let demo = loop {
            if let Some(status) = child.try_wait()? {
                return Err(Trouble::new(format!("matou demo ended early: {status}")));
            }
            match std::fs::read_to_string(&card).ok().and_then(|text| serde_json::from_str::<Value>(&text).ok()) {
                Some(written) => break written,
                None => tokio::time::sleep(Duration::from_millis(2)).await,
            }
        };
        let text = |pointer: &str| demo.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let address = text("/base_url").trim_start_matches("http://").to_owned();
        let described = Demo {
            sid: text("/wdt/sid"),
            shop_no: text("/wdt/shop_no"),
            wdt: Keys { key: text("/wdt/appkey"), secret: text("/wdt/appsecret") },
            qimen: Keys { key: text("/qimen/app_key"), secret: text("/qimen/app_secret") },
            target_app_key: text("/qimen/target_app_key"),
            card: serde_json::from_value(demo.clone()).map_err(|error| Trouble::new(format!("demo.json: {error}")))?,
            specs: crate::demo::spec_numbers(),
        };
        let mut server = Self { child, address, start_millis: 0.0 };
        let first = super::requests::shop_queries(&described, 1);
        super::load::fire(&server.address, 1, first, "\"errorcode\":0").await?;
        server.start_millis = began.elapsed().as_secs_f64() * 1000.0;
        Ok((server, described))
    }

    /// Starts the floor on a folder.
    pub(super) async fn floor(folder: &Path) -> Result<Self, Trouble> {
        let address = free()?;
        let folder = folder.display().to_string();
        let child = spawn(&["bench", "--serve-floor", &address, "--floor-data", &folder], &[])?;
        accepting(&address).await?;
        Ok(Self { child, address, start_millis: 0.0 })
    }

    /// Starts a bare target.
    pub(super) async fn target() -> Result<Self, Trouble> {
        let address = free()?;
        let child = spawn(&["bench", "--serve-target", &address], &[])?;
        accepting(&address).await?;
        Ok(Self { child, address, start_millis: 0.0 })
    }

    /// Memory that the process holds, MB.
    pub(super) fn memory(&self) -> Result<f64, Trouble> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: f64 = kib.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0.0);
        Ok(kib / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The child may have ended by itself; there is nobody left to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address at which nobody listens.
fn free() -> Result<String, Trouble> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// Waits until somebody does.
async fn accepting(address: &str) -> Result<(), Trouble> {
    let began = Instant::now();
    while tokio::net::TcpStream::connect(address).await.is_err() {
        if began.elapsed() > Duration::from_secs(10) {
            return Err(Trouble::new(format!("nobody answers at {address}")));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

pub(super) fn spawn(arguments: &[&str], settings: &[(&str, &str)]) -> Result<Child, Trouble> {
    let program = std::env::current_exe()?;
    let mut command = Command::new(program);
    command.args(arguments).env("MATOU_LOG_LEVEL", "error").stdout(Stdio::null());
    command.envs(settings.iter().copied());
    Ok(command.spawn()?)
}
