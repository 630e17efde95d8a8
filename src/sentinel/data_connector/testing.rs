//! A workspace that keeps data connectors as Azure does, over real HTTPS: for the tests of what reads and writes them.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::kind::RESOURCE_TYPE;
use crate::azure::testing::{Received, Reply, Server};
use crate::sentinel::WorkspaceId;
use crate::session::Session;

const WORKSPACE: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc";

/// The tenant of the workspace's subscription.
pub(crate) const TENANT: &str = "33333333-3333-4333-8333-333333333333";

/// What goes wrong with a request, if anything. It is given the number of requests like it so far, and the documents
/// before the request is carried out.
pub(crate) type Mishap = fn(&Received, usize, &mut Vec<Value>) -> Option<Reply>;

/// The documents of a workspace, and what is wrong with its service.
pub(crate) struct Azure {
    server: Server,
    documents: Arc<Mutex<Vec<Value>>>,
}

impl Azure {
    pub(crate) async fn holding(documents: Vec<Value>, mishap: Mishap) -> Self {
        let documents = Arc::new(Mutex::new(documents));
        let held = Arc::clone(&documents);
        let play = move |request: &Received, before: usize| {
            let mut documents = held.lock().expect("nobody panicked");
            mishap(request, before, &mut documents).unwrap_or_else(|| carry_out(request, &mut documents))
        };
        Self { server: Server::arm(play).await, documents }
    }

    pub(crate) fn session(&self) -> Session {
        Session::new(self.server.client())
    }

    pub(crate) fn workspace(&self) -> WorkspaceId {
        WorkspaceId::parse(WORKSPACE).expect("a workspace")
    }

    /// What it holds now.
    pub(crate) fn documents(&self) -> Vec<Value> {
        self.documents.lock().expect("nobody panicked").clone()
    }

    /// The first document; null where there is none.
    pub(crate) fn document(&self) -> Value {
        self.documents().first().cloned().unwrap_or_default()
    }

    /// Somebody else changes what it holds.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Vec<Value>)) {
        change(&mut self.documents.lock().expect("nobody panicked"));
    }

    /// Methods of the requests to the data connectors, in order.
    pub(crate) fn methods(&self) -> String {
        let calls = self.server.calls();
        let calls = calls.iter().filter_map(|call| call.split_once(' ')).filter(|(_, to)| to.contains(RESOURCE_TYPE));
        calls.map(|(method, _)| method).collect::<Vec<_>>().join(" ")
    }
}

/// Does what Azure would do.
pub(crate) fn carry_out(request: &Received, documents: &mut Vec<Value>) -> Reply {
    let path = request.target.split('?').next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let at = documents.iter().position(|document| document["name"] == name);
    match (request.method.as_str(), at) {
        ("GET", _) if name == RESOURCE_TYPE => Reply::json(200, &json!({"value": documents})),
        ("GET", _) if path == "/subscriptions/s" => Reply::json(200, &json!({"tenantId": TENANT})),
        ("GET", Some(at)) => Reply::json(200, &documents[at]),
        ("GET", None) if path.contains(RESOURCE_TYPE) => Reply::error(404, "NotFound", "no such connector"),
        ("GET", None) => Reply::json(200, &json!({"name": name})),
        ("PUT", _) => {
            let mut sent: Value = serde_json::from_str(&request.body).expect("a document");
            let current = at.map_or(Value::Null, |at| documents[at]["etag"].clone());
            if current != sent["etag"] {
                return conflict();
            }
            sent["etag"] = format!("{}+", current.as_str().unwrap_or_default()).into();
            sent["id"] = path.into();
            match at {
                Some(at) => documents[at] = sent.clone(),
                None => documents.push(sent.clone()),
            }
            Reply::json(200, &sent)
        }
        ("DELETE", Some(at)) => {
            documents.remove(at);
            Reply::json(200, &Value::Null)
        }
        ("DELETE", None) => Reply::error(404, "NotFound", "no such connector"),
        _ => Reply::error(405, "MethodNotAllowed", "not here"),
    }
}

pub(crate) fn conflict() -> Reply {
    Reply::error(409, "Conflict", "Newer instance exists (Etag does not match). Data was not saved.")
}

pub(crate) fn not_onboarded() -> Reply {
    Reply::error(400, "BadRequest", "Workspace 'law-soc' is not onboarded to Microsoft Sentinel.")
}
