//! `matou rehearse ascp`: the joint test of 天猫国际直营 with somebody else's ERP, over TCP. The ERP is a second Matou, whose people this
//! test plays; then receivers that do what receivers do wrong.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::house::{Caller, House, folder, free_address, matou, path};

/// The demo's supplier; its goods have ids from this on.
const SUPPLIER: &str = "1000000000090001";
const FIRST: i64 = 690_000_000_001;

/// A furnished demo at a fixed address.
fn furnished(folder: &Path, address: &str) -> House {
    let mut command = matou();
    command.args(["demo", "--listen", address, "--shop-rate", "0", "--catalogue", "small", "--data"]).arg(folder);
    let mut house = House::spawn(command, folder);
    house.settle(folder);
    house
}

/// The same data served at the same address, as an ERP in production is: without a simulated platform of its own.
fn served(folder: &Path, address: &str, card: Value) -> House {
    let mut command = matou();
    command.args(["serve", "--listen", address, "--data"]).arg(folder);
    let mut house = House::spawn(command, folder);
    house.card = card;
    let begun = std::time::Instant::now();
    while !house.caller().http("GET", "/readyz", "", "").is_ok_and(|heard| heard.status == 200) {
        assert!(begun.elapsed().as_secs() < 60, "{}", house.log(folder));
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    house
}

/// The people of the ERP.
struct Staff {
    folder: std::path::PathBuf,
    address: String,
    house: House,
    waybill: u32,
}

impl Staff {
    fn caller(&self) -> Caller {
        self.house.caller()
    }

    fn must(&self, verb: &str, path: &str, body: &Value) -> Value {
        let heard = self.caller().admin(verb, path, body);
        assert!(heard.status < 300, "{verb} {path}: {} {}", heard.status, heard.text);
        heard.json()
    }

    /// The order in the core, once it is there.
    fn trade(&self, code: &str) -> Value {
        for _ in 0..1_200 {
            let found = self.must("GET", &format!("/orders?tid={code}"), &Value::Null);
            if let Some(order) = found["orders"].get(0) {
                return order.clone();
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("{code} did not get into the ERP");
    }

    fn audit(&self, code: &str) -> String {
        let order = self.trade(code);
        let no = order["trade_no"].as_str().unwrap().to_owned();
        if order["trade_status"] == 30 {
            self.must("POST", &format!("/orders/{no}/audit"), &Value::Null);
        }
        no
    }

    /// `ship LP1 parcels=2`
    fn does(&mut self, task: &str) {
        let mut words = task.split(' ');
        let (action, about) = (words.next().unwrap(), words.next().unwrap_or_default().to_owned());
        let details: Vec<(&str, &str)> = words.filter_map(|word| word.split_once('=')).collect();
        let detail = |name: &str| details.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        match action {
            "release" => drop(self.audit(&about)),
            "ship" => {
                let no = self.audit(&about);
                let parcels: u32 = detail("parcels").map_or(1, |text| text.parse().unwrap());
                let mut numbers = (0..parcels).map(|_| {
                    self.waybill += 1;
                    format!("SF{:012}", self.waybill)
                });
                let first = numbers.next().unwrap();
                let more: Vec<String> = numbers.collect();
                let body = json!({ "logistics_no": "SF", "waybill": first, "parcels": more });
                self.must("POST", &format!("/orders/{no}/ship"), &body);
            }
            "map" => drop(self.must("POST", &format!("/ascp/goods/{about}"), &json!({ "spec_no": detail("code") }))),
            "receive" => {
                let found = self.must("GET", &format!("/ascp/returns/{about}"), &Value::Null);
                let pieces = |name: &str| detail(name).map_or(0, |text| text.parse::<i64>().unwrap());
                let line = json!({
                    "sub_order_code": found["lines"][0]["sub_order_code"], "good": pieces("good"), "defective": pieces("defective"),
                });
                self.must("POST", &format!("/ascp/returns/{about}/receive"), &json!({ "lines": [line] }));
            }
            "publish" => {
                drop(self.must("POST", &format!("/ascp/channels/{SUPPLIER}/reconcile"), &json!({ "publish": true })))
            }
            "renew" => {
                drop(self.must("POST", &format!("/ascp/channels/{SUPPLIER}/session"), &json!({ "session": about })))
            }
            // This ERP has no switch that could stop pushes.
            "downloads" => {}
            "restart" => {
                self.house.kill();
                self.house = served(&self.folder, &self.address, self.house.card.clone());
            }
            other => panic!("nobody knows how to {other}"),
        }
    }
}

/// Runs the joint test and does what it asks for; its exit code, and what it said.
fn play(arguments: &[&str], mut does: impl FnMut(&str)) -> (Option<i32>, String) {
    let mut command = matou();
    command.args(["rehearse", "ascp"]).args(arguments);
    let mut child: Child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut said = String::new();
    for line in BufReader::new(stdout).lines() {
        let line = line.unwrap();
        said.push_str(&line);
        said.push('\n');
        if let Some(task) = line.strip_prefix(">> ") {
            does(task);
            writeln!(stdin).unwrap();
        }
    }
    let ended = child.wait_with_output().unwrap();
    said.push_str(&String::from_utf8_lossy(&ended.stderr));
    (ended.status.code(), said)
}

/// A terms file with these keys; the goods are the demo's first two.
fn terms(folder: &Path, secret: &str, session: &str, json: bool, codes: [&str; 2]) -> String {
    let (file, name) = path(folder, "joint-test.json");
    let goods = json!({ FIRST.to_string(): codes[0], (FIRST + 1).to_string(): codes[1] });
    let terms = json!({
        "supplier_id": SUPPLIER, "customer_id": "2200000000001", "app_key": "21999001", "app_secret": secret, "session": session,
        "store_code": "DEMO_WH_01", "user_id": 2_200_000_000_009_i64, "goods": goods, "pieces": 100, "json": json,
    });
    std::fs::write(file, terms.to_string()).unwrap();
    name
}

/// Every scenario of the appendix with another Matou as the ERP, as XML.
#[test]
fn another_matou_passes_the_joint_test() {
    let folder = folder();
    let (address, top) = (free_address(), free_address());
    let house = furnished(folder.path(), &address);
    let mut staff = Staff { folder: folder.path().to_owned(), address: address.clone(), house, waybill: 0 };
    let top_url = format!("http://{top}/router/rest");
    staff.must("PATCH", &format!("/ascp/channels/{SUPPLIER}"), &json!({ "top_url": top_url }));
    staff.does("restart");
    let (secret, session) = (staff.house.text("/ascp/app_secret"), staff.house.text("/ascp/session"));
    let name = terms(folder.path(), secret, session, false, ["G1001-RED", "G1001-BLUE"]);
    let (junit, junit_name) = path(folder.path(), "joint.xml");
    let target = format!("http://{address}/spi/ascp");
    let arguments =
        ["--target", &target, "--terms", &name, "--listen", &top, "--patience", "40", "--junit", &junit_name];
    let (code, said) = play(&arguments, |task| staff.does(task));
    assert_eq!(code, Some(0), "{said}\n{}", staff.house.log(folder.path()));
    let report = std::fs::read_to_string(junit).unwrap();
    assert!(report.contains("failures=\"0\"") && report.contains("(13, 14)"), "{report}");
}

/// What receivers do wrong.
#[derive(Clone, Copy)]
enum Wrong {
    /// Success is answered, and nothing is stored.
    Forgets,
    /// The answer is no reply.
    Babbles,
    /// The signature is not looked at.
    Believes,
}

/// Answers every request at `listener` wrongly, for as long as the test lives.
fn receive(listener: TcpListener, wrong: Wrong) {
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            drop(answer(stream, wrong));
        }
    });
}

fn answer(mut stream: TcpStream, wrong: Wrong) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk)?;
        request.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if read == 0 || body.len() >= length.unwrap_or(0) {
            break;
        }
    }
    let body = match wrong {
        Wrong::Forgets | Wrong::Believes => "<response><success>true</success><retry>false</retry></response>",
        Wrong::Babbles => "{\"flag\":\"success\"}",
    };
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

#[test]
fn broken_receivers_fail_and_are_told_why() {
    let folder = folder();
    let name = terms(folder.path(), "0123456789abcdef0123456789abcdef", "S", true, ["A", "B"]);
    for (wrong, only, words) in [
        (
            Wrong::Forgets,
            "1",
            &["answered success to the push", "before the order was stored", "No call of the ERP has come at all"][..],
        ),
        (Wrong::Babbles, "1", &["is no reply", "pushes again"]),
        (Wrong::Believes, "3", &["expected  false", "actual    true"]),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let target = format!("http://{}/push", listener.local_addr().unwrap());
        receive(listener, wrong);
        let arguments =
            ["--target", &target, "--terms", &name, "--listen", "127.0.0.1:0", "--patience", "2", "--only", only];
        let (code, said) = play(&arguments, |task| panic!("nobody should be asked to {task}"));
        assert_eq!(code, Some(1), "{said}");
        for words in words {
            assert!(said.contains(words), "{words} is missing in {said}");
        }
    }
    // Nobody answers at all.
    let target = format!("http://{}/push", free_address());
    let arguments =
        ["--target", &target, "--terms", &name, "--listen", "127.0.0.1:0", "--patience", "2", "--only", "1"];
    let (code, said) = play(&arguments, |task| panic!("nobody should be asked to {task}"));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("did not get to the ERP at"), "{said}");
}

#[test]
fn the_terms_are_written_once_and_what_makes_no_sense_is_said() {
    let folder = folder();
    let (file, name) = path(folder.path(), "joint-test.json");
    let run = |arguments: &[&str]| {
        let mut command: Command = matou();
        let output = command.args(["rehearse", "ascp"]).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = run(&["--target", "http://127.0.0.1:1/", "--terms", &name]);
    assert_eq!(code, Some(2), "{said}");
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(said.contains("joint-test.json") && written.contains("app_secret"), "{said}");
    for (arguments, words) in [
        (vec!["--target", "erp.example.com", "--terms", &name], "--target"),
        (vec!["--target", "http://127.0.0.1:1/", "--terms", &name, "--only", "99"], "--only"),
        (vec!["--terms", &name], "--target"),
    ] {
        let (code, said) = run(&arguments);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(words), "{said}");
    }
    // The file stays as it is.
    assert_eq!(std::fs::read_to_string(&file).unwrap(), written);
}
