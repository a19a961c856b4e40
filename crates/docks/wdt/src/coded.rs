//! Enumerations of the business as request fields: the field lists their codes, and refuses every other.

use std::ops::Deref;

use wire::args::{Arg, Input, Kind, Path, Refusal};

/// An enumeration that the business owns.
pub(crate) trait Codes: Copy + 'static {
    /// Every code with its meaning.
    const CODES: &'static [(i64, &'static str)];
    /// The member with this code.
    fn of(code: i64) -> Option<Self>;
}

/// A field that holds one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Coded<T>(pub(crate) T);

impl<T> Deref for Coded<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Codes> Arg for Coded<T> {
    const KIND: Kind = Kind::Code(T::CODES);

    fn read(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        wire::args::read_code(input, at, T::of).map(Self)
    }
}

macro_rules! coded {
    ($($name:ty),* $(,)?) => { $(impl Codes for $name {
        const CODES: &'static [(i64, &'static str)] = {
            const COUNT: usize = <$name>::ALL.len();
            &const {
                let mut all = [(0, ""); COUNT];
                let mut i = 0;
                while i < COUNT {
                    all[i] = (<$name>::ALL[i].code(), <$name>::ALL[i].chinese());
                    i += 1;
                }
                all
            }
        };

        fn of(code: i64) -> Option<Self> {
            Self::from_code(code)
        }
    })* };
}

coded!(erp::stock::Direction, erp::order::TradeStatus, erp::order::DeliveryTerm);
