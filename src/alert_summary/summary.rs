//! The numbers of the data source, which are computed from the rows of the query.

use std::collections::BTreeMap;
use std::time::Duration;

use time::{Date, OffsetDateTime};

use super::kql;
use crate::framework::{Attribute, nested_object};
use crate::log_analytics::QueryResult;

/// Severities of alerts, the most severe first.
const SEVERITIES: [&str; 4] = ["High", "Medium", "Low", "Informational"];

/// The key of alerts whose resource is not in an Azure subscription.
const NO_SUBSCRIPTION: &str = "none";

/// The alerts that arrived in the window.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Summary {
    pub(super) total: i64,
    /// Alerts by severity. Always contains the four known severities.
    pub(super) by_severity: BTreeMap<String, i64>,
    /// All days of the window, the oldest first.
    pub(super) by_day: Vec<Day>,
    /// Alerts by the subscription of their resource, in lower case.
    pub(super) by_subscription: BTreeMap<String, i64>,
    /// The time at which the newest alert, or the newest change of an alert, arrived.
    pub(super) newest: Option<String>,
}

nested_object! {
    /// A day in UTC.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub(super) struct Day {
        pub(super) day: String = Attribute::computed("day").description("The day in UTC, for example `2026-01-15`."),
        pub(super) total: i64 = Attribute::computed("total").description("The number of alerts."),
        pub(super) high: i64 = Attribute::computed("high").description("The number of alerts of high severity."),
        pub(super) medium: i64 = Attribute::computed("medium").description("The number of alerts of medium severity."),
        pub(super) low: i64 = Attribute::computed("low").description("The number of alerts of low severity."),
        pub(super) informational: i64 = Attribute::computed("informational")
            .description("The number of informational alerts."),
    }
}

impl Summary {
    /// A summary without alerts. The window ends at `now`.
    pub(super) fn empty(window: Duration, now: OffsetDateTime) -> Self {
        let days = days(window, now).map(|day| Day { day: day.to_string(), ..Day::default() });
        let severities = SEVERITIES.map(|severity| (severity.to_owned(), 0));
        Self { by_severity: severities.into(), by_day: days.collect(), ..Self::default() }
    }

    /// Adds up the rows of the query in [`kql::summary`].
    ///
    /// # Errors
    /// The name of a column that is missing, or that has a cell of an unexpected type.
    pub(super) fn of(result: &QueryResult, window: Duration, now: OffsetDateTime) -> Result<Self, &'static str> {
        let mut summary = Self::empty(window, now);
        let index = |name: &'static str| result.index(name).ok_or(name);
        let (day, severity) = (index(kql::DAY)?, index(kql::SEVERITY)?);
        let (subscription, alerts, newest) = (index(kql::SUBSCRIPTION)?, index(kql::ALERTS)?, index(kql::NEWEST)?);
        for row in &result.rows {
            let text = |index: usize, name: &'static str| row[index].as_str().ok_or(name);
            let count = row[alerts].as_i64().ok_or(kql::ALERTS)?;
            summary.add(&Group {
                day: text(day, kql::DAY)?.get(..10).ok_or(kql::DAY)?,
                severity: row[severity].as_str().unwrap_or_default(),
                subscription: row[subscription].as_str().unwrap_or_default(),
                newest: text(newest, kql::NEWEST)?,
                count,
            });
        }
        summary.by_day.sort_by(|one, other| one.day.cmp(&other.day));
        Ok(summary)
    }

    /// The minimum number of alerts from subscription-based connectors: the informational alerts, which the
    /// tenant-based connector does not stream. Other alerts do not show which connector they came from.
    pub(super) fn min_from_subscription_connectors(&self) -> i64 {
        self.by_severity.get("Informational").copied().unwrap_or_default()
    }

    fn add(&mut self, group: &Group<'_>) {
        self.total += group.count;
        let known = SEVERITIES.iter().find(|known| known.eq_ignore_ascii_case(group.severity));
        let severity = known.map_or_else(|| group.severity.to_owned(), |known| (*known).to_owned());
        self.day(group.day).add(&severity, group.count);
        *self.by_severity.entry(severity).or_default() += group.count;
        let subscription = if group.subscription.is_empty() { NO_SUBSCRIPTION } else { group.subscription };
        *self.by_subscription.entry(subscription.to_owned()).or_default() += group.count;
        // Azure's times sort as text, except that the fraction of a second may be missing.
        if self.newest.as_deref().is_none_or(|newest| sort_key(newest) < sort_key(group.newest)) {
            self.newest = Some(group.newest.to_owned());
        }
    }

    /// The day with this date. Adds a missing day, because Azure's clock may be ahead of the local clock.
    fn day(&mut self, date: &str) -> &mut Day {
        let position = self.by_day.iter().position(|day| day.day == date).unwrap_or_else(|| {
            self.by_day.push(Day { day: date.to_owned(), ..Day::default() });
            self.by_day.len() - 1
        });
        &mut self.by_day[position]
    }
}

/// A row of the result.
struct Group<'a> {
    day: &'a str,
    severity: &'a str,
    subscription: &'a str,
    newest: &'a str,
    count: i64,
}

impl Day {
    fn add(&mut self, severity: &str, count: i64) {
        self.total += count;
        match severity {
            "High" => self.high += count,
            "Medium" => self.medium += count,
            "Low" => self.low += count,
            "Informational" => self.informational += count,
            _ => {}
        }
    }
}

/// The time without its `Z`: `…:05` sorts before `…:05.1`.
fn sort_key(time: &str) -> &str {
    time.trim_end_matches('Z')
}

/// The days of the window, including partial days.
fn days(window: Duration, now: OffsetDateTime) -> impl Iterator<Item = Date> {
    let start = (now - window).date();
    std::iter::successors(Some(start), |day| day.next_day()).take_while(move |day| *day <= now.date())
}

/// The status of the data source: whether alerts arrive.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Status {
    /// There are alerts in the window.
    Receiving,
    /// The table exists, but there are no alerts in the window.
    NoAlerts,
    /// The table does not exist, because no alert of any product has arrived.
    NoTable,
    /// Azure returned a partial result without alerts.
    Unknown,
}

impl Status {
    /// The status of a result. `result` is `None` if the table does not exist.
    pub(super) fn of(result: Option<&QueryResult>, total: i64) -> Self {
        match result {
            None => Self::NoTable,
            Some(_) if total > 0 => Self::Receiving,
            Some(result) if result.partial.is_empty() => Self::NoAlerts,
            Some(_) => Self::Unknown,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::NoAlerts => "no_alerts",
            Self::NoTable => "no_table",
            Self::Unknown => "unknown",
        }
    }

    /// Whether alerts arrive, if that is known.
    pub(super) const fn is_receiving(self) -> Option<bool> {
        match self {
            Self::Receiving => Some(true),
            Self::NoAlerts | Self::NoTable => Some(false),
            Self::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;
    use crate::azure::ErrorDetail;
    use crate::log_analytics::Column;

    const NOW: OffsetDateTime = datetime!(2026-01-15 12:00 UTC);
    const THREE_DAYS: Duration = Duration::from_secs(3 * 86_400);

    fn result(rows: &[[&str; 4]], counts: &[i64]) -> QueryResult {
        let columns = [kql::DAY, kql::SEVERITY, kql::SUBSCRIPTION, kql::NEWEST, kql::ALERTS];
        let columns = columns.map(|name| Column { name: name.to_owned(), kind: "string".to_owned() }).to_vec();
        let rows = rows
            .iter()
            .zip(counts)
            .map(|(row, count)| row.iter().map(|cell| json!(cell)).chain([json!(count)]).collect());
        QueryResult { rows: rows.collect(), columns, ..QueryResult::default() }
    }

    #[test]
    fn adds_up_the_rows() {
        let result = result(
            &[
                ["2026-01-13T00:00:00Z", "High", "sub-1", "2026-01-13T10:00:00.5Z"],
                ["2026-01-13T00:00:00Z", "Low", "", "2026-01-13T10:00:00Z"],
                ["2026-01-14T00:00:00Z", "high", "sub-1", "2026-01-14T09:00:00Z"],
                ["2026-01-14T00:00:00Z", "Informational", "sub-2", "2026-01-14T09:00:00.1Z"],
            ],
            &[2, 1, 3, 4],
        );

        let summary = Summary::of(&result, THREE_DAYS, NOW).expect("a summary");

        assert_eq!(summary.total, 10);
        let severities: Vec<_> = summary.by_severity.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        assert_eq!(severities, [("High", 5), ("Informational", 4), ("Low", 1), ("Medium", 0)]);
        let subscriptions: Vec<_> = summary.by_subscription.iter().map(|(id, count)| (id.as_str(), *count)).collect();
        assert_eq!(subscriptions, [("none", 1), ("sub-1", 5), ("sub-2", 4)]);
        let days: Vec<_> = summary.by_day.iter().map(|day| (day.day.as_str(), day.total, day.high)).collect();
        let expected = [("2026-01-12", 0, 0), ("2026-01-13", 3, 2), ("2026-01-14", 7, 3), ("2026-01-15", 0, 0)];
        assert_eq!(days, expected);
        assert_eq!(summary.newest.as_deref(), Some("2026-01-14T09:00:00.1Z"));
        assert_eq!(summary.min_from_subscription_connectors(), 4);
    }

    #[test]
    fn counts_unknown_severities_and_days_after_today() {
        let result = result(&[["2026-01-16T00:00:00Z", "Extreme", "s", "2026-01-16T00:00:01Z"]], &[1]);

        let summary = Summary::of(&result, THREE_DAYS, NOW).expect("a summary");

        assert_eq!((summary.total, summary.by_severity["Extreme"]), (1, 1));
        assert_eq!(summary.by_day.last().map(|day| (day.day.as_str(), day.total)), Some(("2026-01-16", 1)));
    }

    #[test]
    fn day_counts_alerts_by_severity() {
        let rows = ["High", "Medium", "Low", "Informational", "Extreme"]
            .map(|severity| ["2026-01-13T00:00:00Z", severity, "s", "2026-01-13T10:00:00Z"]);

        let summary = Summary::of(&result(&rows, &[1, 2, 3, 4, 5]), THREE_DAYS, NOW).expect("a summary");

        let day = summary.by_day.iter().find(|day| day.day == "2026-01-13").expect("the window contains it");
        assert_eq!((day.total, day.high, day.medium, day.low, day.informational), (15, 1, 2, 3, 4));
    }

    #[test]
    fn an_empty_summary_has_all_days_and_severities() {
        let summary = Summary::empty(Duration::from_secs(60), NOW);

        assert_eq!(summary.by_day.len(), 1);
        assert_eq!(summary.by_severity.len(), 4);
        assert_eq!((summary.total, &summary.newest), (0, &None));
        assert_eq!(Summary::empty(Duration::from_secs(7 * 86_400), NOW).by_day.len(), 8);
    }

    #[test]
    fn an_unexpected_result_names_the_column() {
        let mut other = result(&[["2026-01-13T00:00:00Z", "High", "s", "x"]], &[1]);
        other.rows[0][4] = json!("many");
        assert_eq!(Summary::of(&other, THREE_DAYS, NOW), Err(kql::ALERTS));
        other.columns.remove(0);
        assert_eq!(Summary::of(&other, THREE_DAYS, NOW), Err(kql::DAY));
    }

    #[test]
    fn distinguishes_statuses() {
        let complete = QueryResult::default();
        let partial = QueryResult { partial: vec![ErrorDetail::default()], ..QueryResult::default() };

        for (result, total, status, is_receiving) in [
            (None, 0, "no_table", Some(false)),
            (Some(&complete), 0, "no_alerts", Some(false)),
            (Some(&complete), 2, "receiving", Some(true)),
            (Some(&partial), 2, "receiving", Some(true)),
            (Some(&partial), 0, "unknown", None),
        ] {
            let found = Status::of(result, total);
            assert_eq!((found.name(), found.is_receiving()), (status, is_receiving));
        }
    }
}
