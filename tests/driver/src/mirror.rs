//! An unpacked filesystem mirror: `HOST/NAMESPACE/TYPE/VERSION/OS_ARCH/terraform-provider-TYPE_vVERSION`.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};

use crate::sandbox::binary_name;
use crate::{Flavor, SOURCE};

/// Copies the executable `provider` into a mirror at `root` for both registries, and returns the new files.
pub fn create_mirror(provider: &Path, root: &Path, version: &str) -> Result<Vec<PathBuf>> {
    Flavor::ALL
        .into_iter()
        .map(|flavor| {
            let folder = root.join(flavor.registry()).join(SOURCE).join(version).join(target());
            fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
            let file = folder.join(binary_name(&format!("terraform-provider-sentinel_v{version}")));
            // Write to another name first, because a running Terraform may use the old file.
            let fresh = file.with_extension("new");
            fs::copy(provider, &fresh).with_context(|| format!("cannot write {}", fresh.display()))?;
            fs::rename(&fresh, &file).with_context(|| format!("cannot write {}", file.display()))?;
            Ok(file)
        })
        .collect()
}

/// Terraform's name of this platform: `linux_amd64`, `darwin_arm64`, …
pub fn target() -> String {
    let system = match env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let machine = match env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("{system}_{machine}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_the_provider_for_each_registry() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let binary = folder.path().join("built");
        fs::write(&binary, "a provider").expect("it is writable");

        let files = create_mirror(&binary, &folder.path().join("mirror"), "1.2.3").expect("it is laid out");

        let expected: Vec<PathBuf> = ["registry.terraform.io", "registry.opentofu.org"]
            .iter()
            .map(|host| {
                let version = folder.path().join("mirror").join(host).join("sentinel/sentinel/1.2.3");
                version.join(target()).join(binary_name("terraform-provider-sentinel_v1.2.3"))
            })
            .collect();
        assert_eq!(files, expected);
        assert!(files.iter().all(|file| file.is_file()));
    }
}
