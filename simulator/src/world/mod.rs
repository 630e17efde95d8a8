//! The world: the simulated state of Azure, as data. World files, state dumps and the changes of tests have the same
//! format.
//!
//! The format is one JSON object. Each key that starts with `/` is a lower-case ARM ID with the document that Azure
//! returns for it. The key `world` holds [`Settings`]: the state that is not in documents.

pub(crate) mod behaviors;
mod claims;
pub(crate) mod deployments;
pub(crate) mod directory;
pub(crate) mod documents;
mod edit;
pub(crate) mod identities;
pub(crate) mod machine;
pub(crate) mod pipelines;
pub(crate) mod settings;
pub(crate) mod tables;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::clock::Clock;

pub(crate) use claims::Claims;
pub(crate) use documents::Documents;
pub(crate) use edit::check_id;
pub(crate) use settings::Settings;

/// The default world, parsed only once because tests start many simulators in one process.
static DEFAULT: LazyLock<World> = LazyLock::new(|| {
    let text = include_str!("../../worlds/default.json");
    text.parse().expect("invariant: the embedded world is well-formed, a test reads it")
});

/// The simulated state: ARM documents by ID, tenants, applications, roles, behaviors and the Content Hub catalog.
///
/// [`World::default`] has the workspaces `law-soc`, `law-fresh`, `law-outdated` and `law-portal`; the README describes
/// them.
#[derive(Clone, Debug)]
pub struct World {
    pub(crate) settings: Settings,
    pub(crate) documents: Documents,
    clock: Clock,
}

/// An error in a world or in its file.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The file is missing or not readable.
    #[error("cannot read the world {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The content is not a world.
    #[error("the world is malformed: {0}")]
    Malformed(String),
}

impl World {
    /// Reads a world file.
    ///
    /// # Errors
    /// If the file cannot be read or is not a world.
    pub fn read(path: &Path) -> Result<Self, WorldError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| WorldError::Unreadable { path: path.to_owned(), source })?;
        text.parse()
    }

    /// The world as JSON, in the format of a world file.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut dump = Map::new();
        let settings = serde_json::to_value(&self.settings).expect("invariant: settings are plain data");
        dump.insert("world".to_owned(), settings);
        dump.extend(self.documents.iter().map(|(id, document)| (id.to_owned(), document.clone())));
        Value::Object(dump)
    }

    /// ARM IDs of all workspaces by name.
    #[must_use]
    pub fn workspaces(&self) -> BTreeMap<String, String> {
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

    /// The time in this world.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now() + time::Duration::seconds_f64(self.settings.clock_offset_seconds)
    }

    pub(crate) fn advance_clock(&mut self, seconds: f64) {
        self.settings.clock_offset_seconds += seconds;
    }

    /// Starts the clock again at the machine's time.
    pub(crate) fn restart_clock(&mut self) {
        self.clock = Clock::start();
    }

    /// A new etag, which no document has had.
    pub(crate) fn next_etag(&mut self) -> String {
        self.settings.last_etag = self.settings.last_etag.wrapping_add(1);
        // The format of Cosmos DB: a counter first, the time in seconds last.
        let seconds = self.now().unix_timestamp() & 0xffff_ffff;
        format!("\"{:04x}{:04x}-0000-0d00-0000-{seconds:08x}0000\"", self.settings.last_etag, 0x71d2)
    }
}

impl Default for World {
    fn default() -> Self {
        DEFAULT.clone()
    }
}

impl std::str::FromStr for World {
    type Err = WorldError;

    fn from_str(text: &str) -> Result<Self, WorldError> {
        let value: Value = serde_json::from_str(text).map_err(|error| WorldError::Malformed(error.to_string()))?;
        value.try_into()
    }
}

impl TryFrom<Value> for World {
    type Error = WorldError;

    fn try_from(value: Value) -> Result<Self, WorldError> {
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
        Ok(Self { settings, documents, clock: Clock::start() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_its_own_dump() {
        let world = World::default();
        let again: World = world.to_value().to_string().parse().expect("a dump parses");
        assert_eq!(again.to_value(), world.to_value());
    }

    #[test]
    fn default_world_has_four_workspaces() {
        let names: Vec<_> = World::default().workspaces().into_keys().collect();
        assert_eq!(names, ["law-fresh", "law-outdated", "law-portal", "law-soc"]);
    }
}
