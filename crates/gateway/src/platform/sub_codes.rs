//! The sub-codes (fact sheet qimen, B3 and B4).

use super::{Both, both};

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `isv.`: the caller's.
    Caller,
    /// `isp.`: that of the gateway or the target.
    Service,
    /// `accesscontrol.`: a limit.
    Limit,
    /// The target refused the forwarded signature.
    Target,
}

/// One sub-code or a pattern of them: what stands in `<>` varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubCode {
    /// `isv.missing-parameter:<name>`.
    pub pattern: &'static str,
    /// Whose fault.
    pub side: Side,
    /// The code that it comes with, 0 when that varies.
    pub with: i64,
    /// Whether the same request may succeed later.
    pub retry: bool,
    /// What happened.
    pub meaning: Both,
    /// What to do.
    pub advice: Both,
}

/// The line of the table that explains `text`, as an answer has it.
pub fn sub_code(text: &str) -> Option<&'static SubCode> {
    SUB_CODES.iter().find(|known| fits(known.pattern, text))
}

/// Whether `text` is the pattern with something in the place of every `<…>`.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('<') else { return pattern == text };
    let Some(text) = text.strip_prefix(head) else { return false };
    let rest = tail.split_once('>').map_or("", |(_, rest)| rest);
    if rest.is_empty() {
        return !text.is_empty();
    }
    text.char_indices().skip(1).any(|(at, _)| text.get(at..).is_some_and(|text| fits(rest, text)))
}

macro_rules! sub_codes {
    ($($pattern:literal $side:ident $with:literal $retry:literal, $en:literal $zh:literal, $do_en:literal $do_zh:literal;)*) => {
        /// Every known sub-code; a more exact one stands before a wider one.
        pub const SUB_CODES: &[SubCode] = &[$(SubCode {
            pattern: $pattern, side: Side::$side, with: $with, retry: $retry,
            meaning: both($en, $zh), advice: both($do_en, $do_zh),
        }),*];
    };
}

sub_codes! {
    "isv.missing-parameter:<name>" Caller 40 false, "the parameter is absent" "缺少该参数", "send it" "补上该参数";
    "isv.invalid-parameter:<name>" Caller 41 false, "the value cannot be used" "参数值无效", "correct it as sub_msg says" "按 sub_msg 改正";
    "isv.parameters-mismatch:<a>-and-<b>" Caller 43 false, "the two parameters contradict each other" "两个参数相互矛盾", "correct one of them" "改正其中之一";
    "isv.invalid-permission" Caller 11 false, "the caller is not authorised for this target in this environment (no route found)" "未获得该目标在此环境的授权(无法找到路由)",
        "apply for the authorisation; test and production are granted apart" "申请授权;测试与正式环境分别授权";
    "isv.permission-api-package-empty" Caller 11 false, "the application has no API package" "应用没有任何接口权限包", "have the methods permitted" "开通接口权限";
    "isv.permission-api-package-not-allowed" Caller 11 false, "the application may not call this method" "应用无权调用该接口", "have the method permitted" "开通该接口权限";
    "isv.permission-api-package-limit" Caller 11 false, "the API package is used up" "接口权限包已用尽", "have it extended" "扩容权限包";
    "isv.permission-ip-whitelist-limit" Caller 11 false, "the call comes from an address that is not on the application's list" "来源 IP 不在应用白名单中", "add the address to the list" "将出口 IP 加入白名单";
    "isv.permission-api-widget-only-limit" Caller 11 false, "the method is for browser widgets only" "仅限前端组件调用", "use another method" "改用其他接口";
    "isv.appkey-not-exists" Caller 29 false, "the application is switched off or not known" "应用不存在或已停用", "check the key, have it switched on" "检查 app_key 或申请启用";
    "invalid-sessionkey" Caller 27 false, "the session has expired or is not known" "会话已过期或不存在", "have the user authorise again" "重新授权获取 session";
    "isv.oaid-field-miss" Caller 0 false, "a call about an encrypted consignee lacks a field" "OAID 相关字段缺失", "send the field" "补上该字段";
    "isv.<thing>-not-exist:<id>" Caller 15 false, "what the call is about does not exist" "业务对象不存在", "check the number" "检查编号";
    "isv.<thing>-service-error:<reason>" Caller 15 false, "a rule of the business refused it" "业务规则拒绝", "read the reason" "查看原因";
    "isp.remote-service-timeout" Service 15 true, "the system behind the platform did not answer in time" "后端服务超时", "repeat the same request later; it may have been carried out" "稍后用同一请求重试;请求可能已被执行";
    "isp.remote-connection-error" Service 15 true, "the system behind the platform could not be reached" "后端服务连接失败", "repeat later" "稍后重试";
    "isp.remote-service-error" Service 0 true, "the system behind the platform failed" "后端服务出错", "repeat the same request later" "稍后用同一请求重试";
    "isp.top-remote-connection-timeout" Service 15 true, "the target did not answer in time" "目标系统响应超时", "repeat the same request later; the target may have carried it out" "稍后用同一请求重试;目标系统可能已执行";
    "isp.top-remote-connection-error" Service 15 true, "the target could not be reached: refused, name, or certificate" "无法连接目标系统(拒绝连接、域名或证书)", "repeat later; have the target's address checked" "稍后重试,并核对目标地址";
    "isp.top-parse-error" Service 15 false, "the target's answer cannot be read" "目标系统的响应无法解析", "have the target corrected" "请目标系统方改正";
    "isp.top-mapping-parse-error" Service 15 false, "the target's answer does not fit the mapping of the API" "目标系统的响应与映射不符", "correct the mapping" "改正响应映射";
    "isp.null-pointer-exception" Service 15 false, "the target failed inside" "目标系统内部错误", "have the target corrected" "请目标系统方改正";
    "isp.call-limited" Limit 7 true, "a limit, in the words of some clients" "调用受限", "wait" "等待后重试";
    "isp.unknown-error" Service 0 true, "nobody knows" "未知错误", "repeat later" "稍后重试";
    "isp.<thing>-service-unavailable" Service 15 true, "a part of the platform is not available" "平台某项服务不可用", "repeat later" "稍后重试";
    "sign-check-failure" Target 15 false, "the target refused the forwarded signature" "目标系统验签失败", "have the target's secret compared with the one entered for it: `matou gateway probe`" "核对为目标系统登记的密钥";
    "accesscontrol.limited-by-app-access-count" Limit 7 true, "the application's own limit" "应用调用总量超限", "wait as sub_msg says; have the limit raised" "按 sub_msg 等待,或提高额度";
    "accesscontrol.limited-by-api-access-count" Limit 7 true, "the limit of this method, all callers together" "该接口的总调用量超限", "wait as sub_msg says" "按 sub_msg 等待";
    "accesscontrol.limited-by-app-api-access-count" Limit 7 true, "the limit of this application on this method" "应用对该接口的调用量超限", "wait as sub_msg says" "按 sub_msg 等待";
    "accesscontrol.limited-by-dynamic-access-count" Limit 7 true, "a target that is too busy is spared" "动态流控", "wait as sub_msg says" "按 sub_msg 等待";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_found_in_the_table() {
        for (text, pattern) in [
            ("isv.missing-parameter:sid", "isv.missing-parameter:<name>"),
            ("isv.parameters-mismatch:a-and-b", "isv.parameters-mismatch:<a>-and-<b>"),
            ("isv.trade-not-exist:12", "isv.<thing>-not-exist:<id>"),
            ("isp.item-service-unavailable", "isp.<thing>-service-unavailable"),
            ("sign-check-failure", "sign-check-failure"),
        ] {
            assert_eq!(sub_code(text).map(|found| found.pattern), Some(pattern), "{text}");
        }
        for text in ["", "isv.missing-parameter:", "isv.parameters-mismatch:a", "2310"] {
            assert_eq!(sub_code(text), None, "{text}");
        }
    }

    #[test]
    fn every_pattern_is_found_by_itself_first() {
        for known in SUB_CODES {
            assert_eq!(sub_code(known.pattern).map(|found| found.pattern), Some(known.pattern));
        }
    }
}
