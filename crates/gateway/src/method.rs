//! A method is a type (ARCHITECTURE.md, "a method is a type"): what it is called, what it takes, what it answers, what it does.
//!
//! Everything else - dispatch, permission, validation, OpenAPI, docs - comes from these declarations.

use store::{Reader, Tx};
use units::Moment;
use wire::args::Arguments;

use crate::call::Call;
use crate::reply::{Reply, ReplyShape};

/// What kind of call a method is. Writes and acknowledgements get receipts: the identical signed call is answered with the
/// stored first answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Reads.
    Query,
    /// Changes something.
    Write,
    /// Reads a queue that the caller acknowledges.
    Queue,
    /// Acknowledges rows of a queue.
    Ack,
}

impl Kind {
    /// Whether the call leaves a receipt.
    pub fn has_receipt(self) -> bool {
        matches!(self, Self::Write | Self::Ack)
    }
}

/// The chapters of the API (fact sheet qimen, E3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// 基础
    Base,
    /// 货品
    Goods,
    /// 订单
    Order,
    /// 售后
    Aftersale,
    /// 采购
    Purchase,
    /// 库存
    Stock,
}

/// What every method declares.
pub trait Method: Send + Sync + 'static {
    /// Name on the Qimen side, without scene: `wdt.trade.push`.
    const NAME: &'static str;
    /// File name on openapi2: `trade_push.php`.
    const PHP: &'static str;
    /// Query, write, queue or acknowledgement.
    const KIND: Kind;
    /// One line in English and one in Chinese.
    const SUMMARY: (&'static str, &'static str);
    /// Chapter.
    const CATEGORY: Category;
    /// Codes that the method itself answers, and when; what follows from its fields need not be said again.
    const ERRORS: &'static [(i64, &'static str)] = &[];
    /// What we decided where public sources are silent or contradict each other. The documentation takes it from here.
    const DECISIONS: &'static [&'static str] = &[];
    /// What it takes, declared with `wire::arguments!`.
    type Request: Arguments + Send + Sync + 'static;
    /// The dock's error; most docks have one type for all methods.
    type Error: Into<Failure>;

    /// What it answers, for OpenAPI and docs.
    fn reply() -> ReplyShape;

    /// The name of a row of the list `list` in XML.
    fn row_name(list: &str) -> String {
        wire::xml::singular(list)
    }

    /// Whether `request` counts towards a daily limit of the method: all do, unless the sheet limits a certain use of it only.
    fn counts(request: &Self::Request) -> bool {
        let _ = request;
        true
    }

    /// Documents, goods or rows of one call, for methods whose sheet recommends how many they should be.
    fn rows(request: &Self::Request) -> usize {
        let _ = request;
        0
    }
}

/// A method that only reads (kinds Query and Queue). Runs in one snapshot.
pub trait Query: Method {
    /// Reads a handful of rows of master data and nothing else. With an embedded store it is read on the serving task, without
    /// changing threads, and its answer is remembered until master data change.
    const MASTER: bool = false;

    /// The end of the modified window of `request`, if it has one: the snapshot is then such that no later commit can
    /// appear at or before that moment, so that incremental readers miss nothing.
    fn reads_until(request: &Self::Request) -> Option<Moment> {
        let _ = request;
        None
    }

    /// Answers `request`.
    fn run(call: &Call, request: &Self::Request, reader: &mut Reader) -> Result<Reply, Self::Error>;
}

/// A method that changes something (kinds Write and Ack). One unit of work: `Ok` is committed, also when the reply has a
/// code (a lenient push that stored some); `Err` leaves nothing behind. May run again on the same request.
pub trait Command: Method {
    /// Announces what [`Self::run`] begins by reading, so that it can travel with the look for a receipt (`Tx::foresee`).
    fn foresee(request: &Self::Request, tx: &mut Tx) -> Result<(), Self::Error> {
        let _ = (request, tx);
        Ok(())
    }

    /// Carries out `request`.
    fn run(call: &Call, request: &Self::Request, tx: &mut Tx) -> Result<Reply, Self::Error>;
}

/// A method's business refusal: the platform's code and its text for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Wangdian code (fact sheet wdt-1, 1.11); never 0.
    pub code: i64,
    /// Text, Chinese on the Wangdian side.
    pub message: String,
}

impl Refused {
    /// A refusal.
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Why a unit of work gave no reply.
#[derive(Debug)]
pub enum Failure {
    /// The business says no; the caller is told why.
    Refused(Refused),
    /// The store failed; the caller is told to repeat the call.
    Store(store::Error),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}
