//! Tests of provider names, hunting tables, and alerts without a filter.

use serde_json::json;

use super::{CLOUD_APPS, DEFENDER_FOR_CLOUD, IDENTITY, cloud, foreign};
use crate::defender_xdr::part::{DataType, is_defender_for_cloud};
use crate::defender_xdr::stream::{named_providers, unfiltered};

#[test]
fn defender_for_cloud_has_several_names() {
    for name in [DEFENDER_FOR_CLOUD, "MicrosoftDefenderForCloudAlerts", "azureSecurityCenter"] {
        assert!(is_defender_for_cloud(name), "{name}");
    }
    for name in [CLOUD_APPS, IDENTITY, "azureSecurityCenterAlerts"] {
        assert!(!is_defender_for_cloud(name), "{name}");
    }
}

#[test]
fn lists_only_enabled_hunting_tables() {
    let document = foreign(json!({"dataTypes": {"advancedHunting": {
        "DeviceInfo": {"state": "Enabled"}, "EmailEvents": {"state": "Disabled"},
    }}}));

    assert_eq!(DataType::enabled_hunting_tables(&document), ["DeviceInfo"]);
}

#[test]
fn alerts_without_a_filter_stream_for_every_product() {
    let document = |state: &str, filter: serde_json::Value| {
        foreign(json!({"dataTypes": {"alerts": {"state": state}}, "filteredProviders": {"alerts": filter}}))
    };
    let (filtered, all) = (document("Enabled", json!([DEFENDER_FOR_CLOUD])), document("Enabled", json!(null)));
    let off = document("Disabled", json!(null));

    assert_eq!(named_providers(&filtered), Some(vec![DEFENDER_FOR_CLOUD]));
    assert_eq!(named_providers(&all), None);
    assert_eq!(named_providers(&off), Some(Vec::new()));
    let documents = [off, filtered, all.clone()];
    assert_eq!(unfiltered(&documents, &cloud()), Some(&all));
    assert_eq!(unfiltered(&documents[..2], &cloud()), None);
}
