//! A target on a loopback socket, in bare TCP so that it can do what no HTTP library lets one do.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A request as it arrived.
#[derive(Debug, Clone, Default)]
pub(crate) struct Heard {
    pub path: String,
    pub query: String,
    /// Lower-case names.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Heard {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    /// A parameter of the query, decoded.
    pub(crate) fn param(&self, name: &str) -> Option<String> {
        wire::form::pairs(self.query.as_bytes()).flatten().find(|(own, _)| own == name).map(|(_, value)| value.into())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What the target does with a request.
#[derive(Clone)]
pub(crate) enum Does {
    /// Answers JSON and keeps the connection.
    Says(String),
    /// Answers with this `Content-Type`.
    Types(&'static str, Vec<u8>),
    /// Answers after a while.
    Later(Duration, String),
    /// Answers as soon as the test says so.
    When(watch::Receiver<bool>, String),
    /// Writes these bytes and closes.
    Raw(Vec<u8>),
    /// Answers, then closes a connection that it had promised to keep.
    SaysAndCloses(String),
    /// Takes the request and never answers.
    Hangs,
    /// Closes without a word.
    Closes,
    /// Resets the connection.
    Resets,
    /// Writes these bytes and then no more, one every now and then, without an end.
    Drips(&'static str),
    /// Answers without end.
    Floods,
}

/// Waits for what other tasks bring about, as long as a busy machine may need.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

type Behaviour = dyn Fn(&Heard) -> Does + Send + Sync;

pub(crate) struct Target {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
    /// Connections that were accepted.
    accepted: Arc<Mutex<usize>>,
}

impl Target {
    pub(crate) async fn start(does: impl Fn(&Heard) -> Does + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (heard, accepted, does) =
            (Arc::<Mutex<Vec<Heard>>>::default(), Arc::<Mutex<usize>>::default(), Arc::new(does));
        let (hears, accepts) = (Arc::clone(&heard), Arc::clone(&accepted));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *accepts.lock().unwrap() += 1;
                let (heard, does) = (Arc::clone(&hears), Arc::clone(&does));
                tokio::spawn(async move { serve(stream, &heard, &*does).await });
            }
        });
        Self { address, heard, accepted }
    }

    pub(crate) async fn saying(answer: &str) -> Self {
        let answer = answer.to_owned();
        Self::start(move |_| Does::Says(answer.clone())).await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/qimen", self.address)
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    /// Waits until this many calls have arrived.
    pub(crate) async fn hears(&self, calls: usize) {
        until("the target hears the calls", || std::future::ready(self.heard().len() >= calls)).await;
    }

    /// A target that answers when it is told to, and what tells it.
    pub(crate) async fn when_told(answer: &str) -> (Self, watch::Sender<bool>) {
        let ((tell, told), answer) = (watch::channel(false), answer.to_owned());
        (Self::start(move |_| Does::When(told.clone(), answer.clone())).await, tell)
    }

    pub(crate) fn last(&self) -> Heard {
        self.heard().pop().expect("a call arrived")
    }

    pub(crate) fn accepted(&self) -> usize {
        *self.accepted.lock().unwrap()
    }
}

async fn serve(mut stream: TcpStream, heard: &Mutex<Vec<Heard>>, does: &Behaviour) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        let deed = does(&request);
        heard.lock().unwrap().push(request);
        let reply = |content_type: &str, body: &[u8]| {
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n", body.len());
            [head.as_bytes(), body].concat()
        };
        let json = "application/json;charset=UTF-8";
        // A caller that went away is part of some tests.
        let sent = match deed {
            Does::Says(text) => stream.write_all(&reply(json, text.as_bytes())).await,
            Does::Types(content_type, body) => stream.write_all(&reply(content_type, &body)).await,
            Does::Later(time, text) => {
                tokio::time::sleep(time).await;
                stream.write_all(&reply(json, text.as_bytes())).await
            }
            Does::When(mut said, text) => {
                // The test is over when nobody can say so any more.
                let _ = said.wait_for(|said| *said).await;
                stream.write_all(&reply(json, text.as_bytes())).await
            }
            Does::SaysAndCloses(text) => {
                let _ = stream.write_all(&reply(json, text.as_bytes())).await;
                return;
            }
            Does::Raw(bytes) => {
                let _ = stream.write_all(&bytes).await;
                return;
            }
            Does::Hangs => std::future::pending().await,
            Does::Closes => return,
            Does::Resets => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Does::Drips(head) => {
                let _ = stream.write_all(head.as_bytes()).await;
                while stream.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                return;
            }
            Does::Floods => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n").await;
                let piece = vec![b' '; 1 << 16];
                while stream.write_all(&piece).await.is_ok() {}
                return;
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

/// One request; `None` when the other side is gone.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Heard> {
    let end = loop {
        match buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            Some(end) => break end,
            None if stream.read_buf(buffer).await.ok()? == 0 => return None,
            None => {}
        }
    };
    let head = String::from_utf8(buffer[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let target = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    while buffer.len() < end + 4 + length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    let body = buffer[end + 4..end + 4 + length].to_vec();
    buffer.drain(..end + 4 + length);
    Some(Heard { path: path.to_owned(), query: query.to_owned(), headers, body })
}
