//! `matou sign`: makes calls that work, explains those that do not.

use std::process::Command;

use crate::house::{House, folder, path, run, said};

const SECRET: &str = "demo_secret_01";
/// Fact sheet wdt-1, 1.4, V1.
const PLAIN: &str = "page_no=0&page_size=40&sid=demo2&appkey=demo2-test&timestamp=1700000000";

#[test]
fn says_what_is_right_and_what_is_wrong() {
    for (text, success, expected) in [
        (format!("{PLAIN}&sign=026754bdf4a8b49b255f8746fb9f41ec"), true, "right, dialect code-points"),
        (format!("{PLAIN}&sign=026754BDF4A8B49B255F8746FB9F41EC"), true, "other case"),
        (format!("{PLAIN}&sign=026754bdf4a8b49b255f8746fb9f41ed"), false, "no known mistake gives it"),
        (format!("{PLAIN}&sign=0267"), false, "32 hexadecimal digits are expected"),
        (format!("http://x/openapi2/shop.php?{PLAIN}&sign=0267"), false, "32 hexadecimal digits are expected"),
    ] {
        let output = run(&["sign", "--secret", SECRET, "--check", &text]);
        let said = said(&output);
        assert_eq!(output.status.success(), success, "{said}");
        assert!(said.contains(expected), "{expected}: {said}");
        assert!(said.contains("06-appkey:0010-demo2-test;07-page_no:0001-0;"), "{said}");
        assert!(!said.contains(SECRET), "{said}");
    }
}

#[test]
fn reads_files_and_compares_strings() {
    let folder = folder();
    let (file, name) = path(folder.path(), "call.json");
    let call = r#"{"page_no":0,"page_size":"40","sid":"demo2","appkey":"demo2-test","timestamp":1700000000,
                  "sign":"026754bdf4a8b49b255f8746fb9f41ec"}"#;
    std::fs::write(&file, call).unwrap();
    let theirs = "06-appkey:0010-demo2-test;07-page_no:0001-1;";
    let output = run(&["sign", "--secret", SECRET, "--check-file", &name, "--client-string", theirs]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("the value of page_no"), "{}", said(&output));
    for wrong in [&["sign"][..], &["sign", "shop.php"], &["sign", "--secret", "s", "--check", "a=1"]] {
        assert_eq!(run(wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn the_line_it_prints_works_when_pasted() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let (_, card) = path(folder.path(), "demo.json");
    for (method, digest, expected) in [
        ("shop.php", "md5", r#""shop_no":"api_test""#),
        ("wdt.shop.query", "md5", r#""errorcode":0"#),
        ("wdt.shop.query", "hmac", r#""errorcode":0"#),
        ("hu3cgwt0tc.wdt.shop.query", "hmac-sha256", r#""errorcode":0"#),
    ] {
        let line = String::from_utf8(run(&["sign", "--demo", &card, "--sign-method", digest, method]).stdout).unwrap();
        let heard = match Command::new("sh").args(["-c", &line]).output() {
            Ok(output) if output.status.success() => String::from_utf8(output.stdout).unwrap(),
            // A machine without curl: the same request by hand.
            _ => {
                let (_, rest) = line.split_once("-d '").unwrap();
                let body = rest.trim_end().trim_end_matches('\'');
                let url = line.split('\'').nth(3).unwrap();
                let address = url.splitn(4, '/').nth(3).unwrap();
                let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
                house.caller().http("POST", &format!("/{address}"), kind, body).unwrap().text
            }
        };
        assert!(heard.contains(expected), "{line}{heard}");
    }
}

#[test]
fn programs_for_a_call_that_was_refused() {
    let folder = folder();
    let (file, body) = path(folder.path(), "body.xml");
    std::fs::write(file, "<request><page_size>5</page_size></request>").unwrap();
    let text = format!(
        "http://127.0.0.1:8080/router/qm?app_key=1&timestamp={}&sign={}",
        "2026-01-02+03:04:05",
        "0".repeat(32)
    );
    let (into, name) = path(folder.path(), "code");
    let output =
        run(&["sign", "--secret", SECRET, "--check", &text, "--body", &body, "--sample", "all", "--into", &name]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    for file in ["call.sh", "call.py", "Call.java", "call.php", "call.go", "call.mjs", "src/main.rs"] {
        let text = std::fs::read_to_string(into.join(file)).unwrap();
        assert!(text.contains("page_size") && text.contains("text/xml;charset=UTF-8"), "{text}");
        assert!(text.contains("http://127.0.0.1:8080/router/qm") && !text.contains(SECRET), "{text}");
    }
    assert!(into.join("Cargo.toml").exists());
}

#[test]
fn the_admin_api_explains_a_refused_call() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let (_, card) = path(folder.path(), "demo.json");
    let line = String::from_utf8(run(&["sign", "--demo", &card, "wdt.shop.query", "shop_no=旗舰店"]).stdout).unwrap();
    let form = line.split('\'').nth(5).unwrap();
    let explain = |form: &str| {
        let asked =
            serde_json::json!({ "path": "/router/qm", "body": form, "client_string": "app_key", "sample": "go" });
        caller.admin("POST", "/signatures/explain", &asked).json()
    };
    let told = explain(form);
    assert_eq!(told["right"], 1, "{told}");
    let told = explain(&format!("{form}&session=x"));
    assert_eq!(told["right"], 0, "{told}");
    assert_eq!(told["verdict"], "the parameter session is sent but not signed / 参数 session 已发送但未参与签名");
    assert_eq!(told["difference_at"], 7);
    let code = told["samples"][0]["code"].as_str().unwrap();
    assert!(code.contains("package main") && code.contains("旗舰店"), "{code}");
    let secret = std::fs::read_to_string(&card).unwrap();
    let secret = secret.split("\"app_secret\": \"").nth(1).unwrap().split('"').next().unwrap();
    assert!(!told.to_string().contains(secret));
    let unknown = caller.admin("POST", "/signatures/explain", &serde_json::json!({ "path": "/nowhere" }));
    assert_eq!(unknown.status, 400, "{}", unknown.text);
}
