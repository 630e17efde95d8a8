//! Suggests names that are similar to a name that was not found.

/// The maximum number of suggestions.
const MAX_SUGGESTIONS: usize = 5;
/// The minimum similarity of a suggestion, between 0 and 1.
const MIN_SIMILARITY: f64 = 0.75;

/// Returns the candidates that are similar to `desired`, ignoring case, with the most similar one first.
///
/// A candidate that contains `desired`, or that `desired` contains, is always similar.
pub(super) fn suggestions<'a>(desired: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| (similarity(desired, candidate), candidate))
        .filter(|(score, _)| *score >= MIN_SIMILARITY)
        .collect();
    scored.sort_by(|(a, left), (b, right)| b.total_cmp(a).then_with(|| left.cmp(right)));
    scored.dedup_by_key(|(_, candidate)| *candidate);
    scored.into_iter().take(MAX_SUGGESTIONS).map(|(_, candidate)| candidate).collect()
}

fn similarity(desired: &str, candidate: &str) -> f64 {
    let (desired, candidate) = (distinctive(desired), distinctive(candidate));
    let is_contained =
        !desired.is_empty() && !candidate.is_empty() && (candidate.contains(&desired) || desired.contains(&candidate));
    let similarity = strsim::normalized_damerau_levenshtein(&desired, &candidate)
        .max(strsim::jaro_winkler(&desired, &candidate) - 0.1);
    if is_contained { similarity.max(0.9) } else { similarity }
}

/// The distinctive part of a name. Most content IDs begin with the same publisher and the same text.
fn distinctive(name: &str) -> String {
    let name = name.trim().to_lowercase();
    match name.split_once("azure-sentinel-solution-") {
        Some((_, rest)) if !rest.is_empty() => rest.to_owned(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 6] = [
        "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud",
        "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloudapps",
        "azuresentinel.azure-sentinel-solution-threatintelligence",
        "Microsoft Defender for Cloud",
        "Microsoft Entra ID",
        "Cisco ISE",
    ];

    #[test]
    fn suggests_only_similar_content_ids() {
        let content_ids = NAMES.into_iter().filter(|name| name.contains('.'));
        let found = suggestions("azuresentinel.azure-sentinel-solution-microsoftdefenderforclod", content_ids);
        assert_eq!(found, [NAMES[0], NAMES[1]]);
    }

    #[test]
    fn suggests_display_names_in_any_case() {
        assert_eq!(suggestions("microsoft defender for clowd", NAMES).first(), Some(&"Microsoft Defender for Cloud"));
    }

    #[test]
    fn suggests_names_that_contain_the_text() {
        assert_eq!(suggestions("entra id", NAMES), ["Microsoft Entra ID"]);
    }

    #[test]
    fn suggests_nothing_for_an_unrelated_name() {
        assert!(suggestions("zzz", NAMES).is_empty());
    }
}
