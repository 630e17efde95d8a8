//! Azure's regions.

use hyper::StatusCode;
use serde_json::Value;

use super::error::ArmError;

/// Name, display name and geography group of the public cloud's regions.
pub(crate) const REGIONS: &[(&str, &str, &str)] = &[
    ("eastus", "East US", "US"),
    ("eastus2", "East US 2", "US"),
    ("southcentralus", "South Central US", "US"),
    ("westus2", "West US 2", "US"),
    ("westus3", "West US 3", "US"),
    ("australiaeast", "Australia East", "Asia Pacific"),
    ("southeastasia", "Southeast Asia", "Asia Pacific"),
    ("northeurope", "North Europe", "Europe"),
    ("swedencentral", "Sweden Central", "Europe"),
    ("uksouth", "UK South", "Europe"),
    ("westeurope", "West Europe", "Europe"),
    ("centralus", "Central US", "US"),
    ("southafricanorth", "South Africa North", "Africa"),
    ("centralindia", "Central India", "Asia Pacific"),
    ("eastasia", "East Asia", "Asia Pacific"),
    ("japaneast", "Japan East", "Asia Pacific"),
    ("koreacentral", "Korea Central", "Asia Pacific"),
    ("newzealandnorth", "New Zealand North", "Asia Pacific"),
    ("canadacentral", "Canada Central", "Canada"),
    ("austriaeast", "Austria East", "Europe"),
    ("francecentral", "France Central", "Europe"),
    ("germanywestcentral", "Germany West Central", "Europe"),
    ("italynorth", "Italy North", "Europe"),
    ("norwayeast", "Norway East", "Europe"),
    ("polandcentral", "Poland Central", "Europe"),
    ("spaincentral", "Spain Central", "Europe"),
    ("switzerlandnorth", "Switzerland North", "Europe"),
    ("mexicocentral", "Mexico Central", "Mexico"),
    ("uaenorth", "UAE North", "Middle East"),
    ("brazilsouth", "Brazil South", "South America"),
    ("israelcentral", "Israel Central", "Middle East"),
    ("qatarcentral", "Qatar Central", "Middle East"),
    ("northcentralus", "North Central US", "US"),
    ("westus", "West US", "US"),
    ("japanwest", "Japan West", "Asia Pacific"),
    ("westcentralus", "West Central US", "US"),
    ("australiacentral", "Australia Central", "Asia Pacific"),
    ("australiasoutheast", "Australia Southeast", "Asia Pacific"),
    ("koreasouth", "Korea South", "Asia Pacific"),
    ("southindia", "South India", "Asia Pacific"),
    ("westindia", "West India", "Asia Pacific"),
    ("canadaeast", "Canada East", "Canada"),
    ("ukwest", "UK West", "Europe"),
    ("brazilsoutheast", "Brazil Southeast", "South America"),
];

/// Returns the name of the region that a body gives by name or display name.
///
/// # Errors
/// 400 if the location is missing or unknown. `kind` selects Azure's error.
pub(crate) fn read(sent: Option<&Value>, kind: LocationOf<'_>) -> Result<&'static str, ArmError> {
    let Some(location) = sent.and_then(Value::as_str).filter(|location| !location.is_empty()) else {
        let message = "The location property is required for this definition.";
        return Err(ArmError::new(StatusCode::BAD_REQUEST, "LocationRequired", message));
    };
    let name = location.replace(' ', "").to_lowercase();
    let names = || REGIONS.iter().map(|(known, ..)| *known);
    names().find(|known| *known == name).ok_or_else(|| {
        let (code, place) = match kind {
            LocationOf::ResourceGroup => ("LocationNotAvailableForResourceGroup", "resource group".to_owned()),
            LocationOf::Resource(resource_type) => {
                ("LocationNotAvailableForResourceType", format!("resource type '{resource_type}'"))
            }
        };
        let list = names().collect::<Vec<_>>().join(",");
        let message = format!(
            "The provided location '{location}' is not available for {place}. List of available regions is '{list}'."
        );
        ArmError::new(StatusCode::BAD_REQUEST, code, message)
    })
}

/// The kind of object that has the location.
#[derive(Clone, Copy)]
pub(crate) enum LocationOf<'a> {
    ResourceGroup,
    /// A resource of this type.
    Resource(&'a str),
}
