//! Why the signature of a logged call was refused: the explainer of `signature.rs`, fed from the call log.

use std::sync::Arc;

use gateway::dispute::{self, Asked};
use gateway::log::View;
use http::StatusCode;
use wire::args::{Text, arguments};
use wire::rows::describe;

use super::call::find;
use super::signature::{BASE_URL, TOLD, Told, languages};
use super::tenant::note;
use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

arguments! {
    /// Which call, and what else is wanted.
    struct Disputed {
        /// id of the call / 请求编号
        request_id: Text<13>,
        /// the string that the client says it signed / 客户端待签名串
        client_string: Option<Text<500_000>>,
        /// language of a program that signs the call rightly: curl, python, java, php, go, node, rust or all / 示例代码语言
        sample: Option<Text<10>>,
        /// address of the gateway in that program / 示例代码中的网关地址
        base_url: Option<Text<200>>,
        /// show personal fields, which are masked otherwise; an event says that they were asked for / 显示个人信息
        reveal: Option<bool>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = Head {
        id: "call.explain",
        verb: Verb::Post,
        path: "/calls/{request_id}/explain",
        summary: (
            "why the signature of a logged call was refused, at the time when it came and with the secret of today: the string to be \
             signed (personal values and secrets masked), the usual mistake that gives the presented signature, and the call as code",
            "解释日志中某次调用的签名错误：待签名串（个人信息与密钥已隐藏）、可能的错误原因，以及示例代码",
        ),
        shape: Shape::Row(|| describe(TOLD)),
    };
    vec![house(head, explain)]
}

async fn explain(desk: Arc<Desk>, asked: Disputed) -> Result<Answer, Fault> {
    let languages = languages(asked.sample.as_deref())?;
    let (entry, messages) = find(&desk, &asked.request_id).await?;
    let refused = |text: &str| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", text.to_owned());
    let messages = messages.ok_or_else(|| refused("its messages were not kept (setting calls.keep) / 报文未保留"))?;
    if entry.is_cut() {
        return Err(refused(
            "its message is longer than what was kept of it, so its signature cannot be recalculated / 报文保留不完整",
        ));
    }
    let method = desk.0.gateway.registry().find(&entry.method);
    let view = View { reveal: asked.reveal == Some(true), method: method.map(|method| &**method) };
    let question = Asked {
        client_string: asked.client_string.as_deref().filter(|text| !text.is_empty()),
        languages: &languages,
        base_url: asked.base_url.as_deref().unwrap_or(BASE_URL),
        view: &view,
    };
    let directory = desk.0.directory.snapshot();
    let told = dispute::of_logged(&entry, &messages, question, &directory);
    let (story, samples) = told.map_err(|problem| refused(&problem))?;
    if view.reveal {
        note(&desk, "call.reveal", &asked.request_id).await?;
    }
    Ok(Answer::row(style(true), TOLD, &Told::new(story, samples)))
}
