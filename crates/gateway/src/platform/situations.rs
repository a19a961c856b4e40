//! What can happen to a call, in words, each with the refusal that the gateway then makes: rows of the page.

use units::Moment;

use super::{Both, both};
use crate::fault::{self, Fault, LimitScope};
use crate::method::Refused;

/// One of every kind.
pub(super) fn situations() -> Vec<(Both, Fault)> {
    let now = Moment::from_unix(1_700_000_000);
    let undecodable = |encoding| Fault::Undecodable { parameter: "sid".into(), problem: "…".into(), encoding };
    let no_answer = |sub_code| Fault::NoAnswer { sub_code, why: "…".into(), open: true };
    let limited = |scope| Fault::Limited { scope, seconds: 7 };
    vec![
        (both("`method` absent", "缺少 `method`"), Fault::Missing("method")),
        (both("method not known", "接口不存在"), Fault::UnknownMethod),
        (both("neither POST nor GET", "HTTP 方法不是 POST 或 GET"), Fault::WrongVerb),
        (both("`app_key` absent", "缺少 `app_key`"), Fault::Missing("app_key")),
        (both("application not known", "应用不存在"), Fault::UnknownApp),
        (both("application switched off", "应用已停用"), Fault::AppDisabled),
        (both("`timestamp` absent", "缺少 `timestamp`"), Fault::Missing("timestamp")),
        (both("`timestamp` cannot be read", "`timestamp` 无法识别"), Fault::BadTimestamp),
        (
            both("clock more than ten minutes off (openapi2: five)", "时钟误差超过 10 分钟(openapi2 为 5 分钟)"),
            Fault::Skewed { claimed: now.plus(-28_800), now, window: 600 },
        ),
        (both("`v` absent", "缺少 `v`"), Fault::Missing("v")),
        (both("`v` not a number", "`v` 不是数字"), Fault::BadVersion),
        (both("`v` not 2.0", "`v` 不是 2.0"), Fault::UnsupportedVersion),
        (both("`format` not known", "`format` 不支持"), Fault::BadFormat("…")),
        (
            both("`sign_method` not known, or too weak for the application", "`sign_method` 不支持或强度不足"),
            Fault::BadSignMethod("…"),
        ),
        (both("`sign` absent", "缺少 `sign`"), Fault::Missing("sign")),
        (both("signature wrong", "签名错误"), Fault::BadSignature { hint: None }),
        (both("another parameter absent", "缺少其他必填参数"), Fault::Missing("target_app_key")),
        (both("a parameter that the API asks for absent", "缺少接口必填参数"), Fault::MissingArgument("tid".into())),
        (both("`target_app_key` not known", "`target_app_key` 不存在"), Fault::UnknownTarget),
        (both("`customerId` not known (standard WMS scene)", "`customerId` 不存在(仓储场景)"), Fault::UnknownCustomer),
        (both("address not on the application's list", "来源 IP 不在白名单"), Fault::AddressRefused(None)),
        (
            both("no authorisation for target, `sid` and environment", "未获目标、`sid`、环境的授权"),
            Fault::NotAuthorised,
        ),
        (both("the authorisation has ended", "授权已到期"), Fault::AuthorisationEnded { at: now }),
        (both("no permission for the method", "无该接口权限"), Fault::NotPermitted),
        (both("calls of the application used up", "应用调用次数用尽"), Fault::TooFrequent { seconds: 7 }),
        (both("limit of the application, or its ban", "应用限流或封禁"), limited(LimitScope::App)),
        (both("limit of the method", "接口限流"), limited(LimitScope::Api)),
        (both("limit of the application on the method", "应用对接口限流"), limited(LimitScope::AppApi)),
        (
            both("target spared: it failed too often, or too many calls wait for it", "目标系统熔断或排队已满"),
            Fault::TargetSpared { seconds: 7 },
        ),
        (both("not UTF-8", "编码不是 UTF-8"), undecodable(true)),
        (both("cannot be decoded", "无法解析"), undecodable(false)),
        (
            both("one parameter twice with different values", "同一参数两次取值不同"),
            Fault::Contradiction { parameter: "sid".into() },
        ),
        (both("body larger than 10 MB", "请求体超过 10 MB"), Fault::TooLarge),
        (both("body too slow", "请求体接收超时"), Fault::TooSlow),
        (both("target did not answer in time", "目标系统响应超时"), no_answer("isp.top-remote-connection-timeout")),
        (both("target cannot be reached", "目标系统无法连接"), no_answer("isp.top-remote-connection-error")),
        (
            both("target's server failed (HTTP 5xx)", "目标系统服务器出错(HTTP 5xx)"),
            no_answer("isp.remote-service-error"),
        ),
        (
            both(
                "the identical write was forwarded before, outcome not known; not sent again",
                "同一写请求已转发且结果未知,未再次转发",
            ),
            Fault::TargetUnknown { request_id: "15a02364kd8zi".into() },
        ),
        (both("target's answer cannot be read", "目标系统响应无法解析"), no_answer("isp.top-parse-error")),
        (
            both("target refused the forwarded signature", "目标系统验签失败"),
            Fault::TargetRefused { code: "sign-check-failure".into(), message: "Illegal request".into() },
        ),
        (
            both(
                "target answered a failure (its own code as sub-code)",
                "目标系统返回业务错误(子错误码为其自身错误码)",
            ),
            Fault::TargetRefused { code: "2310".into(), message: "…".into() },
        ),
        (both("`sid` not known", "`sid` 不存在"), Fault::UnknownSid),
        (
            both("the same read again, for a strict application; the same write still under way", "重复请求"),
            Fault::Repeated,
        ),
        (
            both("the built-in ERP refused (its own code as sub-code)", "内置 ERP 业务错误"),
            Fault::Business(Refused::new(2310, "…")),
        ),
        (both("the gateway's own fault", "网关自身故障"), Fault::Unavailable(fault::REPEAT)),
    ]
}
