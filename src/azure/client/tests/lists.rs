//! Tests of lists with several pages.

use super::*;

#[tokio::test(start_paused = true)]
async fn timeout_reports_the_pages_and_the_time_of_a_list() {
    let pages = AtomicUsize::new(0);
    let server = Server::arm(move |_, _| {
        let link = format!("{PATH}?page={}", pages.fetch_add(1, Ordering::SeqCst));
        Reply::json(200, &json!({"value": [1], "nextLink": link}))
    })
    .await;
    let short = Deadline::lasting(Duration::from_millis(300));
    tokio::time::resume();

    let error = server.client().list(&get(), &short).await.expect_err("no end");

    let Error::TimedOut { last: Some(last), waited, .. } = error else { panic!("{error}") };
    assert!(waited >= Duration::from_millis(250), "{waited:?}");
    assert!(last.to_string().contains("pages so far"), "{last}");
}

#[tokio::test(start_paused = true)]
async fn reads_all_pages_of_a_list() {
    let server = Server::arm(|request, _| {
        let host = &request.headers["host"];
        if request.target.contains("skipToken") {
            Reply::json(200, &json!({"value": [3]}))
        } else {
            let next = format!("https://{host}{PATH}?api-version=v&$skipToken=a%2Bb");
            Reply::json(200, &json!({"value": [1, 2], "nextLink": next}))
        }
    })
    .await;

    let items = server.client().list(&get(), &deadline()).await.expect("a list");

    assert_eq!(items, [json!(1), json!(2), json!(3)]);
    assert_eq!(server.calls()[1], format!("GET {PATH}?api-version=v&$skipToken=a%2Bb"));
}

#[tokio::test(start_paused = true)]
async fn does_not_follow_a_next_link_to_another_host() {
    let foreign = Server::arm(|_, _| ok()).await;
    let link = foreign.endpoint.join("/steal").expect("an address").to_string();
    let server = Server::arm(move |_, _| Reply::json(200, &json!({"value": [1], "nextLink": link.clone()}))).await;

    let error = server.client().list(&get(), &deadline()).await.expect_err("rejected");

    assert!(matches!(error, Error::ForeignHost { .. }), "{error}");
    assert!(foreign.seen().is_empty());
}
