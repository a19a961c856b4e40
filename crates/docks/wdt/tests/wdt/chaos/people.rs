//! The people in the house: audit, reject, ship and cancel orders; audit and cancel what was only drafted.

use store::Tx;

use super::actor::Actor;

impl Actor {
    /// Does something that people do; a refusal of the business is an answer.
    pub(super) async fn person<T: Send + 'static>(
        &mut self,
        work: impl Fn(&mut Tx, &erp::Settings) -> erp::Result<T> + Send + 'static,
    ) -> Option<T> {
        let settings = erp::Settings::default();
        match self.world.store.write(self.world.tenant, move |tx| work(tx, &settings)).await {
            Ok(done) => Some(done),
            Err(erp::Error::Refused(_)) => None,
            Err(error) => panic!("{error}"),
        }
    }

    /// Number and state of an order made from a raw order.
    pub(super) async fn order_of(&mut self, tid: &str) -> Option<(String, i64)> {
        let answer = self.world.call("trade_query.php", &[("src_tid", tid)]).await;
        let trades = answer["trades"].as_array()?;
        let trade = trades.get(self.rng.usize(..trades.len().max(1)))?;
        Some((trade["trade_no"].as_str()?.to_owned(), trade["trade_status"].as_str()?.parse().ok()?))
    }

    /// Mostly what comes next for an order, sometimes anything.
    pub(super) async fn work_on_an_order(&mut self) {
        let Some(pushed) = self.pool.some(&mut self.rng, |known| &known.orders) else { return };
        let Some((no, state)) = self.order_of(&pushed.tid).await else { return };
        let next = match state {
            30 => 0,
            55 => 1,
            _ => self.rng.u8(..4),
        };
        match if self.chance(80) { next } else { self.rng.u8(..4) } {
            0 => drop(self.person(move |tx, settings| erp::order::audit(tx, settings, &no, "t")).await),
            1 => {
                let waybill = format!("{}", 120_000_000_000_u64 + self.rng.u64(..1_000_000_000));
                self.person(move |tx, settings| erp::order::ship(tx, settings, &no, None, &waybill)).await;
            }
            2 => drop(self.person(move |tx, settings| erp::order::reject(tx, settings, &no, "t", "t")).await),
            _ => drop(self.person(move |tx, settings| erp::order::cancel(tx, settings, &no, "t")).await),
        }
    }

    pub(super) async fn work_on_a_draft(&mut self) {
        let audits = self.chance(75);
        if self.rng.bool() {
            let Some(no) = self.pool.some(&mut self.rng, |known| &known.drafts_in) else { return };
            self.person(move |tx, settings| {
                if audits {
                    erp::inout::audit_stock_in(tx, settings, &no).map(drop)
                } else {
                    erp::inout::cancel_stock_in(tx, settings, &no).map(drop)
                }
            })
            .await;
        } else {
            let Some(no) = self.pool.some(&mut self.rng, |known| &known.drafts_out) else { return };
            self.person(move |tx, settings| {
                if audits {
                    erp::inout::audit_stock_out(tx, settings, &no).map(drop)
                } else {
                    erp::inout::cancel_stock_out(tx, settings, &no).map(drop)
                }
            })
            .await;
        }
    }
}
