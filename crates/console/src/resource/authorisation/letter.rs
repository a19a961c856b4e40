//! The letter that tells a caller of his approval (fact sheet qimen, C3: the approval comes by e-mail with the `target_app_key`), in
//! Chinese and in English. A person sends it: nothing here sends mail.

use gateway::directory::{Authorisation, EVERY_SID, Environment, Grant, Protocol, Snapshot, TargetKind};
use wire::rows::{Column, text};

/// One language.
pub(super) struct Letter {
    language: &'static str,
    subject: String,
    body: String,
}

pub(super) const LETTER: &[Column<Letter>] = &[
    text("language", "zh or en / 语言", |l| l.language),
    text("subject", "subject / 主题", |l| &l.subject),
    text("body", "text / 正文", |l| &l.body),
];

/// Both letters.
pub(super) fn letters(snapshot: &Snapshot, authorisation: &Authorisation) -> Vec<Letter> {
    let Authorisation { grant, until, .. } = authorisation;
    let named = |name: &str, key: &str| if name.is_empty() { key.to_owned() } else { format!("{name} ({key})") };
    let target = snapshot.target(&grant.target_app_key);
    let target_name = named(target.map_or("", |target| &target.name), &grant.target_app_key);
    let app = snapshot.app(Protocol::Top, &grant.app_key);
    let caller = named(app.map_or("", |app| &app.name), &grant.app_key);
    let bound = app.is_some_and(|app| !app.options.addresses.is_empty());
    let ours = target.is_some_and(|target| target.kind == TargetKind::Erp);
    let (test, path) = match grant.environment {
        Environment::Production => (false, "/router/qm"),
        Environment::Test => (true, "/router/qmtest"),
    };
    let steps = steps(test, bound, ours);
    let Grant { app_key, target_app_key, sid, .. } = grant;
    let every = sid == EVERY_SID;
    let world = if test { "测试环境" } else { "正式环境" };
    let chinese = Letter {
        language: "zh",
        subject: format!("奇门接口{world}授权通过：target_app_key {target_app_key}"),
        body: format!(
            "您好：\n\n{caller} 调用 {target_name} 的申请已通过（{world}）。\n\n\
             调用参数：\n- 请求路径：{path}\n- app_key：{app_key}\n- target_app_key：{target_app_key}\n- sid：{}\n\
             - 授权截止：{}\n\
             - format=json，v=2.0，sign_method=md5 / hmac / hmac-sha256，timestamp 为北京时间 yyyy-MM-dd HH:mm:ss\n\n\
             后续步骤：\n{}",
            if every { "该环境全部卖家账号" } else { sid },
            until.map_or("长期有效".to_owned(), |until| format!("{until}（北京时间），请在此之前申请延长")),
            numbered(steps.iter().map(|(chinese, _)| *chinese)),
        ),
    };
    let world = if test { "test" } else { "production" };
    let english = Letter {
        language: "en",
        subject: format!("Qimen authorisation for {world} approved: target_app_key {target_app_key}"),
        body: format!(
            "Hello,\n\n{caller} may now call {target_name} ({world}).\n\n\
             Parameters:\n- path: {path}\n- app_key: {app_key}\n- target_app_key: {target_app_key}\n- sid: {}\n\
             - authorised until: {}\n\
             - format=json, v=2.0, sign_method=md5 / hmac / hmac-sha256, timestamp yyyy-MM-dd HH:mm:ss at GMT+8\n\n\
             What to do next:\n{}",
            if every { "every seller account of this environment" } else { sid },
            until.map_or("no end".to_owned(), |until| format!("{until} (GMT+8); ask for an extension before")),
            numbered(steps.iter().map(|(_, english)| *english)),
        ),
    };
    vec![chinese, english]
}

/// What to do next, Chinese and English.
fn steps(test: bool, bound: bool, ours: bool) -> Vec<(&'static str, &'static str)> {
    let mut steps = Vec::new();
    if test {
        steps.extend([
            (
                "使用测试地址 /router/qmtest 联调，测试环境与正式环境的数据相互独立。",
                "Test against /router/qmtest; its data are apart from those of production.",
            ),
            (
                "先调用一个查询接口验证签名；签名不符时可用 `matou sign` 或管理接口查看待签名串与首个差异。",
                "Begin with a query. If the signature is refused, `matou sign` or the admin API shows the string that should have \
                 been signed and the first difference.",
            ),
            (
                "联调完成后请另行申请正式环境授权：测试环境的授权不会带到正式环境。",
                "When the test is done, apply for production: a test authorisation does not carry over.",
            ),
        ]);
    } else {
        steps.extend([
            (
                "将请求地址由 /router/qmtest 改为 /router/qm，其余参数与签名方式不变。",
                "Change the path from /router/qmtest to /router/qm; parameters and signature stay the same.",
            ),
            (
                "上线前请先调用一个查询接口，确认不返回 isv.invalid-permission。",
                "Before going live make one query and see that it does not answer isv.invalid-permission.",
            ),
        ]);
    }
    if ours {
        steps.push((
            "写接口超时后请用同一请求（含签名）重试，重复提交不会重复生效。",
            "After a timeout repeat a write as it was, signature included: it takes effect once.",
        ));
    }
    steps.push(match bound {
        true => (
            "您的应用已设置IP白名单，出口IP变更前请先通知我们，否则返回 isv.permission-ip-whitelist-limit。",
            "Your application has a list of addresses. Tell us before yours change, or calls answer \
             isv.permission-ip-whitelist-limit.",
        ),
        false => (
            "请提供您的出口IP，以便设置IP白名单。",
            "Tell us the addresses from which you call, so that a list can be set.",
        ),
    });
    steps
}

fn numbered<'l>(lines: impl Iterator<Item = &'l str>) -> String {
    lines.enumerate().map(|(index, line)| format!("{}. {line}\n", index + 1)).collect()
}
