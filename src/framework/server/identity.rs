//! The identity in a response, derived from its state.

use crate::framework::diagnostics::Diagnostic;
use crate::framework::schema::{AttributeSpec, Identity};
use crate::framework::value::Value;

/// The identity of a planned object. An existing object keeps its identity and its spelling. An unknown identity is
/// omitted, because OpenTofu 1.12 cannot write it into a plan file.
pub(super) fn planned(
    identity: &Identity,
    prior: Option<Value>,
    planned: &Value,
    may_change: bool,
) -> Result<Option<Value>, Diagnostic> {
    let derived = identity.of_state(planned);
    match prior {
        Some(prior) if identity.is_same(&prior, &derived) => Ok(Some(prior)),
        Some(prior) if !may_change && !derived.is_wholly_known() => Ok(Some(prior)),
        Some(_) if !may_change => Err(changed(identity, &derived)),
        _ => Ok(Some(derived).filter(Value::is_wholly_known)),
    }
}

/// Derives the identity from a state. Returns `None` if the state lacks an attribute of the identity.
pub(super) fn of_state(identity: &Identity, state: &Value) -> Option<Value> {
    let derived = identity.of_state(state);
    let lacks = |spec: &AttributeSpec| {
        let value = derived.attribute(spec.name);
        value.is_unknown() || (value.is_null() && Identity::is_required_for_import(spec))
    };
    (!identity.attributes().iter().any(lacks)).then_some(derived)
}

/// The error for a changed identity, which is a bug in the provider.
pub(super) fn changed(identity: &Identity, found: &Value) -> Diagnostic {
    let found = identity.attributes().iter().filter_map(|spec| {
        let text = found.attribute(spec.name).as_str()?;
        Some(format!("{} = {text:?}", spec.name))
    });
    let found: Vec<_> = found.collect();
    let found = if found.is_empty() { "another one".to_owned() } else { found.join(", ") };
    let names = names(identity);
    Diagnostic::bug(&format!(
        "The identity of the object ({names}) changed while the object stayed; it is now {found}."
    ))
}

/// The error for a state without attributes of the identity, which is a bug in the provider.
pub(super) fn unset(identity: &Identity) -> Diagnostic {
    Diagnostic::bug(&format!("The provider has not set all attributes of the object's identity ({}).", names(identity)))
}

fn names(identity: &Identity) -> String {
    identity.attributes().iter().map(|spec| format!("`{}`", spec.name)).collect::<Vec<_>>().join(", ")
}
