//! The codes of TOP and Qimen (fact sheet qimen, B2). The texts are those that the Qimen gateway writes today (B6).

use super::{Both, both};

/// One code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `code`.
    pub code: i64,
    /// `msg` on TOP, `message` on Qimen. Clients must not match on it.
    pub message: &'static str,
    /// What happened.
    pub meaning: Both,
    /// What the caller should do.
    pub advice: Both,
    /// Whether Matou itself says it; the others are here so that people find them when the platform says them.
    pub said: bool,
}

macro_rules! codes {
    ($($name:ident $said:literal = $code:literal $message:literal, $en:literal $zh:literal, $do_en:literal $do_zh:literal;)*) => {
        $(
            #[doc = $en]
            pub const $name: Code = Code {
                code: $code, message: $message, meaning: both($en, $zh), advice: both($do_en, $do_zh), said: $said,
            };
        )*
        /// Every code, in order.
        pub const CODES: &[Code] = &[$($name),*];
    };
}

codes! {
    UPLOAD_FAIL false = 3 "Upload fail", "a file could not be uploaded" "文件上传失败",
        "check the size and type of the file" "检查文件大小与类型";
    USER_LIMITED false = 4 "User call limited", "the limit of this user is reached" "该用户调用次数超限",
        "call less often" "降低调用频率";
    SESSION_LIMITED false = 5 "Session call limited", "the limit of this session is reached" "该会话调用次数超限",
        "call less often" "降低调用频率";
    PARTNER_LIMITED false = 6 "Partner call limited", "the limit of this partner is reached" "该合作伙伴调用次数超限",
        "call less often" "降低调用频率";
    APP_LIMITED true = 7 "App call limited", "a limit of the application is reached; the sub-code says which" "应用调用次数超限,具体见子错误码",
        "wait as many seconds as sub_msg says, then go on more slowly" "按 sub_msg 给出的秒数等待,之后降低频率";
    TOO_FREQUENT false = 8 "App call exceeds limited frequency", "called too frequently" "应用调用频率超限",
        "wait longer after each refusal" "逐次延长重试间隔";
    WRONG_VERB true = 9 "Http action not allowed", "neither POST nor GET" "HTTP 方法不被允许",
        "use POST" "改用 POST";
    UNAVAILABLE true = 10 "Service currently unavailable", "the gateway itself cannot answer" "服务暂不可用",
        "repeat the same request after some seconds; that is safe" "数秒后用同一请求重试,重复提交是安全的";
    NO_ISV_PERMISSION true = 11 "Insufficient ISV permissions", "the application may not do this: method, address, or target; the sub-code says which" "应用权限不足(接口、IP 或路由),见子错误码",
        "have the permission given, in the right environment" "申请相应权限,注意测试与正式环境分别授权";
    NO_USER_PERMISSION false = 12 "Insufficient user permissions", "the user lacks a permission" "用户权限不足",
        "have the user authorise again, or raise his rights" "让用户重新授权或提升权限";
    NO_PARTNER_PERMISSION false = 13 "Insufficient partner permissions", "the partner lacks a permission" "合作伙伴权限不足",
        "as for 11" "同 11";
    REMOTE true = 15 "Remote service error", "the system behind the gateway refused the call or could not be asked; read the sub-code" "后端服务返回错误或无法访问,见子错误码",
        "act on sub_code and sub_msg: isp.* may be repeated, anything else must be corrected first" "按 sub_code、sub_msg 处理:isp.* 可重试,其余须先改正";
    NO_METHOD true = 21 "Missing method", "the parameter method is absent" "缺少 method 参数",
        "send method" "补上 method";
    INVALID_METHOD true = 22 "Invalid method", "no such method here" "接口不存在或未上线",
        "check the name and the scene before it" "检查接口名称及场景前缀";
    INVALID_FORMAT true = 23 "Invalid format", "format is neither xml nor json (Qimen: nor xml2, json2)" "format 不是 xml、json（奇门另有 xml2、json2）",
        "send format=json" "改用 format=json";
    NO_SIGNATURE true = 24 "Missing signature", "the parameter sign is absent" "缺少 sign 参数",
        "sign the call" "对请求签名";
    INVALID_SIGNATURE true = 25 "Invalid signature", "sign is not the digest of this call with the secret of app_key" "签名错误",
        "run `matou sign --check`, or read what the call log says about this request_id" "用 `matou sign --check` 排查,或按 request_id 查看调用日志";
    NO_SESSION false = 26 "Missing session", "the method needs a session" "缺少 session 参数",
        "authorise, and send session" "完成授权并传入 session";
    INVALID_SESSION false = 27 "Invalid session", "the session is not known or has run out" "session 无效或已过期",
        "authorise again" "重新授权";
    NO_APP_KEY true = 28 "Missing app key", "the parameter app_key is absent" "缺少 app_key 参数",
        "send app_key" "补上 app_key";
    INVALID_APP_KEY true = 29 "Invalid app key", "app_key is not known or switched off" "app_key 不存在或已停用",
        "check the key; a key of the test environment does not work in production" "检查 app_key;测试环境的 key 不能用于正式环境";
    NO_TIMESTAMP true = 30 "Missing timestamp", "the parameter timestamp is absent" "缺少 timestamp 参数",
        "send timestamp" "补上 timestamp";
    INVALID_TIMESTAMP true = 31 "Invalid timestamp", "timestamp cannot be read, or is more than ten minutes off" "timestamp 格式错误或误差超过 10 分钟",
        "set the clock; write the time of GMT+8, whatever the zone of the machine" "校准时钟;无论服务器时区,均按 GMT+8 填写";
    NO_VERSION true = 32 "Missing version", "the parameter v is absent" "缺少 v 参数",
        "send v=2.0" "传入 v=2.0";
    INVALID_VERSION true = 33 "Invalid version", "v is not a number" "v 参数不是数字",
        "send v=2.0" "传入 v=2.0";
    UNSUPPORTED_VERSION true = 34 "Unsupported version", "v is a number that is not served" "版本号不支持",
        "send v=2.0" "传入 v=2.0";
    MISSING_ARGUMENT true = 40 "Missing required arguments", "a parameter is absent; its name stands behind the colon" "缺少必填参数,冒号后为参数名",
        "send it" "补上该参数";
    INVALID_ARGUMENT true = 41 "Invalid arguments", "a value cannot be used; its name stands behind the colon" "参数值无效,冒号后为参数名",
        "correct it as sub_msg says" "按 sub_msg 改正";
    FORBIDDEN false = 42 "Forbidden request", "older: the request is forbidden; newer: the session's rights are too low" "旧:请求被禁止;新:短授权权限不足",
        "authorise again" "重新授权";
    PARAMETER_ERROR false = 43 "Parameter error", "the parameters do not fit together" "参数组合错误",
        "correct them" "改正参数";
    INVALID_TOKEN false = 44 "Invalid access token", "the access token is not valid" "access token 无效",
        "authorise again" "重新授权";
    INVALID_ENCODING true = 47 "Invalid encoding", "the parameters are not UTF-8" "参数编码不是 UTF-8",
        "encode everything as UTF-8, not GBK" "一律使用 UTF-8 编码,不要用 GBK";
}
