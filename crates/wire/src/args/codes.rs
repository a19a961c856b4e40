//! The [`codes!`](super::codes) macro: enumerations of the platform.

use super::{Input, Path, Refusal};

/// Reads a declared code; [`codes!`](super::codes) calls this.
#[doc(hidden)]
pub fn read_code<T>(input: Input<'_>, at: &Path<'_>, from_code: fn(i64) -> Option<T>) -> Result<T, Refusal> {
    super::scalar::code(input, at, from_code)
}

/// Declares an enumeration by its codes on the wire; a variant's doc comment is its meaning in the documentation:
///
/// ```
/// wire::codes! {
///     /// State of a raw order (fact sheet wdt-1, 2.0.2).
///     pub enum TradeStatus {
///         /// unpaid (未付款)
///         Unpaid = 10,
///         /// paid (已付款)
///         Paid = 30,
///     }
/// }
/// assert_eq!(TradeStatus::from_code(30), Some(TradeStatus::Paid));
/// assert_eq!(TradeStatus::Paid.doc(), "paid (已付款)");
/// ```
///
/// It travels and is stored as the number.
#[doc(hidden)]
#[macro_export]
macro_rules! __codes {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $(
                $(#[doc = $doc:literal])*
                $variant:ident = $code:literal
            ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $(
                $(#[doc = $doc])*
                $variant,
            )+
        }

        #[allow(dead_code, reason = "an enumeration seen by one module only need not use all of these")]
        impl $name {
            /// All values in declared order.
            $vis const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// All codes with their meaning.
            $vis const CODES: &'static [(i64, &'static str)] =
                &[$(($code, $crate::args::doc_text(concat!($($doc),*)))),+];

            /// The code on the wire.
            $vis const fn code(self) -> i64 {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// The value of a code; `None` for one that is not documented.
            $vis const fn from_code(code: i64) -> ::core::option::Option<Self> {
                match code {
                    $($code => ::core::option::Option::Some(Self::$variant),)+
                    _ => ::core::option::Option::None,
                }
            }

            /// What the value means.
            $vis const fn doc(self) -> &'static str {
                match self {
                    $(Self::$variant => const { $crate::args::doc_text(concat!($($doc),*)) },)+
                }
            }
        }

        impl $crate::args::Arg for $name {
            const KIND: $crate::args::Kind = $crate::args::Kind::Code($name::CODES);

            fn read(
                input: $crate::args::Input<'_>,
                at: &$crate::args::Path<'_>,
            ) -> ::core::result::Result<Self, $crate::args::Refusal> {
                $crate::args::read_code(input, at, $name::from_code)
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.code())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let code = <i64 as $crate::__private::serde::Deserialize>::deserialize(deserializer)?;
                Self::from_code(code).ok_or_else(|| {
                    <D::Error as $crate::__private::serde::de::Error>::custom(concat!("unknown ", stringify!($name)))
                })
            }
        }
    };
}
