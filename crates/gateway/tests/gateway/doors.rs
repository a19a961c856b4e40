//! The axum routes over a real socket: verbs, paths, gzip, bodies beyond the limits.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::world::{World, openapi2_form, qimen_form, world};

async fn serve(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = gateway::http::router(world.gateway.clone()).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// Sends raw bytes; the head of the answer in lower case, and its body.
async fn exchange(address: SocketAddr, head: &str, body: &[u8]) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{head}\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").expect("an answer has a head");
    (String::from_utf8_lossy(&answer[..end]).to_lowercase(), answer[end + 4..].to_vec())
}

#[tokio::test]
async fn serves_every_path() {
    let world = world().await;
    let address = serve(&world).await;
    let qimen = qimen_form("toy.note.query", &[]);
    let openapi2 = openapi2_form("demo2-ot", &[]);
    for (path, form) in [
        ("/openapi2/note_query.php", &openapi2),
        ("/router/qm", &qimen),
        ("/router/qmtest", &qimen),
        ("/router/rest", &qimen),
        ("/top/router/qm", &qimen),
        ("/top/router/qmtest", &qimen),
        ("/top/router/rest", &qimen),
    ] {
        let post = format!(
            "POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}",
            form.len()
        );
        for (head, body) in [(post, form.as_bytes()), (format!("GET {path}?{form} HTTP/1.1"), &b""[..])] {
            let (head, body) = exchange(address, &head, body).await;
            assert!(head.starts_with("http/1.1 200"), "{head}");
            assert!(head.contains("content-type: application/json;charset=utf-8"), "{head}");
            assert!(head.contains("content-length: ") && !head.contains("content-encoding"), "{head}");
            assert!(String::from_utf8_lossy(&body).contains(r#"code":0,"#), "{path}");
        }
    }
    let (head, body) = exchange(address, "GET /openapi2/nothing.php HTTP/1.1", b"").await;
    assert!(head.starts_with("http/1.1 404"), "{head}");
    assert_eq!(String::from_utf8_lossy(&body), r#"{"code":1,"message":"接口不存在"}"#);
    let (head, body) = exchange(address, "PUT /router/qm?format=json HTTP/1.1", b"").await;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(String::from_utf8_lossy(&body).contains(r#""code":9,"message":"Http action not allowed""#));
}

#[tokio::test]
async fn compresses_when_asked() {
    let world = world().await;
    let address = serve(&world).await;
    let form = qimen_form("toy.note.query", &[]);
    let head = format!("GET /router/qm?{form} HTTP/1.1\r\nAccept-Encoding: gzip");
    let (head, body) = exchange(address, &head, b"").await;
    assert!(head.contains("content-encoding: gzip"), "{head}");
    let plain = wire::gzip::decompress(&body, 10_000).expect("gzip");
    assert!(String::from_utf8_lossy(&plain).starts_with(r#"{"response":{"errorcode":0"#));
}

#[tokio::test]
async fn a_limited_caller_is_told_what_is_left() {
    let world = world().await;
    let rule = gateway::limit::LimitRule { per_day: 2, ..Default::default() };
    world.gateway.directory().put_limit(rule).await.unwrap();
    let address = serve(&world).await;
    let head = format!("GET /router/qm?{} HTTP/1.1", qimen_form("toy.note.query", &[]));
    for remaining in ["1", "0"] {
        let (head, _) = exchange(address, &head, b"").await;
        assert!(head.contains("x-matou-limit: 2") && head.contains("x-matou-reset: "), "{head}");
        assert!(head.contains(&format!("x-matou-remaining: {remaining}\r\n")), "{head}");
    }
    let (head, body) = exchange(address, &head, b"").await;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    let text = String::from_utf8_lossy(&body);
    assert!(text.contains(r#""code":7,"#) && text.contains("This ban will last for "), "{text}");
}

#[tokio::test]
async fn a_body_of_100_mb_gets_an_envelope() {
    let world = world().await;
    let address = serve(&world).await;
    let piece = vec![b'x'; 100 * 1024 * 1024];
    let head = format!("POST /router/qm?format=json HTTP/1.1\r\nContent-Length: {}", piece.len());
    let (head, body) = exchange(address, &head, &piece).await;
    assert!(head.starts_with("http/1.1 200") && head.contains("connection: close"), "{head}");
    let text = String::from_utf8_lossy(&body);
    assert!(text.contains(r#""code":41"#) && text.contains("larger than 10 MB"), "{text}");
    // Who asks before sending is told at once.
    let head = "POST /openapi2/note_push.php HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 104857600";
    let (_, body) = exchange(address, head, b"").await;
    assert_eq!(String::from_utf8_lossy(&body), r#"{"code":1,"message":"请求内容过大，不能超过10MB"}"#);
}

#[tokio::test]
async fn a_body_that_breaks_off_harms_nobody() {
    let world = world().await;
    let address = serve(&world).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /router/qm HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nsid=demo2";
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let (head, _) = exchange(address, "GET /router/qm HTTP/1.1", b"").await;
    assert!(head.starts_with("http/1.1 200"), "{head}");
}
