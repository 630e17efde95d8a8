//! Changes of the simulator's world. A world file contains documents by lower-case ARM ID, and `world` for everything
//! without an ARM ID.

use serde_json::{Map, Value};

/// Adds a copy of the workspace `original` and of all documents below it for each of `names`.
pub fn copy_workspace(world: &mut Map<String, Value>, original: &str, names: impl IntoIterator<Item = String>) {
    let workspace = format!("/workspaces/{original}");
    let below = format!("{workspace}/");
    let originals: Vec<(String, String)> = world
        .iter()
        .filter(|(id, _)| id.ends_with(&workspace) || id.contains(&below))
        .map(|(id, document)| (id.clone(), document.to_string()))
        .collect();
    for name in names {
        world.extend(originals.iter().map(|(id, document)| {
            let document = serde_json::from_str(&document.replace(original, &name));
            (id.replace(original, &name), document.expect("invariant: a name in place of a name leaves JSON valid"))
        }));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn copies_a_workspace_with_its_documents() {
        let Value::Object(mut world) = json!({
            "/workspaces/law-soc": { "id": "/workspaces/law-soc" },
            "/workspaces/law-soc/providers/x": { "name": "x" },
            "/workspaces/law-society": {},
        }) else {
            panic!("it is an object")
        };

        copy_workspace(&mut world, "law-soc", ["law-new".to_owned()]);

        assert_eq!(world["/workspaces/law-new"], json!({ "id": "/workspaces/law-new" }));
        assert_eq!(world["/workspaces/law-new/providers/x"], json!({ "name": "x" }));
        assert_eq!(world.len(), 5);
    }
}
