//! Proptest strategies for types and values, shared by the codec's tests.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::framework::{Number, Type, Value, composed};

pub(super) fn types() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String), Just(Type::Dynamic)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|ty| Type::List(Box::new(ty))),
            inner.clone().prop_map(|ty| Type::Set(Box::new(ty))),
            inner.clone().prop_map(|ty| Type::Map(Box::new(ty))),
            btree_map("[a-z_]{1,8}", inner.clone(), 0..4).prop_map(Type::Object),
            vec(inner, 0..4).prop_map(Type::Tuple),
        ]
    })
}

/// Types with one of their values.
pub(super) fn typed_values() -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty, 3)))
}

/// Values of a type, null or unknown at any depth. Dynamic values are nested `depth` times at most.
fn values(ty: &Type, depth: u32) -> BoxedStrategy<Value> {
    let known = match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => numbers().prop_map(|text| Value::Number(Number::parse(&text).expect("a number"))).boxed(),
        Type::String => "\\PC{0,40}".prop_map(|text| Value::String(composed(text))).boxed(),
        Type::List(element) => vec(values(element, depth), 0..4).prop_map(Value::List).boxed(),
        Type::Set(element) => vec(values(element, depth), 0..4).prop_map(Value::Set).boxed(),
        Type::Map(element) => btree_map("[a-zA-Z.-]{0,8}", values(element, depth), 0..4).prop_map(Value::Map).boxed(),
        Type::Tuple(elements) => {
            elements.iter().map(|ty| values(ty, depth)).collect::<Vec<_>>().prop_map(Value::Tuple).boxed()
        }
        Type::Object(attributes) => {
            let names: Vec<String> = attributes.keys().cloned().collect();
            let members: Vec<_> = attributes.values().map(|ty| values(ty, depth)).collect();
            members.prop_map(move |members| Value::Object(names.iter().cloned().zip(members).collect())).boxed()
        }
        Type::Dynamic if depth == 0 => Just(Value::Null).boxed(),
        Type::Dynamic => types()
            .prop_filter("the type of a dynamic value is not dynamic", |ty| *ty != Type::Dynamic)
            .prop_flat_map(move |ty| (Just(ty.clone()), values(&ty, depth - 1)))
            .prop_map(|typed| Value::Dynamic(Box::new(typed)))
            .boxed(),
    };
    prop_oneof![1 => Just(Value::Null), 1 => Just(Value::Unknown), 6 => known].boxed()
}

fn numbers() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|integer| integer.to_string()),
        "-?[1-9][0-9]{18,80}",
        "-?(0|[1-9][0-9]{0,20})\\.[0-9]{0,60}[1-9]",
        (any::<i32>(), 1u32..20)
            .prop_map(|(mantissa, shift)| { (f64::from(mantissa) / f64::from(1u32 << shift)).to_string() }),
    ]
}
