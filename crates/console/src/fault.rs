//! Everything that the admin API says no with: one shape, one table of codes.
//!
//! `{"error":{"code":"…","message":"…","field":"…"}}`; `field` is empty unless one field is to blame.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use wire::args::Problem;

/// Why a request was not answered as hoped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) field: String,
}

/// The codes with their status and meaning, for the OpenAPI document.
pub(crate) const CODES: &[(&str, u16, &str)] = &[
    ("invalid", 400, "a field or the body cannot be accepted; `field` names it"),
    ("unauthorised", 401, "the bearer token is missing or wrong"),
    ("not_found", 404, "no such path or document"),
    ("method_not_allowed", 405, "the path exists, but not with this verb"),
    ("exists", 409, "the number of the new document is in use"),
    ("state", 409, "the document's state does not allow it; the message lists what is allowed"),
    ("too_large", 413, "the body is over the limit"),
    ("refused", 422, "a business rule or a reference to something unknown forbids it"),
    ("internal", 500, "a fault inside Matou; see its log"),
    ("unavailable", 503, "the store cannot take it now; nothing was stored, try again"),
];

impl Fault {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), field: String::new() }
    }

    pub(crate) fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), ..Self::new(StatusCode::BAD_REQUEST, "invalid", message) }
    }

    pub(crate) fn unauthorised() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorised",
            "send `Authorization: Bearer TOKEN` with the token of the file admin.token in the data folder",
        )
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    pub(crate) fn exists(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "exists", message)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    }

    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message)
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let body = serde_json::json!({
            "error": { "code": self.code, "message": self.message, "field": self.field }
        });
        let mut response = Response::new(body.to_string().into());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<wire::args::Refusal> for Fault {
    fn from(refusal: wire::args::Refusal) -> Self {
        let message = match refusal.problem {
            Problem::NotJson => format!("{} is not JSON", named(&refusal.path)),
            _ => refusal.to_string(),
        };
        Self::invalid(&refusal.path, message)
    }
}

fn named(path: &str) -> &str {
    if path.is_empty() { "the body" } else { path }
}

impl From<store::Error> for Fault {
    fn from(error: store::Error) -> Self {
        if error.is_passing() {
            Self::unavailable(error.to_string())
        } else {
            tracing::error!(%error, "admin API: the store failed");
            Self::internal(error.to_string())
        }
    }
}

impl From<erp::Error> for Fault {
    fn from(error: erp::Error) -> Self {
        match error {
            erp::Error::Store(error) => error.into(),
            erp::Error::Refused(refusal) => refusal.into(),
            document @ erp::Error::Document(..) => {
                tracing::error!(error = %document, "admin API: a stored document cannot be read");
                Self::internal(document.to_string())
            }
        }
    }
}

impl From<dock_ascp::hub::Error> for Fault {
    fn from(error: dock_ascp::hub::Error) -> Self {
        use dock_ascp::hub::{Error as E, Refusal as R};
        let message = error.to_string();
        match error {
            E::Store(error) => error.into(),
            E::Business(error) => error.into(),
            E::Refused(R::Unknown(..)) => Self::not_found(message),
            E::Refused(R::Exists(_)) => Self::exists(message),
            E::Refused(R::Invalid(field, _)) => Self::invalid(field, message),
            E::Refused(R::State(_)) => Self::new(StatusCode::CONFLICT, "state", message),
            E::Document(..) => Self::internal(message),
        }
    }
}

impl From<dock_wms::Error> for Fault {
    fn from(error: dock_wms::Error) -> Self {
        use dock_wms::Error as E;
        let message = error.to_string();
        match error {
            E::Store(error) => error.into(),
            E::Refused(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", message),
            E::Taken(_) => Self::exists(message),
            E::Unknown(_) => Self::not_found(message),
            E::Document(..) | E::Settings => Self::internal(message),
        }
    }
}

impl From<gateway::directory::Error> for Fault {
    fn from(error: gateway::directory::Error) -> Self {
        use gateway::directory::Error as E;
        let message = error.to_string();
        match error {
            E::Store(error) => error.into(),
            E::Taken(_) => Self::exists(message),
            E::Unknown(_) => Self::not_found(message),
            // Most begin with the field: `timeout_ms: 1 to 30000`.
            E::Invalid(_) => {
                let field = message.split_once(": ").map_or("", |(field, _)| field);
                let field = if field.contains(char::is_whitespace) { "" } else { field };
                Self::invalid(field, message.clone())
            }
            E::Unreadable(_) => Self::internal(message),
        }
    }
}

impl From<erp::Refusal> for Fault {
    fn from(refusal: erp::Refusal) -> Self {
        use erp::Refusal as R;
        let message = refusal.to_string();
        match refusal {
            R::NotFound { .. } | R::SourceUnknown { .. } => Self::not_found(message),
            R::Exists { .. } | R::OuterNoUsed { .. } | R::ProviderExists | R::SpecDeleted(_) | R::BarcodeExists(_) => {
                Self::exists(message)
            }
            R::OrderPast { .. } | R::OrderMarked(_) => Self::new(StatusCode::CONFLICT, "state", message),
            R::State(_)
            | R::Unfinished { .. }
            | R::Short { .. }
            | R::RefundPending(_)
            | R::Frozen(..)
            | R::WithWarehouse(_)
            | R::Held(..)
            | R::NotPaid(..)
            | R::Blocked { .. } => Self::new(StatusCode::CONFLICT, "state", message),
            R::Aftersale(refusal) => aftersale(&refusal, message),
            R::Invalid { field, .. } | R::BadNumber { field, .. } => Self::invalid(field, message),
            _ => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", message),
        }
    }
}

/// A refusal of after-sale.
fn aftersale(refusal: &erp::aftersale::AftersaleRefusal, message: String) -> Fault {
    use erp::aftersale::AftersaleRefusal as R;
    match refusal {
        R::TidUnknown(_) => Fault::not_found(message),
        R::Number { field, .. } => Fault::invalid(field, message),
        R::OidUnknown { .. } => Fault::invalid("oid", message),
        R::Exchange(_) => Fault::invalid("out_lines", message),
        R::AlreadyShipped(_) | R::NotReceivable { .. } | R::ReceiptOpen(_) | R::NotEditable { .. } => {
            Fault::new(StatusCode::CONFLICT, "state", message)
        }
        R::NothingLeft { .. } | R::NoOrder(_) | R::SpecNotOnOrder { .. } => {
            Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_that_is_used_is_in_the_table() {
        for fault in [
            Fault::invalid("a", "b"),
            Fault::unauthorised(),
            Fault::not_found("a"),
            Fault::exists("a"),
            Fault::internal("a"),
            Fault::unavailable("a"),
            Fault::from(store::Error::Busy),
            Fault::from(erp::Refusal::OutOfStock("a".into())),
            Fault::from(erp::Refusal::RefundPending("a".into())),
        ] {
            let row = CODES.iter().find(|(code, ..)| *code == fault.code);
            assert_eq!(row.map(|(_, status, _)| *status), Some(fault.status.as_u16()), "{fault:?}");
        }
    }
}
