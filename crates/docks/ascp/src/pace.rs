//! The beat of both sides' work: on at once while there is something to do, a pause when there is not, a longer one after a failure.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use tokio::sync::Notify;

/// Pause when nothing was to be done.
const IDLE: Duration = Duration::from_millis(250);
/// Pause after a failure of the store.
const TROUBLED: Duration = Duration::from_secs(2);

/// Runs round after round for as long as the program lives; a round says whether it did something. `bell` ends a pause. The first of
/// several failures is told.
pub(crate) async fn keep_going<F, E>(who: &str, bell: &Notify, mut round: impl FnMut() -> F)
where
    F: Future<Output = Result<bool, E>>,
    E: Display,
{
    let mut troubled = false;
    loop {
        let pause = match round().await {
            Ok(did) => {
                troubled = false;
                if did {
                    continue;
                }
                IDLE
            }
            Err(error) => {
                if !std::mem::replace(&mut troubled, true) {
                    tracing::warn!(%error, "{who} cannot work; trying again");
                }
                TROUBLED
            }
        };
        tokio::select! {
            () = bell.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
