//! Validates a configuration against its schema. Unknown values are valid, at any depth.

use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::mask::Mask;
use crate::framework::schema::{AttributeSpec, Invalid, Mode, Nested, Nesting, Schema, Validator};
use crate::framework::value::{Path, PathStep, Value};

/// Validates a configuration: types, values, required attributes, and rules about attributes that are set together.
pub(in crate::framework) fn config(schema: &Schema, config: &Value, write_only_allowed: bool) -> Diagnostics {
    let mut check = Check { write_only_allowed, is_secret: false, diagnostics: Diagnostics::new() };
    check.object(schema.specs(), config, &Path::root());
    check.diagnostics.extend(schema.rules().iter().flat_map(|rule| rule.check(config)));
    check.diagnostics.into_iter().map(with_path_in_detail).collect()
}

struct Check {
    write_only_allowed: bool,
    /// Whether an enclosing object is sensitive or write-only.
    is_secret: bool,
    diagnostics: Diagnostics,
}

impl Check {
    fn object(&mut self, specs: &[AttributeSpec], object: &Value, path: &Path) {
        if object.is_unknown() || object.is_null() {
            return;
        }
        for spec in specs {
            let outer = self.is_secret;
            self.is_secret |= spec.sensitive || spec.write_only;
            self.spec(spec, object.attribute(spec.name), path.clone().child(spec.name));
            self.is_secret = outer;
        }
    }

    fn spec(&mut self, spec: &AttributeSpec, value: &Value, path: Path) {
        let errors_before = self.diagnostics.len();
        match value {
            Value::Unknown => return,
            Value::Null => return self.absent(spec, path),
            _ => {}
        }
        if spec.mode == Mode::Computed {
            return self.error(
                path,
                "Read-only attribute",
                "The provider sets this attribute. Remove it from the configuration.".to_owned(),
            );
        }
        if spec.write_only && !self.write_only_allowed {
            let detail = "Write-only attributes need Terraform 1.11 or OpenTofu 1.11, or a newer version. An older \
                          version would save the value in the state.";
            return self.error(path, "Write-only attribute not supported", detail.to_owned());
        }
        if let Some(nested) = spec.nested() {
            self.nested(nested, value, &path);
        }
        // An error on the object would only repeat the errors that were reported on its attributes.
        if self.diagnostics.len() == errors_before {
            for mut invalid in self.errors(spec, value) {
                if self.is_secret {
                    invalid.detail = Mask::of_value(value).hide(&invalid.detail);
                }
                self.diagnostics.push(Diagnostic::from(invalid.within(path.clone())));
            }
        }
    }

    fn nested(&mut self, nested: &Nested, value: &Value, path: &Path) {
        match value {
            Value::List(objects) => {
                for (index, object) in objects.iter().enumerate() {
                    self.object(&nested.attributes, object, &path.clone().index(index));
                }
            }
            Value::Set(objects) => {
                // Elements of a set have no path, so errors in them are reported on the set. The text names the
                // attribute.
                for object in objects {
                    let mut inner = Self { diagnostics: Diagnostics::new(), ..*self };
                    inner.object(&nested.attributes, object, &Path::root());
                    self.diagnostics.extend(inner.diagnostics.into_iter().map(|diagnostic| at_set(diagnostic, path)));
                }
            }
            Value::Map(objects) => {
                for (key, object) in objects {
                    self.object(&nested.attributes, object, &path.clone().key(key));
                }
            }
            object if nested.nesting == Nesting::Single => self.object(&nested.attributes, object, path),
            _ => {}
        }
    }

    fn absent(&mut self, spec: &AttributeSpec, path: Path) {
        if spec.mode == Mode::Required {
            let detail = format!("The argument `{}` is required, but it is missing or null. Set it.", spec.name);
            self.error(path, "Missing argument", detail);
        }
    }

    /// The errors of the attribute's type and validators.
    fn errors(&self, spec: &AttributeSpec, value: &Value) -> Vec<Invalid> {
        if value.is_wholly_known() {
            return match (spec.parse)(value) {
                Err(invalid) => vec![invalid],
                Ok(()) => spec.validators.iter().filter_map(|validator| validator.check(value).err()).collect(),
            };
        }
        if spec.nested().is_some() {
            return Vec::new();
        }
        known_elements(value).into_iter().filter_map(|(single, step)| element_error(spec, &single, step)).collect()
    }

    fn error(&mut self, path: Path, summary: &str, detail: String) {
        self.diagnostics.push(Diagnostic::error(summary, detail).at(path));
    }
}

/// The known elements of a partly unknown collection, each in a collection of its own, with its index or key.
fn known_elements(value: &Value) -> Vec<(Value, Option<PathStep>)> {
    match value {
        Value::List(values) => {
            let known = values.iter().enumerate().filter(|(_, value)| value.is_wholly_known());
            let step = |index| PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX));
            known.map(|(index, value)| (Value::List(vec![value.clone()]), Some(step(index)))).collect()
        }
        Value::Set(values) => {
            let known = values.iter().filter(|value| value.is_wholly_known());
            known.map(|value| (Value::Set(vec![value.clone()]), None)).collect()
        }
        Value::Map(values) => {
            let known = values.iter().filter(|(_, value)| value.is_wholly_known());
            let single = |(key, value): (&String, &Value)| {
                (Value::Map([(key.clone(), value.clone())].into()), Some(PathStep::Key(key.clone())))
            };
            known.map(single).collect()
        }
        _ => Vec::new(),
    }
}

fn element_error(spec: &AttributeSpec, single: &Value, step: Option<PathStep>) -> Option<Invalid> {
    let of_elements = spec.validators.iter().filter(|validator| matches!(validator, Validator::Each(_)));
    let parsed = (spec.parse)(single);
    let mut invalid = parsed.err().or_else(|| of_elements.filter_map(|each| each.check(single).err()).next())?;
    if let Some(step) = step {
        let rest = invalid.path.steps().iter().skip(1).cloned();
        invalid.path = std::iter::once(step).chain(rest).collect();
    }
    Some(invalid)
}

/// Adds the path of a nested attribute to the text: Terraform shows the line only for top-level attributes.
fn with_path_in_detail(mut diagnostic: Diagnostic) -> Diagnostic {
    if let Some(path) = diagnostic.path.as_ref().filter(|path| path.steps().len() > 1) {
        diagnostic.detail = format!("At `{path}`: {}", diagnostic.detail);
    }
    diagnostic
}

fn at_set(mut diagnostic: Diagnostic, set: &Path) -> Diagnostic {
    if let Some(inner) = diagnostic.path.take().filter(|path| !path.is_root()) {
        diagnostic.detail = format!("In an element, at `{inner}`: {}", diagnostic.detail);
    }
    diagnostic.at(set.clone())
}
