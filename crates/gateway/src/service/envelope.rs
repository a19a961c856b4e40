//! The reply of the scene: `<response><flag>…</flag><code>…</code><message>…</message>…</response>` (fact sheet qimen, B5, C6).

use wire::xml::Writer;

use crate::fault::Fault;

/// A reply with whatever stands behind its three members.
pub fn answer(success: bool, code: &str, message: &str, more: impl FnOnce(&mut Writer)) -> String {
    let mut out = Writer::new();
    out.open("response");
    out.element("flag", if success { "success" } else { "failure" });
    out.element("code", code);
    out.element("message", message);
    more(&mut out);
    out.close("response");
    out.finish()
}

/// A failure that whoever serves the scene has words for.
pub fn refusal(code: &str, message: &str) -> String {
    answer(false, code, message, |_| {})
}

/// A refusal of the gateway. The sub fields and the id stand behind the three members, where clients of the scene pass over them.
pub(super) fn fault(fault: &Fault, request_id: &str) -> String {
    let words = fault.top();
    answer(false, &words.code.to_string(), &words.message, |out| {
        for (name, text) in [("sub_code", &words.sub_code), ("sub_message", &words.sub_message)] {
            if let Some(text) = text {
                out.element(name, text);
            }
        }
        out.element("request_id", request_id);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_readable_by_clients_of_the_scene() {
        let xml = fault(&Fault::Missing("customerId"), "abc");
        let root = wire::xml::read(&xml).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(root.name, "response");
        assert_eq!(
            root.pairs().collect::<Vec<_>>(),
            [
                ("flag", "failure"),
                ("code", "40"),
                ("message", "Missing required arguments:customerId"),
                ("sub_code", "isv.missing-parameter:customerId"),
                ("request_id", "abc"),
            ]
        );
    }
}
