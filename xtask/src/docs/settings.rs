//! The tables of the guide for users of azurerm and azapi, which follow from the provider's list of their settings.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use terraform_provider_sentinel::provider::{FOREIGN_SETTINGS, ForeignSetting, Meaning};

/// The guide, below docs/.
pub(super) const FILE: &str = "guides/coming-from-azurerm-or-azapi.md";

const BEGIN: &str = "<!-- Settings: written by `cargo xtask docs`, change src/provider/compatibility.rs. -->\n";
const END: &str = "<!-- End of the settings. -->";

/// The text of the guide with current tables between its marks.
pub(super) fn text(docs: &Path) -> Result<String> {
    let path = docs.join(FILE);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.with_context(|| format!("{FILE} has lost the marks of its tables"))?;
    Ok(format!("{before}{BEGIN}{}{END}{after}", tables()))
}

fn tables() -> String {
    let is_same = |setting: &&ForeignSetting| setting.meaning == Meaning::Same;
    let is_ignored = |setting: &&ForeignSetting| matches!(setting.meaning, Meaning::Ignored(_));

    let mut text = "\n## Supported settings\n\n".to_owned();
    text += "These settings work as in azurerm or azapi. The [provider page](../index.md#schema) describes them. If several variables of \
             a setting are set, the provider uses the first one.\n\n";
    text += "| Argument | Environment variables |\n|---|---|\n";
    for setting in FOREIGN_SETTINGS.iter().filter(is_same) {
        let (argument, variables) =
            (code(setting.argument.iter().copied()), code(setting.env_vars_here().iter().copied()));
        let _ = writeln!(text, "| {argument} | {variables} |");
    }
    text += "\nThe provider also reads these variables:\n\n";
    for setting in FOREIGN_SETTINGS.iter().filter(|setting| !is_same(setting) && !is_ignored(setting)) {
        let _ = writeln!(text, "- {}: {}", code(setting.env_vars.iter().copied()), setting.description());
    }
    text += "\n## Ignored settings\n\n";
    text += "The provider ignores these variables. Remove the arguments from the provider block: Terraform reports an error for unknown \
             arguments.\n\n";
    text += "| Argument | Environment variables | Provider | Reason |\n|---|---|---|---|\n";
    for setting in FOREIGN_SETTINGS.iter().filter(is_ignored) {
        let (argument, variables) = (code(setting.argument.iter().copied()), code(setting.env_vars.iter().copied()));
        let _ = writeln!(text, "| {argument} | {variables} | {} | {} |", setting.known_to, setting.description());
    }
    text + "\n"
}

/// Names as code, separated by commas.
fn code<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
