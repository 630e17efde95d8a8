//! Alert rules. The only kind that can be written is `MicrosoftSecurityIncidentCreation`: incidents from alerts of
//! another Microsoft product. Rules of other kinds can be in the initial world.

use hyper::Method;
use serde_json::{Map, Value, json};

use super::document::{self, NewDocument};
use super::{NAMESPACE, api_versions, onboarding_states, query, write};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body, store};
use crate::clock;
use crate::http::Response;

pub(super) const ALERT_RULES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "alertRules",
    api_versions: api_versions::ALL,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: document::get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: document::delete },
    ],
};

/// The products whose alerts can create incidents. Defender for Cloud is under its old name, Azure Security Center.
const PRODUCTS: &[&str] = &[
    "Microsoft Cloud App Security",
    "Azure Security Center",
    "Azure Advanced Threat Protection",
    "Azure Active Directory Identity Protection",
    "Azure Security Center for IoT",
    "Office 365 Advanced Threat Protection",
    "Microsoft Defender Advanced Threat Protection",
];

const SEVERITIES: &[&str] = &["High", "Medium", "Low", "Informational"];

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    query::respond(context, store::list(context))
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let sent = body::object(context.request)?;
    match sent.get("kind").and_then(Value::as_str) {
        Some("MicrosoftSecurityIncidentCreation") => {}
        Some(other) => {
            return Err(ArmError::bad_request(format!(
                "Alert rule kind '{other}' cannot be written in this simulator."
            )));
        }
        None => return Err(ArmError::missing_property("kind", "")),
    }
    let before = document::before(context);
    write::check_etag_or_require(context, "rule", before.as_ref(), &sent)?;
    let properties = properties(context, sent.get("properties"))?;
    let new = NewDocument {
        segment: "alertRules",
        shown_type: "alertRules",
        kind: Some("MicrosoftSecurityIncidentCreation"),
        properties,
        has_system_data: false,
    };
    let (status, document) = document::save(context, new)?;
    Ok(Response::json(status, &document))
}

/// All known properties, null if the request does not have them.
fn properties(context: &Context<'_>, sent: Option<&Value>) -> Result<Map<String, Value>, ArmError> {
    let sent = sent.cloned().unwrap_or_default();
    let missing = |name: &str| ArmError::missing_property(name, "properties");
    let product = sent["productFilter"].as_str().ok_or_else(|| missing("productFilter"))?;
    if !PRODUCTS.contains(&product) {
        let message = format!("Error converting value \"{product}\" to type 'MicrosoftSecurityProductName'.");
        return Err(ArmError::bad_request(message));
    }
    sent["displayName"].as_str().filter(|name| !name.is_empty()).ok_or_else(|| missing("displayName"))?;
    sent["enabled"].as_bool().ok_or_else(|| missing("enabled"))?;
    check_texts(&sent, "severitiesFilter", Some(SEVERITIES))?;
    check_texts(&sent, "displayNamesFilter", None)?;
    check_texts(&sent, "displayNamesExcludeFilter", None)?;
    let mut properties = Map::new();
    for name in [
        "productFilter",
        "severitiesFilter",
        "displayNamesFilter",
        "displayNamesExcludeFilter",
        "displayName",
        "enabled",
        "description",
        "alertRuleTemplateName",
    ] {
        properties.insert(name.to_owned(), sent[name].clone());
    }
    properties.insert("lastModifiedUtc".to_owned(), json!(clock::iso(context.world.now())));
    Ok(properties)
}

/// 400 unless the property is absent, null, or an array of strings; of the `known` strings, if given.
fn check_texts(sent: &Value, name: &str, known: Option<&[&str]>) -> Result<(), ArmError> {
    let is_known = |text: &str| known.is_none_or(|known| known.contains(&text));
    let is_valid = match &sent[name] {
        Value::Null => true,
        Value::Array(values) => values.iter().all(|value| value.as_str().is_some_and(is_known)),
        _ => false,
    };
    if is_valid {
        return Ok(());
    }
    let known = known.map(|known| format!(" The supported values are '{}'.", known.join(", "))).unwrap_or_default();
    Err(ArmError::bad_request(format!(
        "Error converting value. Path 'properties.{name}': expected an array of strings.{known}"
    )))
}
