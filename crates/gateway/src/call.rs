//! What a method knows about its caller.

use std::sync::Arc;

use store::Tenant;
use units::Moment;
use wire::rows::{Personal, Scalars, Style};

use crate::directory::{Allowed, App, Environment, PersonalForm, Quota, ScalarForm, Settings, TenantInfo};
use crate::reply::Reply;
use crate::request_id::RequestId;
use crate::route::Channel;

/// One call that passed every check of the gateway.
#[derive(Clone)]
pub struct Call {
    pub(crate) app: Arc<App>,
    tenant: Arc<TenantInfo>,
    channel: Channel,
    style: Style,
    now: Moment,
    quota: Quota,
    pub(crate) request_id: RequestId,
}

impl Call {
    pub(crate) fn new(
        app: Arc<App>,
        tenant: Arc<TenantInfo>,
        channel: Channel,
        now: Moment,
        quota: Quota,
        request_id: RequestId,
    ) -> Self {
        let style = style(channel, &tenant.settings);
        Self { app, tenant, channel, style, now, quota, request_id }
    }

    /// The present by the store's clock, which may be a simulated one: for reads that are relative to it. What is written takes
    /// the stamp of its commit.
    pub fn now(&self) -> Moment {
        self.now
    }

    /// The tenant whose data it is about.
    pub fn tenant(&self) -> Tenant {
        self.tenant.tenant()
    }

    pub(crate) fn tenant_info(&self) -> &Arc<TenantInfo> {
        &self.tenant
    }

    /// The tenant's `sid`.
    pub fn sid(&self) -> &str {
        &self.tenant.sid
    }

    /// Test or production.
    pub fn environment(&self) -> Environment {
        self.tenant.environment
    }

    /// The tenant's settings, with what the dock keeps there.
    pub fn settings(&self) -> &Settings {
        &self.tenant.settings
    }

    /// The application that signed.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Shops whose rows the application may see and change.
    pub fn shops(&self) -> &Allowed {
        &self.app.rights.shops
    }

    /// Warehouses whose rows the application may see and change.
    pub fn warehouses(&self) -> &Allowed {
        &self.app.rights.warehouses
    }

    /// Providers whose rows the application may see and change.
    pub fn providers(&self) -> &Allowed {
        &self.app.rights.providers
    }

    /// The limits of the method for this application: window, page and rows are the method's to keep.
    pub fn quota(&self) -> Quota {
        self.quota
    }

    /// Through which door the call came.
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// Id of this call; on a repeated write the stored answer carries the id of the first.
    pub fn request_id(&self) -> RequestId {
        self.request_id
    }

    /// How the reply is written for this caller.
    pub fn style(&self) -> Style {
        self.style
    }

    /// An empty success, to be filled in the caller's style.
    pub fn reply(&self) -> Reply {
        Reply::new(self.style)
    }
}

/// How rows are written for this door and tenant (fact sheets wdt-1, 1.9; qimen, D1).
pub(crate) fn style(channel: Channel, settings: &Settings) -> Style {
    let (form, usual) = match channel {
        Channel::Openapi2 => (settings.openapi2_scalars, Scalars::Text),
        Channel::Qimen | Channel::Rest | Channel::Service => (settings.qimen_scalars, Scalars::Native),
    };
    let scalars = match form {
        ScalarForm::Usual => usual,
        ScalarForm::Text => Scalars::Text,
        ScalarForm::Native => Scalars::Native,
    };
    let blank = channel != Channel::Openapi2 && settings.qimen_personal == PersonalForm::Blank;
    Style { scalars, personal: if blank { Personal::Blank } else { Personal::Show } }
}
