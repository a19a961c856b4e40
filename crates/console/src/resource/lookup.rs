//! Numbers of shops and warehouses for rows that hold keys; each is looked up once a request.

use std::collections::HashMap;

use erp::catalog;
use store::Reader;

use crate::fault::Fault;

#[derive(Default)]
pub(crate) struct Names {
    shops: HashMap<i64, String>,
    warehouses: HashMap<i64, String>,
}

impl Names {
    /// The shop's number; empty when it is gone.
    pub(crate) fn shop(&mut self, reader: &mut Reader, id: i64) -> Result<String, Fault> {
        if let Some(no) = self.shops.get(&id) {
            return Ok(no.clone());
        }
        let no = catalog::shop_by_id(reader, id)?.map(|shop| shop.no).unwrap_or_default();
        self.shops.insert(id, no.clone());
        Ok(no)
    }

    /// The keys that a filter by warehouse number means; none = every warehouse.
    pub(super) fn keys_of_warehouse(&mut self, reader: &mut Reader, no: Option<&str>) -> Result<Vec<i64>, Fault> {
        match no {
            None => Ok(Vec::new()),
            Some(no) => Ok(vec![catalog::warehouse_by_no(reader, no)?.id]),
        }
    }

    /// The warehouse's number; empty when it is gone.
    pub(crate) fn warehouse(&mut self, reader: &mut Reader, id: i64) -> Result<String, Fault> {
        if let Some(no) = self.warehouses.get(&id) {
            return Ok(no.clone());
        }
        let no = catalog::warehouse_by_id(reader, id)?.map(|warehouse| warehouse.no).unwrap_or_default();
        self.warehouses.insert(id, no.clone());
        Ok(no)
    }
}
