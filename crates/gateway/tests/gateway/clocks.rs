//! How far the clocks of callers are off: who is counted, who is not, and what is said about it.

use gateway::{ClockSkew, Config};

use crate::calls::newest;
use crate::world::{NOW, World, openapi2_form, qimen_form, world, world_with};

const PUSH: [(&str, &str); 2] = [("shop_no", "s1"), ("note_list", r#"[{"body":"a"}]"#)];

/// A read whose clock is so many seconds off.
async fn read(world: &World, off: i64, more: &[(&str, &str)]) -> String {
    let claimed = (NOW + off).to_string();
    world.openapi2("note_query.php", &[&[("timestamp", &*claimed)][..], more].concat()).await
}

/// Key, calls, those outside the window, and the last skew.
fn counts(clocks: &[ClockSkew]) -> Vec<(&str, u64, u64, i64)> {
    clocks.iter().map(|clock| (&*clock.app.key, clock.calls, clock.outside, clock.last)).collect()
}

/// Calls with a skew that lies in the bucket of this one.
fn around(clock: &ClockSkew, skew: i64) -> u64 {
    let fits =
        |from: Option<i64>, to: Option<i64>| from.is_none_or(|from| from <= skew) && to.is_none_or(|to| skew <= to);
    clock.buckets.iter().filter(|bucket| fits(bucket.from, bucket.to)).map(|bucket| bucket.calls).sum()
}

#[tokio::test]
async fn a_drifting_clock_is_seen_before_and_after_it_is_refused() {
    let world = world().await;
    assert!(world.gateway.clock_skews().is_empty(), "nobody has called");
    for off in [0, -40, -299, -300] {
        assert!(read(&world, off, &[]).await.contains(r#""code":0"#));
    }
    world.clock.advance(7);
    assert!(read(&world, -301, &[]).await.contains("2060"));
    let clocks = world.gateway.clock_skews();
    assert_eq!(counts(&clocks), [("demo2-ot", 5, 1, -308)]);
    assert_eq!([0, -40, -300, -308, 40].map(|skew| around(&clocks[0], skew)), [1, 1, 2, 1, 0]);
    assert_eq!(clocks[0].last_at.unix(), NOW + 7);
    assert!(clocks[0].hint.contains("clock is slow") && clocks[0].hint.contains("时钟偏慢"), "{}", clocks[0].hint);
}

#[tokio::test]
async fn a_host_on_utc_is_named_for_each_application_by_itself() {
    let world = world().await;
    read(&world, 2, &[]).await;
    for timestamp in ["2023-11-14 22:13:19", "2023-11-14 22:13:22"] {
        let answer = world.qimen("/router/qm", "toy.note.query", &[("timestamp", timestamp)]).await;
        assert!(answer.contains(r#""code":31"#), "{answer}");
    }
    let clocks = world.gateway.clock_skews();
    assert_eq!(counts(&clocks), [("demo2-ot", 1, 0, 2), ("21300001", 2, 2, -28_798)]);
    assert_eq!(clocks[0].hint, "");
    assert!(clocks[1].hint.contains("looks like UTC instead of GMT+8"), "{}", clocks[1].hint);
}

#[tokio::test]
async fn strangers_and_wrong_signatures_in_time_are_not_counted() {
    let conceals = Config { conceal_applications: true, ..Config::default() };
    for world in [world().await, world_with(conceals).await] {
        for off in [0, -28_800] {
            assert!(!read(&world, off, &[("appkey", "nobody")]).await.contains(r#""code":0"#));
        }
        for timestamp in ["2023-11-15 06:13:20", "2023-11-14 22:13:20"] {
            let pairs = [("app_key", "21309999"), ("timestamp", timestamp)];
            world.send("/router/qm", "", &qimen_form("toy.note.query", &pairs)).await;
        }
        assert!(read(&world, 0, &[("sign", "00")]).await.contains("2100"));
        assert!(world.gateway.clock_skews().is_empty(), "{:?}", counts(&world.gateway.clock_skews()));
        // Refused for its clock before anybody looked at its signature.
        assert!(read(&world, 500, &[("sign", "00")]).await.contains("2060"));
        assert_eq!(counts(&world.gateway.clock_skews()), [("demo2-ot", 1, 1, 500)]);
    }
}

#[tokio::test]
async fn a_write_is_counted_once_and_what_the_log_sends_again_is_not() {
    let world = world().await;
    let form = openapi2_form("demo2-ot", &PUSH);
    let first = world.send("/openapi2/note_push.php", "", &form).await;
    let (mut entry, messages) = newest(&world);
    world.clock.advance(1000);
    assert_eq!(world.send("/openapi2/note_push.php", "", &form).await, first, "answered from its receipt");
    assert_eq!(counts(&world.gateway.clock_skews()), [("demo2-ot", 2, 1, -1000)]);
    let wrong = openapi2_form("demo2-ot", &[PUSH[0], PUSH[1], ("sign", "00")]);
    assert!(world.send("/openapi2/note_push.php", "", &wrong).await.contains("2060"));
    assert_eq!(counts(&world.gateway.clock_skews()), [("demo2-ot", 3, 2, -1000)]);
    // As when nobody knows what became of it.
    entry.code = 1020;
    world.clock.advance(1000);
    world.gateway.repush(&entry, messages.as_ref(), false).await.unwrap();
    assert_eq!(counts(&world.gateway.clock_skews()), [("demo2-ot", 3, 2, -1000)]);
}
