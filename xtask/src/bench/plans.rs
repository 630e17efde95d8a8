//! Measures plans of existing connectors, installed solutions, or the complete example. The contenders take turns.

use std::path::Path;
use std::{fmt, fs};

use anyhow::Result;
use terraform_driver::sandbox::required_provider;
use terraform_driver::world::copy_workspace;
use terraform_driver::{Cli, Simulator};

use super::contender::{Contender, ContenderKind, Measured, Provider};
use super::{complete, solutions};

/// The resources to plan.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Subject {
    /// Connectors, each in its own workspace.
    Connectors,
    /// Installed solutions, all in one workspace.
    Solutions,
    /// The resources of the complete example, in one workspace.
    Complete,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connectors => "connectors",
            Self::Solutions => "solutions",
            Self::Complete => "resources of the complete example",
        })
    }
}

/// The measurements of every contender for a number of resources.
pub(crate) struct Plans {
    pub(crate) subject: Subject,
    /// The number of resources. All of them exist and are unchanged.
    pub(crate) count: usize,
    pub(crate) measured: Vec<Measured>,
}

impl Plans {
    /// The figures of one contender, if it was measured.
    pub(crate) fn of(&self, who: ContenderKind) -> Option<&Measured> {
        self.measured.iter().find(|measured| measured.who == who)
    }
}

/// Applies `count` resources with every contender, and then plans them `runs` times.
pub(crate) fn measure(
    cli: &Cli,
    providers: &[Provider],
    simulator: &Path,
    subject: Subject,
    count: usize,
    runs: usize,
) -> Result<Plans> {
    let mut contenders = Vec::new();
    for Provider { who, executable } in providers {
        // Each contender has its own simulator, so that it does not find the resources of another one.
        let azure = world(simulator, subject, count)?;
        let configuration = configuration(&azure, subject, count)?;
        contenders.push(Contender::new(*who, cli, executable, Some(azure), &configuration)?);
    }
    if let Some(any) = providers.first() {
        contenders.push(Contender::new(ContenderKind::Floor, cli, &any.executable, None, &floor_tf(count))?);
    }
    for _ in 0..runs {
        for contender in &mut contenders {
            contender.run_once(cli)?;
        }
    }
    let measured = contenders.into_iter().map(|contender| contender.finish(cli)).collect::<Result<_>>()?;
    Ok(Plans { subject, count, measured })
}

/// Starts the default simulator with `count` additional objects.
pub(super) fn world(binary: &Path, subject: Subject, count: usize) -> Result<Simulator> {
    let mut world = Simulator::start(binary, None)?.world()?;
    match subject {
        Subject::Connectors => copy_workspace(&mut world, "law-soc", (0..count).map(name)),
        Subject::Solutions => solutions::add_to(&mut world, count),
        Subject::Complete => complete::add_to(&mut world),
    }
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("world.json");
    fs::write(&file, serde_json::Value::Object(world).to_string())?;
    Simulator::start(binary, Some(&file))
}

/// The resources of `subject` for the objects of [`world`].
pub(super) fn configuration(azure: &Simulator, subject: Subject, count: usize) -> Result<String> {
    Ok(match subject {
        Subject::Connectors => required_provider() + &connectors_tf(azure, count)?,
        Subject::Solutions => {
            required_provider() + &solutions::configuration(azure.workspace(solutions::WORKSPACE)?, count)
        }
        Subject::Complete => complete::configuration(azure.workspace(complete::WORKSPACE)?),
    })
}

/// The prefix of the workspace names, before a number.
const PREFIX: &str = "bench-";

fn name(number: usize) -> String {
    format!("{PREFIX}{number}")
}

/// One connector for each value of `count`, like the resources of the floor.
///
/// With `for_each`, Terraform would evaluate the set of a thousand IDs again for each resource, which would distort the
/// measurement.
fn connectors_tf(azure: &Simulator, count: usize) -> Result<String> {
    let first = name(0);
    let id = azure.workspace(&first)?;
    let (stem, _) = id.split_at(id.len() - first.len() + PREFIX.len());
    Ok(format!(
        "resource \"sentinel_dfc_tenant_connector\" \"each\" {{\n  count = {count}\n\n  \
         workspace_id = \"{stem}${{count.index}}\"\n}}\n"
    ))
}

/// Resources that Terraform plans without a provider process.
fn floor_tf(count: usize) -> String {
    format!("resource \"terraform_data\" \"each\" {{\n  count = {count}\n  input = \"{PREFIX}${{count.index}}\"\n}}\n")
}
