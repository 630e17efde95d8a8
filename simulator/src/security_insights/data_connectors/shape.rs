//! The properties of a data connector: the published schema of its kind, and the rules that the schema does not
//! express.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::arm::schema::malformed;
use crate::arm::{ArmError, Context};
use crate::security_insights::api_versions::{is_preview, is_since};
use crate::security_insights::schema::{self, Kind};

/// The first api-version whose `MicrosoftThreatProtection` has `filteredProviders`.
const FILTERED_PROVIDERS_SINCE: &str = "2023-02-01";

pub(super) fn has_filtered_providers(api_version: &str) -> bool {
    is_preview(api_version) && is_since(api_version, FILTERED_PROVIDERS_SINCE)
}

/// The properties to store.
///
/// # Errors
/// 400 for missing or malformed properties.
pub(super) fn properties(
    context: &Context<'_>,
    kind: Kind,
    sent: Option<&Value>,
) -> Result<Map<String, Value>, ArmError> {
    let behaviors = &context.world.settings.behaviors;
    let mut properties = schema::read(kind.properties(), sent, kind.is_open() || behaviors.keep_unknown_properties)?;
    if behaviors.data_types_required
        && kind.properties().get("dataTypes").is_some()
        && !properties.contains_key("dataTypes")
    {
        return Err(ArmError::missing_property("dataTypes", "properties"));
    }
    if let Some(tenant) = properties.get("tenantId") {
        check_tenant(context, guid(tenant, "properties.tenantId")?)?;
    }
    if let Some(subscription) = properties.get("subscriptionId") {
        guid(subscription, "properties.subscriptionId")?;
    }
    if !has_filtered_providers(context.api_version) {
        properties.shift_remove("filteredProviders");
    }
    Ok(properties)
}

/// Solutions write the criteria of a connector page under a name that the schema does not have. Azure returns both.
pub(super) fn fill_criteria(page: &mut Value) {
    if page.is_object() && page["connectivityCriteria"].is_null() {
        let criteria = &page["connectivityCriterias"];
        page["connectivityCriteria"] = if criteria.is_null() { json!([]) } else { criteria.clone() };
    }
}

/// Checks that the tenant is the tenant of the workspace's subscription.
fn check_tenant(context: &Context<'_>, wanted: &str) -> Result<(), ArmError> {
    let subscription = context.target.subscription.as_deref().unwrap_or_default();
    let document = context.world.documents.get(&format!("/subscriptions/{subscription}"));
    let home = document.and_then(|document| document["tenantId"].as_str()).unwrap_or_default();
    if home.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    Err(ArmError::bad_request(format!(
        "The tenant '{wanted}' is not the tenant of the workspace. A data connector can only be connected to the \
         workspace's own tenant '{home}'."
    )))
}

fn guid<'a>(value: &'a Value, path: &str) -> Result<&'a str, ArmError> {
    value.as_str().filter(|text| Uuid::try_parse(text).is_ok()).ok_or_else(|| malformed(path, "a GUID"))
}
