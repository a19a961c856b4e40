//! What a walk does with a merchant besides the commands.

use std::sync::atomic::{AtomicU64, Ordering};

use erp::catalog::{self, Warehouse};
use erp::stock::{self, Direction, NewOutsourced, NewOutsourcedLine, NewStockIn, NewStockInLine, Receiver, Reported};
use erp::{Error, Settings};
use store::{Reader, Tx};
use units::{Money, Quantity};

use crate::support::{Merchant, TENANT};

impl Merchant {
    /// Does something to the document of this number.
    pub(crate) fn on(&self, no: &str, command: fn(&mut Tx, &Settings, &str) -> Result<(), Error>) -> Result<(), Error> {
        let no = no.to_owned();
        self.write(move |tx, settings| command(tx, settings, &no))
    }

    /// Reads the document of this number.
    pub(crate) fn read<T: Send + 'static>(&self, no: &str, read: fn(&mut Reader, &str) -> Result<T, Error>) -> T {
        let no = no.to_owned();
        self.store.read_blocking(TENANT, move |reader| read(reader, &no)).unwrap()
    }

    /// A number nobody used before.
    pub(crate) fn fresh(&self, prefix: &str) -> String {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        format!("{prefix}{}", NUMBER.fetch_add(1, Ordering::Relaxed))
    }

    /// A stock-in that waits for its audit.
    pub(crate) fn draft_stock_in(&self, outer_no: &str, spec_no: &str, num: i64) -> String {
        let line = NewStockInLine { spec_no: spec_no.into(), num: Quantity::whole(num), ..NewStockInLine::default() };
        let new = NewStockIn {
            outer_no: outer_no.into(),
            warehouse_no: "WH01".into(),
            lines: vec![line],
            ..NewStockIn::default()
        };
        self.write(move |tx, settings| stock::push_other_stock_in(tx, settings, &new)).unwrap().no
    }

    /// A warehouse that others run, with so many pieces in it.
    pub(crate) fn outsourced_warehouse(&self, no: &'static str, spec_no: &'static str, num: i64) {
        self.write(move |tx, settings| {
            catalog::create_warehouse(tx, Warehouse { no: no.into(), kind: 11, ..Warehouse::default() })?;
            let new = outsourced(format!("OPEN-{no}"), no, Direction::In, spec_no, num);
            let new = NewOutsourced { audit: true, ..new };
            let order = stock::push_outsourced(tx, settings, &new)?.no;
            stock::outsourced_pushed(tx, &order, Ok("X"))?;
            let reported = [Reported { spec_no: spec_no.into(), num: Quantity::whole(num) }];
            stock::report_outsourced(tx, settings, &order, &format!("OPENED-{no}"), &reported).map(drop)
        })
        .unwrap();
    }
}

/// An outsourced order of one line.
pub(crate) fn outsourced(
    outer_no: String,
    warehouse: &str,
    direction: Direction,
    spec: &str,
    num: i64,
) -> NewOutsourced {
    let line = NewOutsourcedLine { spec_no: spec.into(), num: Quantity::whole(num), ..NewOutsourcedLine::default() };
    NewOutsourced {
        outer_no,
        warehouse_no: warehouse.into(),
        direction,
        audit: false,
        logistics_code: String::new(),
        logistics_no: String::new(),
        logistics_fee: Money::ZERO,
        other_fee: Money::ZERO,
        region: Default::default(),
        receiver: Receiver::default(),
        remark: String::new(),
        lines: vec![line],
    }
}
