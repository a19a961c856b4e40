//! How messages travel between the two sides of a world, and when one of them dies.

use dock_ascp::hub::{self, Leased};
use dock_ascp::messages::{CallKind, Verdict, judge};
use dock_ascp::platform::{self, Outgoing};

use super::play::Play;
use crate::world::{GOODS, STORE, open_hub, open_platform};

/// What happens to a message.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Fine,
    /// It never arrives.
    Lost,
    /// It arrives; the answer does not.
    Deaf,
    /// It arrives twice.
    Twice,
    /// Its sender gives up waiting, or waits on; it arrives some rounds later.
    Late,
    /// Who gets it dies before he stored anything of it.
    DiesBefore,
    /// Who gets it dies when he has stored it, before he answers.
    DiesAfter,
    /// Who sent it dies before he can note the answer.
    SenderDies,
}

/// A push on the network.
pub(super) struct LatePush {
    outgoing: Outgoing,
    /// Which life of the platform waits for the answer: the next one does not know of it.
    life: u64,
}

/// A call on the network, with nobody who waits for the answer.
pub(super) struct LateCall {
    kind: CallKind,
    body: String,
}

impl Play {
    fn fate(&mut self) -> Fate {
        match self.chance.u32(0..100) {
            _ if !self.bad => Fate::Fine,
            0..15 => Fate::Lost,
            15..25 => Fate::Deaf,
            25..35 => Fate::Twice,
            35..45 => Fate::Late,
            45..47 => Fate::DiesBefore,
            47..49 => Fate::DiesAfter,
            49..51 => Fate::SenderDies,
            _ => Fate::Fine,
        }
    }

    /// Whether somebody dies here, between two units of work.
    fn strikes(&mut self) -> bool {
        self.bad && self.chance.u32(0..100) < 2
    }

    async fn supplier_dies(&mut self) {
        self.tally.supplier_deaths += 1;
        self.ours.die(&mut self.chance).await;
        let (world, ours) = (&mut self.world, &self.ours);
        world.store = ours.store.clone();
        world.directory = ours.directory.clone();
        world.hub = open_hub(&ours.store, &ours.directory, &world.clock).await;
    }

    async fn platform_dies(&mut self) {
        self.tally.platform_deaths += 1;
        self.theirs.die(&mut self.chance).await;
        let (world, theirs) = (&mut self.world, &self.theirs);
        world.far = theirs.store.clone();
        world.platform = open_platform(&theirs.store, world.theirs, &theirs.directory, &world.clock);
    }

    /// The platform refunds what is due and pushes what is due, in any order.
    pub(super) async fn platform_sends(&mut self) {
        self.world.them(|tx| platform::refund_due(tx, 1_000)).await.unwrap();
        if self.strikes() {
            self.platform_dies().await;
        }
        let leased = self.world.them(|tx| platform::lease(tx, 1_000)).await.unwrap();
        if self.strikes() {
            // What was taken and not sent is taken again when the lease has run out.
            self.platform_dies().await;
            return;
        }
        let life = self.tally.platform_deaths;
        let mut on_the_way: Vec<LatePush> = leased.into_iter().map(|outgoing| LatePush { outgoing, life }).collect();
        on_the_way.append(&mut self.late_pushes);
        self.chance.shuffle(&mut on_the_way);
        for push in on_the_way {
            self.push_travels(push).await;
        }
    }

    async fn push_travels(&mut self, push: LatePush) {
        self.tally.pushes += 1;
        let outgoing = &push.outgoing;
        let reply = match self.fate() {
            Fate::Late => {
                self.tally.late += 1;
                self.late_pushes.push(push);
                return;
            }
            Fate::Lost => {
                self.tally.lost += 1;
                None
            }
            Fate::DiesBefore => {
                self.supplier_dies().await;
                None
            }
            Fate::Deaf => {
                self.tally.lost += 1;
                self.world.deliver(outgoing).await;
                None
            }
            Fate::DiesAfter => {
                self.world.deliver(outgoing).await;
                self.supplier_dies().await;
                None
            }
            Fate::SenderDies => {
                self.world.deliver(outgoing).await;
                self.platform_dies().await;
                return;
            }
            Fate::Twice => {
                self.tally.repeated += 1;
                self.world.deliver(outgoing).await;
                Some(self.world.deliver(outgoing).await)
            }
            Fate::Fine => Some(self.world.deliver(outgoing).await),
        };
        if push.life == self.tally.platform_deaths {
            let push = push.outgoing.push;
            self.world.them(move |tx| platform::settle(tx, &push, reply.as_ref())).await.unwrap();
        }
    }

    /// The supplier follows its event log and sends what is due, in any order.
    pub(super) async fn hub_sends(&mut self) {
        self.world.hub.follow_all().await.unwrap();
        if self.strikes() {
            self.supplier_dies().await;
        }
        let mut leased: Vec<Leased> = hub::lease(&self.world.hub, self.world.ours).await.unwrap();
        if self.strikes() {
            self.supplier_dies().await;
            return;
        }
        self.chance.shuffle(&mut leased);
        let life = self.tally.supplier_deaths;
        for call in leased {
            self.call_travels(call).await;
            if life != self.tally.supplier_deaths {
                // The next life knows nothing of what this one had taken, until the lease has run out.
                return;
            }
        }
        self.world.hub.follow_all().await.unwrap();
    }

    async fn call_travels(&mut self, Leased { call, body }: Leased) {
        self.tally.calls += 1;
        let heard = match self.fate() {
            Fate::Late => {
                self.tally.late += 1;
                self.late_calls.push(LateCall { kind: call.kind, body });
                Err("no answer in time".to_owned())
            }
            Fate::Lost => {
                self.tally.lost += 1;
                Err("lost".to_owned())
            }
            Fate::DiesBefore => {
                self.platform_dies().await;
                Err("refused to connect".to_owned())
            }
            Fate::Deaf => {
                self.tally.lost += 1;
                drop(self.world.call(call.kind, &body).await);
                Err("no answer".to_owned())
            }
            Fate::DiesAfter => {
                drop(self.world.call(call.kind, &body).await);
                self.platform_dies().await;
                Err("broken off".to_owned())
            }
            Fate::SenderDies => {
                drop(self.world.call(call.kind, &body).await);
                self.supplier_dies().await;
                return;
            }
            Fate::Twice => {
                self.tally.repeated += 1;
                drop(self.world.call(call.kind, &body).await);
                self.world.call(call.kind, &body).await
            }
            Fate::Fine => self.world.call(call.kind, &body).await,
        };
        let verdict: Verdict = judge(call.kind, &heard);
        hub::settle(&self.world.hub, self.world.ours, call.id, verdict).await.unwrap();
    }

    /// Calls that nobody waits for any more reach the platform.
    pub(super) async fn late_arrive(&mut self) {
        for call in std::mem::take(&mut self.late_calls) {
            if self.bad && self.chance.bool() {
                self.late_calls.push(call);
            } else {
                drop(self.world.call(call.kind, &call.body).await);
            }
        }
    }

    /// The supplier compares both sides' stock and publishes what differs; nothing when the platform does not answer.
    pub(super) async fn reconcile(&mut self) -> Option<Vec<hub::Compared>> {
        let channel = self.world.channel().await;
        let items: Vec<i64> = GOODS.iter().map(|(id, _)| *id).collect();
        let query = serde_json::json!({
            "supplier_id": self.world.supplier, "store_code": STORE, "user_id": 9, "sc_item_ids": items,
        });
        let of = channel.clone();
        let figures = self.world.us(move |tx, settings| hub::figures(tx, settings, &of)).await.unwrap();
        let (_, body) = self.world.call(CallKind::StockQuery, &query.to_string()).await.ok()?;
        let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
        let number = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap().parse::<i64>().unwrap();
        let accounts: Vec<hub::Account> = answer["merchant_inventory_query_response"]["datas"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| hub::Account {
                sc_item_id: row["sc_item_id"].to_string(),
                quantity: number(row, "quantity"),
                locked: number(row, "lock_quantity"),
            })
            .collect();
        let compared: Vec<_> = figures.iter().map(|figure| hub::compare(&channel, figure, &accounts)).collect();
        let kept = compared.clone();
        self.world.us(move |tx, _| hub::note_compared(tx, &channel, &kept, true)).await.unwrap();
        Some(compared)
    }
}
