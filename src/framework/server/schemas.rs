//! The schemas of a provider.

use std::collections::BTreeMap;

use crate::framework::function::FunctionDefinition;
use crate::framework::resource::StateUpgrade;
use crate::framework::schema::{Identity, Schema, SchemaKind, is_identifier};
use crate::framework::value::Type;

/// All schemas of a provider, by name.
#[derive(Clone, Debug)]
pub struct Schemas {
    /// The provider's name.
    pub provider_name: &'static str,
    /// The provider block.
    pub provider: Schema,
    /// Resources by type.
    pub resources: BTreeMap<&'static str, ResourceSchema>,
    /// Data sources by type.
    pub data_sources: BTreeMap<&'static str, Schema>,
    /// Functions by name.
    pub functions: BTreeMap<&'static str, FunctionSchema>,
}

/// The schemas of a resource.
#[derive(Clone, Debug)]
pub struct ResourceSchema {
    /// The schema of its attributes.
    pub schema: Schema,
    /// The schema of its identity.
    pub identity: Option<Identity>,
}

/// The schema of a function.
#[derive(Clone, Debug)]
pub struct FunctionSchema {
    /// The name and parameters.
    pub definition: FunctionDefinition,
    /// The type of the result.
    pub output: Type,
}

/// The error for a provider with invalid schemas.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the provider's schema is not valid:\n{}", problems.join("\n"))]
pub struct InvalidProvider {
    /// The problems, one line each.
    pub problems: Vec<String>,
}

impl ResourceSchema {
    pub(super) fn problems(&self, upgrades: &[StateUpgrade]) -> Vec<String> {
        let mut problems = self.schema.problems(SchemaKind::Resource);
        problems.extend(self.identity.iter().flat_map(|identity| identity.problems(&self.schema)));
        let missing = (0..self.schema.state_version()).filter(|from| !upgrades.iter().any(|step| step.from == *from));
        problems.extend(missing.map(|from| format!("states of version {from} cannot be upgraded")));
        problems
    }
}

impl Schemas {
    /// The problems of all schemas except those of resources, which the registration checks.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = self.provider.problems(SchemaKind::Provider);
        let prefix = format!("{}_", self.provider_name);
        let foreign = self.resources.keys().chain(self.data_sources.keys()).filter(|name| !name.starts_with(&prefix));
        problems.extend(foreign.map(|name| format!("`{name}` does not begin with the provider's name")));
        for (name, schema) in &self.data_sources {
            problems.extend(
                schema.problems(SchemaKind::DataSource).into_iter().map(|problem| format!("{name}: {problem}")),
            );
        }
        for (name, function) in &self.functions {
            problems.extend(
                function.definition.problems().into_iter().map(|problem| format!("function {name}: {problem}")),
            );
        }
        problems
    }
}

impl FunctionDefinition {
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut names: Vec<_> = self.parameters.iter().chain(&self.variadic).map(|parameter| parameter.name).collect();
        names.push(self.name);
        problems
            .extend(names.iter().filter(|name| !is_identifier(name)).map(|name| format!("`{name}` is no identifier")));
        names.pop();
        names.sort_unstable();
        problems
            .extend(names.windows(2).filter(|two| two[0] == two[1]).map(|two| format!("`{}` is there twice", two[0])));
        problems
    }
}
