//! The history variants (历史) of queries: the same requests and replies, over the archive and the live documents (fact sheets
//! wdt-1, 1.1; wdt-2, chapter 6 and 12 no. 23).

/// What all of them decide alike.
pub(crate) const DECISIONS: &[&str] = &[
    "answers from the archive and from the live documents together; the variant without his_ knows the live ones only",
];

/// Declares the history variant of a query: its module must have `find(call, request, reader, history)`.
macro_rules! history {
    ($(#[$doc:meta])* $name:ident, $category:ident, $of:ident::$query:ident, $method:literal, $php:literal, $english:literal, $chinese:literal) => {
        $(#[$doc])*
        pub(crate) struct $name;

        impl gateway::Method for $name {
            const NAME: &'static str = $method;
            const PHP: &'static str = $php;
            const KIND: gateway::Kind = gateway::Kind::Query;
            const SUMMARY: (&'static str, &'static str) = ($english, $chinese);
            const CATEGORY: gateway::Category = gateway::Category::$category;
            const ERRORS: &'static [(i64, &'static str)] = <$of::$query as gateway::Method>::ERRORS;
            const DECISIONS: &'static [&'static str] = $crate::history::DECISIONS;
            type Request = $of::Request;
            type Error = $crate::codes::Error;

            fn reply() -> gateway::ReplyShape {
                <$of::$query as gateway::Method>::reply()
            }
        }

        impl gateway::Query for $name {
            fn reads_until(request: &Self::Request) -> Option<units::Moment> {
                <$of::$query as gateway::Query>::reads_until(request)
            }

            fn run(
                call: &gateway::Call,
                request: &Self::Request,
                reader: &mut store::Reader,
            ) -> Result<gateway::Reply, $crate::codes::Error> {
                $of::find(call, request, reader, true)
            }
        }
    };
}

pub(crate) use history;
