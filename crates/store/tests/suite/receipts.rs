//! An identical signed write gets its stored first answer.

use store::receipt::{self, NewReceipt};
use store::{Result, Store, Tenant};
use units::Moment;

use crate::world::{START, TENANT, World, note, notes};

on_both_engines!(the_first_answer_is_kept, messages_are_sealed);

/// What a gateway does with a signed write.
fn push(store: &Store, message: &'static str) -> Result<String> {
    let print = receipt::fingerprint(store.vault(), Moment::from_unix(START), message);
    let sealed = receipt::seal_message(store.vault(), &print, message.as_bytes());
    store.write_blocking(TENANT, move |tx| {
        if let Some(first) = receipt::find(tx, &print)? {
            return Ok(String::from_utf8_lossy(&first.answer(tx.vault())?).into_owned());
        }
        let id = receipt::begin(tx)?;
        let again = tx.next("again")?;
        let number = note(tx, &format!("{message} {again}"))?;
        tx.event("note.pushed", message, &number)?;
        let answer = format!("note {number}");
        receipt::keep(
            tx,
            id,
            &NewReceipt {
                fingerprint: &print,
                app: "app",
                method: "note.push",
                message_sealed: &sealed,
                answer: answer.as_bytes(),
            },
        )?;
        Ok(answer)
    })
}

fn the_first_answer_is_kept(world: &World) {
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(push(&world.store, "sign=AB").unwrap(), "note 1"));
        }
    });
    assert_eq!(push(&world.store, "sign=CD").unwrap(), "note 2");
    assert_eq!(push(&world.node(), "sign=AB").unwrap(), "note 1");
    assert_eq!(notes(&world.store, TENANT).len(), 2);
    let event = world.store.read_blocking(TENANT, |reader| reader.events_of("sign=AB")).unwrap().remove(0);
    let found = world.store.read_blocking(TENANT, move |reader| receipt::get(reader, event.receipt)).unwrap().unwrap();
    assert_eq!((&*found.app, &*found.method, found.at), ("app", "note.push", world.now()));
    assert_eq!(found.message(world.store.vault()).unwrap(), b"sign=AB");
    assert_eq!(
        world.store.read_blocking(Tenant(2), move |r| receipt::get(r, event.receipt)).unwrap().map(|r| r.id),
        None
    );
}

fn messages_are_sealed(world: &World) {
    push(&world.store, "receiver_mobile=13800138000").unwrap();
    let stored: Vec<Vec<u8>> = world
        .store
        .read_blocking(TENANT, |reader| {
            reader.query("SELECT message, answer, fingerprint FROM receipt", &[], |row| {
                Ok([row.bytes(0)?, row.bytes(1)?, row.bytes(2)?].concat())
            })
        })
        .unwrap();
    assert_eq!(stored.len(), 1);
    for open in [&b"13800138000"[..], b"note 1"] {
        assert!(!stored[0].windows(open.len()).any(|window| window == open));
    }
}
