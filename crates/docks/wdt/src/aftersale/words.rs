//! The two ways in which callers number and name refunds: `status` as a word or a digit, `type` as the enterprise or the web
//! edition numbers it, `refund_time` as a time or as Unix seconds (fact sheet wdt-2, 3.1 and 12 no. 8 and 9).

use erp::aftersale::{PlatformStatus, RawRefundKind};
use units::Moment;
use wire::args::{Arg, Input, Kind, Path, Problem, Refusal};

/// State of a refund on the platform, in words or digits.
#[derive(Clone, Copy)]
pub(super) struct Word(pub(super) PlatformStatus);

const WORDS: &[(&str, PlatformStatus)] = &[
    ("success", PlatformStatus::Succeeded),
    ("refund_success", PlatformStatus::Succeeded),
    ("wait_seller_agree", PlatformStatus::Requested),
    ("wait_buyer_return_goods", PlatformStatus::AwaitingReturn),
    ("goods_returning", PlatformStatus::AwaitingReceipt),
    ("wait_seller_confirm_goods", PlatformStatus::AwaitingReceipt),
    ("refund_closed", PlatformStatus::Cancelled),
    ("cancel_refund", PlatformStatus::Cancelled),
    ("closed", PlatformStatus::Cancelled),
    ("seller_refuse", PlatformStatus::AwaitingBuyerChange),
    ("1", PlatformStatus::Cancelled),
    ("2", PlatformStatus::Requested),
    ("3", PlatformStatus::AwaitingReturn),
    ("4", PlatformStatus::AwaitingReceipt),
    ("5", PlatformStatus::Succeeded),
];

fn filled<'a>(input: &Input<'a>) -> Result<std::borrow::Cow<'a, str>, Problem> {
    let text = input.scalar()?;
    if text.is_empty() { Err(Problem::Empty) } else { Ok(text) }
}

impl Arg for Word {
    const KIND: Kind = Kind::Text { max: 40 };

    fn read(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        let read = filled(&input).and_then(|text| {
            let known = WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text));
            known.map(|(_, status)| Self(*status)).ok_or(Problem::NotAllowed)
        });
        read.map_err(|problem| at.refuse(problem))
    }
}

/// A time, or Unix seconds.
#[derive(Clone, Copy)]
pub(super) struct When(pub(super) Moment);

impl Arg for When {
    const KIND: Kind = Kind::Time;

    fn read(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        let read = filled(&input).and_then(|text| {
            if text.bytes().all(|byte| byte.is_ascii_digit()) {
                let seconds = text.parse().map_err(|_| Problem::OutOfRange)?;
                return Ok(Self(Moment::from_unix(seconds)));
            }
            Moment::parse(&text).map(Self).map_err(|_| Problem::NotATime)
        });
        read.map_err(|problem| at.refuse(problem))
    }
}

wire::codes! {
    /// The platform of the shops that push refunds.
    pub enum Platform {
        /// a mall of the merchant's own (自有平台)
        OwnMall = 127,
    }
}

wire::codes! {
    /// What is wanted, as the push numbers it.
    pub enum PushedType {
        /// refund of unshipped goods (退款)
        Unshipped = 1,
        /// refund without return (退款不退货); in the web edition a return
        RefundOnly = 2,
        /// return (退货)
        Return = 3,
        /// refund without return, as the web edition numbers it
        WebRefundOnly = 4,
    }
}

impl PushedType {
    /// The kind as it is stored: 1→1, 2→4, 3→2, 4→4; `web` turns 2 into 2.
    pub(super) fn kind(self, web: bool) -> RawRefundKind {
        match self {
            Self::Unshipped => RawRefundKind::Unshipped,
            Self::RefundOnly if web => RawRefundKind::Return,
            Self::RefundOnly | Self::WebRefundOnly => RawRefundKind::RefundOnly,
            Self::Return => RawRefundKind::Return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_digits_mean_the_same() {
        let check = |text: &str, expected: Result<i64, Problem>| {
            let read = Word::read(Input::Text(text), &Path::ROOT);
            assert_eq!(read.map(|word| word.0.code()).map_err(|refusal| refusal.problem), expected, "{text}");
        };
        for (word, code) in [
            ("success", 5),
            ("refund_success", 5),
            ("wait_seller_agree", 2),
            ("refund_closed", 1),
            ("closed", 1),
            ("cancel_refund", 1),
            ("wait_buyer_return_goods", 3),
            ("goods_returning", 4),
            ("wait_seller_confirm_goods", 4),
            ("seller_refuse", 40),
            ("WAIT_SELLER_AGREE", 2),
            ("1", 1),
            ("2", 2),
            ("3", 3),
            ("4", 4),
            ("5", 5),
        ] {
            check(word, Ok(code));
        }
        for word in ["6", "0", "refunded", "成功", " success"] {
            check(word, Err(Problem::NotAllowed));
        }
        check("", Err(Problem::Empty));
    }

    #[test]
    fn types_of_both_editions() {
        let check = |code, web, stored| {
            let kind = PushedType::from_code(code).map(|pushed| pushed.kind(web).code());
            assert_eq!(kind, Some(stored), "{code} {web}");
        };
        for (code, stored) in [(1, 1), (2, 4), (3, 2), (4, 4)] {
            check(code, false, stored);
        }
        for (code, stored) in [(1, 1), (2, 2), (3, 2), (4, 4)] {
            check(code, true, stored);
        }
    }

    #[test]
    fn times_and_seconds() {
        let check = |text: &str, expected: Result<i64, Problem>| {
            let read = When::read(Input::Text(text), &Path::ROOT);
            assert_eq!(read.map(|when| when.0.unix()).map_err(|refusal| refusal.problem), expected, "{text}");
        };
        check("2023-11-15 06:13:20", Ok(1_700_000_000));
        check("1700000000", Ok(1_700_000_000));
        check("2023-11-15", Err(Problem::NotATime));
        check("99999999999999999999", Err(Problem::OutOfRange));
        check("", Err(Problem::Empty));
    }
}
