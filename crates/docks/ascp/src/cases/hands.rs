//! What only people at the ERP can do, such as auditing an order: they are asked, and say when it is done.

/// Something to be done in the ERP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// `ship`, `release`, `map`, `receive`, `publish`, `renew`, `downloads`, `restart`.
    pub action: String,
    /// What it is about: a document's number, goods, a session.
    pub about: String,
    /// The rest, by name: `parcels`, `good`, `defective`, `last`, `code`.
    pub details: Vec<(String, String)>,
    /// The same for a person, Chinese and English.
    pub text: String,
}

impl Task {
    /// A detail.
    pub fn detail(&self, name: &str) -> Option<&str> {
        self.details.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Who does it.
pub trait Hands {
    /// Returns when it is done.
    ///
    /// # Errors
    /// Why it cannot be done; the case fails with that.
    fn ask(&mut self, task: &Task) -> Result<(), String>;
}

/// The words of a task for people; `None` for one that does not exist.
pub(super) fn text(action: &str, about: &str, details: &[(String, String)]) -> Option<String> {
    let of = |name: &str| details.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let or = |name: &str, otherwise: &'static str| {
        if of(name).is_empty() { otherwise.to_owned() } else { of(name).to_owned() }
    };
    Some(match action {
        "ship" => {
            let parcels = or("parcels", "1");
            format!("请审核并发货{about},{parcels}个包裹 / audit and ship {about} in {parcels} parcel(s)")
        }
        "release" => {
            format!("请审核{about}并递交仓库,先不发货 / audit {about}, hand it to the warehouse, do not ship it yet")
        }
        "map" => {
            format!("请把平台货品{about}对应到{} / say that the platform's goods {about} is {}", of("code"), of("code"))
        }
        "receive" => {
            let (good, defective) = (or("good", "0"), or("defective", "0"));
            format!(
                "请入库销退单{about}:良品{good},残次{defective} / stock in of return {about}: {good} good, {defective} defective"
            )
        }
        "publish" => format!("请发布货品{about}的库存 / publish the stock of goods {about}"),
        "renew" => format!("请换用新会话{about} / enter the new session {about}"),
        "downloads" => format!("请把订单下载总开关设为{about} / switch the download of orders {about}"),
        "restart" => "请强制结束ERP进程并重新启动 / kill the process of the ERP and start it again".to_owned(),
        _ => return None,
    })
}
