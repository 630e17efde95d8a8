//! Tests of parsing, comparing and building resource IDs.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use proptest::prelude::*;

use super::*;

const WORKSPACE: &str = "/subscriptions/4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c/resourceGroups/rg-soc/providers/\
                         Microsoft.OperationalInsights/workspaces/law-soc";

fn id(text: &str) -> ResourceId {
    ResourceId::parse(text).expect("a valid id")
}

fn hash(id: &ResourceId) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn parses_the_parts_of_a_resource() {
    let workspace = id(WORKSPACE);

    assert_eq!(workspace.subscription(), "4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c");
    assert_eq!(workspace.resource_group(), Some("rg-soc"));
    assert_eq!(workspace.provider_type(), "Microsoft.OperationalInsights/workspaces");
    assert_eq!(workspace.name(), "law-soc");
    assert_eq!(workspace.to_string(), WORKSPACE);
}

#[test]
fn parses_the_type_and_parent_of_an_extension() {
    let connector = id(WORKSPACE).extension("Microsoft.SecurityInsights", "dataConnectors", "c1");

    assert_eq!(connector.provider_type(), "Microsoft.SecurityInsights/dataConnectors");
    assert_eq!(connector.name(), "c1");
    assert_eq!(connector.parent(), Some(id(WORKSPACE)));
}

#[test]
fn parses_the_type_and_parent_of_a_child() {
    let table = id(WORKSPACE).child("tables", "SecurityAlert");

    assert_eq!(table.provider_type(), "Microsoft.OperationalInsights/workspaces/tables");
    assert_eq!(table.parent(), Some(id(WORKSPACE)));
}

#[test]
fn subscription_has_no_parent() {
    let group = id(WORKSPACE).parent().expect("a resource group");
    let subscription = group.parent().expect("a subscription");

    assert_eq!(group.provider_type(), "Microsoft.Resources/resourceGroups");
    assert_eq!(subscription.provider_type(), "Microsoft.Resources/subscriptions");
    assert_eq!(subscription.resource_group(), None);
    assert_eq!(subscription.parent(), None);
}

#[test]
fn subscription_resource_has_no_resource_group() {
    let pricing = id("/subscriptions/s/providers/Microsoft.Security/pricings/VirtualMachines");

    assert_eq!(pricing.resource_group(), None);
    assert_eq!(pricing.parent(), Some(ResourceId::of_subscription("s")));
}

#[test]
fn distinguishes_a_resource_named_providers() {
    let odd = id("/subscriptions/s/resourceGroups/g/providers/My.Type/things/providers");

    assert_eq!(odd.provider_type(), "My.Type/things");
    assert_eq!(odd.name(), "providers");
}

#[test]
fn ignores_case_and_keeps_the_original_spelling() {
    let (lower, upper) = (id(&WORKSPACE.to_lowercase()), id(&WORKSPACE.to_uppercase()));

    assert_eq!(lower, upper);
    assert_eq!(hash(&lower), hash(&upper));
    assert_eq!(lower.cmp(&upper), Ordering::Equal);
    assert_ne!(lower.as_str(), upper.as_str());
    assert!(upper.is_type("microsoft.operationalinsights/WORKSPACES"));
}

#[test]
fn error_contains_value_expected_form_and_example() {
    let error = ResourceId::parse("law-soc").expect_err("a bare name is not an id");

    insta::assert_snapshot!(error, @r#""law-soc" is not an Azure resource ID: it does not begin with a slash. Expected the form /subscriptions/{subscription}/resourceGroups/{group}/providers/{namespace}/{type}/{name}, for example /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc"#);
}

#[test]
fn error_suggests_the_id_inside_the_text() {
    let error = ResourceId::parse(&format!("{WORKSPACE}/")).expect_err("a slash at the end").to_string();

    assert!(error.contains(&format!(" one at the end). Use \"{WORKSPACE}\". Expected the form")), "{error}");
}

#[test]
fn error_describes_the_problem() {
    for (text, reason) in [
        ("", "empty"),
        (" /subscriptions/s", "white space"),
        ("/subscriptions", "does not begin with /subscriptions/{subscription}"),
        ("/subscriptions//resourceGroups/g", "empty segment"),
        ("/subscriptions/s/", "empty segment"),
        ("/subscriptions/s/resourceGroups", "resource group is missing"),
        ("/subscriptions/s/groups/g", "resourceGroups or providers"),
        ("/subscriptions/s/providers/My.Type/things", "should follow"),
        ("/subscriptions/s/resourceGroups/../providers/N/t/n", "'.' or '..'"),
        ("/subscriptions/s/resourceGroups/%2E%2e/providers/N/t/n", "'.' or '..'"),
        ("/subscriptions/s?api-version=1", "no resource ID can contain"),
        ("/providers/Microsoft.Management/managementGroups/g", "does not begin with /subscriptions"),
        ("https://portal.azure.com/#/resource/subscriptions/s", "page in the portal"),
    ] {
        let error = ResourceId::parse(text).expect_err(text);
        assert!(error.problem.contains(reason), "{text:?}: {}", error.problem);
    }
}

proptest! {
    #[test]
    fn arbitrary_text_does_not_panic(text in "\\PC*") {
        if let Ok(id) = ResourceId::parse(&text) {
            prop_assert_eq!(id.to_string(), text);
            let _ = (id.name(), id.subscription(), id.resource_group(), id.provider_type(), id.parent());
        }
    }

    #[test]
    fn built_id_parses_and_keeps_its_parent(name in "\\PC{1,20}") {
        let built = id(WORKSPACE).extension("Microsoft.SecurityInsights", "dataConnectors", &name);
        prop_assume!(name.trim() == name);

        let parsed = ResourceId::parse(built.as_str()).expect("what is built is valid");
        prop_assert_eq!(&parsed, &built);
        prop_assert_eq!(parsed.parent(), Some(id(WORKSPACE)));
    }

    #[test]
    fn order_hash_and_equality_ignore_case(left in "[a-cA-C]{1,3}", right in "[a-cA-C]{1,3}") {
        let (left, right) = (ResourceId::of_subscription(&left), ResourceId::of_subscription(&right));

        prop_assert_eq!(left == right, left.cmp(&right) == Ordering::Equal);
        prop_assert_eq!(left == right, left.to_lowercase() == right.to_lowercase());
        if left == right {
            prop_assert_eq!(hash(&left), hash(&right));
        }
    }
}
