//! Values on PostgreSQL's wire.

use std::error::Error as StdError;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::row::wrong;
use crate::{Result, Value};

type Failure = Box<dyn StdError + Sync + Send>;

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Failure> {
        match *self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(n) => match *kind {
                Type::INT8 => n.to_sql(kind, out),
                Type::INT4 => i32::try_from(n)?.to_sql(kind, out),
                Type::INT2 => i16::try_from(n)?.to_sql(kind, out),
                _ => Err(format!("a number is given where {kind} is expected").into()),
            },
            Value::Text(text) => text.to_sql(kind, out),
            Value::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// Whether a statement that was prepared for parameters of type `kind` can take `value`.
pub(crate) fn fits(value: Value<'_>, kind: &Type) -> bool {
    match value {
        Value::Null => true,
        Value::Int(_) => matches!(*kind, Type::INT8 | Type::INT4 | Type::INT2),
        Value::Text(_) => matches!(*kind, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN),
        Value::Bytes(_) => *kind == Type::BYTEA,
    }
}

/// The type to prepare a parameter with; NULL leaves it to the server.
pub(crate) fn kind_of(value: Value<'_>) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Int(_) => Type::INT8,
        Value::Text(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
    }
}

/// A column as a value, whatever integer or text type the server chose for it.
pub(crate) fn cell(row: &tokio_postgres::Row, column: usize) -> Result<Value<'_>> {
    row.try_get::<_, Cell<'_>>(column).map(|cell| cell.0).map_err(|_| wrong(column, "of a type the store knows"))
}

struct Cell<'a>(Value<'a>);

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> std::result::Result<Self, Failure> {
        Ok(Self(match *kind {
            Type::INT8 => Value::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(kind, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(kind, raw)?.into()),
            Type::BOOL => Value::Int(bool::from_sql(kind, raw)?.into()),
            // The sum of BIGINT is NUMERIC here and an integer on SQLite.
            Type::NUMERIC => Value::Int(whole(raw).ok_or("not a whole number of 64 bits")?),
            Type::BYTEA => Value::Bytes(raw),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
                Value::Text(std::str::from_utf8(raw)?)
            }
            _ => return Err(format!("columns of type {kind} are not used").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, Failure> {
        Ok(Self(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A NUMERIC without decimals: count, weight, sign, scale (16 bits each), then digits of base 10,000.
fn whole(raw: &[u8]) -> Option<i64> {
    let mut words = raw.chunks_exact(2).map(|pair| i16::from_be_bytes([pair[0], pair[1]]));
    let (count, weight, sign, _scale) = (words.next()?, words.next()?, words.next()?, words.next()?);
    if sign != 0 && sign != 0x4000 {
        return None;
    }
    let mut sum: i128 = 0;
    for place in 0..=i32::from(weight) {
        let digit = if place < i32::from(count) { words.next()? } else { 0 };
        sum = sum.checked_mul(10_000)?.checked_add(digit.into())?;
    }
    if words.any(|digit| digit != 0) {
        return None;
    }
    i64::try_from(if sign == 0 { sum } else { -sum }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_whole_numerics() {
        let check = |words: &[i16], expected: Option<i64>| {
            let raw: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
            assert_eq!(whole(&raw), expected, "{words:?}");
        };
        check(&[0, 0, 0, 0], Some(0));
        check(&[1, 0, 0, 0, 42], Some(42));
        check(&[1, 1, 0, 0, 3], Some(30_000));
        check(&[2, 1, 0x4000, 0, 1, 2345], Some(-12_345));
        check(&[1, -1, 0, 4, 5000], None);
        check(&[1, 0, -0x4000, 0], None);
        check(&[5, 4, 0, 0, 922, 3372, 368, 5477, 5807], Some(i64::MAX));
        check(&[5, 4, 0, 0, 922, 3372, 368, 5477, 5808], None);
    }
}
