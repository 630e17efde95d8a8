//! `GET /metadata/endpoints`: where a client that knows the Resource Manager host finds the cloud's other endpoints.
//!
//! Endpoints of simulated services are URLs of this simulator; audiences and suffixes of other services are the public
//! cloud's.
//! The format depends on the api-version: a short one up to 2018-01-01, a list of clouds in 2019 and 2020, one object
//! since 2022-09-01.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::entra::{GRAPH_PATH, LOG_ANALYTICS_PATH};
use crate::http::{Request, Response};

/// Responds in the format of the requested api-version. Needs no token.
pub(crate) fn handle(request: &Request, endpoint: &str, cloud_name: &str) -> Response {
    if request.method != Method::GET {
        return Response::empty(StatusCode::METHOD_NOT_ALLOWED);
    }
    match request.parameter("api-version").as_deref() {
        Some("1.0" | "2014-11-01-privatepreview" | "2015-01-01" | "2015-11-01" | "2016-06-01" | "2018-01-01") => {
            Response::ok(&short(endpoint))
        }
        Some("2018-05-01" | "2018-11-01" | "2019-05-01" | "2019-10-01" | "2020-06-01") => {
            Response::ok(&json!([full(endpoint, cloud_name, "/")]))
        }
        Some("2022-09-01" | "2023-12-01") => Response::ok(&full(endpoint, cloud_name, "")),
        Some(other) => {
            let message = format!(
                "The api-version '{other}' is invalid. The supported versions are '2015-01-01,2018-01-01,2019-05-01,2020-06-01,2022-09-01,2023-12-01'."
            );
            error("InvalidApiVersionParameter", &message)
        }
        None => error(
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        ),
    }
}

fn error(code: &str, message: &str) -> Response {
    Response::json(StatusCode::BAD_REQUEST, &json!({"error": {"code": code, "message": message}}))
}

fn short(endpoint: &str) -> Value {
    json!({
        "galleryEndpoint": format!("{endpoint}/"),
        "graphEndpoint": "https://graph.windows.net/",
        "portalEndpoint": format!("{endpoint}/"),
        "graphAudience": "https://graph.windows.net/",
        "authentication": authentication(endpoint, "/"),
    })
}

/// `slash` ends the URL of the login endpoint: `/` in older api-versions, empty in newer ones.
fn full(endpoint: &str, cloud_name: &str, slash: &str) -> Value {
    json!({
        "portal": endpoint,
        "authentication": authentication(endpoint, slash),
        "media": "https://rest.media.azure.net",
        "graphAudience": "https://graph.windows.net/",
        "graph": "https://graph.windows.net/",
        "name": cloud_name,
        "suffixes": {
            "azureDataLakeStoreFileSystem": "azuredatalakestore.net",
            "acrLoginServer": "azurecr.io",
            "sqlServerHostname": "database.windows.net",
            "azureDataLakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
            "keyVaultDns": "vault.azure.net",
            "storage": "core.windows.net",
            "azureFrontDoorEndpointSuffix": "azurefd.net",
            "storageSyncEndpointSuffix": "afs.azure.net",
            "mhsmDns": "managedhsm.azure.net",
            "mysqlServerEndpoint": "mysql.database.azure.com",
            "postgresqlServerEndpoint": "postgres.database.azure.com",
            "mariadbServerEndpoint": "mariadb.database.azure.com",
            "synapseAnalytics": "dev.azuresynapse.net",
            "attestationEndpoint": "attest.azure.net",
        },
        "batch": "https://batch.core.windows.net/",
        "resourceManager": format!("{endpoint}/"),
        "vmImageAliasDoc": format!("{endpoint}/aliases.json"),
        "activeDirectoryDataLake": "https://datalake.azure.net/",
        "sqlManagement": "https://management.core.windows.net:8443/",
        "microsoftGraphResourceId": format!("{endpoint}{GRAPH_PATH}/"),
        "appInsightsResourceId": "https://api.applicationinsights.io",
        "appInsightsTelemetryChannelResourceId": "https://dc.applicationinsights.azure.com/v2/track",
        "attestationResourceId": "https://attest.azure.net",
        "synapseAnalyticsResourceId": "https://dev.azuresynapse.net",
        "logAnalyticsResourceId": format!("{endpoint}{LOG_ANALYTICS_PATH}"),
        "ossrDbmsResourceId": "https://ossrdbms-aad.database.windows.net",
        "gallery": format!("{endpoint}/"),
    })
}

fn authentication(endpoint: &str, slash: &str) -> Value {
    json!({
        "loginEndpoint": format!("{endpoint}{slash}"),
        "audiences": [format!("{endpoint}/"), "https://management.core.windows.net/", "https://management.azure.com/"],
        "tenant": "common",
        "identityProvider": "AAD",
    })
}
