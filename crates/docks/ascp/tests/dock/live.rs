//! Supplier and platform as they meet in life: the hub in a store of its own, the platform of the joint test in another, everything
//! between them over loopback. Their workers do not run; `settle` plays their rounds until nothing more happens.

use std::sync::Arc;

use axum::Router;
use dock_ascp::cases::{Opening, Partner, Terms};
use dock_ascp::hub;
use dock_ascp::messages::CallKind;
use dock_ascp::platform::{self, NewFault, NewLine, NewOrder, SimOrder, Spoken, Topic};
use erp::order::OrderStatus;
use store::{Secret, Tx};
use tokio::net::TcpListener;

use crate::place::Place;
use crate::world::{APP, GOODS, House, PIECES, SECRET, STORE, World};

/// Rounds until everything must have settled.
const ROUNDS: usize = 60;

pub(crate) struct Live {
    pub(crate) house: House,
    pub(crate) world: World,
    pub(crate) partner: Arc<Partner>,
    waybills: u32,
    _place: Place,
}

impl Drop for Live {
    fn drop(&mut self) {
        self.partner.close();
    }
}

async fn serve(listener: TcpListener, router: Router) {
    axum::serve(listener, router).await.unwrap();
}

impl Live {
    pub(crate) async fn new(begin: &str) -> Self {
        let house = House::new(begin).await;
        let world = house.world(1).await;
        let (erp, top) =
            (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let push_url = format!("http://{}{}", erp.local_addr().unwrap(), hub::PATH);
        let top_url = format!("http://{}/router/rest", top.local_addr().unwrap());
        let terms = Terms {
            supplier_id: world.supplier.clone(),
            customer_id: "2200000000001".into(),
            app_key: APP.into(),
            app_secret: Secret::new(SECRET),
            session: format!("SESSION{}", world.supplier),
            store_code: STORE.into(),
            user_id: 9,
            push_url,
            top_url: top_url.clone(),
            json: false,
            goods: GOODS.map(|(id, code)| (id, code.to_owned())).into(),
            pieces: PIECES,
        };
        let (place, engine) = Place::new();
        let opening = Opening { engine, clock: house.clock.clone(), key: [7; 32], seed: 7 };
        let partner = Partner::open(opening, terms).await.unwrap();
        tokio::spawn(serve(erp, hub::router(world.hub.clone())));
        tokio::spawn(serve(top, partner.door()));
        let live = Self { house, world, partner, waybills: 0, _place: place };
        live.channel(move |channel| channel.facts.top_url.clone_from(&top_url)).await;
        live
    }

    /// Changes the channel.
    pub(crate) async fn channel(&self, change: impl Fn(&mut hub::Channel) + Send + 'static) {
        let supplier = self.world.supplier.clone();
        let unit = move |tx: &mut Tx, _: &erp::Settings| {
            let mut channel = hub::channel_by_supplier(tx, &supplier)?;
            change(&mut channel);
            hub::save_channel(tx, &mut channel)
        };
        self.world.us(unit).await.unwrap();
    }

    /// A unit of work of the platform.
    pub(crate) async fn them<T, F>(&self, unit: F) -> T
    where
        T: Send + 'static,
        F: Fn(&mut Tx) -> platform::Result<T> + Send + 'static,
    {
        let platform = self.partner.platform();
        platform.store().write(platform.tenant(), unit).await.unwrap()
    }

    /// Both sides do what is due until nothing is.
    pub(crate) async fn settle(&self) {
        for _ in 0..ROUNDS {
            let theirs = self.partner.platform().round().await.unwrap();
            let ours = self.world.hub.round().await.unwrap();
            if !theirs && !ours {
                return;
            }
        }
        panic!("the two sides never come to rest");
    }

    /// The clock of everything goes on, in steps, and whatever becomes due is done.
    pub(crate) async fn pass(&self, seconds: i64) {
        let mut left = seconds;
        while left > 0 {
            let step = left.min(1_800);
            self.house.clock.advance(step);
            left -= step;
            self.settle().await;
        }
    }

    pub(crate) async fn place(&self, lines: &[(i64, i64)]) -> String {
        self.place_as(lines, None, 0).await
    }

    pub(crate) async fn place_as(&self, lines: &[(i64, i64)], model: Option<&str>, delay: i64) -> String {
        let new = NewOrder {
            supplier_id: self.world.supplier.clone(),
            store_code: STORE.to_owned(),
            lines: lines.iter().map(|(item, pieces)| NewLine { sc_item_id: *item, quantity: *pieces }).collect(),
            business_model: model.map(str::to_owned),
            seed: None,
            change: None,
            delay,
        };
        self.them(move |tx| platform::place(tx, &new)).await
    }

    pub(crate) async fn trouble(&self, target: &str, what: &str, times: i64) {
        let fault = NewFault { target: target.into(), what: what.into(), amount: 0, times };
        self.them(move |tx| platform::add_fault(tx, &fault)).await;
    }

    pub(crate) async fn theirs(&self, code: &str) -> SimOrder {
        let code = code.to_owned();
        self.them(move |tx| platform::any_order(tx, &code)).await
    }

    pub(crate) async fn ours(&self, code: &str) -> hub::SupplyOrder {
        let (channel, code) = (self.world.channel().await, code.to_owned());
        self.world.us(move |tx, _| hub::order_by_code(tx, &channel, &code)).await.unwrap()
    }

    /// Number of the order in the core.
    async fn number(&self, code: &str) -> (String, OrderStatus) {
        let code = code.to_owned();
        let unit = move |tx: &mut Tx, _: &erp::Settings| {
            let raw = erp::order::raw_by_tid(tx, &code)?.expect("the order is in the core");
            let orders = erp::order::orders_of(tx, &raw)?;
            Ok((orders[0].no.clone(), orders[0].status))
        };
        self.world.us(unit).await.unwrap()
    }

    pub(crate) async fn audit(&self, code: &str) {
        let (no, _) = self.number(code).await;
        self.world.us(move |tx, settings| Ok(erp::order::audit(tx, settings, &no, "staff")?)).await.unwrap();
        self.settle().await;
    }

    /// Audits it if need be, and ships it with this waybill.
    pub(crate) async fn ship_with(&self, code: &str, waybill: &str) {
        if self.number(code).await.1 == OrderStatus::AwaitingAudit {
            self.audit(code).await;
        }
        let ((no, _), waybill) = (self.number(code).await, waybill.to_owned());
        self.world
            .us(move |tx, settings| Ok(erp::order::ship(tx, settings, &no, Some("SF"), &waybill)?))
            .await
            .unwrap();
        self.settle().await;
    }

    pub(crate) async fn ship(&mut self, code: &str) {
        self.waybills += 1;
        let waybill = format!("SF{:012}", self.waybills);
        self.ship_with(code, &waybill).await;
    }

    /// Open alarms of a kind: key and text.
    pub(crate) async fn alarms(&self, kind: &'static str) -> Vec<(String, String)> {
        let alarms = self.world.us(|tx, _| hub::open_alarms(tx, 0, 1_000)).await.unwrap();
        alarms.into_iter().filter(|alarm| alarm.kind == kind).map(|alarm| (alarm.key, alarm.text)).collect()
    }

    /// Calls of a kind that the platform got, in order.
    pub(crate) fn calls(&self, kind: CallKind) -> Vec<Spoken> {
        self.partner.journal().since(0, |spoken| spoken.topic == Topic::Call(kind))
    }
}
