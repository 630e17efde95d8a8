//! Reads the examples of a page, from the same paths as `tfplugindocs`.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::entries;

/// The texts of all `FOLDER/STEM*.tf`, in the order of their names.
pub(super) fn configurations(folder: &Path, stem: &str) -> Result<Vec<String>> {
    entries(folder)?
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "tf"))
        .filter(|path| path.file_stem().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(stem)))
        .map(|path| text(path).map(Option::unwrap_or_default))
        .collect()
}

/// The text of a file, if it exists.
pub(super) fn text(path: &Path) -> Result<Option<String>> {
    Ok(if path.is_file() { Some(fs::read_to_string(path)?.trim_end().to_owned()) } else { None })
}

/// A configuration without the variable `workspace_id` at its beginning, which only the first example of a page
/// declares.
pub(super) fn without_workspace_variable(text: &str) -> &str {
    let rest = text.strip_prefix("variable \"workspace_id\" {\n").and_then(|rest| rest.split_once("\n}\n\n"));
    rest.map_or(text, |(_, rest)| rest)
}

/// A fenced block of code.
pub(super) fn fenced(language: &str, code: &str) -> String {
    format!("```{language}\n{code}\n```\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_example_declares_the_workspace() {
        let text = "variable \"workspace_id\" {\n  type = string\n}\n\nresource \"a\" \"b\" {}";

        assert_eq!(without_workspace_variable(text), "resource \"a\" \"b\" {}");
        assert_eq!(without_workspace_variable("resource \"a\" \"b\" {}"), "resource \"a\" \"b\" {}");
    }
}
