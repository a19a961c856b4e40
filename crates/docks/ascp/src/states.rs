//! How a state and an event are declared: number, name, doc; so that the tables of `erp::Machine` can hold them.

/// Declares states with their numbers and Chinese names.
macro_rules! states {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $state:ident = $code:literal $chinese:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $state),* }

        impl $name {
            /// Every state.
            pub const ALL: &'static [Self] = &[$(Self::$state),*];

            /// The number under which it is stored and shown.
            pub const fn code(self) -> i64 {
                match self { $(Self::$state => $code),* }
            }

            /// What people call it.
            pub const fn chinese(self) -> &'static str {
                match self { $(Self::$state => $chinese),* }
            }

            /// The reverse of [`Self::code`].
            pub fn of(code: i64) -> Option<Self> {
                Self::ALL.iter().copied().find(|state| state.code() == code)
            }
        }

        impl erp::Named for $name {
            fn name(self) -> &'static str {
                self.chinese()
            }
            fn number(self) -> Option<i64> {
                Some(self.code())
            }
        }
    };
}

/// Declares events with their Chinese names.
macro_rules! events {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $event:ident $chinese:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $event),* }

        impl $name {
            /// Every event.
            pub const ALL: &'static [Self] = &[$(Self::$event),*];
        }

        impl erp::Named for $name {
            fn name(self) -> &'static str {
                match self { $(Self::$event => $chinese),* }
            }
        }
    };
}

pub(crate) use {events, states};
