//! What a method answers: the members of the envelope, already encoded in the caller's style, without the envelope.

use bytes::Bytes;
use units::Moment;
use wire::rows::{Column, Description, Style, Writer, describe};

/// A reply under construction. Members appear in the order in which they are added.
pub struct Reply {
    code: i64,
    message: String,
    writer: Writer,
    rows: usize,
    until: Option<Moment>,
}

impl Reply {
    /// An empty success. Methods get one from `Call::reply`.
    pub fn new(style: Style) -> Self {
        let mut writer = Writer::new(style);
        writer.open();
        Self { code: 0, message: String::new(), writer, rows: 0, until: None }
    }

    /// `total_count`: rows that match, on page 0 (fact sheet wdt-1, 1.6).
    #[must_use]
    pub fn total(self, rows: i64) -> Self {
        self.int("total_count", rows)
    }

    /// As [`Self::total`], when there is one.
    #[must_use]
    pub fn total_if(self, rows: Option<i64>) -> Self {
        match rows {
            Some(rows) => self.total(rows),
            None => self,
        }
    }

    /// A number beside the rows: `new_count`, `current_count`. A JSON number in every style.
    #[must_use]
    pub fn int(mut self, name: &str, value: i64) -> Self {
        self.writer.member_int(name, value);
        self
    }

    /// A text beside the rows.
    #[must_use]
    pub fn text(mut self, name: &str, value: &str) -> Self {
        self.writer.member_text(name, value);
        self
    }

    /// A list node; an empty one is `[]`.
    #[must_use]
    pub fn rows<'r, T: 'static>(
        mut self,
        node: &str,
        columns: &[Column<T>],
        rows: impl IntoIterator<Item = &'r T>,
    ) -> Self {
        let counted = rows.into_iter().inspect(|_| self.rows += 1);
        self.writer.member_rows(node, columns, counted);
        self
    }

    /// A list node whose rows come one by one: `push` each of them inside `write`.
    pub fn stream<T: 'static, E>(
        mut self,
        node: &str,
        columns: &[Column<T>],
        write: impl FnOnce(&mut dyn FnMut(&T)) -> Result<(), E>,
    ) -> Result<Self, E> {
        self.writer.open_list_member(node);
        write(&mut |row| {
            self.rows += 1;
            self.writer.row(columns, row);
        })?;
        self.writer.close_list();
        Ok(self)
    }

    /// Everything that the functions above do not offer. The root object is open; leave it open.
    pub fn writer(&mut self) -> &mut Writer {
        &mut self.writer
    }

    /// A text for a success; empty when nobody says anything.
    #[must_use]
    pub fn message(mut self, text: impl Into<String>) -> Self {
        self.message = text.into();
        self
    }

    /// A success in part: committed, and still answered with a code (fact sheet wdt-1, 2.13, lenient push). On the Qimen
    /// side it is a failure envelope with `code` as its `sub_code`.
    #[must_use]
    pub fn partly(mut self, code: i64, message: impl Into<String>) -> Self {
        self.code = code;
        self.message = message.into();
        self
    }

    /// Rows of the list nodes so far.
    pub(crate) fn row_count(&self) -> usize {
        self.rows
    }

    /// From this moment on the same question has another answer though nothing was written: nobody may remember this one any longer.
    #[must_use]
    pub fn true_until(mut self, moment: Option<Moment>) -> Self {
        self.until = moment;
        self
    }

    /// See [`Self::true_until`].
    pub(crate) fn until(&self) -> Option<Moment> {
        self.until
    }

    /// The finished answer of the call `request_id`.
    pub(crate) fn answer(self, request_id: &str) -> Answer {
        let mut members = self.writer.finish();
        // The writer's own opening becomes the comma after the envelope's first members.
        match members.as_mut_slice() {
            [opening, _, ..] => *opening = b',',
            _ => members.clear(),
        }
        Answer { code: self.code, message: self.message, members: members.into(), request_id: request_id.to_owned() }
    }
}

/// What the envelope wraps; also what a receipt keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// 0, or the code of a success in part.
    pub(crate) code: i64,
    pub(crate) message: String,
    /// `,"name":value…`, or nothing. Shared with the memory of answers.
    pub(crate) members: Bytes,
    /// The id of the call that was answered first.
    pub(crate) request_id: String,
}

impl Answer {
    /// The bytes for the receipt: code, request id and length of the message on one line, then message and members.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = format!("1 {} {} {}\n", self.code, self.request_id, self.message.len()).into_bytes();
        out.extend_from_slice(self.message.as_bytes());
        out.extend_from_slice(&self.members);
        out
    }

    /// The reverse of [`Self::to_bytes`].
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|b| *b == b'\n')?;
        let (head, rest) = (std::str::from_utf8(bytes.get(..end)?).ok()?, bytes.get(end + 1..)?);
        let mut words = head.split(' ');
        if words.next() != Some("1") {
            return None;
        }
        let code = words.next()?.parse().ok()?;
        let request_id = words.next()?.to_owned();
        let (message, members) = rest.split_at_checked(words.next()?.parse().ok()?)?;
        Some(Self {
            code,
            message: String::from_utf8(message.to_vec()).ok()?,
            members: Bytes::copy_from_slice(members),
            request_id,
        })
    }
}

/// What a method answers, as OpenAPI and docs see it.
#[derive(Debug, Clone, Default)]
pub struct ReplyShape {
    /// Members beside `code` and `message`, in order.
    pub members: Vec<ReplyMember>,
}

/// One member of a reply.
#[derive(Debug, Clone)]
pub struct ReplyMember {
    /// Name on the wire.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// Columns of a list node; `None` for a number.
    pub columns: Option<Vec<Description>>,
}

impl ReplyShape {
    /// Nothing but `code` and `message`.
    pub fn new() -> Self {
        Self::default()
    }

    /// `total_count` on page 0.
    #[must_use]
    pub fn total(self) -> Self {
        self.count("total_count", "rows that match; on page 0 only")
    }

    /// A number beside the rows.
    #[must_use]
    pub fn count(mut self, name: &'static str, doc: &'static str) -> Self {
        self.members.push(ReplyMember { name, doc, columns: None });
        self
    }

    /// A list node.
    #[must_use]
    pub fn rows<T: 'static>(mut self, node: &'static str, doc: &'static str, columns: &[Column<T>]) -> Self {
        self.members.push(ReplyMember { name: node, doc, columns: Some(describe(columns)) });
        self
    }
}

#[cfg(test)]
mod tests {
    use wire::rows::{Personal, Scalars, int};

    use super::*;

    const N: &[Column<i64>] = &[int("n", "a number", |n| *n)];

    fn text(reply: Reply) -> String {
        String::from_utf8(reply.answer("r").members.to_vec()).unwrap()
    }

    #[test]
    fn members_follow_the_envelopes_own() {
        let native = || Reply::new(Style { scalars: Scalars::Native, personal: Personal::Show });
        assert_eq!(text(native()), "");
        assert_eq!(text(native().total(2).rows("a", N, &[1, 2])), r#","total_count":2,"a":[{"n":1},{"n":2}]"#);
        let streamed = native().stream("a", N, |push| {
            push(&7);
            Ok::<_, ()>(())
        });
        assert_eq!(text(streamed.unwrap().int("new_count", 1)), r#","a":[{"n":7}],"new_count":1"#);
    }

    #[test]
    fn receipts_give_back_what_they_took() {
        let answer = Answer {
            code: 1,
            message: "第一行\n[1]".into(),
            members: Bytes::from_static(b",\"new_count\":1"),
            request_id: "15ma".into(),
        };
        assert_eq!(Answer::from_bytes(&answer.to_bytes()), Some(answer.clone()));
        for cut in 0..20 {
            assert_eq!(Answer::from_bytes(&answer.to_bytes()[..cut]), None, "{cut}");
        }
    }
}
