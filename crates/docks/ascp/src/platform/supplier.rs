//! A supplier as the platform knows it: its application, session, push address, and how the platform treats it.

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::Moment;

use super::error::{Error, Result, no, top};
use super::table;
use crate::messages::Format;

/// A supplier of the simulator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SimSupplier {
    /// Supplier id.
    pub supplier_id: String,
    /// Its name.
    pub name: String,
    /// The application that it uses.
    pub app_key: String,
    /// The session of the flagship shop.
    pub session: String,
    /// When the session ends; `None` = never.
    pub session_ends: Option<Moment>,
    /// Where pushes go; empty = they wait.
    pub push_url: String,
    /// Qimen's routing id.
    pub customer_id: String,
    /// Account of the goods' owner.
    pub user_id: i64,
    /// Pushes are JSON instead of XML.
    pub json: bool,
    /// Encrypted consignees are spelled `aid` (section 7, no. 7).
    pub spell_aid: bool,
    /// The reply to a cancel only acknowledges; the feedback call decides (section 7, no. 2).
    pub cancel_ack_only: bool,
    /// Waybill and carrier may be left out at shipment (section 7, no. 13).
    pub lenient_waybill: bool,
    /// Seconds between a stock-in report and the refund; one working day when 0.
    pub refund_seconds: i64,
}

impl Default for SimSupplier {
    fn default() -> Self {
        Self {
            supplier_id: String::new(),
            name: "示例进口商行".to_owned(),
            app_key: String::new(),
            session: String::new(),
            session_ends: None,
            push_url: String::new(),
            customer_id: String::new(),
            user_id: 0,
            json: false,
            spell_aid: false,
            cancel_ack_only: false,
            lenient_waybill: false,
            refund_seconds: 0,
        }
    }
}

impl SimSupplier {
    /// How its pushes are written.
    pub fn format(&self) -> Format {
        if self.json { Format::Json } else { Format::Xml }
    }
}

/// Enters a supplier, or changes it.
pub fn put_supplier(tx: &mut Tx, supplier: &SimSupplier) -> Result<()> {
    if supplier.supplier_id.is_empty() {
        return Err(no("SIM_INVALID", "supplier_id is empty"));
    }
    table::save_supplier(tx, supplier)
}

/// The supplier with this id.
pub fn supplier(reader: &mut Reader, supplier_id: &str) -> Result<SimSupplier> {
    table::supplier(reader, supplier_id)?
        .ok_or_else(|| no("SIM_SUPPLIER_MISMATCH", format!("no supplier {supplier_id}")))
}

/// The session ends now.
pub fn expire_session(tx: &mut Tx, supplier_id: &str) -> Result<()> {
    let mut found = supplier(tx, supplier_id)?;
    found.session_ends = Some(tx.now());
    put_supplier(tx, &found)
}

/// The supplier has a new session; the old one is nobody's any more.
pub fn renew_session(tx: &mut Tx, supplier_id: &str, session: &str, ends: Option<Moment>) -> Result<()> {
    let mut found = supplier(tx, supplier_id)?;
    (found.session, found.session_ends) = (session.to_owned(), ends);
    put_supplier(tx, &found)
}

/// Whose session it is (fact sheet ascp-direct, 1.7): TOP's numbers 26 and 27 when it is nobody's, or no longer valid.
pub(super) fn of_session(tx: &mut Tx, app_key: &str, session: Option<&str>) -> Result<SimSupplier> {
    let session = session.filter(|session| !session.is_empty());
    let session = session.ok_or_else(|| top(26, "Missing session", "isv.missing-parameter:session", ""))?;
    let invalid = || top(27, "Invalid session", "invalid-sessionkey", "SessionKey非法");
    let found =
        table::supplier_of_session(tx, session)?.filter(|found| found.app_key == app_key).ok_or_else(invalid)?;
    match found.session_ends {
        Some(ends) if ends <= tx.now() => Err(invalid()),
        _ => Ok(found),
    }
}

/// The request must be about the supplier whose session it is.
pub(super) fn must_be(supplier: &SimSupplier, given: &str) -> Result<(), Error> {
    if supplier.supplier_id == given {
        Ok(())
    } else {
        Err(no("SIM_SUPPLIER_MISMATCH", format!("supplier_id {given} is not the one of this session")))
    }
}
