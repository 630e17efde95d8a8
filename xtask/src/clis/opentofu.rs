//! Builds OpenTofu from its published Go module into the cache, where there is Go and no `tofu`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use terraform_driver::sandbox::binary_name;

use crate::checkout;

/// The release that is built.
const VERSION: &str = "1.12.6";

const COMMAND: &str = "github.com/opentofu/opentofu/cmd/tofu";

/// The executable of an earlier build.
pub(crate) fn already_built() -> Result<Option<PathBuf>> {
    Ok(Some(place()?).filter(|path| path.is_file()))
}

/// The executable, built now if need be; `None` without Go.
pub(crate) fn built() -> Result<Option<PathBuf>> {
    if let Some(path) = already_built()? {
        return Ok(Some(path));
    }
    let Some(go) = checkout::on_path("go") else { return Ok(None) };
    let place = place()?;
    build(&go, &place).with_context(|| format!("cannot build OpenTofu {VERSION} with Go"))?;
    Ok(Some(place))
}

fn place() -> Result<PathBuf> {
    Ok(checkout::cache()?.join(binary_name(&format!("tofu-{VERSION}"))))
}

fn build(go: &Path, place: &Path) -> Result<()> {
    println!("no `tofu` on PATH: building OpenTofu {VERSION} from its Go module, once, in some minutes…");
    let cache = place.parent().context("the cache is a folder")?;
    fs::create_dir_all(cache)?;
    let folder = tempfile::Builder::new().prefix("build-").tempdir_in(cache)?;
    fs::write(folder.path().join("go.mod"), manifest())?;

    let go = |arguments: &[&str]| {
        let mut command = Command::new(go);
        command.args(arguments).current_dir(folder.path()).env("GOFLAGS", "").env("GOWORK", "off");
        checkout::run(&mut command)
    };
    println!("  1/2 fetching modules");
    go(&["mod", "tidy"])?;
    println!("  2/2 compiling");
    // Without this variable the binary calls itself a development build.
    go(&["build", "-o", "tofu", "-ldflags", "-s -w -X github.com/opentofu/opentofu/version.dev=no", COMMAND])?;
    // The move makes it visible in one step: a build that was broken off leaves no half of an executable.
    fs::rename(folder.path().join("tofu"), place)?;
    println!("  done: {}", place.display());
    Ok(())
}

/// OpenTofu's own go.mod replaces hcl; a module that builds it must say so again.
fn manifest() -> String {
    format!(
        "module build\n\n\
         go 1.25\n\n\
         tool {COMMAND}\n\n\
         require github.com/opentofu/opentofu v{VERSION}\n\n\
         replace github.com/hashicorp/hcl/v2 v2.20.1 => \
         github.com/opentofu/hcl/v2 v2.20.2-0.20251021132045-587d123c2828\n"
    )
}
