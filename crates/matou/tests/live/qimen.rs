//! Calls through Qimen, and a target outside that counts what reaches it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use wire::form::{self, Space};
use wire::top::{self, Digest};

use crate::house::{Caller, House, free_address, time};

/// A signed query or form: these pairs, the public ones that never change, `sign`. `raw` is signed, too.
pub(crate) fn signed(pairs: &[(&str, &str)], secret: &str, raw: Option<&[u8]>) -> String {
    let now = time();
    let mut all = vec![("timestamp", &*now), ("v", "2.0"), ("sign_method", "md5")];
    all.extend_from_slice(pairs);
    all.sort_unstable();
    let sign = top::sign(Digest::Md5, secret, all.iter().copied(), raw);
    all.push(("sign", &sign));
    form::encode(all, Space::Plus)
}

/// Scene and target that the tests call.
pub(crate) const SCENE: &str = "x1y2z3";
pub(crate) const KEY: &str = "21360009";

/// Tells a running demo of a target at `address`, with one read and one write, and that its Qimen application may call it.
pub(crate) fn route(house: &House, caller: &Caller, address: SocketAddr) {
    let post = |path: &str, body: serde_json::Value| {
        let heard = caller.admin("POST", path, &body);
        assert!(matches!(heard.status, 200 | 201), "{path}: {}", heard.text);
    };
    post("/scenes", json!({ "code": SCENE }));
    let endpoint =
        json!({ "url": format!("http://{address}/qimen"), "secret": "target-secret", "private_allowed": true });
    post("/targets", json!({ "target_app_key": KEY, "kind": "http", "production": endpoint }));
    for (name, effect) in [("demo.order.query", "query"), ("demo.order.push", "command")] {
        let api =
            json!({ "scene": SCENE, "name": name, "environment": "production", "definition": { "effect": effect } });
        post("/apis", api.clone());
        post("/apis/publish", json!({ "scene": SCENE, "name": name, "environment": "production" }));
    }
    post("/authorisations", json!({ "app_key": house.text("/qimen/app_key"), "target_app_key": KEY, "sid": "*" }));
}

/// A call of the target's API as a form.
pub(crate) fn form_of(house: &House, api: &str, business: &[(&str, &str)]) -> String {
    let method = format!("{SCENE}.{api}");
    let mut pairs = vec![
        ("method", &*method),
        ("app_key", house.text("/qimen/app_key")),
        ("target_app_key", KEY),
        ("format", "json"),
    ];
    pairs.extend_from_slice(business);
    signed(&pairs, house.text("/qimen/app_secret"), None)
}

/// Sends a form; `Err` when the connection breaks.
pub(crate) fn send(caller: &Caller, form: &str) -> std::io::Result<String> {
    let heard = caller.http("POST", "/router/qm", "Content-Type: application/x-www-form-urlencoded\r\n", form)?;
    Ok(heard.text)
}

/// What a target is told to do.
#[derive(Default)]
struct State {
    /// Bodies of the requests that arrived.
    heard: Mutex<Vec<String>>,
    /// Takes requests and never answers.
    hangs: AtomicBool,
    /// Milliseconds before an answer.
    delay: AtomicUsize,
    over: AtomicBool,
    streams: Mutex<Vec<TcpStream>>,
}

/// A target of bare TCP; it dies when it is dropped, with all of its connections.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Target {
    /// On a free port, or again where it was.
    pub(crate) fn start(address: Option<SocketAddr>) -> Self {
        let address = address.unwrap_or_else(|| free_address().parse().unwrap());
        let listener = TcpListener::bind(address).unwrap();
        let state = Arc::<State>::default();
        let serving = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { continue };
                if serving.over.load(Ordering::Relaxed) {
                    return;
                }
                serving.streams.lock().unwrap().push(stream.try_clone().unwrap());
                let state = Arc::clone(&serving);
                std::thread::spawn(move || serve(stream, &state));
            }
        });
        Self { address, state, thread: Some(thread) }
    }

    pub(crate) fn heard(&self) -> Vec<String> {
        self.state.heard.lock().unwrap().clone()
    }

    pub(crate) fn hang(&self, hangs: bool) {
        self.state.hangs.store(hangs, Ordering::Relaxed);
    }

    pub(crate) fn answer_after(&self, delay: Duration) {
        self.state.delay.store(delay.as_millis() as usize, Ordering::Relaxed);
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::Relaxed);
        // Wakes the one that waits for connections.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        for stream in self.state.streams.lock().unwrap().drain(..) {
            drop(stream.shutdown(std::net::Shutdown::Both));
        }
    }
}

/// Requests of a connection until it ends; what goes wrong here is what the tests are about.
fn serve(stream: TcpStream, state: &State) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    loop {
        let mut length = 0;
        let mut line = String::new();
        loop {
            line.clear();
            match reader.read_line(&mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) if line == "\r\n" => break,
                Ok(_) => {
                    let lower = line.to_ascii_lowercase();
                    if let Some(value) = lower.strip_prefix("content-length:") {
                        length = value.trim().parse().unwrap();
                    }
                }
            }
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let count = {
            let mut heard = state.heard.lock().unwrap();
            heard.push(String::from_utf8_lossy(&body).into_owned());
            heard.len()
        };
        while state.hangs.load(Ordering::Relaxed) {
            if state.over.load(Ordering::Relaxed) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(state.delay.load(Ordering::Relaxed) as u64));
        let body = format!("{{\"response\":{{\"n\":{count}}}}}");
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        if stream.write_all((head + &body).as_bytes()).is_err() {
            return;
        }
    }
}
