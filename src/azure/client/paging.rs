//! The pages of a list. A link to the next page is used exactly as the service wrote it.

use std::collections::HashSet;

use reqwest::Url;
use serde_json::Value;
use tokio::time::Instant;

use crate::azure::error::Error;

/// The maximum number of pages. No list of Azure has more.
const PAGE_LIMIT: usize = 1000;

/// The maximum memory of a list, in bytes. No list of Azure needs more.
const MEMORY_LIMIT: usize = 256 * 1024 * 1024;

/// One page of a list.
#[derive(Debug, PartialEq)]
pub(super) struct Page {
    pub(super) items: Vec<Value>,
    pub(super) next: Option<String>,
}

/// Reads a page: `{"value": [...], "nextLink": "…"}`.
///
/// # Errors
/// The document is not a page.
pub(super) fn page(document: Value) -> Result<Page, &'static str> {
    let Value::Object(mut document) = document else {
        return Err("a list was expected, as an object with a field \"value\"");
    };
    let Some(Value::Array(items)) = document.remove("value") else {
        return Err("a list was expected, but \"value\" is not an array");
    };
    let next = document.get("nextLink").or_else(|| document.get("@odata.nextLink")).and_then(Value::as_str);
    Ok(Page { items, next: next.filter(|link| !link.is_empty()).map(str::to_owned) })
}

/// The pages of a list so far.
pub(super) struct Pages {
    seen: HashSet<Url>,
    memory: usize,
}

impl Pages {
    pub(super) fn starting_at(first: &Url) -> Self {
        Self { seen: HashSet::from([first.clone()]), memory: 0 }
    }

    /// Adds the memory of a page.
    ///
    /// # Errors
    /// The list is too large.
    pub(super) fn add(&mut self, memory: usize) -> Result<(), &'static str> {
        self.memory = self.memory.saturating_add(memory);
        if self.memory > MEMORY_LIMIT { Err("the list is larger than any list of Azure") } else { Ok(()) }
    }

    /// The error for an incomplete list. A timeout after the first page gets the time of the whole list and the number
    /// of pages.
    pub(super) fn unfinished(&self, error: Error, started: Instant) -> Error {
        let pages = self.seen.len() - 1;
        match error {
            Error::TimedOut { last, limit, next_wait, outcome_unknown, .. } if pages > 0 => {
                let last = last.unwrap_or_else(|| Box::new(Error::MorePages { pages }));
                Error::TimedOut { last: Some(last), waited: started.elapsed(), limit, next_wait, outcome_unknown }
            }
            other => other,
        }
    }

    /// The URL of the next page.
    ///
    /// # Errors
    /// The link is invalid, leads back to an earlier page, or exceeds the maximum number of pages.
    pub(super) fn follow(&mut self, current: &Url, link: &str) -> Result<Url, String> {
        let next = current.join(link).map_err(|error| format!("nextLink is not an address: {error}"))?;
        if !self.seen.insert(next.clone()) {
            return Err("nextLink leads back to an earlier page".to_owned());
        }
        if self.seen.len() > PAGE_LIMIT {
            return Err(format!("the list has more than {PAGE_LIMIT} pages"));
        }
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIRST: &str = "https://management.azure.com/subscriptions?api-version=v";

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a valid address")
    }

    fn pages() -> Pages {
        Pages::starting_at(&url(FIRST))
    }

    #[test]
    fn reads_the_items_and_the_next_link() {
        for name in ["nextLink", "@odata.nextLink"] {
            let read = page(json!({"value": [1, 2], name: "https://x/y"})).expect("a page");

            assert_eq!(read, Page { items: vec![json!(1), json!(2)], next: Some("https://x/y".to_owned()) });
        }
    }

    #[test]
    fn empty_or_null_link_ends_the_list() {
        for link in [json!(null), json!("")] {
            assert_eq!(page(json!({"value": [], "nextLink": link})).expect("a page").next, None);
        }
    }

    #[test]
    fn rejects_a_document_that_is_not_a_list() {
        assert!(page(json!([])).is_err());
        assert!(page(json!({"value": {}})).is_err());
    }

    #[test]
    fn follows_the_next_link_unchanged() {
        let link = "https://management.azure.com/subscriptions?$skipToken=a%2Bb&api-version=other";

        assert_eq!(pages().follow(&url(FIRST), link).map(String::from).as_deref(), Ok(link));
    }

    #[test]
    fn rejects_an_invalid_next_link() {
        assert!(pages().follow(&url(FIRST), "https://").is_err());
    }

    #[test]
    fn rejects_a_next_link_to_an_earlier_page() {
        let mut pages = pages();
        let second = pages.follow(&url(FIRST), "https://management.azure.com/2").expect("a new page");

        assert!(pages.follow(&second, FIRST).is_err());
    }

    #[test]
    fn rejects_a_list_over_the_memory_limit() {
        let mut pages = pages();

        assert!(pages.add(MEMORY_LIMIT).is_ok());
        assert!(pages.add(1).is_err());
    }

    #[test]
    fn rejects_a_list_over_the_page_limit() {
        let mut pages = pages();
        let mut read = 1;
        while pages.follow(&url(FIRST), &format!("https://management.azure.com/{read}")).is_ok() {
            read += 1;
        }

        assert_eq!(read, PAGE_LIMIT);
    }
}
