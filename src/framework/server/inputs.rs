//! Checks that an apply request contains no unknown value that must be known. Terraform and OpenTofu never send one,
//! but other clients may.

use super::ApplyRequest;
use crate::framework::diagnostics::Diagnostic;
use crate::framework::schema::AttributeSpec;
use crate::framework::value::{Path, Value};

/// The first unknown value that must be known. The configuration and the prior state must be wholly known, and in the
/// planned state every value that only the configuration sets.
pub(super) fn unknown(specs: &[AttributeSpec], request: &ApplyRequest) -> Option<Path> {
    if request.planned_state.is_unknown() {
        return Some(Path::root());
    }
    specs.iter().find_map(|spec| {
        let is_known = |object: &Value| object.is_null() || object.attribute(spec.name).is_wholly_known();
        let planned = || {
            let is_set = !spec.mode.is_computed() || !request.config.attribute(spec.name).is_null();
            let is_input = is_set && spec.nested().is_none() && !spec.write_only;
            !is_input || is_known(&request.planned_state)
        };
        let is_complete = is_known(&request.config) && is_known(&request.prior_state) && planned();
        (!is_complete).then(|| Path::attribute(spec.name))
    })
}

pub(super) fn not_known(path: Path) -> Diagnostic {
    let what = if path.steps().is_empty() { "the whole object".to_owned() } else { format!("`{path}`") };
    let detail = format!(
        "The program that calls the provider applied a plan in which {what} is not known yet. Every configured value \
         must be known before the apply. Nothing was changed. Terraform and OpenTofu always send known values, so the \
         error is in that program and not in the provider."
    );
    Diagnostic::error("The plan contains unknown values", detail).at(path)
}
