//! Everything that exists in the simulated Azure, as data: a start, a dump and a test's wish have one format.
//!
//! The format is one JSON object. Each key that starts with `/` is a lower-cased ARM id and holds the document
//! that Azure would return; the key `world` holds [`Settings`]: what Azure knows beside documents.

pub(crate) mod deployments;
pub(crate) mod documents;
pub(crate) mod settings;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

pub(crate) use documents::Documents;
pub(crate) use settings::Settings;

/// The default world, in the format that `--world` reads.
const DEFAULT: &str = include_str!("../../worlds/default.json");

/// Tenants, identities, behaviours and the catalogue, and the ARM documents.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) documents: Documents,
}

/// Why a world file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The file is missing or not readable.
    #[error("cannot read the world {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The content is not a world.
    #[error("the world is malformed: {0}")]
    Malformed(String),
}

/// The world of the ready line's workspaces: `law-soc`, `law-fresh`, `law-outdated` and `law-portal`.
pub(crate) fn default_world() -> World {
    DEFAULT.parse().expect("invariant: the embedded world is well-formed, a test reads it")
}

impl World {
    /// Reads a world file.
    pub(crate) fn read(path: &Path) -> Result<Self, WorldError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| WorldError::Unreadable { path: path.to_owned(), source })?;
        text.parse()
    }

    /// The state dump, which is also the world file's format.
    pub(crate) fn dump(&self) -> Value {
        let mut dump = Map::new();
        let settings = serde_json::to_value(&self.settings).expect("invariant: settings are plain data");
        dump.insert("world".to_owned(), settings);
        dump.extend(self.documents.iter().map(|(id, document)| (id.to_owned(), document.clone())));
        Value::Object(dump)
    }

    /// ARM ids of all workspaces by name.
    pub(crate) fn workspaces(&self) -> BTreeMap<String, String> {
        let of = |document: &Value, key: &str| document[key].as_str().map(str::to_owned);
        self.documents
            .iter()
            .filter(|(_, document)| {
                document["type"]
                    .as_str()
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("Microsoft.OperationalInsights/workspaces"))
            })
            .filter_map(|(_, document)| Some((of(document, "name")?, of(document, "id")?)))
            .collect()
    }
}

impl std::str::FromStr for World {
    type Err = WorldError;

    fn from_str(text: &str) -> Result<Self, WorldError> {
        let value: Value = serde_json::from_str(text).map_err(|error| WorldError::Malformed(error.to_string()))?;
        let Value::Object(mut object) = value else {
            return Err(WorldError::Malformed("expected a JSON object".to_owned()));
        };
        let settings = object
            .shift_remove("world")
            .ok_or_else(|| WorldError::Malformed("the key \"world\" is missing".to_owned()))?;
        let settings = serde_json::from_value(settings)
            .map_err(|error| WorldError::Malformed(format!("in \"world\": {error}")))?;
        let mut documents = Documents::default();
        for (id, document) in object {
            if !id.starts_with('/') {
                return Err(WorldError::Malformed(format!("the key {id:?} is neither \"world\" nor an ARM id")));
            }
            documents.put(&id, document);
        }
        Ok(Self { settings, documents })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_is_a_world_file() {
        let world = default_world();
        let again: World = world.dump().to_string().parse().expect("a dump parses");
        assert_eq!(again.dump(), world.dump());
    }

    #[test]
    fn the_default_world_has_its_four_workspaces() {
        let names: Vec<_> = default_world().workspaces().into_keys().collect();
        assert_eq!(names, ["law-fresh", "law-outdated", "law-portal", "law-soc"]);
    }
}
