//! Times plans of existing connectors, of installed solutions, or of the complete example, by every contender in turns.

use std::path::Path;
use std::{fmt, fs};

use anyhow::Result;
use terraform_driver::sandbox::required_provider;
use terraform_driver::world::copy_workspace;
use terraform_driver::{Cli, Simulator};

use super::contender::{Contender, ContenderKind, Measured, Provider};
use super::{complete, solutions};

/// What is planned.
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

/// What planning a number of resources costs each contender.
pub(crate) struct Plans {
    pub(crate) subject: Subject,
    /// How many resources, all of them there and unchanged.
    pub(crate) count: usize,
    pub(crate) measured: Vec<Measured>,
}

impl Plans {
    /// The figures of one contender, if it took part.
    pub(crate) fn of(&self, who: ContenderKind) -> Option<&Measured> {
        self.measured.iter().find(|measured| measured.who == who)
    }
}

/// Has every contender apply `count` resources and then plan them `runs` times.
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
        // Each has its own simulator, so that no contender sees what another one created.
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

/// The default Azure with `count` objects more.
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

/// What the names of the workspaces begin with; a number follows.
const PREFIX: &str = "bench-";

fn name(number: usize) -> String {
    format!("{PREFIX}{number}")
}

/// One connector for each value of `count`, like the floor's objects. With `for_each`, the CLI would evaluate the set
/// of a thousand ids again for each of them, and that would be measured too.
fn connectors_tf(azure: &Simulator, count: usize) -> Result<String> {
    let first = name(0);
    let id = azure.workspace(&first)?;
    let (stem, _) = id.split_at(id.len() - first.len() + PREFIX.len());
    Ok(format!(
        "resource \"sentinel_dfc_tenant_connector\" \"each\" {{\n  count = {count}\n\n  \
         workspace_id = \"{stem}${{count.index}}\"\n}}\n"
    ))
}

/// What the CLI can plan by itself.
fn floor_tf(count: usize) -> String {
    format!("resource \"terraform_data\" \"each\" {{\n  count = {count}\n  input = \"{PREFIX}${{count.index}}\"\n}}\n")
}
