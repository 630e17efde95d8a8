//! The program: command line, startup output, and exit.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use azure_simulator::World;
use serde_json::{Value, json};

use crate::harness::client;

fn spawn(arguments: &[&str]) -> (Child, Value) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_azure-simulator"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the simulator starts");
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    stdout.read_line(&mut line).expect("a line");
    child.stdout = Some(stdout.into_inner());
    (child, serde_json::from_str(&line).expect("one line of JSON"))
}

fn wait(child: &mut Child) -> std::process::ExitStatus {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            return status;
        }
        assert!(Instant::now() < deadline, "it does not end");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[tokio::test]
async fn ready_line_has_every_address_and_credential() {
    let (mut child, ready) = spawn(&["--exit-with-stdin"]);
    let endpoint = ready["endpoint"].as_str().expect("an endpoint");
    let host = endpoint.strip_prefix("https://").expect("HTTPS");
    assert_eq!(ready["env"]["ARM_METADATA_HOSTNAME"], host);
    assert_eq!(ready["env"]["SSL_CERT_FILE"], ready["ca_file"]);
    for name in ["ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_SUBSCRIPTION_ID"] {
        assert!(ready["env"][name].as_str().is_some_and(|value| !value.is_empty()), "{name}");
    }
    let workspaces: Vec<_> = ready["workspaces"].as_object().expect("workspaces").keys().cloned().collect();
    assert_eq!(workspaces, ["law-fresh", "law-outdated", "law-portal", "law-soc"]);

    let authority = std::fs::read(ready["ca_file"].as_str().expect("a path")).expect("ca.pem");
    for host in [host.to_owned(), host.replace("127.0.0.1", "localhost")] {
        let url = format!("https://{host}/metadata/endpoints?api-version=2022-09-01");
        assert_eq!(client(&authority).get(url).send().await.expect("a response").status(), 200);
    }
    drop(child.stdin.take());
    assert!(wait(&mut child).success());
}

#[test]
fn stops_and_removes_its_folder_at_the_end_of_stdin() {
    let (mut child, ready) = spawn(&["--exit-with-stdin"]);
    let authority = std::path::PathBuf::from(ready["ca_file"].as_str().expect("a path"));
    assert!(authority.exists());
    drop(child.stdin.take());
    assert!(wait(&mut child).success());
    assert!(!authority.exists());
    let mut rest = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut rest).expect("text");
    assert_eq!(rest, "", "one line, then nothing");
}

#[cfg(unix)]
#[test]
fn stops_at_sigterm_and_keeps_a_given_folder() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let (mut child, ready) = spawn(&["--dir", folder.path().to_str().expect("text")]);
    let authority = std::path::PathBuf::from(ready["ca_file"].as_str().expect("a path"));
    assert_eq!(authority, folder.path().join("ca.pem"));
    drop(child.stdin.take());
    std::thread::sleep(Duration::from_millis(50));
    assert!(child.try_wait().expect("a child").is_none(), "stdin alone does not end it");
    Command::new("kill").arg(child.id().to_string()).status().expect("kill runs");
    assert!(wait(&mut child).success());
    assert!(authority.exists());
}

#[test]
fn starts_within_the_time_limit() {
    let start = Instant::now();
    let (mut child, _) = spawn(&["--exit-with-stdin"]);
    let elapsed = start.elapsed();
    drop(child.stdin.take());
    wait(&mut child);
    // The limit is for a debug build on a busy machine. A release build takes a tenth of it.
    assert!(elapsed < Duration::from_secs(2), "{elapsed:?}");
}

#[test]
fn world_file_replaces_the_default_world() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = folder.path().join("world.json");
    let mut world = World::default();
    let subscription = "55555555-5555-4555-8555-555555555555";
    world.patch(json!({"default_subscription": subscription}));
    std::fs::write(&file, world.to_value().to_string()).expect("a file");

    let (mut child, ready) = spawn(&["--exit-with-stdin", "--world", file.to_str().expect("text")]);

    assert_eq!(ready["env"]["ARM_SUBSCRIPTION_ID"], subscription);
    drop(child.stdin.take());
    assert!(wait(&mut child).success());
}

#[test]
fn reports_an_invalid_world_and_an_address_in_use() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = listener.local_addr().expect("an address").to_string();
    for (arguments, expected) in [
        (["--world", "/nonexistent.json"], "cannot read the world /nonexistent.json".to_owned()),
        (["--listen", &taken], format!("cannot listen on {taken}")),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_azure-simulator"));
        let output = command.args(arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains(&expected), "{stderr}");
    }
}

/// Runs each block of commands with `curl` in the README, as a user pastes it.
#[cfg(unix)]
#[test]
fn curl_examples_of_the_readme_work() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("the README");
    let blocks = readme.split("```bash\n").skip(1).filter_map(|rest| rest.split("```").next());
    let blocks: Vec<&str> = blocks.filter(|block| block.starts_with("curl ")).collect();
    assert_eq!(blocks.len(), 2, "{blocks:#?}");
    for block in blocks {
        let (mut child, ready) = spawn(&["--exit-with-stdin"]);
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let fails_on_errors = "curl() { command curl --silent --fail-with-body \"$@\"; }\nset -e\n";
        let run = Command::new("bash")
            .args(["-c", &format!("{fails_on_errors}{block}")])
            .env("ENDPOINT", text(&ready["endpoint"]))
            .env("ARM_SUBSCRIPTION_ID", text(&ready["env"]["ARM_SUBSCRIPTION_ID"]))
            .output()
            .expect("bash runs");
        drop(child.stdin.take());
        assert!(wait(&mut child).success());
        assert!(run.status.success(), "{block}\n{}", String::from_utf8_lossy(&run.stdout));
    }
}
