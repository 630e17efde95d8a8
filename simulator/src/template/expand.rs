//! Expands a template: from a template and its parameters to its resources, in the order of deployment.

use serde_json::{Map, Value};

use super::deployment_scope::DeploymentScope;
use super::error::TemplateError;
use super::evaluator::Evaluator;
use super::resources::Resource;
use super::{dependencies, parameters, resources};

/// An expanded template.
#[derive(Clone, Debug)]
pub(crate) struct Expanded {
    /// The parameters in the format of a deployment: `{"workspace": {"type": "String", "value": "law-soc"}}`.
    pub(crate) parameters: Map<String, Value>,
    /// The resources, each after those that it depends on.
    pub(crate) resources: Vec<Resource>,
    /// The outputs in the format of a deployment.
    pub(crate) outputs: Map<String, Value>,
}

/// The members of a template.
const MEMBERS: &[&str] = &[
    "$schema",
    "contentVersion",
    "apiProfile",
    "languageVersion",
    "metadata",
    "definitions",
    "parameters",
    "variables",
    "functions",
    "imports",
    "extensions",
    "asserts",
    "resources",
    "outputs",
];

/// Members that describe a type, of parameters and outputs.
const TYPE_MEMBERS: &[&str] = &[
    "type",
    "$ref",
    "metadata",
    "nullable",
    "allowedValues",
    "minValue",
    "maxValue",
    "minLength",
    "maxLength",
    "items",
    "prefixItems",
    "properties",
    "additionalProperties",
    "discriminator",
    "sealed",
];

/// Sections of a template, with the type name and the members of their entries.
const SECTIONS: [(&str, &str, &[&[&str]]); 2] = [
    ("parameters", "TemplateInputParameter", &[TYPE_MEMBERS, &["defaultValue"]]),
    ("outputs", "TemplateOutputParameter", &[TYPE_MEMBERS, &["value", "copy", "condition"]]),
];

/// Evaluates a template. `given` are the parameters of the request: `{"workspace": {"value": "law-soc"}}`.
pub(crate) fn expand(
    template: &Value,
    given: &Map<String, Value>,
    scope: &DeploymentScope,
) -> Result<Expanded, TemplateError> {
    for member in ["$schema", "contentVersion", "resources"] {
        if template.get(member).is_none_or(Value::is_null) {
            let sentence = format!("Required property '{member}' not found in JSON. Path '', line 1, position 1.");
            return Err(TemplateError::parse(&sentence, ""));
        }
    }
    TemplateError::check_members(template, "Template", &[MEMBERS], "properties.template")?;
    check_schema(&template["$schema"])?;
    check_counts(template)?;
    for (section, object_type, known) in SECTIONS {
        for (name, entry) in members(template, section)? {
            TemplateError::check_members(&entry, object_type, known, &format!("properties.template.{section}.{name}"))?;
        }
    }
    let Value::Array(declared) = &template["resources"] else {
        let sentence = "The resources are not an array; templates with symbolic names are not supported";
        return Err(TemplateError::parse(sentence, "properties.template.resources"));
    };
    let definitions = members(template, "parameters")?;
    let variables = members(template, "variables")?;
    let outputs = members(template, "outputs")?;
    let given = parameters::given(&definitions, given)?;
    let mut evaluator = Evaluator::new(scope, &definitions, &variables, given);
    let shown = parameters::shown(&definitions, &evaluator)?;
    for name in variables.keys().filter(|name| *name != "copy") {
        evaluator.variable(name).map_err(|error| {
            let sentence = format!("The template variable '{name}' is not valid: {}", error.0);
            TemplateError::validation(sentence, format!("properties.template.variables.{name}"))
        })?;
    }
    let resources = dependencies::order(&resources::all(&mut evaluator, declared)?)?;
    let outputs = parameters::outputs(&outputs, &evaluator)?;
    Ok(Expanded { parameters: shown, resources, outputs })
}

/// The versions of the template language.
const SCHEMAS: &[&str] = &["2014-04-01-preview", "2015-01-01", "2018-05-01", "2019-04-01", "2019-08-01"];

/// Returns an error for a schema that is not a version of the template language.
fn check_schema(sent: &Value) -> Result<(), TemplateError> {
    let schema = sent.as_str().unwrap_or_default();
    let path = schema.split_once("://schema.management.azure.com/schemas/").map_or("", |(_, path)| path);
    if SCHEMAS.iter().any(|known| path.to_lowercase().starts_with(&format!("{known}/"))) {
        return Ok(());
    }
    let sentence = format!(
        "Template schema '{schema}' is not supported. Supported versions are '{}'. Please see \
         https://aka.ms/arm-template for usage details.",
        SCHEMAS.join(",")
    );
    Err(TemplateError::parse(&sentence, "properties.template.$schema"))
}

/// Azure's limits for the sections of a template. `resources` counts copies too, and has its own check.
const LIMITS: [(&str, usize); 3] = [("parameters", 256), ("variables", 512), ("outputs", 64)];

fn check_counts(template: &Value) -> Result<(), TemplateError> {
    for (section, most) in LIMITS {
        let count = members(template, section)?.len();
        if count > most {
            let sentence = format!(
                "The number of template {section} limit exceeded. Limit: '{most}' and actual: '{count}'. Please see \
                 https://aka.ms/arm-syntax-{section} for usage details."
            );
            return Err(TemplateError::validation(sentence, format!("properties.template.{section}")));
        }
    }
    Ok(())
}

fn members(template: &Value, name: &str) -> Result<Map<String, Value>, TemplateError> {
    match template.get(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members.clone()),
        Some(_) => Err(TemplateError::parse(
            &format!("The template's '{name}' are not an object"),
            &format!("properties.template.{name}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::testing::deployment_scope;
    use super::*;

    const GROUP: &str = "/subscriptions/s/resourceGroups/g";

    fn template(members: Value) -> Value {
        let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
        let mut template = json!({"$schema": schema, "contentVersion": "1.0.0.0", "resources": []});
        if let (Some(template), Value::Object(members)) = (template.as_object_mut(), members) {
            template.extend(members);
        }
        template
    }

    fn thing(name: &str, depends_on: &[&str]) -> Value {
        json!({"type": "A.B/things", "name": name, "apiVersion": "2020-01-01", "dependsOn": depends_on})
    }

    fn expanded(members: Value, given: Value) -> Result<Expanded, TemplateError> {
        let Value::Object(given) = given else { panic!("{given} are no parameters") };
        expand(&template(members), &given, &deployment_scope())
    }

    fn names(members: Value) -> Vec<String> {
        let expanded = expanded(members, json!({})).expect("a valid template");
        expanded.resources.into_iter().map(|resource| resource.name).collect()
    }

    fn rejects(members: Value, given: Value, expected: &str) {
        let message = expanded(members, given).map(|_| ()).expect_err(expected).message;
        assert!(message.contains(expected), "{message}");
    }

    #[test]
    fn evaluates_id_and_body_of_a_resource() {
        let expanded = expanded(
            json!({
                "parameters": {
                    "workspace": {"type": "string"},
                    "region": {"type": "string", "defaultValue": "[resourceGroup().location]"},
                },
                "variables": {"name": "[concat(parameters('workspace'), '/A.B/', 'card')]"},
                "resources": [{
                    "type": "Microsoft.OperationalInsights/workspaces/providers/cards", "apiVersion": "2020-01-01",
                    "name": "[variables('name')]", "location": "[parameters('region')]", "kind": "K",
                    "properties": {"later": "[[parameters('x')]", "list": ["[toUpper('a')]"]},
                }],
                "outputs": {"name": {"type": "string", "value": "[variables('name')]"}},
            }),
            json!({"WORKSPACE": {"value": "w"}}),
        )
        .expect("a valid template");
        let resource = &expanded.resources[0];
        assert_eq!(
            resource.id,
            format!("{GROUP}/providers/Microsoft.OperationalInsights/workspaces/w/providers/A.B/cards/card")
        );
        assert_eq!(
            json!(resource.body),
            json!({"location": "westeurope", "kind": "K", "properties": {"later": "[parameters('x')]", "list": ["A"]}})
        );
        assert_eq!(json!(expanded.outputs), json!({"name": {"type": "String", "value": "w/A.B/card"}}));
        assert_eq!(expanded.parameters["region"], json!({"type": "String", "value": "westeurope"}));
    }

    #[test]
    fn checks_parameters_against_their_definitions() {
        let definitions = json!({"parameters": {
            "a": {"type": "string", "minLength": 2},
            "n": {"type": "int", "defaultValue": 1, "allowedValues": [1, 2]},
        }});
        let rejects = |given: Value, expected: &str| rejects(definitions.clone(), given, expected);
        rejects(json!({}), "The value for the template parameter 'a'");
        rejects(json!({"a": {"value": null}}), "The value for the template parameter 'a'");
        rejects(json!({"a": {"value": "xy"}, "b": {"value": 1}}), "supported parameters for this template are 'a, n'");
        rejects(
            json!({"a": {"value": 1}}),
            "Expected a value of type 'String', but received a value of type 'Integer'",
        );
        rejects(json!({"a": {"value": "x"}}), "greater than or equal to '2'");
        rejects(json!({"a": {"value": "xy"}, "n": {"value": 3}}), "allowed value(s): '1,2'");
    }

    #[test]
    fn counts_copies_of_nested_resources() {
        let copied = |kind: &str, name: &str, children: Value| {
            let mut resource = thing(&format!("[concat('{name}', copyIndex())]"), &[]);
            resource["type"] = json!(kind);
            resource["copy"] = json!({"name": name, "count": 800});
            resource["resources"] = children;
            resource
        };
        let nested = copied("A.B/a", "a", json!([copied("b", "b", json!([copied("c", "c", json!([]))]))]));
        rejects(json!({"resources": [nested]}), json!({}), "template resources limit exceeded. Limit: '800'");
    }

    #[test]
    fn hides_secure_values() {
        let secure = json!({
            "parameters": {"p": {"type": "securestring"}},
            "outputs": {"o": {"type": "securestring", "value": "[parameters('p')]"}},
        });
        let expanded = expanded(secure, json!({"p": {"value": "secret"}})).expect("a valid template");
        assert_eq!(
            json!([expanded.parameters, expanded.outputs]),
            json!([{"p": {"type": "SecureString"}}, {"o": {"type": "SecureString"}}])
        );
    }

    #[test]
    fn orders_resources_by_dependency() {
        let id = format!("{GROUP}/providers/A.B/things/c");
        let (a, b) = (thing("a", &["b", &id]), thing("b", &["A.B/things/c"]));
        assert_eq!(names(json!({"resources": [a, b, thing("c", &[]), thing("d", &[])]})), ["c", "b", "a", "d"]);
    }

    #[test]
    fn copy_index_is_a_64_bit_integer() {
        let mut copied = thing("[concat('a', copyIndex(9223372036854775807))]", &[]);
        copied["copy"] = json!({"name": "loop", "count": 2});
        rejects(json!({"resources": [copied]}), json!({}), "the result is not a 64-bit integer");
    }

    #[test]
    fn expands_conditions_copies_and_children() {
        let mut skipped = thing("no", &[]);
        skipped["condition"] = json!("[equals(1, 2)]");
        skipped["properties"] = json!("[magic()]");
        let mut copied = thing("[concat('copy', copyIndex(1))]", &["no"]);
        copied["copy"] = json!({"name": "loop", "count": 2});
        let mut parent = thing("parent", &["loop"]);
        parent["resources"] =
            json!([{"type": "parts", "name": "child", "apiVersion": "2020-01-01", "dependsOn": ["parent"]}]);
        let resources = json!({"resources": [parent, copied, skipped]});
        assert_eq!(names(resources), ["copy1", "copy2", "parent", "parent/child"]);
    }

    #[test]
    fn reports_invalid_templates() {
        rejects(json!({"$schema": null}), json!({}), "Required property '$schema' not found");
        rejects(
            json!({"$schema": "https://example.com/s.json"}),
            json!({}),
            "Template schema 'https://example.com/s.json'",
        );
        let outputs: Map<String, Value> = (0..65).map(|at| (at.to_string(), json!({}))).collect();
        rejects(
            json!({"outputs": outputs}),
            json!({}),
            "template outputs limit exceeded. Limit: '64' and actual: '65'",
        );
        rejects(json!({"outputs": {"o": {"type": "int", "value": "x"}}}), json!({}), "Expected 'Int'. Actual 'String'");
        rejects(json!({"variables": {"a": "[magic('x')]"}}), json!({}), "The template function 'magic' is not valid");
        rejects(
            json!({"resources": [thing("a", &["b"]), thing("b", &["a"])]}),
            json!({}),
            "Circular dependency detected",
        );
        rejects(
            json!({"resources": [thing("a", &["x"])]}),
            json!({}),
            "The resource 'x' is not defined in the template",
        );
        rejects(json!({"resources": [thing("a/b", &[])]}), json!({}), "incorrect segment lengths");
        rejects(json!({"resources": [thing("a", &[]), thing("A", &[])]}), json!({}), "defined multiple times");
        rejects(json!({"resources": [thing("[parameters('q')]", &[])]}), json!({}), "parameter 'q' is not found");
        rejects(json!({"resources": [{"type": "A.B/things", "name": "a"}]}), json!({}), "'apiVersion' not found");
        let mut broken = thing("a", &[]);
        broken["properties"] = json!({"x": "[parameters('q')]"});
        rejects(json!({"resources": [broken]}), json!({}), "Unable to process template language expressions");
    }

    proptest! {
        /// Every graph is either ordered or rejected as circular.
        #[test]
        fn every_graph_is_ordered_or_reported_as_circular(edges in prop::collection::vec((0_usize..8, 0_usize..8), 0..20)) {
            let names: Vec<String> = (0..8).map(|at| format!("r{at}")).collect();
            let things: Vec<Value> = (0..8)
                .map(|at| {
                    let own = edges.iter().filter(|(from, _)| *from == at);
                    let targets: Vec<&str> = own.map(|(_, to)| names[*to].as_str()).collect();
                    thing(&names[at], &targets)
                })
                .collect();
            match expanded(json!({"resources": things}), json!({})) {
                Ok(expanded) => {
                    prop_assert_eq!(expanded.resources.len(), 8);
                    for (at, resource) in expanded.resources.iter().enumerate() {
                        for id in &resource.depends_on {
                            prop_assert!(expanded.resources[..at].iter().any(|earlier| earlier.id == *id));
                        }
                    }
                }
                Err(error) => prop_assert!(error.message.contains("Circular dependency"), "{}", error.message),
            }
        }
    }
}
