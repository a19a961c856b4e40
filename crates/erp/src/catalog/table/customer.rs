//! SQL of customers.

use store::{Reader, Tx, Value};

use crate::catalog::{Conditions, Customer, CustomerFacts, CustomerFilter, Page, Rows};
use crate::document::{decode, encode};
use crate::{Error, Result, values};

type Sealed = (String, Vec<u8>);

fn context(id: i64) -> [u8; 16] {
    let mut context = *b"customer\0\0\0\0\0\0\0\0";
    context[8..].copy_from_slice(&id.to_be_bytes());
    context
}

fn open(reader: &mut Reader, (text, sealed): Sealed) -> Result<Customer> {
    let mut customer: Customer = decode("customer", &text)?;
    let plain = reader.vault().open(&context(customer.id), &sealed).map_err(store::Error::from)?;
    customer.facts =
        serde_json::from_slice::<CustomerFacts>(&plain).map_err(|error| Error::Document("customer", error))?;
    Ok(customer)
}

fn one(reader: &mut Reader, condition: &str, value: &str) -> Result<Option<Customer>> {
    if value.is_empty() {
        return Ok(None);
    }
    let tenant = reader.tenant().0;
    let sql = format!("SELECT doc, sealed FROM customer WHERE tenant = ?1 AND {condition} ORDER BY id LIMIT 1");
    let found = reader.query_opt(&sql, values![tenant, value], |row| Ok((row.string(0)?, row.bytes(1)?.to_vec())))?;
    found.map(|found| open(reader, found)).transpose()
}

pub(crate) fn customer_by_nick(reader: &mut Reader, print: &str) -> Result<Option<Customer>> {
    one(reader, "nick_print <> '' AND nick_print = ?2", print)
}

pub(crate) fn customer_by_mobile(reader: &mut Reader, print: &str) -> Result<Option<Customer>> {
    one(reader, "mobile_print <> '' AND mobile_print = ?2", print)
}

pub(crate) fn customer_by_no(reader: &mut Reader, no: &str) -> Result<Option<Customer>> {
    one(reader, "no = ?2", no)
}

/// Stores a customer. The hashes are those of the latest order; a nick that another customer has stays with that one.
pub(crate) fn save_customer(tx: &mut Tx, customer: &Customer, nick: &str, mobile: &str) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("customer", customer)?;
    let plain = serde_json::to_vec(&customer.facts).map_err(|error| Error::Document("customer", error))?;
    let sealed = tx.vault().seal(&context(customer.id), &plain);
    tx.put(
        "INSERT INTO customer (id, tenant, no, nick_print, mobile_print, modified, doc, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET nick_print = ?4, mobile_print = ?5, modified = ?6, doc = ?7, sealed = ?8",
        values![customer.id, tenant, &customer.no, nick, mobile, customer.modified, &doc, &sealed[..]],
    )?;
    Ok(())
}

pub(crate) fn customers(
    reader: &mut Reader,
    filter: &CustomerFilter<'_>,
    nick: Option<&str>,
    mobile: Option<&str>,
    page: Page,
) -> Result<Rows<Customer>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if let Some(no) = filter.no {
        conditions.and_number("no = ?", no);
    }
    if let Some(nick) = nick {
        conditions.and_number("nick_print <> '' AND nick_print = ?", nick);
    }
    if let Some(mobile) = mobile {
        conditions.and_number("mobile_print <> '' AND mobile_print = ?", mobile);
    }
    if let Some(window) = filter.window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    let found = conditions.page_of(reader, "customer", "doc, sealed", "modified, id", page, |row| {
        Ok((row.string(0)?, row.bytes(1)?.to_vec()))
    })?;
    let rows = found.rows.into_iter().map(|found| open(reader, found)).collect::<Result<_>>()?;
    Ok(Rows { rows, total: found.total })
}
