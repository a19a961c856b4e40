//! `docs/platform-errors.md` and its Chinese twin, from the tables.

use std::fmt::Write;

use super::{Both, CODES, SUB_CODES, Side, situations::situations};
use crate::envelope::Form;
use crate::fault::Fault;

/// Of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Chinese.
    Chinese,
}

impl Language {
    fn of(self, both: Both) -> &'static str {
        self.pick(both.en, both.zh)
    }

    fn pick<'t>(self, en: &'t str, zh: &'t str) -> &'t str {
        match self {
            Self::English => en,
            Self::Chinese => zh,
        }
    }
}

/// The page.
pub fn page(language: Language) -> String {
    let mut out = String::new();
    let say = |out: &mut String, en: &str, zh: &str| out.push_str(language.pick(en, zh));
    say(&mut out, ABOUT.en, ABOUT.zh);
    for (form, format) in [
        (Form::Qimen, "Qimen, `format=json`"),
        (Form::QimenFlat, "Qimen, `format=json2`"),
        (Form::QimenXml, "Qimen, `format=xml`, `format=xml2`"),
        (Form::Top, "TOP, `format=json` (`simplify=true` too)"),
        (Form::TopXml, "TOP, `format=xml`"),
        (Form::Openapi2, "openapi2"),
    ] {
        let text = form.failure(&Fault::UnknownTarget, "15a02364kd8zi");
        let fence = if text.starts_with(b"<") { "xml" } else { "json" };
        let _ = write!(out, "{format}:\n\n```{fence}\n{}\n```\n\n", String::from_utf8_lossy(&text));
    }
    say(&mut out, CODES_ABOUT.en, CODES_ABOUT.zh);
    for code in CODES {
        let said = if code.said { "✓" } else { "" };
        let (meaning, advice) = (language.of(code.meaning), language.of(code.advice));
        let _ = writeln!(out, "| {} | {} | {said} | {meaning} | {advice} |", code.code, code.message);
    }
    say(&mut out, SUB_ABOUT.en, SUB_ABOUT.zh);
    for sub in SUB_CODES {
        let side = match sub.side {
            Side::Caller => language.pick("caller", "调用方"),
            Side::Service => language.pick("service", "服务方"),
            Side::Limit => language.pick("limit", "限流"),
            Side::Target => language.pick("target", "目标系统"),
        };
        let with = if sub.with == 0 { String::new() } else { sub.with.to_string() };
        let retry = if sub.retry { language.pick("yes", "可") } else { language.pick("no", "不可") };
        let (meaning, advice) = (language.of(sub.meaning), language.of(sub.advice));
        let _ = writeln!(out, "| `{}` | {with} | {side} | {retry} | {meaning} | {advice} |", sub.pattern);
    }
    say(&mut out, SITUATIONS_ABOUT.en, SITUATIONS_ABOUT.zh);
    for (when, fault) in situations() {
        let words = fault.top();
        let sub = words.sub_code.map(|code| format!("`{code}`")).unwrap_or_default();
        let (openapi2, _) = fault.openapi2();
        let _ = writeln!(out, "| {} | {} {} | {sub} | {openapi2} |", language.of(when), words.code, words.message);
    }
    out
}

const ABOUT: Both = super::both(
    "# Errors of the platform

What a caller hears when a call fails, and what to do about it. This page is made from the tables in `crates/gateway/src/platform` and
`crates/gateway/src/fault.rs` (`MATOU_BLESS=1 cargo test -p gateway platform` writes it).

The HTTP status is 200 in every case but an unknown path (404). `request_id` is the key of the call log. The same failure, here a
`target_app_key` that names nobody, in each envelope:

",
    "# 平台错误码

调用失败时返回什么、应如何处理。本页由 `crates/gateway/src/platform` 与 `crates/gateway/src/fault.rs` 中的表生成(`MATOU_BLESS=1 cargo test -p gateway platform`)。

除路径不存在(404)外,HTTP 状态码一律为 200。`request_id` 可用于查询调用日志。同一错误(`target_app_key` 不存在)在各种格式下的返回:

",
);

const CODES_ABOUT: Both = super::both(
    "## Codes

Codes below 100 are the platform's own, except that 15, 40 and 41 are about the method. ✓ = Matou says it; the others come from the
platform itself. Programs must look at the code, never at the text.

| code | text | ✓ | meaning | what to do |
|---|---|---|---|---|
",
    "## 错误码

小于 100 的为平台错误码,其中 15、40、41 与具体接口有关。✓ = Matou 会返回;其余仅见于平台本身。程序应判断错误码,不要匹配文字。

| 错误码 | 文字 | ✓ | 含义 | 处理办法 |
|---|---|---|---|---|
",
);

const SUB_ABOUT: Both = super::both(
    "
## Sub-codes

`isv.` is the caller's fault, `isp.` that of the service. A target's own code (for the built-in ERP: the Wangdian code) may stand in the
same place together with code 15.

| sub_code | with code | whose | same request again? | meaning | what to do |
|---|---|---|---|---|---|
",
    "
## 子错误码

`isv.` 为调用方原因,`isp.` 为服务方原因。错误码为 15 时,此处也可能是目标系统自己的错误码(内置 ERP 即旺店通错误码)。

| sub_code | 伴随错误码 | 责任方 | 原样重试 | 含义 | 处理办法 |
|---|---|---|---|---|---|
",
);

const SITUATIONS_ABOUT: Both = super::both(
    "
## When Matou says what

| situation | TOP and Qimen | sub_code | openapi2 |
|---|---|---|---|
",
    "
## 何种情形返回何码

| 情形 | TOP 与奇门 | sub_code | openapi2 |
|---|---|---|---|
",
);

#[cfg(test)]
mod tests {
    use super::*;

    /// `MATOU_BLESS=1 cargo test -p gateway platform` writes the pages anew.
    #[test]
    fn the_pages_are_what_the_tables_say() {
        let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
        for (name, language) in
            [("platform-errors.md", Language::English), ("platform-errors.zh.md", Language::Chinese)]
        {
            let (path, fresh) = (docs.join(name), page(language));
            if std::env::var_os("MATOU_BLESS").is_some() {
                std::fs::write(&path, &fresh).unwrap();
            }
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(kept == fresh, "docs/{name} is stale: MATOU_BLESS=1 cargo test -p gateway platform");
        }
    }

    #[test]
    fn what_matou_says_is_in_the_tables() {
        for (_, fault) in situations() {
            let words = fault.top();
            let code = CODES.iter().find(|code| code.code == words.code).expect("a code of the table");
            assert!(code.said && words.message.starts_with(code.message), "{words:?}");
            if let Some(sub) = words.sub_code.as_deref().filter(|sub| sub.starts_with("is") || sub.contains('-')) {
                let known = crate::platform::sub_code(sub).expect("a sub-code of the table");
                assert!([0, words.code].contains(&known.with), "{words:?} {known:?}");
            }
        }
        let said = |code: i64| situations().iter().any(|(_, fault)| fault.top().code == code);
        assert!(CODES.iter().all(|code| code.said == said(code.code)));
    }
}
