//! Enumerations whose numbers are the platform's own: stored and sent as the code, shown with their Chinese name.

/// Declares such an enumeration: `Name = code "中文"`.
macro_rules! codes {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:literal $chinese:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_meta])* $variant = $code),* }

        impl $name {
            /// Every member, in the order of the codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The platform's number.
            pub const fn code(self) -> i64 {
                self as i64
            }

            /// The member with this number, if there is one.
            pub const fn from_code(code: i64) -> Option<Self> {
                match code {
                    $($code => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// What people call it.
            pub const fn chinese(self) -> &'static str {
                match self { $(Self::$variant => $chinese),* }
            }
        }

        impl crate::machine::Named for $name {
            fn name(self) -> &'static str {
                self.chinese()
            }
            fn number(self) -> Option<i64> {
                Some(self.code())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = i64::deserialize(deserializer)?;
                Self::from_code(code).ok_or_else(|| serde::de::Error::custom(concat!("unknown code of ", stringify!($name))))
            }
        }
    };
}
pub(crate) use codes;
