//! Who called, when a proxy stands in front: the proxy says so, and is believed only when the settings name it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use gateway::directory::Network;
use http::HeaderMap;

/// The header in which proxies say for whom they ask, nearest last.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Puts the caller's address in the place of a trusted proxy's.
pub(super) fn unmask(mut request: Request, trusted: &[Network]) -> Request {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| *address);
    if let Some(peer) = peer {
        let caller = caller(peer.ip(), request.headers(), trusted);
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(caller, peer.port())));
    }
    request
}

/// The nearest address that is no trusted proxy. A word that is no address ends the search: what stands before it may be anybody's.
fn caller(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_proxy = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let lines: Vec<&str> = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok()).collect();
    let mut hops = lines.iter().rev().flat_map(|line| line.rsplit(',')).map(|word| word.trim().parse::<IpAddr>().ok());
    let mut nearest = peer;
    while is_proxy(nearest) {
        match hops.next().flatten() {
            Some(before) => nearest = before,
            None => break,
        }
    }
    nearest.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted: Vec<Network> =
            ["127.0.0.1", "10.0.0.0/8"].map(|text| Network::try_from(text.to_owned()).unwrap()).into();
        for (peer, header, expected) in [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("127.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
            ("127.0.0.1", "198.51.100.1, 10.1.1.1", "198.51.100.1"),
            ("127.0.0.1", "198.51.100.1, unknown, 10.1.1.1", "10.1.1.1"),
            ("127.0.0.1", "10.9.9.9", "10.9.9.9"),
            ("127.0.0.1", "", "127.0.0.1"),
            ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(FORWARDED_FOR, header.parse().unwrap());
            let found = caller(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{peer} {header}");
        }
    }
}
