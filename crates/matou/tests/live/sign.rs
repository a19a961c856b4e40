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
