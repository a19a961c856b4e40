//! What a call costs of the application's quota: hours of the day, and calls a day, which are counted in the store so that a
//! restart or a second node does not begin anew (fact sheet wdt-2, chapter 8).

mod table;

use store::{Store, Tenant, Tx};

use crate::directory::{App, Quota, TenantInfo};
use crate::method::{Failure, Refused};

/// P-9023 of fact sheet wdt-2, chapter 9: the daily limit is reached.
const SPENT: i64 = 9023;
/// P-9024: outside the allowed hours.
const CLOSED: i64 = 9024;
/// P-9022: too many documents or rows in one call.
const TOO_MANY: i64 = 9022;
/// The account is in arrears (fact sheet wdt-1, 1.11).
const ARREARS: i64 = 1060;
/// Codes that any method may answer, because any may be limited. 1020: the store failed, or the tenant's settings cannot be read.
pub(crate) const CODES: [i64; 5] = [SPENT, CLOSED, TOO_MANY, ARREARS, 1020];

/// The limits of a method for an application: its own, else those of the tenant.
pub(crate) fn of<'q>(app: &'q App, tenant: &'q TenantInfo, method: &str) -> Option<&'q Quota> {
    app.options.quotas.get(method).or_else(|| tenant.settings.limits.methods.get(method))
}

pub(crate) fn in_arrears() -> Refused {
    Refused::new(ARREARS, "充值余额为0或应用已欠费，请联系商务充值")
}

pub(crate) fn closed(hours: &str) -> Refused {
    Refused::new(CLOSED, format!("该接口只能在{hours}调用"))
}

/// Refuses a call with more rows than the method may have at once.
pub(crate) fn hold(most: u32, rows: usize) -> Result<(), Refused> {
    if most > 0 && rows > usize::try_from(most).unwrap_or(usize::MAX) {
        return Err(Refused::new(TOO_MANY, format!("一次最多{most}条,传入了{rows}条")));
    }
    Ok(())
}

/// A count a day that the call adds to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Daily {
    pub(crate) app: i64,
    pub(crate) method: &'static str,
    pub(crate) limit: u32,
}

impl Daily {
    /// Counts the call in the unit that carries it out: what is refused afterwards is not counted.
    pub(crate) fn spend(self, tx: &mut Tx) -> Result<(), Failure> {
        let day = tx.now().day().compact().parse().unwrap_or(0);
        let spent = table::spent(tx, self.app, self.method, day)?;
        if spent >= i64::from(self.limit) {
            return Err(Refused::new(SPENT, format!("超过每日调用次数限制({}次)", self.limit)).into());
        }
        table::count(tx, self.app, self.method, day, spent)?;
        Ok(())
    }

    /// The same for a call that only reads, in a unit of its own.
    pub(crate) async fn spend_now(self, store: &Store, tenant: Tenant) -> Result<(), Failure> {
        store.write(tenant, move |tx| self.spend(tx)).await
    }
}
