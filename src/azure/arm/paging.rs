//! Lists over several pages: the link to the next one is Azure's, but it does not get a token for wherever it points.

use std::collections::HashSet;

use reqwest::Url;
use serde_json::Value;

use crate::azure::Error;
use crate::azure::cloud::Cloud;
use crate::azure::http::host_of;

/// More pages than any list of ours has.
const PAGE_LIMIT: usize = 1000;

/// One page of a list.
#[derive(Debug, PartialEq)]
pub(super) struct Page {
    pub(super) items: Vec<Value>,
    pub(super) next: Option<String>,
}

/// What is wrong with a list.
#[derive(Debug)]
pub(super) enum Fault {
    /// The link leaves the cloud.
    Foreign(Error),
    /// The document is not a page, the link is no address, or the pages go in a circle.
    Invalid(String),
}

/// Reads a page: `{"value": [...], "nextLink": "…"}`.
pub(super) fn page(document: Value) -> Result<Page, Fault> {
    let Value::Object(mut document) = document else {
        return Err(Fault::Invalid("a list was expected, as an object with a field \"value\"".to_owned()));
    };
    let Some(Value::Array(items)) = document.remove("value") else {
        return Err(Fault::Invalid("a list was expected, but \"value\" is not an array".to_owned()));
    };
    let next = document.get("nextLink").or_else(|| document.get("@odata.nextLink")).and_then(Value::as_str);
    Ok(Page { items, next: next.filter(|link| !link.is_empty()).map(str::to_owned) })
}

/// The way through the pages of one list.
pub(super) struct Trail<'a> {
    cloud: &'a Cloud,
    seen: HashSet<Url>,
}

impl<'a> Trail<'a> {
    pub(super) fn new(cloud: &'a Cloud, first: &Url) -> Self {
        Self { cloud, seen: HashSet::from([first.clone()]) }
    }

    /// The address of the next page, exactly as the service gave it, if a token may go there.
    pub(super) fn follow(&mut self, current: &Url, link: &str) -> Result<Url, Fault> {
        let next = current.join(link).map_err(|error| Fault::Invalid(format!("nextLink is no address: {error}")))?;
        if !self.cloud.allows(&next) {
            return Err(Fault::Foreign(Error::ForeignHost {
                host: if next.scheme() == "https" {
                    host_of(&next)
                } else {
                    format!("{}://{}", next.scheme(), host_of(&next))
                },
                expected: host_of(self.cloud.arm_endpoint()),
            }));
        }
        if !self.seen.insert(next.clone()) {
            return Err(Fault::Invalid("nextLink leads back to a page that was read already".to_owned()));
        }
        if self.seen.len() > PAGE_LIMIT {
            return Err(Fault::Invalid(format!("the list has more than {PAGE_LIMIT} pages")));
        }
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a valid address")
    }

    const FIRST: &str = "https://management.azure.com/subscriptions?api-version=v";

    #[test]
    fn a_page_gives_its_items_and_the_link() {
        let read = page(json!({"value": [1, 2], "nextLink": "https://x/y"})).expect("a page");

        assert_eq!(read, Page { items: vec![json!(1), json!(2)], next: Some("https://x/y".to_owned()) });
    }

    #[test]
    fn an_empty_or_null_link_ends_the_list() {
        for link in [json!(null), json!("")] {
            assert_eq!(page(json!({"value": [], "nextLink": link})).expect("a page").next, None);
        }
    }

    #[test]
    fn what_is_not_a_list_is_said() {
        assert!(matches!(page(json!([])), Err(Fault::Invalid(_))));
        assert!(matches!(page(json!({"value": {}})), Err(Fault::Invalid(_))));
    }

    #[test]
    fn the_link_is_followed_as_it_is() {
        let cloud = Cloud::public();
        let link = "https://management.azure.com/subscriptions?$skipToken=a%2Bb&api-version=other";

        let next = Trail::new(&cloud, &url(FIRST)).follow(&url(FIRST), link).expect("inside the cloud");

        assert_eq!(next.as_str(), link);
    }

    #[test]
    fn a_link_out_of_the_cloud_is_refused() {
        let cloud = Cloud::public();
        for link in ["https://evil.example/x", "http://management.azure.com/x", "//evil.example/x"] {
            let outcome = Trail::new(&cloud, &url(FIRST)).follow(&url(FIRST), link);
            assert!(matches!(outcome, Err(Fault::Foreign(Error::ForeignHost { .. }))), "{link}");
        }
    }

    #[test]
    fn a_circle_is_noticed() {
        let cloud = Cloud::public();
        let mut trail = Trail::new(&cloud, &url(FIRST));
        let second = trail.follow(&url(FIRST), "https://management.azure.com/2").expect("a new page");

        assert!(matches!(trail.follow(&second, FIRST), Err(Fault::Invalid(_))));
    }
}
