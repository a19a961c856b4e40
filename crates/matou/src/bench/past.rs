//! A folder with a merchant's past in it: goods, stock and documents of every family, made through the public methods, in this
//! process, with a clock that is moved. A smaller past is a shorter one: as much happens in an hour of it.

use std::path::Path;
use std::sync::Arc;

use erp::catalog::{self, Warehouse};
use gateway::directory::Environment;
use gateway::{Gateway, NoSink, Parts, Received};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Store, Tenant};
use tokio::task::JoinSet;
use units::{Clock, ManualClock, Moment};

use super::calls;
use crate::client::{self, Keys};
use crate::config;
use crate::demo::{self, Card, Size};
use crate::outside::SystemClock;
use crate::server;
use crate::trouble::Trouble;

/// Orders of one call.
const ORDERS_A_CALL: usize = 100;
/// Other documents of each kind for so many orders.
const DOCUMENTS_A_CALL: usize = 5;
/// Seconds between two such calls: a million orders are thirty days.
const STEP: i64 = 259;
/// Goods of a call, specs of each, and seconds between two calls.
const GOODS_A_CALL: usize = 20;
const SPECS_A_GOODS: usize = 10;
const SHELF_STEP: i64 = 5;
/// Stock-in lines of a call, and warehouses in which each spec lies.
const LINES_A_CALL: usize = 400;
const SPREAD: usize = 5;
const FORM: &str = "application/x-www-form-urlencoded;charset=UTF-8";

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Scale {
    pub(super) orders: usize,
    pub(super) specs: usize,
    pub(super) warehouses: usize,
}

impl Scale {
    /// Goods numbers and merchant codes go by these.
    pub(super) fn spec(n: usize) -> String {
        format!("B{:06}-{}", n / SPECS_A_GOODS, n % SPECS_A_GOODS)
    }

    /// The number of a warehouse: the two that the demo fills, and others of no other use to it.
    pub(super) fn warehouse(n: usize) -> String {
        if n < 2 { format!("WH{:02}", n + 1) } else { format!("BW{:02}", n + 1) }
    }

    /// A fiftieth of it, as dense.
    pub(super) fn small(self) -> Self {
        Self { orders: (self.orders / 50).max(ORDERS_A_CALL * 20), specs: (self.specs / 50).max(200), ..self }
    }
}

/// What can be asked about the past.
pub(super) struct Past {
    pub(super) scale: Scale,
    /// Windows of an hour in which documents were made.
    pub(super) hours: Vec<(String, String)>,
    /// Windows in which goods were made.
    pub(super) shelves: Vec<(String, String)>,
    /// Windows of the last documents, in which stock changed last.
    pub(super) lately: Vec<(String, String)>,
}

/// The one who fills.
struct Filler {
    gateway: Arc<Gateway>,
    store: Store,
    tenant: Tenant,
    clock: Arc<ManualClock>,
    sid: String,
    keys: Keys,
}

/// When a past was made, in seconds since 1970: enough to ask about it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Times {
    begin: i64,
    stocked: i64,
    opened: i64,
    end: i64,
}

impl Past {
    fn new(scale: Scale, times: Times) -> Self {
        let [begin, stocked, opened, end] =
            [times.begin, times.stocked, times.opened, times.end].map(Moment::from_unix);
        Self {
            scale,
            hours: windows(opened, end, 3_600),
            // Not the first moment: the goods of the demo, of one spec each, were made in it.
            shelves: windows(begin.plus(SHELF_STEP), stocked, 60),
            lately: windows(end.plus(-3_600), end, 600),
        }
    }
}

/// Fills the folder. With `kept`, what is there is copied, or what was made is kept there: measurements change the copy only.
pub(super) async fn fill(folder: &Path, scale: Scale, kept: Option<&Path>) -> Result<Past, Trouble> {
    let Some(kept) = kept else { return Ok(Past::new(scale, make(folder, scale).await?)) };
    let label = kept.join("past.json");
    let unreadable = |error: serde_json::Error| Trouble::new(format!("{}: {error}", label.display()));
    if !label.exists() {
        let times = make(folder, scale).await?;
        copy(folder, kept)?;
        std::fs::write(&label, serde_json::to_string(&(scale, times)).map_err(unreadable)?)?;
        return Ok(Past::new(scale, times));
    }
    let text = std::fs::read_to_string(&label)?;
    let (known, times): (Scale, Times) = serde_json::from_str(&text).map_err(unreadable)?;
    if known != scale {
        return Err(Trouble::new(format!("{}: another past than the one that is asked for", label.display())));
    }
    copy(kept, folder)?;
    Ok(Past::new(scale, times))
}

/// Reads the database once through, so that what is measured is the program and not how much of its file the system happens to hold.
pub(super) fn warm(folder: &Path) -> Result<(), Trouble> {
    let mut file = std::fs::File::open(folder.join(store::DATABASE_FILE))?;
    std::io::copy(&mut file, &mut std::io::sink())?;
    Ok(())
}

/// The files of a folder, without those of folders in it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

async fn make(folder: &Path, scale: Scale) -> Result<Times, Trouble> {
    let calls = scale.orders.div_ceil(ORDERS_A_CALL);
    let shelf_calls = scale.specs.div_ceil(GOODS_A_CALL * SPECS_A_GOODS);
    let stock_calls = (scale.specs * SPREAD).div_ceil(LINES_A_CALL);
    let seconds = number(calls) * STEP + number(shelf_calls + stock_calls) * SHELF_STEP;
    let begin = SystemClock.now().plus(-seconds - 7_200);
    let clock = Arc::new(ManualClock::at(begin));
    let filler = open(folder, clock).await?;
    filler.goods(scale).await?;
    let stocked = filler.clock.now();
    filler.stock(scale).await?;
    let opened = filler.clock.now();
    for call in 0..calls {
        filler.documents(scale, call).await?;
        filler.clock.advance(STEP);
        if call % (calls / 20).max(1) == 0 {
            eprintln!("bench: {} of {} orders stored", call * ORDERS_A_CALL, scale.orders);
        }
    }
    let end = filler.clock.now();
    filler.store.close();
    let [begin, stocked, opened, end] = [begin, stocked, opened, end].map(Moment::unix);
    Ok(Times { begin, stocked, opened, end })
}

fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Closed windows of so many seconds, one behind the other.
fn windows(from: Moment, to: Moment, seconds: i64) -> Vec<(String, String)> {
    let count = (to.since(from) / seconds).max(1);
    let window = |n: i64| {
        let start = from.plus(n * seconds);
        (start.to_string(), start.plus(seconds - 1).to_string())
    };
    (0..count).map(window).collect()
}

async fn open(folder: &Path, clock: Arc<ManualClock>) -> Result<Filler, Trouble> {
    let mut config = config::load(None)?;
    config.data.folder = folder.to_owned();
    let opened = server::open_at(&config, clock.clone()).await?;
    demo::settle(&opened.directory).await?;
    demo::furnish(&opened.store, &opened.directory, Size::Full).await?;
    let card = Card::of(&opened.directory, &opened.token, String::new())?;
    let gateway = Gateway::new(Parts {
        store: opened.store.clone(),
        directory: Arc::clone(&opened.directory),
        registry: dock_wdt::registry(),
        clock: Arc::clone(&opened.clock),
        sink: Arc::new(NoSink),
        log: None,
        seed: 1,
        config: gateway::Config { read_here: true, ..gateway::Config::default() },
    });
    let keys = card.openapi2();
    let known = opened.directory.snapshot().tenant_of(Environment::Production, demo::SID).map(|tenant| tenant.tenant());
    let tenant = known.ok_or_else(|| Trouble::new("the demo merchant is missing"))?;
    Ok(Filler { gateway: Arc::new(gateway), store: opened.store, tenant, clock, sid: card.wdt.sid, keys })
}

impl Filler {
    /// Carries out calls at the same time; each must succeed.
    async fn all(&self, calls: Vec<(&'static str, Vec<(&'static str, String)>)>) -> Result<(), Trouble> {
        let mut tasks = JoinSet::new();
        for (php, arguments) in calls {
            let arguments = arguments.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let pairs = client::openapi2(&*self.clock, &self.sid, &self.keys, arguments);
            let (gateway, body) = (Arc::clone(&self.gateway), client::encode(&pairs));
            tasks.spawn(async move {
                let sent = gateway.answer(Received::new(&format!("/openapi2/{php}"), "", FORM, body)).await;
                let said = String::from_utf8_lossy(&sent.body).into_owned();
                let code = serde_json::from_str::<Value>(&said).ok().and_then(|said| said["code"].as_i64());
                if code == Some(0) { Ok(()) } else { Err(Trouble::new(format!("{php}: {said}"))) }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.map_err(|error| Trouble::new(error.to_string()))??;
        }
        Ok(())
    }

    async fn goods(&self, scale: Scale) -> Result<(), Trouble> {
        self.store
            .write(self.tenant, move |tx| {
                for n in 2..scale.warehouses {
                    let no = Scale::warehouse(n);
                    catalog::create_warehouse(tx, Warehouse { name: no.clone(), no, kind: 1, ..Warehouse::default() })?;
                }
                Ok::<_, erp::Error>(())
            })
            .await?;
        self.all(vec![calls::provider("BENCH")]).await?;
        for first in (0..scale.specs).step_by(GOODS_A_CALL * SPECS_A_GOODS) {
            self.all(vec![calls::goods(first, GOODS_A_CALL, SPECS_A_GOODS)]).await?;
            self.clock.advance(SHELF_STEP);
        }
        Ok(())
    }

    async fn stock(&self, scale: Scale) -> Result<(), Trouble> {
        for round in 0..SPREAD {
            for (part, first) in (0..scale.specs).step_by(LINES_A_CALL).enumerate() {
                let warehouse = if round == 0 { 0 } else { (part * SPREAD + round) % scale.warehouses };
                let specs = first..(first + LINES_A_CALL).min(scale.specs);
                let lines =
                    specs.map(|n| json!({ "spec_no": Scale::spec(n), "stockin_num": 100_000, "stockin_price": 20 }));
                let lines = lines.collect::<Vec<_>>();
                let outer = format!("FILL-{round}-{part}");
                self.all(vec![calls::stock_in(&outer, &Scale::warehouse(warehouse), &json!(lines))]).await?;
                self.clock.advance(SHELF_STEP);
            }
        }
        Ok(())
    }

    /// One call of orders, and some documents of each other kind.
    async fn documents(&self, scale: Scale, call: usize) -> Result<(), Trouble> {
        let first = call * ORDERS_A_CALL;
        let count = ORDERS_A_CALL.min(scale.orders - first);
        self.all(vec![calls::orders("L2025", first, count, scale.specs)]).await?;
        let mut others = Vec::new();
        for n in 0..DOCUMENTS_A_CALL {
            let n = call * DOCUMENTS_A_CALL + n;
            others.push(calls::refund("L2025", first + n % count, &format!("LR{n}")));
            others.push(calls::purchase(&format!("LP{n}"), n, scale));
            others.push(calls::small_stock_in(&format!("LI{n}"), n, scale));
        }
        self.all(others).await
    }
}
