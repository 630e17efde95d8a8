//! Property tests: for any documents, the resource accepts the contract that the commands print.

use proptest::prelude::*;

use super::*;

/// Properties with parts that are missing, unknown or of the wrong type.
fn properties() -> impl Strategy<Value = Value> {
    let state = prop::sample::select(vec!["Enabled", "enabled", "Disabled", "Pending"]).prop_map(Value::from);
    let generated = vec![TENANT, "22222222222242228222222222222222", "2026-08-01T00:00:00Z", "a@contoso.com"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        "[a-zA-Z. @-]{0,8}".prop_map(Value::from),
        prop::sample::select(generated.clone()).prop_map(Value::from),
        prop::sample::select(generated.clone()).prop_map(|id| format!("x {id}").into()),
    ];
    let key = prop_oneof![3 => "[a-z]{1,4}", 1 => prop::sample::select(generated).prop_map(str::to_owned)];
    let other = leaf.clone().prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..3).prop_map(|members| json!(members)),
        ]
    });
    let data_type = state.prop_map(|state| json!({"state": state}));
    let data_type = prop_oneof![
        6 => data_type.clone(),
        1 => data_type.prop_map(|inner| json!({"alerts": inner.clone(), "state": inner})),
        1 => leaf.clone(),
    ];
    let names = ["alerts", "Alerts", "incidents", "Incidents", "cloudAlerts", "advancedHunting", "state", "a.b", "x y"];
    let name = prop::sample::select(names.to_vec());
    let types = prop::collection::hash_map(name, data_type, 0..4)
        .prop_map(|types| json!(types.into_iter().collect::<std::collections::BTreeMap<_, _>>()));
    let provider =
        prop::sample::select(vec!["microsoftDefenderForCloud", "microsoftDefenderForIdentity", "mdc", "a b"]);
    let filter = prop_oneof![
        1 => Just(Value::Null),
        4 => prop::collection::vec(provider, 0..3).prop_map(|names| json!({"alerts": names})),
        1 => leaf.clone(),
    ];
    let types = prop_oneof![8 => types, 1 => leaf.clone()];
    (types, filter, prop::option::of(other))
        .prop_map(|(types, filter, other)| json!({"dataTypes": types, "filteredProviders": filter, "other": other}))
}

proptest! {
    #[test]
    fn the_resource_accepts_every_printed_contract(
        before in prop::option::of(properties()), after in properties(), kind in prop::sample::select(vec![XDR, "Novel", OWN_KIND])
    ) {
        let list = |properties: &Value| vec![document("c1", kind, properties.clone())];
        let before = before.as_ref().map(list).unwrap_or_default();

        for analysis in [analyze(&changes(&before, &list(&after))), connected(&snapshot(&list(&after)))] {
            if let Outcome::Contract(arguments) = analysis.unless_masked(&mask()).outcome {
                prop_assert_eq!(arguments.check(), Ok(()), "{:?}", arguments);
                let block = hcl::contract(&arguments);
                prop_assert_eq!(mask().text(&block), block);
                let documents = [Document::parse(list(&after)[0].clone()).expect("a document")];
                prop_assert!(defender_xdr::streaming(&documents, &arguments.contract().part()).is_some(), "{:?}", arguments);
            }
        }
    }
}
