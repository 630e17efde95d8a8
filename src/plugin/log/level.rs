//! The log level, from Terraform's environment variables and the one for this provider.

use tracing::level_filters::LevelFilter;

/// The level for the provider `name`, from the most specific variable that is set.
pub(super) fn from_environment(name: &str, variable: impl Fn(&str) -> Option<String>) -> LevelFilter {
    let own = format!("TF_LOG_PROVIDER_{}", name.to_uppercase().replace('-', "_"));
    [own.as_str(), "TF_LOG_PROVIDER", "TF_LOG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()))
        .map_or(LevelFilter::OFF, |value| parse(&value))
}

fn parse(value: &str) -> LevelFilter {
    match value.to_uppercase().as_str() {
        "OFF" => LevelFilter::OFF,
        "ERROR" => LevelFilter::ERROR,
        "WARN" => LevelFilter::WARN,
        "INFO" => LevelFilter::INFO,
        "DEBUG" => LevelFilter::DEBUG,
        // As in Terraform: JSON is TRACE in another format, and unknown values mean TRACE.
        _ => LevelFilter::TRACE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(variables: &[(&str, &str)]) -> LevelFilter {
        from_environment("sentinel", |name| Some(variables.iter().find(|(n, _)| *n == name)?.1.to_owned()))
    }

    #[test]
    fn logging_is_off_by_default() {
        assert_eq!(level(&[]), LevelFilter::OFF);
        assert_eq!(level(&[("TF_LOG", "")]), LevelFilter::OFF);
    }

    #[test]
    fn most_specific_variable_takes_precedence() {
        assert_eq!(level(&[("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "warn")]), LevelFilter::WARN);
        let own = ("TF_LOG_PROVIDER_SENTINEL", "Info");
        assert_eq!(level(&[("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "warn"), own]), LevelFilter::INFO);
        assert_eq!(level(&[("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "off")]), LevelFilter::OFF);
    }

    #[test]
    fn json_and_unknown_levels_select_trace() {
        assert_eq!(level(&[("TF_LOG", "JSON")]), LevelFilter::TRACE);
        assert_eq!(level(&[("TF_LOG", "verbose")]), LevelFilter::TRACE);
    }
}
