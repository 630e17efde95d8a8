//! The products whose alerts can create incidents. Azure uses their former names.

use crate::framework::Value;

/// Azure's name of Defender for Cloud.
pub const AZURE_SECURITY_CENTER: &str = "Azure Security Center";

/// The current name of Defender for Cloud, which Azure does not accept.
pub const DEFENDER_FOR_CLOUD: &str = "Microsoft Defender for Cloud";

/// Azure's name of Defender for IoT, which Defender XDR does not integrate.
pub const DEFENDER_FOR_IOT: &str = "Azure Security Center for IoT";

/// The names that a configuration can use.
pub const NAMES: &[&str] = &[
    DEFENDER_FOR_CLOUD,
    AZURE_SECURITY_CENTER,
    DEFENDER_FOR_IOT,
    "Azure Active Directory Identity Protection",
    "Azure Advanced Threat Protection",
    "Microsoft Cloud App Security",
    "Microsoft Defender Advanced Threat Protection",
    "Office 365 Advanced Threat Protection",
];

/// Azure's name of a product.
#[must_use]
pub fn azure_name(name: &str) -> &str {
    if name == DEFENDER_FOR_CLOUD { AZURE_SECURITY_CENTER } else { name }
}

/// The current name of a product, for messages. Only that of Defender for Cloud differs from Azure's name.
#[must_use]
pub fn display_name(name: &str) -> &str {
    if name == AZURE_SECURITY_CENTER { DEFENDER_FOR_CLOUD } else { name }
}

/// The canonical form of a product's name, for comparison.
#[must_use]
pub fn normal_form(value: &Value) -> Value {
    match value {
        Value::String(name) => Value::String(azure_name(name).to_lowercase()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_call_defender_for_cloud_by_its_current_name() {
        assert_eq!(display_name(AZURE_SECURITY_CENTER), DEFENDER_FOR_CLOUD);
        assert_eq!(display_name(DEFENDER_FOR_CLOUD), DEFENDER_FOR_CLOUD);
        assert_eq!(display_name(DEFENDER_FOR_IOT), DEFENDER_FOR_IOT);
    }

    #[test]
    fn both_names_of_defender_for_cloud_are_equal() {
        assert_eq!(normal_form(&DEFENDER_FOR_CLOUD.into()), normal_form(&AZURE_SECURITY_CENTER.into()));
        assert_ne!(normal_form(&DEFENDER_FOR_CLOUD.into()), normal_form(&DEFENDER_FOR_IOT.into()));
    }
}
