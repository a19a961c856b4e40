//! What the gateway costs on the way to a target outside: the same calls to a bare target directly and through the gateway, which
//! checks the caller's signature, signs again, waits, reads the answer, logs the call.

use std::net::SocketAddr;
use std::path::Path;

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::post;

use super::Bench;
use super::child::{Demo, Server};
use super::figures::{Table, median};
use super::load::{Round, fire};
use super::plan::tell;
use super::requests;
use crate::client::Client;
use crate::trouble::Trouble;

const TARGET: &str = "21999999";
const ANSWER: &str =
    r#"{"response":{"errorcode":0,"message":"","total_count":1,"shoplist":[{"shop_no":"s1","shop_name":"旗舰店"}]}}"#;
const ANSWERED: &str = "\"errorcode\":0";

/// Serves a bare target on `listen` until the process is stopped: it reads the body and answers the same every time.
pub(super) async fn serve(listen: SocketAddr) -> Result<(), Trouble> {
    let answer = |_: Bytes| async { ([(header::CONTENT_TYPE, "application/json;charset=UTF-8")], ANSWER) };
    let router = Router::new().fallback(post(answer));
    axum::serve(tokio::net::TcpListener::bind(listen).await?, router).await?;
    Ok(())
}

/// One connection for the time that the gateway adds, many for how much it lets through.
pub(super) async fn measure(
    bench: &Bench,
    server: &Server,
    demo: &Demo,
    folder: &Path,
    table: &mut Table,
) -> Result<(), Trouble> {
    let target = Server::target().await?;
    list(server, demo, folder, &target.address).await?;
    let (alone, many) = (bench.orders / 8, bench.orders);
    let shots = |count| requests::shop_queries_to(demo, TARGET, count);
    let (mut added, mut direct, mut through) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=bench.rounds {
        let one = fire(&target.address, 1, shots(alone), ANSWERED).await?;
        let other = fire(&server.address, 1, shots(alone), ANSWERED).await?;
        added.push((tell("forwarded, one at a time", round, other).median - one.median) / 1000.0);
        let connections = bench.connections;
        direct.push(tell("target, directly", round, fire(&target.address, connections, shots(many), ANSWERED).await?));
        through.push(tell("forwarded", round, fire(&server.address, connections, shots(many), ANSWERED).await?));
    }
    let rate = |rounds: &[Round]| median(rounds.iter().map(|round| round.rate).collect());
    table.below_millis("forwarded read, one at a time: time that the gateway adds, median", median(added), 0.3);
    table.note("forwarded reads, all on the same cores", rate(&through), "calls/s");
    table.note("the same calls to the target directly", rate(&direct), "calls/s");
    let p99 = median(through.iter().map(|round| round.p99).collect()) / 1000.0;
    table.below_millis("forwarded read, 99th percentile", p99, 25.0);
    Ok(())
}

/// Tells the server about the target.
async fn list(server: &Server, demo: &Demo, folder: &Path, address: &str) -> Result<(), Trouble> {
    let token = std::fs::read_to_string(folder.join("admin.token"))?;
    let client = Client::new(&format!("http://{}", server.address));
    let endpoint = serde_json::json!({
        "url": format!("http://{address}/qimen"), "secret": "bench-target-secret", "private_allowed": true,
    });
    let target = serde_json::json!({ "target_app_key": TARGET, "kind": "http", "production": endpoint });
    let grant = serde_json::json!({
        "environment": "production", "app_key": demo.qimen.key, "target_app_key": TARGET, "sid": "*",
    });
    for (path, body) in [("/targets", target), ("/authorisations", grant)] {
        let heard = client.admin("POST", path, token.trim(), Some(body.to_string())).await.map_err(Trouble::new)?;
        if !(200..300).contains(&heard.status) {
            return Err(Trouble::new(format!("{path}: {}", heard.body)));
        }
    }
    Ok(())
}
