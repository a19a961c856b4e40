//! A channel: one supplier id on one source platform, and how this merchant works with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store::{Reader, Secret, Tenant, Tx};
use units::Moment;

use super::error::{Error, Refusal, Result};
use super::table;
use crate::messages::TMGJZY;

/// The platform number of 天猫国际直营 shops. The vendor's own number is not published (fact sheet wdt-1, appendix A), so this one
/// stands outside of its range.
pub const PLATFORM: i64 = 9_001;

/// The contract between supplier and platform; the two are the same on the wire (fact sheet ascp-direct, 1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contract {
    /// 轻轨三号线, consignment (寄售).
    #[default]
    Consignment,
    /// 品牌站, resale (代销).
    Resale,
}

impl Contract {
    /// The name in the admin API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Consignment => "consignment",
            Self::Resale => "resale",
        }
    }

    /// What people call it.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Consignment => "轻轨三号线(寄售)",
            Self::Resale => "品牌站(代销)",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        [Self::Consignment, Self::Resale].into_iter().find(|contract| contract.name() == name)
    }
}

/// What the reply to a cancel means (fact sheet ascp-direct, section 7, no. 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReply {
    /// `success` says whether the order was intercepted.
    #[default]
    Decide,
    /// `success` says that the request was taken; the feedback call decides.
    AckOnly,
}

/// What a merchant may decide about a channel. Every field has the value that the fact sheet recommends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChannelSettings {
    /// `storeCode` to warehouse number; a code that is not named must be a warehouse number itself.
    pub warehouses: BTreeMap<String, String>,
    /// Carrier number to the platform's carrier code; a carrier that is not named has the same code there.
    pub carriers: BTreeMap<String, String>,
    /// What the reply to a cancel means.
    pub cancel_reply: CancelReply,
    /// Send the result of a cancel as a call, too.
    pub cancel_feedback: bool,
    /// Report returned parcels as they arrive.
    pub report_arrival: bool,
    /// Report returns when they are stocked in whole (AG回传); on, because nobody is refunded otherwise.
    pub report_returns: bool,
    /// Publish stock by itself after every change and on a schedule.
    pub publish_stock: bool,
    /// Publish what is free to sell only, without what open orders of this channel hold (section 7, no. 15).
    pub free_only: bool,
    /// Seconds between two reconciliations of stock; 0 = none.
    pub reconcile_seconds: i64,
    /// Hours after payment within which an order should be audited; 0 = no deadline.
    pub audit_hours: i64,
    /// Hours after payment within which an order must be shipped (section 7, no. 21); 0 = no deadline.
    pub ship_hours: i64,
    /// Minutes before a deadline when its alarm is raised.
    pub warn_minutes: i64,
    /// Hours without any push after which silence is an alarm; 0 = never.
    pub silence_hours: i64,
    /// Hours after a whole stock-in within which the report must have gone through.
    pub return_hours: i64,
    /// Watch for the refund of each reported return until somebody has seen it.
    pub watch_refunds: bool,
    /// Post code where the push has none but the report wants one (fact sheet ascp-direct, 2.9).
    pub zip: String,
    /// Who gets the configuration mail: the vendor that configures the route.
    pub mail_to: String,
    /// The method that lists the goods (section 7, no. 24).
    pub goods_method: String,
}

impl Default for ChannelSettings {
    fn default() -> Self {
        Self {
            warehouses: BTreeMap::new(),
            carriers: BTreeMap::new(),
            cancel_reply: CancelReply::Decide,
            cancel_feedback: true,
            report_arrival: true,
            report_returns: true,
            publish_stock: true,
            free_only: false,
            reconcile_seconds: 6 * 3_600,
            audit_hours: 12,
            ship_hours: 48,
            warn_minutes: 120,
            silence_hours: 24,
            return_hours: 24,
            watch_refunds: true,
            zip: "000000".to_owned(),
            mail_to: String::new(),
            goods_method: String::new(),
        }
    }
}

impl ChannelSettings {
    /// When somebody is told that a deadline is near.
    pub(super) fn warning_of(&self, by: Moment) -> Moment {
        by.plus(-self.warn_minutes.saturating_mul(60))
    }

    /// What of a deadline is still ahead: first its warning, then itself.
    pub(super) fn next_of(&self, by: Moment, now: Moment) -> Option<Moment> {
        [self.warning_of(by), by].into_iter().filter(|at| *at > now).min()
    }
}

/// What is stored of a channel beside its keys.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChannelFacts {
    /// Number of the shop whose orders these are.
    pub shop_no: String,
    /// Name of that shop: how the contract modes are told apart (fact sheet ascp-direct, 1.1).
    pub shop_name: String,
    /// The contract.
    pub contract: Contract,
    /// Number of the bound flagship shop.
    pub flagship_shop_no: String,
    /// The application whose secret signs the pushes and our calls.
    pub app_key: String,
    /// Qimen's routing id; empty = not checked (section 7, no. 4).
    pub customer_id: String,
    /// Account of the goods' owner, for the stock calls.
    pub owner_user_id: i64,
    /// Where TOP answers.
    pub top_url: String,
    /// When the session ends.
    pub session_ends: Option<Moment>,
    /// Why no call goes out now; empty = they do.
    pub held: String,
    /// When it was held.
    pub held_since: Option<Moment>,
    /// The configuration mail was sent.
    pub mailed: Option<Moment>,
    /// The vendor's side is done: pushes may come.
    pub configured: Option<Moment>,
    /// What the merchant decided.
    pub settings: ChannelSettings,
}

/// A channel.
#[derive(Clone)]
pub struct Channel {
    /// Key.
    pub id: i64,
    /// Whose it is.
    pub tenant: Tenant,
    /// Supplier id in ASCP, kept as text.
    pub supplier_id: String,
    /// Source platform, `TMGJZY`.
    pub source_platform: String,
    /// Shop key.
    pub shop: i64,
    /// The rest.
    pub facts: ChannelFacts,
    /// The session of the flagship shop.
    pub session: Secret,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// A channel to open.
#[derive(Clone)]
pub struct NewChannel {
    /// Supplier id in ASCP.
    pub supplier_id: String,
    /// The rest; `shop_name` and everything about time is filled in.
    pub facts: ChannelFacts,
}

/// Opens a channel for a shop of the platform. Shop and flagship shop must exist (fact sheet ascp-direct, section 4).
pub fn open_channel(tx: &mut Tx, new: &NewChannel) -> Result<Channel> {
    if new.supplier_id.is_empty() || !new.supplier_id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Refusal::Invalid("supplier_id", "供应商编码只能是字母和数字".to_owned()).into());
    }
    if table::channel_of_supplier(tx, &new.supplier_id, TMGJZY)?.is_some() {
        return Err(Refusal::Exists(new.supplier_id.clone()).into());
    }
    let shop = erp::catalog::shop_by_no(tx, &new.facts.shop_no)?;
    if shop.platform != PLATFORM {
        return Err(Refusal::Invalid("shop_no", format!("店铺平台不是天猫国际直营({PLATFORM})")).into());
    }
    if !new.facts.flagship_shop_no.is_empty() {
        erp::catalog::shop_by_no(tx, &new.facts.flagship_shop_no)?;
    }
    let now = tx.now();
    let channel = Channel {
        id: tx.document_id("ascp_channel")?,
        tenant: tx.tenant(),
        supplier_id: new.supplier_id.clone(),
        source_platform: TMGJZY.to_owned(),
        shop: shop.id,
        facts: ChannelFacts { shop_name: shop.name, ..new.facts.clone() },
        session: Secret::new(""),
        created: now,
        modified: now,
    };
    table::insert_channel(tx, &channel)?;
    // What happened before the channel was there is none of its business.
    let seq = tx.last_event()?;
    table::start_cursor(tx, seq)?;
    tx.event("ascp.channel", &channel.event_key(), &serde_json::json!({ "shop_no": channel.facts.shop_no }))?;
    Ok(channel)
}

/// Stores a changed channel.
pub fn save_channel(tx: &mut Tx, channel: &mut Channel) -> Result<()> {
    channel.modified = tx.now();
    table::update_channel(tx, channel)
}

/// The channel with this supplier id of the tenant.
pub fn channel_by_supplier(reader: &mut Reader, supplier_id: &str) -> Result<Channel> {
    let tenant = reader.tenant();
    table::channel_of_supplier(reader, supplier_id, TMGJZY)?
        .filter(|channel| channel.tenant == tenant)
        .ok_or_else(|| Error::Refused(Refusal::Unknown("供应商编码", supplier_id.to_owned())))
}

/// The channels of the tenant.
pub fn channels(reader: &mut Reader) -> Result<Vec<Channel>> {
    table::channels_of_tenant(reader)
}

impl Channel {
    /// What its own entries in the event log are about.
    pub fn event_key(&self) -> String {
        format!("ASCP{}", self.supplier_id)
    }

    /// The warehouse behind a `storeCode`.
    pub fn warehouse_of<'c>(&'c self, store_code: &'c str) -> &'c str {
        self.facts.settings.warehouses.get(store_code).map_or(store_code, String::as_str)
    }

    /// The `storeCode` of a warehouse.
    pub fn store_of<'c>(&'c self, warehouse_no: &'c str) -> &'c str {
        let named = self.facts.settings.warehouses.iter().find(|(_, no)| *no == warehouse_no);
        named.map_or(warehouse_no, |(code, _)| code.as_str())
    }

    /// The platform's code of a carrier.
    pub fn carrier_code<'c>(&'c self, carrier_no: &'c str) -> &'c str {
        self.facts.settings.carriers.get(carrier_no).map_or(carrier_no, String::as_str)
    }
}
