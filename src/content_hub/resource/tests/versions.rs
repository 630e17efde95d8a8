//! Tests of adoption. The acceptance scenarios `content_hub_versions` and `content_hub_install` test versions.

use super::*;

#[tokio::test(start_paused = true)]
async fn adopts_a_complete_installation_without_a_write() {
    let azure = Azure::start().await;
    applies(&mut lifecycle(&azure), &config(&azure)).await;
    let before = azure.writes();
    let mut other = lifecycle(&azure);

    let diagnostics = applies(&mut other, &config(&azure)).await;

    assert_eq!(azure.writes(), before);
    assert!(diagnostics.contains(&format!("~The existing solution {SOLUTION} in law-soc is adopted")));
    assert_eq!(get(&other, &DEPLOYMENT_NAME), None);
    applies(&mut other, &config(&azure).with(&TRACK_LATEST, true)).await;
    assert_eq!(azure.writes(), before, "Azure does not store this attribute");
}
