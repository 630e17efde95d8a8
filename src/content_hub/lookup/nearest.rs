//! The names nearest to one that was not found, for errors that help.

/// At most this many suggestions: a list that is read, not searched.
const MOST: usize = 5;
/// Below this similarity (0 to 1) a name has nothing to do with the one that was asked for.
const LEAST_SIMILARITY: f64 = 0.75;

/// The candidates that a person may have meant with `desired`, nearest first; compared without case.
///
/// A candidate that contains the desired text, or is contained in it, is near however long it is.
pub(crate) fn nearest<'a>(desired: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| (similarity(desired, candidate), candidate))
        .filter(|(score, _)| *score >= LEAST_SIMILARITY)
        .collect();
    scored.sort_by(|(a, left), (b, right)| b.total_cmp(a).then_with(|| left.cmp(right)));
    scored.dedup_by_key(|(_, candidate)| *candidate);
    scored.into_iter().take(MOST).map(|(_, candidate)| candidate).collect()
}

fn similarity(desired: &str, candidate: &str) -> f64 {
    let (desired, candidate) = (distinctive(desired), distinctive(candidate));
    let related =
        !desired.is_empty() && !candidate.is_empty() && (candidate.contains(&desired) || desired.contains(&candidate));
    let likeness = strsim::normalized_damerau_levenshtein(&desired, &candidate)
        .max(strsim::jaro_winkler(&desired, &candidate) - 0.1);
    if related { likeness.max(0.9) } else { likeness }
}

/// The part of a name in which solutions differ: content ids share a publisher and a fixed middle.
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
    fn a_misspelt_content_id_finds_its_neighbours_and_nobody_else() {
        let content_ids = NAMES.into_iter().filter(|name| name.contains('.'));
        let found = nearest("azuresentinel.azure-sentinel-solution-microsoftdefenderforclod", content_ids);
        assert_eq!(found, [NAMES[0], NAMES[1]]);
    }

    #[test]
    fn a_misspelt_display_name_finds_its_neighbour_in_any_case() {
        assert_eq!(nearest("microsoft defender for clowd", NAMES).first(), Some(&"Microsoft Defender for Cloud"));
    }

    #[test]
    fn a_part_of_a_name_finds_the_whole() {
        assert_eq!(nearest("entra id", NAMES), ["Microsoft Entra ID"]);
    }

    #[test]
    fn something_else_altogether_finds_nothing() {
        assert!(nearest("zzz", NAMES).is_empty());
    }
}
