//! Excel in and out through the running program: the command line with and without a server, jobs of the admin API, a crash.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::house::{Caller, House, folder, path, run, said};

const GOODS: &str =
    "货品编号,货品名称,商家编码,规格名称,零售价\nX1,新货,X1-R,红,99\nX1,,X1-B,蓝,一百\nX2,另一,X2-A,,5\n";

/// A binary exchange with the admin API.
fn exchange(caller: &Caller, address: &str, verb: &str, path: &str, body: &[u8]) -> (u16, String, Vec<u8>) {
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    write!(
        stream,
        "{verb} /admin/v1{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
        caller.token,
        body.len()
    )
    .unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head, answer.split_off(end + 4))
}

fn wait(caller: &Caller, number: &Value) -> Value {
    let begun = Instant::now();
    loop {
        let job = caller.admin("GET", &format!("/jobs/{number}"), &Value::Null).json();
        if job["state"] == "done" || job["state"] == "failed" {
            return job;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "{job}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_sheet_goes_in_as_a_job_and_its_errors_come_back() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let (caller, address) = (house.caller(), house.text("/base_url").to_owned());
    let (status, _, body) = exchange(&caller, &address, "POST", "/sheets/goods/import?file=a/b.csv", GOODS.as_bytes());
    let job: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, &job["file"]), (202, &json!("b.csv")), "{job}");
    let job = wait(&caller, &job["number"]);
    let counts: Vec<&Value> = ["state", "total", "done", "good", "bad", "download"].iter().map(|n| &job[*n]).collect();
    assert_eq!(json!(counts), json!(["done", 3, 3, 1, 2, 1]), "{job}");
    let file = format!("/jobs/{}/file", job["number"]);
    let (status, head, body) = exchange(&caller, &address, "GET", &file, b"");
    assert_eq!((status, &body[..2]), (200, b"PK".as_slice()));
    assert!(head.contains("b.%E9%94%99%E8%AF%AF.xlsx"), "{head}");
    assert_eq!(caller.admin("DELETE", &format!("/jobs/{}", job["number"]), &Value::Null).status, 200);
    assert_eq!(caller.admin("GET", &file, &Value::Null).status, 404);

    let (status, _, body) = exchange(&caller, &address, "GET", "/sheets/goods/template", b"");
    assert_eq!((status, &body[..2]), (200, b"PK".as_slice()));
    let left: Vec<_> =
        std::fs::read_dir(folder.path().join("jobs")).unwrap().flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["last"], "nothing of it is left on the disk");
}

#[test]
fn wrong_jobs_are_refused_by_name() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let check = |verb: &str, path: &str, body: Value, expected: (u16, &str)| {
        let heard = caller.admin(verb, path, &body);
        let field = heard.json()["error"]["field"].as_str().unwrap_or_default().to_owned();
        assert_eq!((heard.status, field.as_str()), expected, "{path}: {}", heard.text);
    };
    check("POST", "/sheets/nothing/import", Value::Null, (404, ""));
    check("POST", "/sheets/order/import", Value::Null, (400, "kind"));
    check("GET", "/sheets/order/template", Value::Null, (400, "kind"));
    check("POST", "/sheets/goods/import?colour=1", Value::Null, (400, "colour"));
    check("POST", "/sheets/goods/export", json!({ "shop_no": "a" }), (400, "shop_no"));
    check("POST", "/sheets/goods/export", json!({ "format": "pdf" }), (400, "format"));
    check("GET", "/jobs/77", Value::Null, (404, ""));
    let mut stranger = caller.clone();
    stranger.token = "0".repeat(32);
    assert_eq!(stranger.admin("POST", "/sheets/goods/import", &Value::Null).status, 401);
    let job = caller.admin("POST", "/sheets/goods/import", &json!("no workbook")).json();
    let job = wait(&caller, &job["number"]);
    assert_eq!((&job["state"], &job["download"]), (&json!("failed"), &json!(0)), "{job}");
    assert!(job["message"].as_str().unwrap().contains("货品编号"), "{job}");
    let sheets = caller.admin("GET", "/sheets", &Value::Null).json();
    assert_eq!(sheets["sheets"][0]["columns"][0]["header"], "货品编号");
}

/// `matou import` and `export`, wherever they are carried out.
fn in_and_out(data: &Path, more: &[&str], format: &str) {
    let (file, file_name) = path(data, &format!("in-{format}.csv"));
    let (marked, _) = path(data, &format!("in-{format}.错误.xlsx"));
    std::fs::write(&file, GOODS).unwrap();
    let data_name = data.display().to_string();
    let common = [&["--data", &data_name], more].concat();
    let output = run(&[&["import", "goods", &file_name], &*common].concat());
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("失败 2 行") && marked.exists(), "{}", said(&output));
    std::fs::remove_file(&marked).unwrap();
    std::fs::write(&file, GOODS.replace("一百", "100")).unwrap();
    let output = run(&[&["import", "goods", &file_name], &*common].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let (out, out_name) = path(data, &format!("out.{format}"));
    let output = run(&[&["export", "goods", &out_name, "--start", "2026-01-01 00:00:00"], &*common].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let bytes = std::fs::read(&out).unwrap();
    match format {
        "csv" => assert!(String::from_utf8_lossy(&bytes).contains("X1,新货,")),
        _ => assert_eq!(&bytes[..2], b"PK"),
    }
    let output = run(&[&["export", "goods", &out_name], &*common].concat());
    assert_eq!(output.status.code(), Some(2), "an existing file is not overwritten");
}

#[test]
fn the_command_line_works_with_a_server_and_without_one() {
    let folder = folder();
    let mut house = House::start(folder.path(), &[]);
    let address = house.text("/base_url").to_owned();
    in_and_out(folder.path(), &["--server", &address], "xlsx");
    house.kill();
    in_and_out(folder.path(), &["--tenant", "matoudemo"], "csv");
    let (template, name) = path(folder.path(), "t.xlsx");
    assert_eq!(run(&["template", "raw-order", &name]).status.code(), Some(0));
    assert!(template.exists());
    for wrong in [&["import", "nothing", &name], &["template", "order", "x.xlsx"], &["import", "order", &name]] {
        assert_eq!(run(wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn an_import_that_was_cut_off_goes_on_at_the_next_start() {
    let folder = folder();
    let mut house = House::start(folder.path(), &[]);
    let (caller, address) = (house.caller(), house.text("/base_url").to_owned());
    let mut text = String::from("外部单号,仓库编号,商家编码,数量\n");
    let warehouse = house.text("/wdt/warehouse_no").to_owned();
    for number in 0..4_000 {
        text.push_str(&format!("CRASH{number},{warehouse},G1001-RED,1\n"));
    }
    let stock = |caller: &Caller| {
        let heard = caller.admin("GET", &format!("/stock?spec_no=G1001-RED&warehouse_no={warehouse}"), &Value::Null);
        let row = heard.json()["stocks"][0].clone();
        row["stock_num"].as_str().unwrap_or_else(|| panic!("{}", heard.text)).parse::<f64>().unwrap()
    };
    let before = stock(&caller);
    let (_, _, body) = exchange(&caller, &address, "POST", "/sheets/stock-in/import", text.as_bytes());
    let job: Value = serde_json::from_slice(&body).unwrap();
    let begun = Instant::now();
    loop {
        let now = caller.admin("GET", &format!("/jobs/{}", job["number"]), &Value::Null).json();
        if now["done"].as_i64().unwrap() > 0 {
            assert_eq!(now["state"], "running", "too few rows to cut it off");
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{now}");
    }
    house.kill();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let job = wait(&caller, &job["number"]);
    assert_eq!((&job["state"], &job["total"], &job["bad"]), (&json!("done"), &json!(4000), &json!(0)), "{job}");
    assert!(job["same"].as_i64().unwrap() > 0, "{job}");
    assert!((stock(&caller) - before - 4_000.0).abs() < 0.001, "every piece came in once");
}
