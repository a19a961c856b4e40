//! HTTP that two readers could read differently, or that is none: refused in words or cut off, and nobody else notices.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::house::{Caller, House, folder};

/// What comes back for these bytes until the other side hangs up.
fn exchange(address: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    // Who is cut off in the middle of his words hears the answer all the same, or a reset.
    drop(stream.write_all(bytes));
    let mut said = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => said.extend_from_slice(&buffer[..n]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                assert!(!matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "left open: {said:?}");
                break;
            }
        }
    }
    String::from_utf8_lossy(&said).into_owned()
}

fn status(said: &str) -> &str {
    said.split(' ').nth(1).unwrap_or_default()
}

#[test]
fn messages_that_are_none_are_refused() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let address = house.text("/base_url").trim_start_matches("http://");
    let second = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let long = "a".repeat(2 << 20);
    for (message, expected) in [
        // Where does the first request end? Nobody guesses: what follows is not read as a second one.
        (
            format!("POST /router/qm HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 9\r\n\r\n{second}"),
            "400",
        ),
        (format!("POST /router/qm HTTP/1.1\r\nHost: x\r\nContent-Length: 0, 9\r\n\r\n{second}"), "400"),
        (format!("POST /router/qm HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{second}"), "400"),
        (format!("POST /router/qm HTTP/1.1\r\nHost: x\r\nContent-Length: +0\r\n\r\n{second}"), "400"),
        (format!("POST /router/qm HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n{second}"), "400"),
        (format!("POST /router/qm HTTP/1.1\r\nHost: x\r\nContent-Length : 0\r\n\r\n{second}"), "400"),
        (format!("GET /router/qm HTTP/1.1\r\nHost: x\r\n X-Folded: 1\r\n\r\n{second}"), "400"),
        (format!("GET /router/qm HTTP/1.1\r\nHost: x\r\nX-Nul: a\0b\r\n\r\n{second}"), "400"),
        (format!("GET /router/qm?a b HTTP/1.1\r\nHost: x\r\n\r\n{second}"), "400"),
        (format!("GET /router/qm HTTP/7.3\r\nHost: x\r\n\r\n{second}"), "400"),
        (format!("GET /router/qm?a={long} HTTP/1.1\r\nHost: x\r\n\r\n"), "414 or 431"),
        (format!("GET /router/qm HTTP/1.1\r\nHost: x\r\nX-Long: {long}\r\n\r\n"), "431"),
        (format!("GET /router/qm HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: 1\r\n".repeat(10_000)), "431"),
        ("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\r\n\r\n".to_owned(), "400"),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), ""),
    ] {
        let said = exchange(address, message.as_bytes());
        let shown: String = message.chars().take(120).collect();
        // Who is cut off while he is still writing may hear a reset before the answer.
        let cut = message.len() > 1 << 20 && said.is_empty();
        assert!(cut || expected.split(" or ").any(|one| one == status(&said)), "{shown}: {expected}: {said}");
        assert!(said.matches("HTTP/1.1 ").count() <= 1, "{shown}: {said}");
    }
    well(&house.caller());
}

#[test]
fn a_broken_body_of_chunks_has_its_envelope() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let address = house.text("/base_url").trim_start_matches("http://");
    for chunks in ["ZZ\r\nabc\r\n", "fffffffffffffffff\r\n", "-1\r\n", "3\r\nabcdef\r\n0\r\n\r\n"] {
        let head = "POST /router/qm?format=json HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        let said = exchange(address, format!("{head}{chunks}").as_bytes());
        assert_eq!(status(&said), "200", "{chunks}: {said}");
        assert!(said.contains(r#""code":41,"#) && said.contains("the request body broke off"), "{chunks}: {said}");
        assert_eq!(said.matches("HTTP/1.1 ").count(), 1, "{chunks}: {said}");
    }
    well(&house.caller());
}

fn well(caller: &Caller) {
    assert_eq!(caller.call("shop.php", &[])["code"], 0);
}
