//! A running demo, and how tests speak to it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wire::form::{self, Space};
use wire::wdt::{self, LengthUnit};

/// The program.
pub(crate) fn matou() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_matou"));
    // Settings of the person who runs the tests must not matter.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MATOU_")) {
        command.env_remove(name);
    }
    command
}

/// Runs the program to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    matou().args(arguments).output().expect("the program starts")
}

/// What a finished program said, both streams.
pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A demo that is running; killed when dropped.
pub(crate) struct House {
    child: Child,
    pub(crate) card: Value,
}

impl Drop for House {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Heard {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

impl House {
    /// Starts a demo in `folder` on a free port and waits until it answers.
    pub(crate) fn start(folder: &Path, more: &[&str]) -> Self {
        let mut command = matou();
        command.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(folder);
        for (name, usual) in [("--shop-rate", "0"), ("--catalogue", "small")] {
            if !more.contains(&name) {
                command.args([name, usual]);
            }
        }
        command.args(more);
        let mut house = Self::spawn(command, folder);
        house.settle(folder);
        house
    }

    /// Starts a command and does not wait.
    pub(crate) fn spawn(mut command: Command, folder: &Path) -> Self {
        drop(std::fs::remove_file(folder.join("demo.json")));
        let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("test.log")).unwrap();
        command.current_dir(folder).stdout(Stdio::from(log.try_clone().unwrap())).stderr(Stdio::from(log));
        Self { child: command.spawn().expect("the program starts"), card: Value::Null }
    }

    /// Waits until the demo answers.
    pub(crate) fn settle(&mut self, folder: &Path) {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(180) {
            let text = std::fs::read_to_string(folder.join("demo.json")).ok();
            if let Some(card) = text.and_then(|text| serde_json::from_str(&text).ok()) {
                self.card = card;
                return;
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("the demo ended with {status}: {}", self.log(folder));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the demo did not start within three minutes: {}", self.log(folder));
    }

    pub(crate) fn log(&self, folder: &Path) -> String {
        std::fs::read_to_string(folder.join("test.log")).unwrap_or_default()
    }

    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.card.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("demo.json lacks {pointer}"))
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for the program to end by itself.
    pub(crate) fn wait(&mut self, patience: Duration) -> Option<std::process::ExitStatus> {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }

    pub(crate) fn caller(&self) -> Caller {
        Caller {
            address: self.text("/base_url").trim_start_matches("http://").to_owned(),
            token: self.text("/admin/token").to_owned(),
            sid: self.text("/wdt/sid").to_owned(),
            appkey: self.text("/wdt/appkey").to_owned(),
            secret: self.text("/wdt/appsecret").to_owned(),
            shop_no: self.text("/wdt/shop_no").to_owned(),
        }
    }
}

/// Who calls: everything a thread needs.
#[derive(Clone)]
pub(crate) struct Caller {
    address: String,
    pub(crate) token: String,
    sid: String,
    appkey: String,
    secret: String,
    shop_no: String,
}

impl Caller {
    /// The same caller with another application's keys.
    pub(crate) fn with_keys(&self, appkey: &str, secret: &str) -> Self {
        Self { appkey: appkey.to_owned(), secret: secret.to_owned(), ..self.clone() }
    }

    /// One HTTP exchange; `Err` when the connection breaks.
    pub(crate) fn http(&self, verb: &str, path: &str, headers: &str, body: &str) -> std::io::Result<Heard> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        write!(
            stream,
            "{verb} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let broken = || std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the answer broke off");
        let (head, text) = answer.split_once("\r\n\r\n").ok_or_else(broken)?;
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(broken)?;
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if length != Some(text.len()) {
            return Err(broken());
        }
        Ok(Heard { status, text: text.to_owned() })
    }

    /// A signed openapi2 form body.
    pub(crate) fn signed(&self, arguments: &[(&str, &str)]) -> String {
        let now = time();
        let mut pairs = vec![("sid", &*self.sid), ("appkey", &*self.appkey), ("timestamp", &*now)];
        pairs.extend_from_slice(arguments);
        let sign = wdt::sign(&self.secret, pairs.iter().copied(), LengthUnit::CodePoints);
        pairs.push(("sign", &sign));
        form::encode(pairs, Space::Plus)
    }

    /// One signed openapi2 call.
    pub(crate) fn call(&self, file: &str, arguments: &[(&str, &str)]) -> Value {
        self.send(file, &self.signed(arguments)).unwrap().json()
    }

    /// A body that was signed before.
    pub(crate) fn send(&self, file: &str, body: &str) -> std::io::Result<Heard> {
        self.http("POST", &format!("/openapi2/{file}"), "Content-Type: application/x-www-form-urlencoded\r\n", body)
    }

    /// The body of a push of one order.
    pub(crate) fn push_body(&self, tid: &str, spec_no: &str, num: i64) -> String {
        self.signed(&[("shop_no", &self.shop_no), ("trade_list", &json!([order(tid, spec_no, num)]).to_string())])
    }

    /// Pushes one order.
    pub(crate) fn push(&self, tid: &str, spec_no: &str, num: i64) -> Value {
        self.send("trade_push.php", &self.push_body(tid, spec_no, num)).unwrap().json()
    }

    /// One call of the admin API.
    pub(crate) fn admin(&self, verb: &str, path: &str, body: &Value) -> Heard {
        let headers = format!("Authorization: Bearer {}\r\nContent-Type: application/json\r\n", self.token);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.http(verb, &format!("/admin/v1{path}"), &headers, &body).unwrap()
    }
}

/// An order of one line.
pub(crate) fn order(tid: &str, spec_no: &str, num: i64) -> Value {
    json!({
        "tid": tid, "trade_status": 30, "pay_status": 2, "delivery_term": 1,
        "trade_time": "2026-01-02 03:04:05", "pay_time": "2026-01-02 03:05:06", "buyer_nick": format!("买家{tid}"),
        "receiver_name": "张三", "receiver_province": "北京", "receiver_city": "北京市", "receiver_district": "海淀区",
        "receiver_address": "花园路1号", "receiver_mobile": "19900000000", "logistics_type": -1, "post_amount": 0,
        "cod_amount": 0, "ext_cod_fee": 0, "other_amount": 0, "paid": num * 99,
        "order_list": [{
            "oid": format!("{tid}-1"), "status": 30, "refund_status": 0, "goods_id": "M1", "spec_id": spec_no,
            "goods_no": "", "spec_no": spec_no, "goods_name": "示例", "spec_name": "红", "num": num, "price": "99.00",
            "adjust_amount": 0, "discount": 0, "share_discount": 0,
        }],
    })
}

/// Unix seconds for a signature: the running program compares them with the system clock.
pub(crate) fn time() -> String {
    #[expect(clippy::disallowed_methods, reason = "a client of the real program signs with the real time")]
    let now = std::time::SystemTime::now();
    now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs().to_string()
}

/// An address that nobody uses, and that stays free until it is bound: below the ports that the system gives to whoever asks for any.
pub(crate) fn free_address() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = 20_000 + (std::process::id().wrapping_mul(37).wrapping_add(step)) % 12_000;
        let address = format!("127.0.0.1:{port}");
        if TcpListener::bind(&address).is_ok() {
            return address;
        }
        assert!(step < 12_000, "no port is free");
    }
}

/// A folder that goes away with the test.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A file of this folder as an argument.
pub(crate) fn path(folder: &Path, name: &str) -> (PathBuf, String) {
    let path = folder.join(name);
    (path.clone(), path.display().to_string())
}
