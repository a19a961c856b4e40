//! `/sandbox/v1/clock`: the business clock of a simulated world is moved forward, and stays there over restarts.
//!
//! What follows it: commit stamps, timers, deadlines, retries, sessions and refunds of the simulator. What does not: timestamps on the
//! wire and the windows in which signatures are accepted, because callers from outside sign by the real time.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Reader, Secret, Store, Tenant};
use units::{Clock, MovableClock};

use super::error::{Result, no};
use super::sandbox::{answer, guarded, read};
use super::table;

/// Where the clock stands.
pub const CLOCK: &str = "/sandbox/v1/clock";
/// The largest step, seconds: a year.
const STEP: i64 = 366 * 86_400;

struct World {
    store: Store,
    clock: Arc<MovableClock>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    advance_seconds: i64,
}

/// The clock, for who shows the token.
pub fn clock_router(store: Store, clock: Arc<MovableClock>, token: Secret) -> Router {
    let world = Arc::new(World { store, clock });
    guarded(Router::new().route(CLOCK, get(show).post(advance)).with_state(world), token)
}

/// Sets a clock to where it was left.
pub async fn restore_clock(store: &Store, clock: &MovableClock) -> Result<()> {
    let ahead = store.read(Tenant::HOUSE, |reader: &mut Reader| table::clock_ahead(reader)).await?;
    clock.advance(ahead - clock.ahead());
    Ok(())
}

fn shown(clock: &MovableClock) -> Value {
    json!({ "now": clock.now().to_string(), "ahead_seconds": clock.ahead() })
}

async fn show(State(world): State<Arc<World>>) -> Response {
    answer(Ok(shown(&world.clock)))
}

async fn advance(State(world): State<Arc<World>>, request: Request) -> Response {
    let wanted: Move = match read(request).await {
        Ok(wanted) => wanted,
        Err(error) => return answer(Err(error)),
    };
    if !(0..=STEP).contains(&wanted.advance_seconds) {
        return answer(Err(no("SIM_INVALID", "advance_seconds is 0 to a year; the clock never goes back")));
    }
    // First what survives a restart: time that was seen must not come again.
    let ahead = world.clock.ahead().saturating_add(wanted.advance_seconds);
    let kept = world.store.write(Tenant::HOUSE, move |tx| table::set_clock_ahead(tx, ahead)).await;
    answer(kept.map(|()| {
        world.clock.advance(wanted.advance_seconds);
        shown(&world.clock)
    }))
}
