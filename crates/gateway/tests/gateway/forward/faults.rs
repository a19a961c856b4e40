//! Targets that hang, reset, answer garbage, gigabytes, late, in part; full queues, breakers, forbidden addresses.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::house::{KEY, add_target, call, failure, world_with, world_with_target};
use super::target::{Does, Target};
use crate::world::World;

const QUERY: &str = "x1y2z3.demo.order.query";
const OK: &str = r#"{"response":{"errorcode":0}}"#;

async fn query(world: &World) -> String {
    call(world, QUERY, &[("tid", "T1")]).await
}

fn says(answer: &str, sub_code: &str, words: &str) {
    assert!(
        answer.contains(&format!(r#""code":15,"message":"Remote service error","sub_code":"{sub_code}""#)),
        "{answer}"
    );
    assert!(answer.contains(words), "{answer}");
}

fn raw(text: &str) -> Does {
    Does::Raw(text.as_bytes().to_vec())
}

#[tokio::test]
async fn each_misbehaviour_has_its_envelope() {
    let big = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{{", 1u64 << 40);
    let laughs: String = ('b'..='z').map(|c| format!("<!ENTITY {c} \"&{0};&{0};\">", (c as u8 - 1) as char)).collect();
    let laughs = format!("<!DOCTYPE r [<!ENTITY a \"lol\">{laughs}]><response><flag>&z;</flag></response>");
    let outside = "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><response><message>&x;</message></response>";
    let deep_xml = format!("<response>{}{}</response>", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let deep_json = format!("{{\"response\":{}", "{\"response\":".repeat(500_000));
    let long_head = format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\n\r\n", "a".repeat(4 << 20));
    let many_heads = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: 1\r\n".repeat(100_000));
    let split = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}";
    let xml = "text/xml;charset=utf-8";
    let cases: Vec<(Does, &str, &str)> = vec![
        (Does::Types(xml, laughs.into_bytes()), "isp.top-parse-error", "cannot be read"),
        (Does::Types(xml, outside.into()), "isp.top-parse-error", "cannot be read"),
        (Does::Types(xml, deep_xml.into_bytes()), "isp.top-parse-error", "cannot be read"),
        (Does::Says(deep_json), "isp.top-parse-error", "cannot be read"),
        (raw(&long_head), "isp.top-remote-connection-error", "broke"),
        (raw(&many_heads), "isp.top-remote-connection-error", "broke"),
        (raw(split), "isp.top-remote-connection-error", "broke"),
        (Does::Hangs, "isp.top-remote-connection-timeout", "within 700 ms"),
        (Does::Later(Duration::from_secs(2), OK.into()), "isp.top-remote-connection-timeout", "within 700 ms"),
        (Does::Drips("HTTP/1.1 200 OK\r\nX-Slow: "), "isp.top-remote-connection-timeout", "within 700 ms"),
        (
            Does::Drips("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{"),
            "isp.top-remote-connection-timeout",
            "within 700 ms",
        ),
        (Does::Closes, "isp.top-remote-connection-error", "broke before the whole answer"),
        (Does::Resets, "isp.top-remote-connection-error", "broke before the whole answer"),
        (Does::Floods, "isp.top-parse-error", "larger than 16777216 bytes"),
        (raw(&big), "isp.top-parse-error", "larger than 16777216 bytes"),
        (raw("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"resp"), "isp.top-remote-connection-error", "broke"),
        (raw("garbage\r\n\r\n"), "isp.top-remote-connection-error", "broke"),
        (Does::Says("not json".into()), "isp.top-parse-error", "cannot be read"),
        (Does::Says(String::new()), "isp.top-parse-error", "empty"),
        // Packed although nobody asked for it: a bomb would be unpacked by whoever trusts the header.
        (
            raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u{1f}\u{1}\u{8}\u{0}"),
            "isp.top-parse-error",
            "",
        ),
        (Does::Types("application/json", b"{\"a\":\"\xd5\xc5\"}".to_vec()), "isp.top-parse-error", "charset"),
        (Does::Says("<html>login</html>".into()), "isp.top-parse-error", "web page"),
        (raw("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"), "isp.remote-service-error", "HTTP 502"),
        (raw("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), "isp.top-parse-error", "HTTP 404"),
        (
            raw("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
            "isp.top-parse-error",
            "HTTP 302",
        ),
    ];
    for (does, sub_code, words) in cases {
        // Only who is to be late has little time: a busy machine needs its own.
        let patience = if words == "within 700 ms" { 700 } else { 25_000 };
        let target = Target::start(move |_| does.clone()).await;
        let world = world_with(|listed| {
            (listed.production.url, listed.production.timeout_ms) = (target.url(), Some(patience));
        })
        .await;
        let before = Instant::now();
        says(&query(&world).await, sub_code, words);
        assert!(before.elapsed() < Duration::from_secs(30), "{words}");
    }
}

#[tokio::test]
async fn nobody_at_home() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let refused = world_with_target(&format!("http://{address}/")).await;
    says(&query(&refused).await, "isp.top-remote-connection-error", "does not accept the connection");
    let unknown = world_with_target("http://nobody.invalid/").await;
    says(&query(&unknown).await, "isp.top-remote-connection-error", "name cannot be resolved");
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = plain.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = plain.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let tls = world_with_target(&format!("https://{address}/")).await;
    says(&query(&tls).await, "isp.top-remote-connection-error", "no TLS with the target");
}

#[tokio::test]
async fn private_addresses_are_refused_unless_allowed_and_metadata_always() {
    let target = Target::saying(OK).await;
    let port = target.address.port();
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
    ] {
        let world = world_with(|listed| {
            (listed.production.url, listed.production.private_allowed) = (url.clone(), false);
        })
        .await;
        says(&query(&world).await, "isp.top-remote-connection-error", "is private");
    }
    let metadata = world_with_target("http://169.254.169.254/latest/meta-data").await;
    says(&query(&metadata).await, "isp.top-remote-connection-error", "no target may live at 169.254.169.254");
    assert_eq!(target.accepted(), 0, "nothing was connected to");
    let allowed = world_with_target(&format!("http://localhost:{port}/")).await;
    assert_eq!(query(&allowed).await, OK);
}

#[tokio::test]
async fn connections_are_kept_and_a_closed_one_is_noticed() {
    let target = Target::saying(OK).await;
    let world = world_with_target(&target.url()).await;
    for _ in 0..5 {
        assert_eq!(query(&world).await, OK);
    }
    assert_eq!(target.accepted(), 1);
    let closing = Target::start(|_| Does::SaysAndCloses(OK.into())).await;
    let world = world_with_target(&closing.url()).await;
    for _ in 0..5 {
        assert_eq!(query(&world).await, OK);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(closing.accepted(), 5);
}

#[tokio::test]
async fn a_read_is_sent_once_more_when_the_connection_breaks_and_a_write_is_not() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let target = Target::start(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        0 | 2 => Does::Closes,
        _ => Does::Says(OK.into()),
    })
    .await;
    let world = world_with_target(&target.url()).await;
    assert_eq!(query(&world).await, OK);
    assert_eq!(count.load(Ordering::SeqCst), 2);
    let answer = call(&world, "x1y2z3.demo.order.push", &[("tid", "T1")]).await;
    says(&answer, "isp.top-remote-connection-error", "broke before the whole answer");
    assert_eq!(count.load(Ordering::SeqCst), 3, "a write is never sent twice");
}

#[tokio::test]
async fn a_slow_target_slows_nobody_else() {
    let ((slow, tell), quick) = (Target::when_told(OK).await, Target::saying(OK).await);
    let world = world_with(|listed| {
        listed.production.url = slow.url();
        (listed.production.max_in_flight, listed.production.max_waiting) = (2, 2);
    })
    .await;
    add_target(&world, "21360000", |listed| listed.production.url = quick.url()).await;
    let mut many: FuturesUnordered<_> = (0..12).map(|_| query(&world)).collect();
    for _ in 0..8 {
        let spared = many.next().await.unwrap();
        assert!(spared.contains(r#""code":7"#), "what finds the queue full is told at once: {spared}");
    }
    tokio::select! {
        more = many.next() => panic!("four wait: {more:?}"),
        () = slow.hears(2) => {}
    }
    for _ in 0..50 {
        assert_eq!(call(&world, QUERY, &[("tid", "T1"), ("target_app_key", "21360000")]).await, OK);
    }
    assert_eq!(slow.heard().len(), 2, "no more than two at once");
    tell.send(true).unwrap();
    for _ in 0..4 {
        assert_eq!(many.next().await.unwrap(), OK, "those that waited come in their turn");
    }
    assert_eq!(slow.heard().len(), 4);
}

#[tokio::test]
async fn a_target_that_fails_again_and_again_is_spared() {
    let target = Target::start(|_| Does::Closes).await;
    let world = world_with_target(&target.url()).await;
    for _ in 0..gateway::limits::BREAKER_FAILURES {
        says(&query(&world).await, "isp.top-remote-connection-error", "broke");
    }
    let (calls, before) = (target.heard().len(), Instant::now());
    let spared = query(&world).await;
    assert!(
        spared.contains(r#""code":7,"#) && spared.contains("accesscontrol.limited-by-dynamic-access-count"),
        "{spared}"
    );
    assert!(before.elapsed() < Duration::from_secs(5), "told at once, not when the patience with the target is over");
    assert_eq!(target.heard().len(), calls, "nothing is sent meanwhile");
    let state = world.gateway.forwarder().states().remove(0);
    assert_eq!((state.target.as_str(), state.circuit, state.turned_away), (KEY, "open", 1));
    assert!(world.gateway.forwarder().close_circuit(KEY, gateway::directory::Environment::Production));
    says(&query(&world).await, "isp.top-remote-connection-error", "broke");
    assert!(!world.gateway.forwarder().close_circuit(KEY, gateway::directory::Environment::Test));
}

#[tokio::test]
async fn business_failures_open_no_circuit() {
    let target = Target::saying(r#"{"response":{"flag":"failure","code":"7","message":"no"}}"#).await;
    let world = world_with_target(&target.url()).await;
    for _ in 0..20 {
        assert_eq!(query(&world).await, failure("7", "no"));
    }
    assert_eq!(world.gateway.forwarder().states().remove(0).circuit, "closed");
}
