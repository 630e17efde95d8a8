//! The advice for errors of Azure.

use super::*;

#[test]
fn lists_the_details_of_an_error() {
    let Error::Service(mut error) = service(400, "DeploymentFailed", "See details.") else { unreachable!() };
    error.details = vec![ErrorDetail {
        code: Some("Conflict".to_owned()),
        target: Some("t".to_owned()),
        message: "busy".to_owned(),
        ..ErrorDetail::default()
    }];

    let text = from_error(&Error::Service(error), ACTIVITY).detail;

    assert!(text.contains("400 DeploymentFailed: See details.\n  - Conflict (t): busy\n"), "{text}");
}

fn wrapped(details: &serde_json::Value) -> Error {
    let Error::Service(mut error) = service(400, "InvalidTemplateDeployment", "See details.") else { unreachable!() };
    error.details =
        crate::azure::innermost(&serde_json::json!({"error": {"code": "C", "message": "M", "details": details}}));
    Error::Service(error)
}

#[test]
fn explains_a_policy_inside_another_error() {
    let error = wrapped(&serde_json::json!([{
        "code": "RequestDisallowedByPolicy", "message": "Resource 'law' was disallowed by policy.",
        "additionalInfo": [{"type": "PolicyViolation", "info": {
            "policyAssignmentDisplayName": "Deny public", "policyDefinitionDisplayName": "No public workspaces",
            "policyAssignmentScope": "/subscriptions/s",
        }}],
    }]));

    let Diagnostic { summary, detail, .. } = from_error(&error, ACTIVITY);

    assert_eq!(summary, "Azure Policy denies the request");
    assert!(detail.contains("policy assignment \"Deny public\" on /subscriptions/s, definition"), "{detail}");
    assert!(!detail.contains("Sentinel Contributor"), "{detail}");
}

#[test]
fn explains_a_wrapped_error_by_its_code() {
    for (code, expected) in [
        ("AuthorizationFailed", "Missing permission"),
        ("ScopeLocked", "The resource is locked"),
        ("ReadOnlyDisabledSubscription", "The subscription is disabled"),
        ("MissingSubscriptionRegistration", "Resource provider not registered"),
        ("SomethingElse", "Azure rejected the ARM template"),
    ] {
        let error = wrapped(&serde_json::json!([{ "code": code, "message": "M" }]));
        assert_eq!(title(&error), expected, "{code}");
    }
}

#[test]
fn advice_for_a_code_takes_precedence_over_its_status() {
    for (status, code, expected) in [
        (409, "ReadOnlyDisabledSubscription", "The subscription is disabled"),
        (403, "ReadOnlyDisabledSubscription", "The subscription is disabled"),
        (409, "ResourceGroupBeingDeleted", "The resource or its resource group is being deleted"),
        (409, "InvalidResourceLocation", "The resource exists in another region"),
        (409, "DeploymentActiveAndUneditable", "The deployment is still active"),
        (409, "SubscriptionNotRegistered", "Resource provider not registered"),
        (409, "QuotaExceeded", "An Azure limit has been reached"),
        (403, "LinkedAuthorizationFailed", "Missing permission on a linked resource"),
        (403, "DenyAssignmentAuthorizationFailed", "Forbidden by a deny assignment"),
        (403, "RequestDisallowedByAzure", "Not allowed by Azure"),
        (403, "DisallowedProvider", "Not allowed in this subscription"),
        (404, "ParentResourceNotFound", "Parent resource not found"),
        (404, "InvalidResourceType", "API version not supported"),
        (400, "MissingApiVersionParameter", "The API version is missing from the request"),
        (409, "AnotherOperationInProgress", "The request conflicts with another change"),
    ] {
        assert_eq!(title(&service(status, code, "M")), expected, "{status} {code}");
    }
}

#[test]
fn explains_an_invalid_subscription_id_as_not_found() {
    assert_eq!(title(&service(400, "InvalidSubscriptionId", "malformed")), "Subscription not found");
}

#[test]
fn recognizes_a_missing_license_by_its_message() {
    assert_eq!(title(&service(401, "Unauthorized", "License is invalid.")), "License or consent is missing");
    assert_eq!(title(&service(400, "BadRequest", "Missing Consent")), "License or consent is missing");
}

#[test]
fn distinguishes_unregistered_provider_from_unknown_api_version() {
    assert_eq!(title(&service(409, "NoRegisteredProviderFound", "none")), "Resource provider not registered");
    assert_eq!(title(&service(400, "NoRegisteredProviderFound", "… for API version 'x'")), "API version not supported");
}

#[test]
fn does_not_explain_a_proxy_response_as_an_azure_error() {
    let Error::Service(mut error) = service(403, "", "blocked") else { unreachable!() };
    error.foreign = true;

    assert_eq!(title(&Error::Service(error)), "The response did not come from Azure");
}

#[test]
fn returns_an_error_without_an_attribute() {
    let diagnostic = from_error(&service(404, "ResourceNotFound", "gone"), ACTIVITY);

    assert_eq!(diagnostic.summary, "Resource not found");
    assert!(diagnostic.detail.starts_with("Failed while reading the workspace.\n"), "{}", diagnostic.detail);
    assert_eq!(diagnostic.severity, crate::framework::Severity::Error);
    assert_eq!(diagnostic.path, None);
}

#[test]
fn errors_of_the_login_and_of_the_network_stop_all_requests() {
    for error in [
        rejected_by_entra("AADSTS7000215", "no", "x"),
        transport(TransportKind::Tls, "UnknownIssuer"),
        service(401, "InvalidAuthenticationToken", "no"),
        Error::Unconfirmed { last: Box::new(transport(TransportKind::Connect, "refused")) },
    ] {
        assert!(from_error(&error, ACTIVITY).stops_all_requests, "{error}");
    }
    for error in [service(403, "AuthorizationFailed", "no"), service(401, "InvalidLicense", "no")] {
        assert!(!from_error(&error, ACTIVITY).stops_all_requests, "{error}");
    }
}

#[test]
fn remedy_for_a_read_names_the_reader_first() {
    let action = "The client 'x' does not have authorization to perform action 'Microsoft.SecurityInsights/dataConnectors/read'.";
    let error = service(403, "AuthorizationFailed", action);

    let command = of_command(&error, ACTIVITY).detail;
    let provider = from_error(&error, ACTIVITY).detail;

    assert!(!command.contains("Contributor") && !command.contains("Security Administrator"), "{command}");
    for detail in [command, provider] {
        assert!(detail.contains("What to do: Assign the role Microsoft Sentinel Reader on the workspace"), "{detail}");
    }
}
