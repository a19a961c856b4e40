//! A target that speaks TLS, its certificate signed by an authority that only the configuration knows. Key and certificates are
//! made for this test and hold for `localhost` only.

use std::sync::Arc;

use gateway::Config;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::house::{call, world_in};

const AUTHORITY: &str = include_str!("tls/authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("tls/localhost.pem");
const KEY: &[u8] = include_bytes!("tls/localhost.key");
const OK: &str = r#"{"response":{"errorcode":0}}"#;

async fn target() -> u16 {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // Whoever does not trust the certificate goes away.
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut buffer = [0; 4096];
                let _ = stream.read(&mut buffer).await;
                let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{OK}", OK.len());
                let _ = stream.write_all(reply.as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    port
}

#[tokio::test]
async fn certificates_are_believed_by_authority_and_name() {
    let port = target().await;
    let query = [("tid", "T1")];
    let known = Config { authorities: AUTHORITY.to_owned(), ..Config::default() };
    for (config, host, expected) in [
        (known.clone(), "localhost", OK),
        (Config::default(), "localhost", "no TLS with the target: invalid peer certificate: UnknownIssuer"),
        (known, "127.0.0.1", "no TLS with the target: invalid peer certificate: certificate not valid for name"),
    ] {
        let world = world_in(config, |listed| {
            listed.production.url = format!("https://{host}:{port}/qimen");
        })
        .await;
        let answer = call(&world, "x1y2z3.demo.order.query", &query).await;
        assert!(answer.contains(expected), "{host}: {answer}");
    }
}
