//! Which addresses a call may be forwarded to. A target is a name that somebody typed; what it resolves to is judged before
//! anything is connected, and the connection goes to the very address that was judged.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is not connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// This machine, a private or link-local network; an endpoint may allow it.
    Private,
    /// No target lives there, whatever an endpoint allows: metadata services of clouds, multicast, broadcast, reserved.
    Never,
}

/// Where clouds hand out credentials to who asks from inside.
const METADATA: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// Judges an address.
pub(crate) fn check(address: IpAddr, private_allowed: bool) -> Result<(), Refusal> {
    match kind(address) {
        None => Ok(()),
        Some(Refusal::Private) if private_allowed => Ok(()),
        Some(refusal) => Err(refusal),
    }
}

fn kind(address: IpAddr) -> Option<Refusal> {
    let address = carried(address);
    if METADATA.contains(&address) {
        return Some(Refusal::Never);
    }
    match address {
        IpAddr::V4(address) => kind4(address),
        IpAddr::V6(address) => kind6(address),
    }
}

/// The IPv4 address inside an IPv6 one of a transition scheme (mapped, NAT64, 6to4), which is where the packets end up.
fn carried(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else { return address };
    let s = six.segments();
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => four(high, low),
        [0x2002, high, low, ..] => four(high, low),
        _ => address,
    }
}

fn kind4(address: Ipv4Addr) -> Option<Refusal> {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        (0 | 224..=255, ..) => Some(Refusal::Never),
        (192, 0, 2) | (198, 51, 100) | (203, 0, 113) => Some(Refusal::Never),
        (10 | 127, ..) | (169, 254, _) | (192, 168, _) | (192, 0, 0) | (198, 18 | 19, _) => Some(Refusal::Private),
        (172, 16..=31, _) | (100, 64..=127, _) => Some(Refusal::Private),
        _ => None,
    }
}

fn kind6(address: Ipv6Addr) -> Option<Refusal> {
    if address.is_loopback() {
        return Some(Refusal::Private);
    }
    match address.segments() {
        // Unspecified and the deprecated IPv4-compatible ones.
        [0, 0, 0, 0, 0, 0, ..] | [0xff00..=0xffff, ..] | [0x2001, 0x0db8, ..] | [0x2001, 0, ..] => Some(Refusal::Never),
        [0xfc00..=0xfdff | 0xfe80..=0xfeff, ..] | [0x64, 0xff9b, 1, ..] => Some(Refusal::Private),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_open_internet_unless_allowed() {
        for (address, expected) in [
            ("8.8.8.8", None),
            ("2606:4700::1111", None),
            ("172.32.0.1", None),
            ("100.128.0.1", None),
            ("127.0.0.1", Some(Refusal::Private)),
            ("10.1.2.3", Some(Refusal::Private)),
            ("172.16.0.1", Some(Refusal::Private)),
            ("172.31.255.255", Some(Refusal::Private)),
            ("192.168.1.1", Some(Refusal::Private)),
            ("169.254.1.1", Some(Refusal::Private)),
            ("100.64.0.1", Some(Refusal::Private)),
            ("::1", Some(Refusal::Private)),
            ("fd12::1", Some(Refusal::Private)),
            ("fe80::1", Some(Refusal::Private)),
            ("::ffff:127.0.0.1", Some(Refusal::Private)),
            ("64:ff9b::10.0.0.1", Some(Refusal::Private)),
            ("2002:7f00:0001::", Some(Refusal::Private)),
            ("0.0.0.0", Some(Refusal::Never)),
            ("169.254.169.254", Some(Refusal::Never)),
            ("::ffff:169.254.169.254", Some(Refusal::Never)),
            ("100.100.100.200", Some(Refusal::Never)),
            ("fd00:ec2::254", Some(Refusal::Never)),
            ("224.0.0.1", Some(Refusal::Never)),
            ("255.255.255.255", Some(Refusal::Never)),
            ("::", Some(Refusal::Never)),
            ("ff02::1", Some(Refusal::Never)),
        ] {
            let parsed: IpAddr = address.parse().unwrap();
            assert_eq!(check(parsed, false).err(), expected, "{address}");
            let allowed = expected.filter(|refusal| *refusal == Refusal::Never);
            assert_eq!(check(parsed, true).err(), allowed, "{address}");
        }
    }
}
