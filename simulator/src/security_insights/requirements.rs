//! `dataConnectorsCheckRequirements`: whether a connector can be connected. In preview api-versions only.

use hyper::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::schema::Kind;
use super::{NAMESPACE, api_versions, onboarding_states};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body};
use crate::http::Response;

pub(super) const REQUIREMENTS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "dataConnectorsCheckRequirements",
    api_versions: api_versions::PREVIEW,
    scope: Scope::Workspace,
    routes: &[Route { on: On::Collection, method: Method::POST, permission: Permission::ByMethod, handler: check }],
};

/// Kinds that can be checked, and the property that each requires. Connector pages cannot be checked.
const CHECKED: &[(&str, Option<&str>)] = &[
    ("AmazonWebServicesCloudTrail", None),
    ("AmazonWebServicesS3", None),
    ("AzureActiveDirectory", Some("tenantId")),
    ("AzureAdvancedThreatProtection", Some("tenantId")),
    ("AzureSecurityCenter", Some("subscriptionId")),
    ("Dynamics365", Some("tenantId")),
    ("IOT", Some("subscriptionId")),
    ("MicrosoftCloudAppSecurity", Some("tenantId")),
    ("MicrosoftDefenderAdvancedThreatProtection", Some("tenantId")),
    ("MicrosoftPurviewInformationProtection", Some("tenantId")),
    ("MicrosoftThreatIntelligence", Some("tenantId")),
    ("MicrosoftThreatProtection", Some("tenantId")),
    ("Office365", Some("tenantId")),
    ("Office365Project", Some("tenantId")),
    ("OfficeATP", Some("tenantId")),
    ("OfficeIRM", Some("tenantId")),
    ("OfficePowerBI", Some("tenantId")),
    ("ThreatIntelligence", Some("tenantId")),
    ("ThreatIntelligenceTaxii", Some("tenantId")),
];

fn check(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let sent = body::object(context.request)?;
    let kind = sent.get("kind").and_then(Value::as_str).ok_or_else(|| ArmError::missing_property("kind", ""))?;
    let is_known = Kind::find("dataConnectors", kind, context.api_version, &[]).is_some();
    let Some((_, needed)) = CHECKED.iter().find(|(known, _)| *known == kind && is_known) else {
        let message = format!("Connector kind '{kind}' is not supported in api-version: '{}'", context.api_version);
        return Err(ArmError::bad_request(message));
    };
    if let Some(name) = needed {
        let value = sent.get("properties").and_then(|properties| properties[*name].as_str());
        if value.is_none_or(|value| Uuid::try_parse(value).is_err()) {
            return Err(ArmError::missing_property(name, "properties"));
        }
    }
    let results = &context.world.settings.behaviors.requirements;
    let valid = json!({"authorizationState": "Valid", "licenseState": "Valid"});
    Ok(Response::ok(results.get(kind).unwrap_or(&valid)))
}
