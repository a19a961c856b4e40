//! What the directory knows, as plain values: one file a concept.
//!
//! Lives here: meaning, defaults and words of each value. Never here: storage, lookups, checks that need more than the value itself.

mod api;
mod app;
mod check;
mod grant;
mod network;
mod parameter;
mod route;
mod scene;
mod target;
mod tenant;
mod window;

pub use api::{Api, ApiState, BodyKind, Effect, FailureRule, ReplyFields, StubState};
pub use app::{Allowed, App, AppOptions, EnvelopeProfile, Protocol, Rights, SignMethod};
pub(crate) use check::Given;
pub use check::{ArgumentFault, PUBLIC_PARAMETERS};
pub use grant::{Authorisation, EVERY_SID, Grant, GrantEvent, GrantStatus};
pub use network::Network;
pub use parameter::{Parameter, ParameterKind, Place};
pub use route::{CustomerRoute, Direction};
pub use scene::Scene;
pub use target::{Charset, Endpoint, MethodSpelling, Openapi2Account, Target, TargetKind};
pub use tenant::{Environment, PersonalForm, ScalarForm, Settings, TenantInfo};
pub use window::WindowRule;
