//! The supplier's side: what a push becomes, what the platform is told, what somebody must look at.
//!
//! Lives here: channels, received pushes, fulfilment orders and returns with their tables, the queue of calls, alarms. Never here: the
//! simulator; a rule of the business that is not about this channel (`erp` decides); HTTP outside of `door` and `send`.

mod alarm;
mod ask;
mod call;
mod cancel;
mod channel;
mod delivery;
mod door;
mod error;
mod follow;
mod goods;
#[expect(clippy::module_inception, reason = "the running hub is the thing that the folder is named after")]
mod hub;
mod message;
mod notify;
mod ops;
mod order;
mod receive;
mod refund;
mod return_order;
mod reverse;
mod send;
mod settle;
mod ship;
mod stock;
mod table;
mod watch;

pub use alarm::{Alarm, kind as alarm_kind, open_alarms};
pub use ask::Account;
pub use call::{Call, CallState, call_body, calls, drop_call, replay_call};
pub use channel::{
    CancelReply, Channel, ChannelFacts, ChannelSettings, Contract, NewChannel, PLATFORM, channel_by_supplier, channels,
    open_channel, save_channel,
};
pub use door::{Arrived, PATH, router};
pub use error::{Error, Refusal, Result};
pub use follow::follow;
pub use goods::{ChannelGoods, GoodsFacts, goods_page, map_goods};
pub use hub::{Hub, HubParts, SettingsOf};
pub use message::{Incoming, Message, MessageState, body_of};
pub use ops::{
    Activity, Lack, ReturnRequest, calls_of, change_waybill, channel_activity, channels_of_document, close_alarm,
    dismiss_message, message_by_id, messages_of, open_messages, order_by_code, order_counts, orders, report_shortage,
    request_return, restock,
};
pub use order::{
    CancelDecision, DrawnWaybill, OrderChange, OrderFactLine, OrderFacts, OrderState, SUPPLY_ORDER, SerialCheck,
    SupplyOrder,
};
pub use receive::{receive, retry_all_parked, retry_parked};
pub use refund::note_refund;
pub use return_order::{
    RETURN_ORDER, ReturnOrder, ReverseChange, ReverseFactLine, ReverseFacts, ReverseState, return_by_code, returns,
};
pub use reverse::{ReceivedLine, arrive, receive_return};
pub use send::{Leased, lease, pairs, settle};
pub use stock::{Compared, Figure, compare, figures, note_compared, publish_change};
pub use watch::{DayCount, WARN_DAYS, compare_day, last_push, release, renew, watch};
