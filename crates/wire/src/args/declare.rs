//! The [`arguments!`](super::arguments) macro.

/// The name on the wire of a Rust identifier: `r#type` travels as `type`.
#[doc(hidden)]
pub const fn plain_name(identifier: &'static str) -> &'static str {
    match identifier.as_bytes() {
        [b'r', b'#', ..] => identifier.split_at(2).1,
        _ => identifier,
    }
}

/// A doc comment as one text, without the blank that the compiler leaves in front.
#[doc(hidden)]
pub const fn doc_text(comment: &'static str) -> &'static str {
    comment.trim_ascii()
}

/// Declares the fields of a request, or of an object inside one:
///
/// ```
/// wire::arguments! {
///     /// One line of an order.
///     pub struct Line {
///         /// number of pieces
///         pub num: units::Quantity,
///     }
/// }
/// wire::arguments! {
///     /// One order; a refusal inside it carries its `tid`.
///     pub struct Order by tid {
///         /// order number of the mall
///         pub tid: wire::args::Text<40>,
///         /// kind of invoice; old clients say `invoice_type`
///         pub invoice_kind | invoice_type: Option<i64>,
///         /// lines
///         pub order_list: wire::args::List<Line, 1, 200>,
///     }
/// }
/// ```
///
/// A name that is a Rust keyword is written `r#type`; one that is no good Rust name is written `app_key = "appKey"`.
/// The struct derives `Clone` and nothing else: no `Debug`, because requests hold personal data.
#[doc(hidden)]
#[macro_export]
macro_rules! __arguments {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident $(by $key:ident)? {
            $(
                $(#[doc = $field_doc:literal])*
                $field_vis:vis $field:ident $(= $wire:literal)? $(| $alias:ident)* : $type:ty
            ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone)]
        $vis struct $name {
            $(
                $(#[doc = $field_doc])*
                $field_vis $field: $type,
            )*
        }

        impl $crate::args::Arguments for $name {
            const DOC: &'static str = $crate::args::doc_text(concat!($($doc),*));
            const KEY: &'static str = concat!($(stringify!($key))?);
            const FIELDS: &'static [$crate::args::Field] = &[
                $(
                    $crate::args::Field {
                        name: $crate::__wire_name!($field $($wire)?),
                        aliases: &[$($crate::args::plain_name(stringify!($alias))),*],
                        required: <$type as $crate::args::Arg>::REQUIRED,
                        kind: <$type as $crate::args::Arg>::KIND,
                        doc: $crate::args::doc_text(concat!($($field_doc),*)),
                    },
                )*
            ];

            fn decode(
                source: &dyn $crate::args::Source,
                at: &$crate::args::Path<'_>,
            ) -> ::core::result::Result<Self, $crate::args::Refusal> {
                let _ = (source, at);
                ::core::result::Result::Ok(Self {
                    $(
                        $field: $crate::args::field::<$type>(
                            source,
                            at,
                            const { $crate::__wire_name!($field $($wire)?) },
                            const { &[$($crate::args::plain_name(stringify!($alias))),*] },
                        )?,
                    )*
                })
            }
        }

        impl $crate::args::Arg for $name {
            const KIND: $crate::args::Kind = $crate::args::Kind::Object(<Self as $crate::args::Arguments>::FIELDS);

            fn read(
                input: $crate::args::Input<'_>,
                at: &$crate::args::Path<'_>,
            ) -> ::core::result::Result<Self, $crate::args::Refusal> {
                $crate::args::read_object(input, at)
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __wire_name {
    ($field:ident) => {
        $crate::args::plain_name(stringify!($field))
    };
    ($field:ident $wire:literal) => {
        $wire
    };
}
