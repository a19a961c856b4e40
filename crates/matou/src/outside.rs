//! The only place that reads the system clock and the operating system's randomness (ARCHITECTURE.md, invariant 3).

use std::fs::File;
use std::io::Read;
use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use units::{Clock, Moment};

/// The system clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system clock")]
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment::from_unix(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }
}

/// Unix milliseconds, for what is only written down and never decided by.
pub(crate) fn unix_millis() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system clock")]
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// `N` bytes that nobody can guess.
///
/// # Errors
/// The operating system gives none; nothing that needs a secret may go on then.
pub(crate) fn random<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Checks once that randomness is there; after this [`secret_bits`] cannot fail in practice.
pub(crate) fn check_randomness() -> std::io::Result<()> {
    random::<16>().map(drop)
}

/// 128 random bits for a secret. Stops the program when the operating system has none: a guessable secret would be worse.
pub(crate) fn secret_bits() -> [u8; 16] {
    match random() {
        Ok(bits) => bits,
        Err(error) => {
            tracing::error!(%error, "no randomness: the program stops, because it cannot make secrets");
            std::process::abort()
        }
    }
}

/// A seed for request ids and for simulations that were given none.
pub(crate) fn seed() -> u64 {
    u64::from_le_bytes(random().unwrap_or_default())
}

/// When the program began, for durations on the monotonic clock.
pub(crate) fn started() -> Instant {
    static STARTED: OnceLock<Instant> = OnceLock::new();
    *STARTED.get_or_init(Instant::now)
}
