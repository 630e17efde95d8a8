//! A fault: an effect, and the requests that it applies to.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::effect::Effect;
use crate::http::Request;
use crate::pattern::Pattern;

/// An [`Effect`] on requests with a method and a path. In JSON, one object with the fields of both; the README lists
/// them.
///
/// ```
/// use azure_simulator::{Effect, Fault};
///
/// let busy = Effect::new().error(503, "ServiceUnavailable", "Try again.").header("retry-after", "1");
/// let second_put = Fault::new(busy).method("PUT").path("/dataConnectors/").skip(1).times(1);
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct Fault {
    matcher: Matcher,
    pub(super) effect: Effect,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
struct Matcher {
    /// The HTTP method, case-insensitive. If absent or `*`, all methods match.
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// The pattern to find in path and query. If absent, all requests match.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<Pattern>,
    /// How many matching requests pass unchanged first.
    skip: u64,
    /// How many requests the fault applies to after that. If absent, all.
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
}

impl Fault {
    /// This effect on every request.
    #[must_use]
    pub fn new(effect: Effect) -> Self {
        Self { matcher: Matcher::default(), effect }
    }

    /// Applies only to requests with this HTTP method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.matcher.method = Some(method.to_owned());
        self
    }

    /// Applies only to requests whose path and query match this regular expression, in any case.
    ///
    /// # Panics
    /// If it is not a regular expression.
    #[must_use]
    pub fn path(mut self, expression: &str) -> Self {
        match Pattern::try_from(expression.to_owned()) {
            Ok(pattern) => self.matcher.path = Some(pattern),
            Err(error) => panic!("{error}"),
        }
        self
    }

    /// Lets the first `count` matching requests pass.
    #[must_use]
    pub fn skip(mut self, count: u64) -> Self {
        self.matcher.skip = count;
        self
    }

    /// Applies to at most `count` requests.
    #[must_use]
    pub fn times(mut self, count: u64) -> Self {
        self.matcher.times = Some(count);
        self
    }

    pub(super) fn matches(&self, request: &Request) -> bool {
        let method = self.matcher.method.as_deref().unwrap_or("*");
        (method == "*" || method.eq_ignore_ascii_case(request.method.as_str()))
            && self.matcher.path.as_ref().is_none_or(|path| path.matches(&request.target()))
    }

    /// Whether the fault applies to the next matching request. `matched` requests matched before, and the fault applied
    /// to `hits` of them.
    pub(super) fn is_due(&self, matched: u64, hits: u64) -> bool {
        matched >= self.matcher.skip && self.matcher.times.is_none_or(|times| hits < times)
    }

    /// The fields of the matcher and of the effect, in one object.
    pub(super) fn to_fields(&self) -> Map<String, Value> {
        let parts = [serde_json::to_value(&self.matcher), serde_json::to_value(&self.effect)];
        let objects = parts.into_iter().filter_map(|part| match part {
            Ok(Value::Object(fields)) => Some(fields),
            _ => None,
        });
        objects.flatten().collect()
    }
}

impl TryFrom<Map<String, Value>> for Fault {
    type Error = String;

    fn try_from(mut fields: Map<String, Value>) -> Result<Self, String> {
        let names = ["method", "path", "skip", "times"];
        let matcher = names.into_iter().filter_map(|name| fields.shift_remove_entry(name)).collect();
        let matcher = serde_json::from_value(Value::Object(matcher)).map_err(|error| error.to_string())?;
        let effect: Effect = serde_json::from_value(Value::Object(fields)).map_err(|error| error.to_string())?;
        effect.check()?;
        Ok(Self { matcher, effect })
    }
}
