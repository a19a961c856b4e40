//! The two processes of a world. Each keeps its data in files of its own, dies without a word, and begins again with what it had
//! committed.

use std::path::Path;
use std::sync::Arc;

use fastrand::Rng;
use gateway::directory::Directory;
use store::{Engine, Store};
use units::{ManualClock, Moment};

use crate::place::Place;
use crate::world::{self, enter_app, furnish_hub, furnish_platform, open_store, supplier, tenants};

/// When every world begins.
pub(super) const BEGIN: &str = "2026-01-05 10:00:00";

/// Whose process it is.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Supplier,
    Platform,
}

/// The files of a SQLite store at an instant: what a process that is killed there leaves behind.
struct Image {
    database: Vec<u8>,
    log: Vec<u8>,
}

impl Image {
    fn of(folder: &Path) -> Self {
        let read = |name: &str| std::fs::read(folder.join(name));
        Self { database: read("matou.db").unwrap(), log: read("matou.db-wal").unwrap_or_default() }
    }

    fn put(&self, folder: &Path) {
        std::fs::write(folder.join("matou.db"), &self.database).unwrap();
        if !self.log.is_empty() {
            std::fs::write(folder.join("matou.db-wal"), &self.log).unwrap();
        }
    }
}

/// Suppliers and platforms as they are before the first order, made once and copied for each world: making the tables takes longer than
/// all that happens in them.
pub(super) struct Templates(Vec<Image>);

impl Templates {
    /// Numbers of the suppliers: one whose platform pushes XML, one with JSON.
    pub(super) const NUMBERS: i64 = 2;

    /// Empty on PostgreSQL, where nothing can be copied.
    pub(super) fn make() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut images = Vec::new();
        for number in 0..Self::NUMBERS {
            for side in [Side::Supplier, Side::Platform] {
                let (_place, engine) = Place::new();
                let Engine::Sqlite { folder } = engine.clone() else { return Self(Vec::new()) };
                let store = open_store(engine, &Arc::new(ManualClock::at(Moment::parse(BEGIN).unwrap())));
                runtime.block_on(furnish(&store, side, number));
                store.close();
                images.push(Image::of(&folder));
            }
        }
        Self(images)
    }

    fn image(&self, side: Side, number: i64) -> Option<&Image> {
        let index = 2 * usize::try_from(number).unwrap() + side as usize;
        self.0.get(index)
    }
}

async fn furnish(store: &Store, side: Side, number: i64) {
    enter_app(&Directory::open(store.clone()).await.unwrap()).await;
    let (ours, theirs) = tenants(number);
    let id = supplier(number);
    match side {
        Side::Supplier => store.write(ours, move |tx| furnish_hub(tx, &id)).await.unwrap(),
        Side::Platform => store.write(theirs, move |tx| furnish_platform(tx, &id)).await.unwrap(),
    }
}

/// A process that can die.
pub(super) struct Machine {
    pub(super) store: Store,
    pub(super) directory: Arc<Directory>,
    engine: Engine,
    clock: Arc<ManualClock>,
    _place: Place,
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.store.close();
    }
}

impl Machine {
    pub(super) async fn start(templates: &Templates, side: Side, number: i64, clock: &Arc<ManualClock>) -> Self {
        let (place, engine) = Place::new();
        let image = templates.image(side, number);
        if let (Engine::Sqlite { folder }, Some(image)) = (&engine, image) {
            image.put(folder);
        }
        let store = open_store(engine.clone(), clock);
        if image.is_none() {
            furnish(&store, side, number).await;
        }
        let directory = Arc::new(Directory::open(store.clone()).await.unwrap());
        Self { store, directory, engine, clock: clock.clone(), _place: place }
    }

    /// Everything that is not in the files is gone, and at the end of the log stands what a torn write left there. The process begins
    /// again on a copy, so that nothing that the dead one still does when it is cleared away can reach it.
    pub(super) async fn die(&mut self, chance: &mut Rng) {
        if let Engine::Sqlite { folder } = &self.engine {
            let mut image = Image::of(folder);
            image.log.extend((0..chance.usize(0..9_000)).map(|_| chance.u8(..)));
            let (place, engine) = Place::new();
            if let Engine::Sqlite { folder } = &engine {
                image.put(folder);
            }
            let fresh = open_store(engine.clone(), &self.clock);
            std::mem::replace(&mut self.store, fresh).close();
            (self.engine, self._place) = (engine, place);
        } else {
            // The server keeps what was committed; the connections are gone.
            let fresh = world::open_store(self.engine.clone(), &self.clock);
            std::mem::replace(&mut self.store, fresh).close();
        }
        self.directory = Arc::new(Directory::open(self.store.clone()).await.unwrap());
    }
}
