//! Builds programs from published Go modules into the cache, once per version.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use terraform_driver::sandbox::binary_name;

use crate::checkout;

/// A program that `go build` builds from a small temporary module. The Go module proxy serves its requirements.
pub(crate) struct GoProgram {
    /// The name and version for messages: `OpenTofu 1.12.6`.
    pub(crate) title: String,
    /// The name of the executable in the cache. It must be different for each version and source.
    pub(crate) executable: String,
    /// The package to build.
    pub(crate) package: &'static str,
    /// The `require` and `replace` directives of go.mod.
    pub(crate) requirements: String,
    /// Additional files of the module: path and text.
    pub(crate) files: Vec<(String, String)>,
    /// Values for the linker flag `-X`.
    pub(crate) variables: &'static [&'static str],
}

impl GoProgram {
    /// The executable of an earlier build.
    pub(crate) fn already_built(&self) -> Result<Option<PathBuf>> {
        Ok(Some(self.place()?).filter(|path| path.is_file()))
    }

    /// The executable. Builds it if necessary. `None` if Go is not installed.
    pub(crate) fn built(&self) -> Result<Option<PathBuf>> {
        if let Some(path) = self.already_built()? {
            return Ok(Some(path));
        }
        let Some(go) = checkout::on_path("go") else { return Ok(None) };
        let place = self.place()?;
        println!("building {} from its Go module, once, in some minutes…", self.title);
        self.build(&go, &place).with_context(|| format!("cannot build {} with Go", self.title))?;
        Ok(Some(place))
    }

    fn place(&self) -> Result<PathBuf> {
        Ok(checkout::cache()?.join(binary_name(&self.executable)))
    }

    fn build(&self, go: &Path, place: &Path) -> Result<()> {
        let cache = place.parent().context("the cache is a folder")?;
        fs::create_dir_all(cache)?;
        let folder = tempfile::Builder::new().prefix("build-").tempdir_in(cache)?;
        let module = format!("module build\n\ngo 1.25\n\n{}", self.requirements);
        for (name, text) in [("go.mod".to_owned(), module)].iter().chain(&self.files) {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().context("a file is in a folder")?)?;
            fs::write(file, text)?;
        }
        let variables = self.variables.iter().map(|variable| format!(" -X {variable}"));
        let flags = "-s -w".to_owned() + &variables.collect::<String>();
        let mut build = Command::new(go);
        build.args(["build", "-o", "executable", "-ldflags", &flags, self.package]).current_dir(folder.path());
        // Go's downloads and objects take gigabytes, and no later build uses them. They are deleted with the folder.
        build.env("GOMODCACHE", folder.path().join("modules")).env("GOCACHE", folder.path().join("objects"));
        // go.mod contains only direct requirements, so Go must be allowed to add the indirect ones. Modules must be
        // writable, because read-only modules could not be deleted.
        checkout::run(build.env("GOFLAGS", "-mod=mod -modcacherw -buildvcs=false").env("GOWORK", "off"))?;
        // Renaming is atomic, so an interrupted build does not leave an incomplete executable.
        fs::rename(folder.path().join("executable"), place)?;
        Ok(())
    }
}
