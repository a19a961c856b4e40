//! What is odd about a call beside its signature: above all its clock.

use std::fmt;

use units::Moment;

use super::{Question, Rule};

/// One oddity. Its `Display` tells the client's developer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// `timestamp` is eight hours behind: the machine's zone is UTC.
    UtcClock,
    /// `timestamp` is off by so many seconds (behind = positive), more than the address allows.
    ClockOff(i64),
    /// `timestamp` counts milliseconds where seconds are wanted (openapi2).
    Milliseconds,
    /// `timestamp` is written as a date where Unix time is wanted (openapi2).
    DateForUnixTime,
    /// Values of these parameters begin or end with white space.
    Blanks(String),
    /// A value of this parameter contains characters that usually come from a wrong charset.
    Mojibake(String),
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UtcClock => f.write_str("timestamp is eight hours behind: UTC was sent, GMT+8 is wanted / timestamp 慢八小时：发送的是 UTC，应为东八区时间"),
            Self::ClockOff(seconds) if *seconds > 0 => {
                write!(f, "timestamp is {seconds} seconds behind / timestamp 慢 {seconds} 秒")
            },
            Self::ClockOff(seconds) => {
                let seconds = seconds.unsigned_abs();
                write!(f, "timestamp is {seconds} seconds ahead / timestamp 快 {seconds} 秒")
            }
            Self::Milliseconds => {
                f.write_str("timestamp is in milliseconds; seconds are wanted / timestamp 为毫秒，应为秒")
            },
            Self::DateForUnixTime => {
                f.write_str("timestamp is a date; Unix time in seconds is wanted / timestamp 为日期，应为秒级时间戳")
            },
            Self::Blanks(name) => {
                write!(f, "the value of {name} begins or ends with white space / {name} 的值首尾有空白")
            },
            Self::Mojibake(name) => {
                write!(
                    f,
                    "the value of {name} looks like UTF-8 that was read in another charset on the way / {name} 的值疑似 UTF-8 被按其他字符集读取"
                )
            }
        }
    }
}

/// Everything odd.
pub(super) fn remarks(question: &Question<'_>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let openapi2 = matches!(question.rule, Rule::Openapi2);
    let timestamp = question.params.get("timestamp").unwrap_or_default();
    let digits = !timestamp.is_empty() && timestamp.bytes().all(|b| b.is_ascii_digit());
    if openapi2 && digits && timestamp.len() == 13 {
        remarks.push(Remark::Milliseconds);
    } else if openapi2 && !digits && moment(timestamp).is_some() {
        remarks.push(Remark::DateForUnixTime);
    }
    if let (Some(claimed), Some(now)) = (moment(timestamp), question.now) {
        let (behind, window) = (now.since(claimed), if openapi2 { 300 } else { 600 });
        if (behind - 8 * 3600).abs() <= window {
            remarks.push(Remark::UtcClock);
        } else if behind.abs() > window {
            remarks.push(Remark::ClockOff(behind));
        }
    }
    let hide = |name: &str| super::recipe::masked(name, question, |_| "***".to_owned());
    for (name, value) in question.params.iter() {
        if !value.trim().is_empty() && value.trim().len() != value.len() {
            remarks.push(Remark::Blanks(hide(name)));
        }
        if super::recipe::latin1_misread(value).is_some() || value.contains(char::REPLACEMENT_CHARACTER) {
            remarks.push(Remark::Mojibake(hide(name)));
        }
    }
    remarks
}

/// `yyyy-MM-dd HH:mm:ss` at GMT+8, seconds or milliseconds.
pub(super) fn moment(timestamp: &str) -> Option<Moment> {
    match timestamp.len() {
        10 | 13 if timestamp.bytes().all(|b| b.is_ascii_digit()) => {
            timestamp.get(..10)?.parse().ok().map(Moment::from_unix)
        }
        _ => Moment::parse(timestamp).ok(),
    }
}
