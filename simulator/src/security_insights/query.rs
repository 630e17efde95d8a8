//! Query options of lists: `$filter`, `$search`, `$orderby`, `$skip`, `$top`; and paging.

use serde_json::Value;

use crate::arm::filter::{Filter, lookup};
use crate::arm::{ArmError, Context, page};
use crate::http::Response;

/// The maximum number of values in a page.
const PAGE_SIZE: usize = 20;

/// The members of a document. The path of a property in a filter starts with one of them.
const MEMBERS: &[&str] = &["id", "name", "type", "kind", "etag", "properties", "systemData"];

/// Responds with the documents that the query options select.
///
/// # Errors
/// 400 for invalid options.
pub(super) fn respond(context: &Context<'_>, mut documents: Vec<Value>) -> Result<Response, ArmError> {
    let option = |name: &str| context.request.option(name);
    if let Some(filter) = option("$filter") {
        let filter = Filter::parse(&filter).map_err(|problem| {
            ArmError::bad_request(format!("Invalid filter clause '{filter}' in the query string: {problem}."))
        })?;
        let is_known = |path: &&str| MEMBERS.iter().any(|known| path.split('/').next() == Some(known));
        if let Some(unknown) = filter.paths().into_iter().find(|path| !is_known(path)) {
            return Err(ArmError::bad_request(format!(
                "Invalid filter clause in the query string: there is no property '{unknown}'."
            )));
        }
        documents.retain(|document| filter.matches(document));
    }
    if let Some(search) = option("$search") {
        documents.retain(|document| is_found(document, &search));
    }
    if let Some(order) = option("$orderby") {
        sort(&mut documents, &order)?;
    }
    if let Some(skip) = option("$skip") {
        let skip: usize = skip
            .parse()
            .map_err(|_| ArmError::bad_request(format!("Invalid value '{skip}' for the query option '$skip'.")))?;
        documents.drain(..skip.min(documents.len()));
    }
    page::of(context, &documents, PAGE_SIZE)
}

/// Whether every word of the search occurs in one of the texts that the portal shows.
fn is_found(document: &Value, search: &str) -> bool {
    let shown = ["displayName", "description", "publisherDisplayName", "contentId"];
    let text: Vec<&str> = shown.iter().filter_map(|name| document["properties"][*name].as_str()).collect();
    let text = text.join(" ").to_lowercase();
    search.to_lowercase().split_whitespace().all(|word| text.contains(word.trim_matches('"')))
}

fn sort(documents: &mut [Value], order: &str) -> Result<(), ArmError> {
    let mut words = order.split_whitespace();
    let path = words.next().unwrap_or_default().to_owned();
    let descending = match words.next().map(str::to_lowercase).as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => {
            return Err(ArmError::bad_request(format!("Invalid value '{order}' for the query option '$orderby'.")));
        }
    };
    let key = |document: &Value| lookup(document, &path).as_str().unwrap_or_default().to_lowercase();
    documents.sort_by_key(key);
    if descending {
        documents.reverse();
    }
    Ok(())
}
