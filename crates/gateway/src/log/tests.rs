//! The journal as a whole: what was written is found, after a crash, a full disk, rotation and retention.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use store::Vault;

use super::{CallLog, File, Keep, LogFigures, Options, Outcome, Wanted, io, limits};
use crate::directory::Environment;
use crate::exchange::Received;
use crate::request_id::RequestIds;
use crate::route::Channel;
use crate::telemetry::CallRecord;

const START: i64 = 1_700_000_000_000;

struct Place {
    folder: tempfile::TempDir,
    clock: Arc<AtomicI64>,
    ids: RequestIds,
    runs: u8,
}

impl Place {
    fn new() -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        Self { folder: tempfile::tempdir().unwrap(), clock, ids: RequestIds::new(1), runs: 0 }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn open(&mut self, change: impl FnOnce(&mut Options)) -> CallLog {
        let clock = Arc::clone(&self.clock);
        self.runs += 1;
        let now = Arc::new(move || clock.load(Ordering::SeqCst));
        let mut options = Options::new(self.path().to_owned(), now, [self.runs; 32]);
        options.node = "n1".to_owned();
        change(&mut options);
        CallLog::open(options, Arc::new(Vault::new([3; 32]))).unwrap()
    }

    fn call(&self, number: &str) -> CallRecord {
        let mut call = CallRecord::begun(self.ids.next(), Channel::Qimen, "10.0.0.7".parse().ok(), 10);
        (call.app, call.recognised) = ("21300001".to_owned(), true);
        call.target = "21300099".to_owned();
        call.method = "wdt.trade.push".into();
        call.number = number.to_owned();
        call.environment = Some(Environment::Production);
        call.writes = true;
        call
    }

    fn put(&self, log: &CallLog, number: &str) -> String {
        let call = self.call(number);
        let slip = log.append(&call, &message(number), b"{\"errorcode\":0}");
        log.settle(slip);
        call.request_id.to_string()
    }

    fn files(&self) -> Vec<String> {
        let names =
            std::fs::read_dir(self.path()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name.contains('.')).collect();
        names.sort();
        names
    }
}

fn message(number: &str) -> Received {
    let body = format!("trade_list=[{{\"tid\":\"{number}\",\"receiver_mobile\":\"13800138000\"}}]");
    Received::new("/router/qm", "method=wdt.trade.push", "application/x-www-form-urlencoded", body)
}

fn found(log: &CallLog, wanted: Wanted) -> Vec<String> {
    let calls = log.search(&Wanted { limit: wanted.limit.max(100), ..wanted }).unwrap().calls;
    calls.into_iter().map(|(_, entry)| entry.number).collect()
}

fn by_number(number: &str) -> Wanted {
    Wanted { number: Some(number.to_owned()), ..Wanted::default() }
}

/// The keeper works beside the test.
fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_call_is_found_by_everything_that_is_known_of_it() {
    let mut place = Place::new();
    let log = place.open(|_| {});
    let first = place.put(&log, "T1");
    let mut refused = place.call("T2");
    (refused.code, refused.sub_code, refused.writes) = (15, "2310".to_owned(), false);
    (refused.environment, refused.app) = (Some(Environment::Test), "other".to_owned());
    place.clock.fetch_add(60_000, Ordering::SeqCst);
    log.append(&refused, &message("T2"), b"no");
    let text = |text: &str| Some(text.to_owned());
    for finished in [false, true] {
        if finished {
            // From here on everything is read from a finished segment.
            log.close();
        }
        for (wanted, expected) in [
            (Wanted::default(), &["T2", "T1"][..]),
            (Wanted { request_id: text(&first), ..Wanted::default() }, &["T1"]),
            (by_number("T2"), &["T2"]),
            (by_number("T"), &[]),
            (Wanted { app: text("other"), ..Wanted::default() }, &["T2"]),
            (Wanted { target: text("21300099"), ..Wanted::default() }, &["T2", "T1"]),
            (Wanted { method: text("wdt.trade.push"), ..Wanted::default() }, &["T2", "T1"]),
            (Wanted { method: text("wdt.shop.query"), ..Wanted::default() }, &[]),
            (Wanted { outcome: Some(Outcome::Refused), ..Wanted::default() }, &["T2"]),
            (Wanted { outcome: Some(Outcome::Done), ..Wanted::default() }, &["T1"]),
            (Wanted { environment: Some(Environment::Test), ..Wanted::default() }, &["T2"]),
            (Wanted { from: Some(START / 1000 + 1), ..Wanted::default() }, &["T2"]),
            (Wanted { to: Some(START / 1000 + 1), ..Wanted::default() }, &["T1"]),
        ] {
            assert_eq!(found(&log, wanted.clone()), expected, "{wanted:?}, finished: {finished}");
        }
        let (at, entry) = log.find(&first).unwrap().unwrap();
        assert_eq!((entry.code, &*entry.channel, entry.peer), (0, "qimen", "10.0.0.7".parse().ok()));
        let messages = log.messages(at, &entry).unwrap().unwrap();
        assert!(String::from_utf8(messages.body).unwrap().contains("13800138000"));
        assert_eq!((&*messages.path, &*messages.reply), ("/router/qm", &b"{\"errorcode\":0}"[..]));
    }
}

#[test]
fn nothing_personal_lies_open() {
    let mut place = Place::new();
    let log = place.open(|_| {});
    for number in 0..100 {
        place.put(&log, &format!("T{number}"));
    }
    log.close();
    for name in place.files() {
        let bytes = std::fs::read(place.path().join(&name)).unwrap();
        assert!(!bytes.windows(11).any(|window| window == b"13800138000"), "{name}");
    }
}

#[test]
fn what_is_kept_of_messages_is_a_setting() {
    for (keep, writes, code, expected) in [
        (Keep::All, false, 0, true),
        (Keep::Writes, false, 0, false),
        (Keep::Writes, true, 0, true),
        (Keep::Writes, false, 15, true),
        (Keep::None, true, 15, false),
    ] {
        let mut place = Place::new();
        let log = place.open(|options| (options.keep, options.message_bytes) = (keep, 20));
        let mut call = place.call("T1");
        (call.writes, call.code) = (writes, code);
        log.append(&call, &message("T1"), b"reply");
        let (at, entry) = log.find(call.request_id.as_str()).unwrap().unwrap();
        assert_eq!(entry.has_messages(), expected, "{keep:?} {writes} {code}");
        assert_eq!(entry.is_cut(), expected);
        let messages = log.messages(at, &entry).unwrap();
        assert_eq!(messages.map(|messages| messages.body.len()), expected.then_some(20));
    }
}

#[test]
fn a_stranger_gets_little_room_and_a_crowd_of_them_less() {
    let mut place = Place::new();
    let log = place.open(|_| {});
    let mut call = place.call("");
    (call.recognised, call.code) = (false, 25);
    let flood = Received::new("/router/qm", "", "text/plain", vec![b'x'; 1_000_000]);
    log.append(&call, &flood, b"Invalid signature");
    let kept = |call: &CallRecord| {
        let (at, entry) = log.find(call.request_id.as_str()).unwrap().unwrap();
        assert!(entry.is_cut());
        log.messages(at, &entry).unwrap().unwrap()
    };
    assert_eq!(kept(&call).body.len(), limits::LOG_STRANGER);
    for _ in 0..limits::LOG_STRANGERS {
        call = place.call("");
        (call.recognised, call.code) = (false, 25);
        let long = Received::new("/router/qm", &"q".repeat(5000), "text/plain", "");
        log.append(&call, &long, b"Invalid signature");
    }
    assert_eq!(kept(&call).query.len(), limits::LOG_CROWD, "a query that is cut is told, too");
}

#[test]
fn a_torn_record_is_cut_off_and_everything_before_it_stays() {
    let mut place = Place::new();
    let log = place.open(|_| {});
    let ids: Vec<String> = (0..50).map(|number| place.put(&log, &format!("T{number}"))).collect();
    let whole = std::fs::read(place.path().join("0000000001.calls")).unwrap();
    // As after a kill: neither the keeper nor the index came to anything.
    std::mem::forget(log);
    for tail in [&b""[..], b"\x40", b"\x40\0\0\0abcd", &[0; 100], &whole[200..350], &[0xff; 5000]] {
        let mut other = Place::new();
        std::fs::write(other.path().join("0000000001.calls"), [&whole, tail].concat()).unwrap();
        let log = other.open(|_| {});
        other.put(&log, "after");
        for (number, id) in ids.iter().enumerate() {
            let (at, entry) = log.find(id).unwrap().unwrap_or_else(|| panic!("{number} is lost after {tail:?}"));
            assert!(log.messages(at, &entry).unwrap().is_some(), "sealed in another run, opened in this one");
        }
        assert_eq!(found(&log, Wanted { limit: 200, ..Wanted::default() }).len(), 51);
        let repaired = std::fs::read(other.path().join("0000000001.calls")).unwrap();
        assert!(repaired == whole, "{} bytes instead of {}", repaired.len(), whole.len());
    }
    // A last record that is half there was not answered for.
    let mut other = Place::new();
    std::fs::write(other.path().join("0000000001.calls"), &whole[..whole.len() - 1]).unwrap();
    let log = other.open(|_| {});
    assert_eq!(found(&log, Wanted { limit: 200, ..Wanted::default() }).len(), 49);
}

#[test]
fn a_head_that_was_never_written_is_no_segment() {
    let mut place = Place::new();
    std::fs::write(place.path().join("0000000007.calls"), b"matou").unwrap();
    let log = place.open(|_| {});
    place.put(&log, "T1");
    assert_eq!(found(&log, Wanted::default()), ["T1"]);
    assert_eq!(place.files(), ["0000000008.calls"], "numbers are not used twice");
}

#[test]
fn segments_follow_each_other_and_are_searched_as_one() {
    let mut place = Place::new();
    let log = place.open(|options| options.segment_bytes = 20_000);
    let ids: Vec<String> = (0..500).map(|number| place.put(&log, &format!("T{number}"))).collect();
    assert!(place.files().len() > 5, "{:?}", place.files());
    let check = |log: &CallLog| {
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let page = log.search(&Wanted { before, limit: 70, ..Wanted::default() }).unwrap();
            all.extend(page.calls.into_iter().map(|(_, entry)| entry.request_id.to_string()));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert!(all.iter().eq(ids.iter().rev()), "{} of {}", all.len(), ids.len());
        for number in [0, 250, 499] {
            assert_eq!(found(log, by_number(&format!("T{number}"))).len(), 1, "{number}");
            assert!(log.find(&ids[number]).unwrap().is_some());
        }
        // Who follows sees what came after.
        let (at, _) = log.find(&ids[490]).unwrap().unwrap();
        assert_eq!(found(log, Wanted { after: Some(at), ..Wanted::default() }).len(), 9);
    };
    check(&log);
    log.close();
    check(&log);
    assert!(place.files().iter().filter(|name| name.ends_with(".index")).count() > 5);
    drop(log);
    check(&place.open(|_| {}));
}

#[test]
fn the_oldest_go_when_there_are_too_many_or_they_are_too_old() {
    let mut place = Place::new();
    let log = place.open(|options| (options.segment_bytes, options.total_bytes) = (10_000, 60_000));
    for number in 0..500 {
        place.put(&log, &format!("T{number}"));
    }
    let size = || -> u64 {
        let files = place.files();
        files.iter().filter_map(|name| Some(std::fs::metadata(place.path().join(name)).ok()?.len())).sum()
    };
    wait_for("the size goes down", || size() < 90_000);
    assert_eq!(found(&log, by_number("T499")), ["T499"]);
    assert!(found(&log, by_number("T0")).is_empty());
    place.clock.fetch_add(31 * 86_400_000, Ordering::SeqCst);
    place.put(&log, "late");
    wait_for("the old ones go", || found(&log, by_number("T499")).is_empty());
    assert_eq!(found(&log, by_number("late")), ["late"]);
}

#[test]
fn a_full_disk_holds_no_call_up_and_the_log_says_what_is_missing() {
    let mut place = Place::new();
    let log = place.open(|_| {});
    place.put(&log, "before");
    let good = log.journal.swap_file(File::options().write(true).open("/dev/full").unwrap()).unwrap();
    for number in 0..3 {
        place.put(&log, &format!("lost{number}"));
    }
    assert_eq!((log.figures().written, log.figures().lost), (1, 3));
    // Half a record had been written when the disk was full.
    let length = good.metadata().unwrap().len();
    std::os::unix::fs::FileExt::write_all_at(&*good, &[7; 900], length).unwrap();
    log.journal.put_file(good);
    place.put(&log, "after");
    for closed in [false, true] {
        if closed {
            log.close();
        }
        let page = log.search(&Wanted { limit: 10, ..Wanted::default() }).unwrap();
        let numbers: Vec<String> = page.calls.into_iter().map(|(_, entry)| entry.number).collect();
        assert_eq!((numbers, page.missing), (vec!["after".to_owned(), "before".to_owned()], 3), "closed: {closed}");
    }
    drop(log);
    let log = place.open(|_| {});
    assert_eq!(log.search(&Wanted { limit: 10, ..Wanted::default() }).unwrap().missing, 3);
}

#[test]
fn a_node_keeps_its_name_and_its_folder() {
    let mut place = Place::new();
    let name = place.open(|options| options.node.clear()).node();
    let log = place.open(|options| options.node.clear());
    assert_eq!(log.node(), name);
    let second = CallLog::open(log.journal.options.clone(), Arc::new(Vault::new([3; 32])));
    assert_eq!(second.err().unwrap().kind(), io::ErrorKind::WouldBlock);
    drop(log);
    let options = Options { node: "N".to_owned(), ..Options::new(place.path().to_owned(), Arc::new(|| 0), [0; 32]) };
    assert!(CallLog::open(options, Arc::new(Vault::new([3; 32]))).is_err());
}

#[test]
fn many_threads_write_and_every_call_is_there() {
    let mut place = Place::new();
    let log = place.open(|options| options.segment_bytes = 200_000);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (log, place) = (&log, &place);
            scope.spawn(move || (0..2_000).for_each(|n| drop(place.put(log, &format!("{thread}-{n}")))));
        }
    });
    for thread in 0..4 {
        for n in [0, 999, 1_999] {
            assert_eq!(found(&log, by_number(&format!("{thread}-{n}"))).len(), 1);
        }
    }
    assert_eq!(log.figures(), LogFigures { written: 8_000, lost: 0, bytes: log.figures().bytes });
}

#[test]
fn a_record_is_in_the_file_when_it_is_settled_on_whatever_thread() {
    let mut place = Place::new();
    let log = place.open(|_| {});
    let written = |number: &str| {
        let call = place.call(number);
        let slip = log.append(&call, &message(number), b"{}");
        std::thread::scope(|scope| scope.spawn(|| log.settle(slip)).join().unwrap());
        let file = std::fs::read(place.path().join("0000000001.calls")).unwrap();
        file.windows(number.len()).any(|part| part == number.as_bytes())
    };
    for number in ["DESK-1", "DESK-2", "DESK-3"] {
        assert!(written(number), "{number}");
    }
    assert_eq!(found(&log, Wanted::default()).len(), 3);
}
