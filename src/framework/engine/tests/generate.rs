//! Generators of configurations that Terraform could send, and of states that an apply could return.

use proptest::prelude::*;

use crate::framework::engine::plan;
use crate::framework::schema::{AttributeSpec, Mode, Nested, Nesting, Schema, Shape};
use crate::framework::value::{Number, Type, Value};

/// Generates configurations. With `unknowns`, any value in them may be unknown.
pub(super) fn config(specs: &[AttributeSpec], unknowns: bool) -> BoxedStrategy<Value> {
    let attributes: Vec<_> = specs.iter().map(|spec| attribute(spec, unknowns)).collect();
    let names: Vec<_> = specs.iter().map(|spec| spec.name).collect();
    attributes.prop_map(move |values| Value::object(names.iter().copied().zip(values))).boxed()
}

fn attribute(spec: &AttributeSpec, unknowns: bool) -> BoxedStrategy<Value> {
    if spec.mode == Mode::Computed {
        return Just(Value::Null).boxed();
    }
    let known = if spec.name == "timeouts" { Just(Value::Null).boxed() } else { value(&spec.shape, unknowns) };
    let absent = if spec.mode == Mode::Required { known.clone() } else { Just(spec.absent()).boxed() };
    let unknown = if unknowns { Just(Value::Unknown).boxed() } else { known.clone() };
    prop_oneof![5 => known, 3 => absent, 1 => unknown].boxed()
}

fn value(shape: &Shape, unknowns: bool) -> BoxedStrategy<Value> {
    match shape {
        Shape::Type(ty) => of_type(ty),
        Shape::Nested(Nested { nesting, attributes }) => {
            let object = config(attributes, unknowns);
            collection(*nesting, object)
        }
    }
}

fn of_type(ty: &Type) -> BoxedStrategy<Value> {
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => prop::sample::select(vec!["0.1", "1.0", "1", "1e300", "18446744073709551617"])
            .prop_map(|text| Value::Number(Number::parse(text).expect("a number")))
            .boxed(),
        Type::List(element) => collection(Nesting::List, of_type(element)),
        Type::Set(element) => collection(Nesting::Set, of_type(element)),
        Type::Map(element) => collection(Nesting::Map, of_type(element)),
        _ => prop::sample::select(vec!["a", "A", "b", ""]).prop_map(Value::from).boxed(),
    }
}

fn collection(nesting: Nesting, element: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let key = prop::sample::select(vec!["k", "l"]).prop_map(str::to_owned);
    match nesting {
        Nesting::Single => element,
        Nesting::List => prop::collection::vec(element, 0..3).prop_map(Value::List).boxed(),
        Nesting::Set => prop::collection::btree_set(element, 0..3)
            .prop_map(|elements| Value::Set(elements.into_iter().collect()))
            .boxed(),
        Nesting::Map => prop::collection::btree_map(key, element, 0..3).prop_map(Value::Map).boxed(),
    }
}

/// The state after an apply of a configuration: the plan with known values in place of unknown ones.
pub(super) fn applied(schema: &Schema, config: &Value) -> Value {
    let proposed = plan::propose_new_state(schema, config, &Value::Null);
    let planned = plan::plan_new_state(schema, config, &Value::Null, proposed);
    fill(&planned, &schema.value_type())
}

/// Replaces unknown values with known ones.
fn fill(value: &Value, ty: &Type) -> Value {
    match (value, ty) {
        (Value::Unknown, Type::String) => "made".into(),
        (Value::Unknown, Type::List(element)) => Value::List(vec![fill(&Value::Unknown, element)]),
        (Value::Unknown, Type::Map(element)) => Value::Map([("k".to_owned(), fill(&Value::Unknown, element))].into()),
        (Value::Unknown, Type::Object(types)) => {
            Value::object(types.iter().map(|(name, ty)| (name.clone(), fill(&Value::Unknown, ty))))
        }
        (Value::Unknown, _) => Value::Null,
        (Value::Object(attributes), Type::Object(types)) => {
            Value::object(types.iter().map(|(name, ty)| (name.clone(), fill(&attributes[name], ty))))
        }
        (Value::List(values), Type::List(element)) => {
            Value::List(values.iter().map(|value| fill(value, element)).collect())
        }
        (Value::Set(values), Type::Set(element)) => {
            Value::Set(values.iter().map(|value| fill(value, element)).collect())
        }
        (Value::Map(values), Type::Map(element)) => {
            Value::Map(values.iter().map(|(key, value)| (key.clone(), fill(value, element))).collect())
        }
        (value, _) => value.clone(),
    }
}
