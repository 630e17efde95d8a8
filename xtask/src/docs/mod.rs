//! `cargo xtask docs`: writes the reference pages of docs/ from the provider's schemas and examples/.
//!
//! The registries define the layout: `docs/index.md`, `docs/resources/NAME.md`, `docs/data-sources/NAME.md`, with names
//! without the provider's prefix. Guides are written by hand, except for the tables of settings in one of them.

mod attributes;
mod examples;
mod page;
mod settings;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use terraform_provider_sentinel::framework::{Schemas, Server};
use terraform_provider_sentinel::provider::{EnvVars, SentinelProvider};

use crate::checkout;
use page::{Kind, Subject};

/// Folders that contain only generated pages.
const GENERATED: [&str; 3] = ["resources", "data-sources", "functions"];

/// Write docs/ from the provider's schemas and examples/.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing, and fail if docs/ differs.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if arguments.check {
        return check();
    }
    let pages = pages()?;
    for path in superfluous(&pages)? {
        fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        println!("removed {}", path.display());
    }
    for (path, text) in &pages {
        if fs::read_to_string(path).ok().as_deref() != Some(text) {
            fs::create_dir_all(path.parent().context("a page is in a folder")?)?;
            fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
            println!("wrote {}", path.display());
        }
    }
    Ok(())
}

/// Fails unless docs/ contains exactly the generated pages.
pub(crate) fn check() -> Result<()> {
    let pages = pages()?;
    let stale = pages.iter().filter(|(path, text)| fs::read_to_string(path).ok().as_ref() != Some(text));
    let wrong: Vec<String> = stale
        .map(|(path, _)| format!("{} is not current", path.display()))
        .chain(
            superfluous(&pages)?
                .iter()
                .map(|path| format!("{} belongs to no resource, data source or function", path.display())),
        )
        .collect();
    if !wrong.is_empty() {
        bail!("{}\nrun `cargo xtask docs`", wrong.join("\n"));
    }
    Ok(())
}

/// Every page with its text.
fn pages() -> Result<BTreeMap<PathBuf, String>> {
    let docs = checkout::root().join("docs");
    let examples = checkout::root().join("examples");
    let server = Server::new(SentinelProvider::new(EnvVars::default()))?;
    let guide = Ok((docs.join(settings::FILE), settings::text(&docs)?));
    let subjects = subjects(server.schemas());
    let pages = subjects.iter().map(|subject| Ok((docs.join(subject.file()), subject.text(&examples)?)));
    pages.chain([guide]).collect()
}

/// The provider, resources and data sources, which each have a page.
fn subjects(schemas: &Schemas) -> Vec<Subject<'_>> {
    let provider =
        Subject { kind: Kind::Provider, name: schemas.provider_name, schema: &schemas.provider, identity: None };
    let resources = schemas.resources.iter().map(|(name, resource)| Subject {
        kind: Kind::Resource,
        name,
        schema: &resource.schema,
        identity: resource.identity.as_ref(),
    });
    let data_sources = schemas.data_sources.iter().map(|(name, schema)| Subject {
        kind: Kind::DataSource,
        name,
        schema,
        identity: None,
    });
    std::iter::once(provider).chain(resources).chain(data_sources).collect()
}

/// Pages on disk whose resource, data source or function no longer exists.
fn superfluous(pages: &BTreeMap<PathBuf, String>) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in GENERATED {
        let folder = checkout::root().join("docs").join(folder);
        for entry in entries(&folder)? {
            if !pages.contains_key(&entry) {
                found.push(entry);
            }
        }
    }
    Ok(found)
}

/// The files in a folder, sorted. Empty if the folder does not exist.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    files.sort();
    Ok(files)
}
