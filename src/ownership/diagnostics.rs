//! The diagnostics about conflicts between resources that manage the same object.

use crate::framework::{Diagnostic, Path, Severity};

use super::facts::Conflict;
use super::object::UniqueObject;

/// How to remove a resource from the state without destroying it.
const FORGET: &str = "with a `removed` block that has `destroy = false` or with `terraform state rm`";

/// The object exists, and the configuration does not allow its adoption.
pub(super) fn exists(object: &UniqueObject, found: &str) -> Diagnostic {
    let (noun, adopt) = (object.kind.noun, object.kind.adopt_attribute);
    let moved = if object.import_id.is_some() {
        format!(
            "\n  - The workspace was moved or renamed, so the resource is already in the state: set `{adopt} = true`, \
             or run `terraform state rm` with the address of the resource before the import."
        )
    } else {
        String::new()
    };
    let detail = format!(
        "{found}\n\n{}\n\nOther causes:\n  - The resource was renamed: use a `moved` block instead.\n  - Another \
         resource manages the {noun}: remove one of the two resources.\n  - The resource is tainted: plan without \
         `-refresh=false`.\n  - The resource is replaced with `create_before_destroy`, or the state contains only a \
         deposed object: set `{adopt} = true`.{moved}",
        how_to_manage(object)
    );
    Diagnostic::error(format!("The {} already exists", object.label), detail).at(path(object))
}

/// The plan's warning that the apply will reject the create. It omits the rare causes.
pub(super) fn will_be_rejected(object: &UniqueObject, found: &str) -> Diagnostic {
    let detail = format!("{found} This plan creates another one, so the apply will fail.\n\n{}", how_to_manage(object));
    Diagnostic::warning(format!("The {} already exists", object.label), detail).at(path(object))
}

fn how_to_manage(object: &UniqueObject) -> String {
    let (noun, type_name, adopt) = (object.kind.noun, object.kind.type_name, object.kind.adopt_attribute);
    let import = object.import_id.as_ref().map_or_else(String::new, |id| {
        format!(
            "add this block and apply again. Replace NAME with the name of the resource, and its key if it has one.\n\n\
             import {{\n  to = {type_name}.NAME\n  id = \"{id}\"\n}}\n\nOr "
        )
    });
    format!("To manage this {noun} with Terraform, {import}set `{adopt} = true`. The apply then adopts it.")
}

/// A create adopts the existing object.
pub(super) fn adopted(object: &UniqueObject, found: &str, change: &str) -> Diagnostic {
    let adopt = object.kind.adopt_attribute;
    Diagnostic::warning(
        format!("The existing {} is adopted", object.label),
        format!(
            "{found} `{adopt}` is `true`, so this resource manages it from now on. {change} Destroying the resource \
             {}. To get an error instead, set `{adopt} = false`.",
            object.kind.destroy_effect
        ),
    )
    .at(path(object))
}

/// Two resources manage the same object.
pub(super) fn conflict(conflict: Conflict, object: &UniqueObject) -> Diagnostic {
    let UniqueObject { kind, title, label, .. } = object;
    let (noun, type_name, effect) = (kind.noun, kind.type_name, kind.destroy_effect);
    let (summary, detail) = match conflict {
        Conflict::Taken => (
            format!("Two resources manage the {label}"),
            format!(
                "Another `{type_name}` resource already manages {title}, and there can be only one. Remove one of the \
                 two resources. If the resource was renamed, use a `moved` block."
            ),
        ),
        Conflict::Duplicate => (
            format!("Two resources manage the {label}"),
            format!(
                "Two `{type_name}` resources manage {title}. Destroying one of them {effect} for both. Remove one of \
                 them from the configuration. If it is in the state, remove it from the state too, {FORGET}."
            ),
        ),
        Conflict::Split => (
            format!("This plan destroys the shared {label}"),
            format!(
                "Two `{type_name}` resources in the state manage {title}, and this plan destroys one of them. That \
                 {effect} for both. Remove that resource from the state instead, {FORGET}. If it is a deposed object, \
                 run `terraform state rm`. This also removes the current object from the state, so import it \
                 afterwards. If the resource was only renamed, use a `moved` block."
            ),
        ),
        Conflict::Deposed => (
            format!("Destroying the older object removes the {label}"),
            format!(
                "Two objects in the state represent {title}. The older one is probably a deposed object from an \
                 interrupted `create_before_destroy` replacement. This plan destroys it, which {effect} for both. \
                 After this apply, apply again to create the {noun} for the remaining object."
            ),
        ),
        Conflict::Handover => (
            format!("This plan destroys and creates the {label}"),
            format!(
                "This plan destroys one `{type_name}` resource and creates another one, and both manage {title}. \
                 Terraform does not order the two: the creation may fail, and the {noun} may be gone for a while. If \
                 the resource was only renamed, a `moved` block keeps the {noun} as it is."
            ),
        ),
    };
    let severity = if conflict.is_error() { Severity::Error } else { Severity::Warning };
    Diagnostic { severity, ..Diagnostic::error(summary, detail) }.at(path(object))
}

fn path(object: &UniqueObject) -> Path {
    Path::attribute(object.kind.attribute)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::testing::messages;
    use crate::ownership::ObjectKind;

    static SOLUTION: ObjectKind = ObjectKind {
        type_name: "sentinel_content_hub_solution",
        noun: "solution",
        attribute: "content_id",
        adopt_attribute: "adopt_existing",
        destroy_effect: "uninstalls the solution",
    };

    fn solution() -> UniqueObject {
        UniqueObject {
            kind: &SOLUTION,
            key: "k".to_owned(),
            title: "the solution contoso.cloud in the workspace law-soc".to_owned(),
            label: "solution contoso.cloud in law-soc".to_owned(),
            import_id: Some("/subscriptions/s|contoso.cloud".to_owned()),
        }
    }

    #[test]
    fn diagnostics_match_the_snapshot() {
        const FOUND: &str = "The workspace law-soc already has \"Contoso Cloud\", in version 3.0.3.";
        let conflicts = [Conflict::Handover, Conflict::Duplicate, Conflict::Deposed, Conflict::Split, Conflict::Taken];
        let mut all = vec![
            exists(&solution(), FOUND),
            will_be_rejected(&solution(), FOUND),
            adopted(&solution(), FOUND, "It stays as it is."),
        ];
        all.extend(conflicts.map(|found| conflict(found, &solution())));

        insta::assert_snapshot!(messages(&all));
    }

    #[test]
    fn reports_a_conflict_on_the_attribute_of_its_kind() {
        assert_eq!(conflict(Conflict::Taken, &solution()).path, Some(Path::attribute("content_id")));
    }

    #[test]
    fn omits_the_import_block_for_objects_that_cannot_be_imported() {
        let detail = exists(&solution().importable_if(false), "It is there.").detail;

        assert!(!detail.contains("import {") && detail.contains("with Terraform, set `adopt_existing"), "{detail}");
    }
}
