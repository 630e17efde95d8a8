//! The attributes of `sentinel_dfc_alert_summary`.

use std::collections::BTreeMap;

use crate::alert_summary::summary::Day;
use crate::alert_summary::window::Window;
use crate::framework::Attribute;
use crate::sentinel::WorkspaceId;

pub(super) const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description("The ID of the Log Analytics workspace that Microsoft Sentinel runs on.");

pub(super) const WINDOW: Attribute<Window> = Attribute::optional_with_default("window", Window::default_value)
    .description("How far to look back: an ISO 8601 duration from `PT1M` to `P730D`, without years and months.");

pub(super) const STATUS: Attribute<String> = Attribute::computed("status").description(
    "Whether alerts arrive. Possible values are `receiving`, `no_alerts` (no alert in the window), `no_table` (the \
     table `SecurityAlert` does not exist yet, because no alert of any product has arrived) and `unknown` (Azure \
     returned a partial result without alerts).",
);

pub(super) const IS_RECEIVING: Attribute<Option<bool>> = Attribute::computed("is_receiving").description(
    "Whether at least one alert arrived in the window. Null if `status` is `unknown`. If `false`, the connector can \
     still work: Defender for Cloud may not have raised an alert.",
);

pub(super) const TOTAL: Attribute<i64> = Attribute::computed("total").description(
    "The number of alerts in the window. An alert that changed is counted once. An alert that arrived through two \
     connectors is counted twice, because Microsoft Sentinel stores it as two alerts.",
);

pub(super) const BY_SEVERITY: Attribute<BTreeMap<String, i64>> = Attribute::computed("by_severity")
    .description("The number of alerts by severity. Contains at least `High`, `Medium`, `Low` and `Informational`.");

pub(super) const BY_DAY: Attribute<Vec<Day>> = Attribute::computed("by_day").description(
    "The number of alerts by day, for charts. Contains each day of the window, oldest first, including days without \
     alerts. The first day is usually partial. An alert is counted on the day of its latest change.",
);

pub(super) const BY_SUBSCRIPTION: Attribute<BTreeMap<String, i64>> = Attribute::computed("by_subscription").description(
    "The number of alerts for each subscription ID (lower case). The key `none` contains alerts for resources outside \
     Azure.",
);

pub(super) const NEWEST: Attribute<Option<String>> = Attribute::computed("newest").description(
    "The time at which the newest alert, or the newest change of an alert, arrived (`TimeGenerated`). Null if there is \
     no alert in the window.",
);

pub(super) const FROM_SUBSCRIPTION_CONNECTORS: Attribute<i64> = Attribute::computed("min_from_subscription_connectors")
    .description(
        "The minimum number of alerts from subscription-based connectors. Only informational alerts are counted, \
         because the tenant-based connector does not stream them. All other alerts look the same with both connectors.",
    );

pub(super) const IS_PARTIAL: Attribute<bool> = Attribute::computed("is_partial").description(
    "Whether Azure returned only a part of the result. The numbers are then too low, and a warning shows the reason.",
);

pub(super) const QUERY: Attribute<String> = Attribute::computed("query").description(
    "The KQL query that the data source ran. You can paste it into **Logs** in the portal, or change it and run it \
     with `sentinel_log_query`.",
);
