//! Clients that take their time on purpose: each is cut off, and nobody else notices.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use crate::house::{House, folder, matou};

/// A demo with short limits.
fn short(folder: &std::path::Path) -> House {
    let mut command = matou();
    command.args(["demo", "--listen", "127.0.0.1:0", "--shop-rate", "0", "--catalogue", "small", "--data"]).arg(folder);
    command.env("MATOU_SERVER_HEAD_SECONDS", "2").env("MATOU_SERVER_STALL_SECONDS", "2");
    command.env("MATOU_SERVER_CONNECTIONS_PER_ADDRESS", "40");
    let mut house = House::spawn(command, folder);
    house.settle(folder);
    house
}

/// Writes `head`, then one byte every tenth of a second until the other side hangs up: what it said, and how long that took.
fn dribble(address: &str, head: &str, byte: &[u8]) -> (String, Duration) {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut said = Vec::new();
    while begun.elapsed() < Duration::from_secs(60) {
        let sent = stream.write_all(byte);
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => said.extend_from_slice(&buffer[..n]),
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
        if sent.is_err() {
            break;
        }
    }
    (String::from_utf8_lossy(&said).into_owned(), begun.elapsed())
}

#[test]
fn slow_clients_are_cut_off_and_others_are_served_meanwhile() {
    let folder = folder();
    let house = short(folder.path());
    let caller = house.caller();
    let address = house.text("/base_url").trim_start_matches("http://").to_owned();
    let over = AtomicBool::new(false);
    scope(|scope| {
        // Ten of each kind, all from one address.
        let heads: Vec<_> = (0..10)
            .map(|_| scope.spawn(|| dribble(&address, "POST /router/qm HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"a")))
            .collect();
        let bodies: Vec<_> = (0..10)
            .map(|_| {
                let head = "POST /router/qm?format=json HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n";
                scope.spawn(|| dribble(&address, head, b"a"))
            })
            .collect();
        let meanwhile = scope.spawn(|| {
            let (mut worst, mut count) = (Duration::ZERO, 0);
            while !over.load(Ordering::Relaxed) {
                let begun = Instant::now();
                assert_eq!(caller.call("shop.php", &[])["code"], 0);
                (worst, count) = (worst.max(begun.elapsed()), count + 1);
                sleep(Duration::from_millis(50));
            }
            (worst, count)
        });
        for slow in heads {
            let (said, took) = slow.join().unwrap();
            assert!(took < Duration::from_secs(20), "the head took {took:?}: {said}");
        }
        for slow in bodies {
            let (said, took) = slow.join().unwrap();
            assert!(took < Duration::from_secs(50), "the body took {took:?}");
            assert!(said.is_empty() || said.contains("the request body did not arrive in time"), "{said}");
        }
        over.store(true, Ordering::Relaxed);
        let (worst, count) = meanwhile.join().unwrap();
        // Whoever had to wait for a slow client would wait until that one is cut off.
        assert!(count > 20 && worst < Duration::from_secs(10), "{count} calls, the slowest {worst:?}");
    });
}

#[test]
fn whoever_does_not_read_his_answer_is_cut_off() {
    let folder = folder();
    let house = short(folder.path());
    let address = house.text("/base_url").trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    // More requests in one go than answers fit into the buffers on the way: nobody reads them.
    let one = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    stream.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
    let asked = (0..20_000).take_while(|_| stream.write_all(one).is_ok()).count();
    sleep(Duration::from_secs(6));
    // The server has hung up: what is still in the buffers can be read, then comes the end or a reset.
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let (mut buffer, mut ended, mut bytes, begun) = (vec![0; 1 << 20], false, 0, Instant::now());
    while begun.elapsed() < Duration::from_secs(30) {
        match stream.read(&mut buffer) {
            Ok(0) => ended = true,
            Ok(n) => {
                bytes += n;
                continue;
            }
            Err(error) => {
                ended = !matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
            }
        }
        break;
    }
    // Had it waited, it would go on as soon as somebody reads: every answer is thousands of bytes.
    assert!(ended && bytes < asked * 1_000, "asked {asked} times, read {bytes} bytes, cut off {ended}");
    assert_eq!(house.caller().call("shop.php", &[])["code"], 0);
}

#[test]
fn one_address_cannot_hold_every_connection() {
    let folder = folder();
    let house = short(folder.path());
    let address = house.text("/base_url").trim_start_matches("http://").to_owned();
    let begun = Instant::now();
    let open: Vec<_> = (0..60).map(|_| TcpStream::connect(&address).unwrap()).collect();
    let closed = || {
        let is_closed = |stream: &&TcpStream| {
            stream.set_nonblocking(true).unwrap();
            matches!((&mut &**stream).read(&mut [0]), Ok(0))
        };
        open.iter().filter(is_closed).count()
    };
    while closed() < 20 {
        assert!(begun.elapsed().as_secs() < 30, "{} of 60 were closed", closed());
        sleep(Duration::from_millis(20));
    }
    // Those that stay are cut off for their silence after two seconds; a machine that is slower than that cannot tell the two apart.
    let (closed, took) = (closed(), begun.elapsed());
    assert!(closed <= 22 || took > Duration::from_millis(1_800), "{closed} of 60 were closed after {took:?}");
    drop(open);
    let begun = Instant::now();
    let free = || house.caller().http("GET", "/healthz", "", "").is_ok_and(|heard| heard.status == 200);
    while !free() {
        assert!(begun.elapsed().as_secs() < 30, "places do not become free again");
        sleep(Duration::from_millis(20));
    }
}
