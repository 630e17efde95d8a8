//! A module registry that offers modules with given versions, to test the version constraints of Terraform and
//! OpenTofu.
//!
//! It serves plain HTTP, which they accept if their configuration lists the services of the host.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;

use serde_json::json;
use tempfile::TempDir;

/// The host name in the source addresses of modules.
const HOST: &str = "registry.test";
const MODULES: &str = "/v1/modules/";

/// A registry whose modules have one version each. Its thread ends with the test.
pub(crate) struct ModuleRegistry {
    address: SocketAddr,
    _package: TempDir,
}

impl ModuleRegistry {
    /// Starts a registry. The version with index `i` is the only version of the module `v{i}`.
    pub(crate) fn of(versions: &'static [&'static str]) -> Self {
        let package = tempfile::Builder::new().prefix("module-").tempdir().expect("a temporary folder");
        fs::write(package.path().join("main.tf"), "").expect("an empty module can be written");
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let folder = package.path().to_owned();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let folder = folder.clone();
                // Ignore clients that disconnect.
                thread::spawn(move || drop(serve(&stream, versions, &folder)));
            }
        });
        Self { address, _package: package }
    }

    /// The source address of the module with the version of this index.
    pub(crate) fn module(index: usize) -> String {
        format!("{HOST}/test/v{index}/any")
    }

    /// The CLI configuration with the address of the registry.
    pub(crate) fn cli_configuration(&self) -> String {
        let modules = format!("http://{}{MODULES}", self.address);
        format!(
            "disable_checkpoint = true\n\nhost \"{HOST}\" {{\n  services = {{\n    \"modules.v1\" = \"{modules}\"\n  \
             }}\n}}\n"
        )
    }
}

/// Responds to the requests of a connection until it ends.
fn serve(mut stream: &TcpStream, versions: &[&str], package: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    while let Some(request) = lines.next().transpose()? {
        while lines.next().transpose()?.is_some_and(|header| !header.is_empty()) {}
        let path = request.split(' ').nth(1).unwrap_or_default();
        stream.write_all(response(path, versions, package).as_bytes())?;
    }
    Ok(())
}

/// The response to a GET of `test/v7/any/versions` or `test/v7/any/3.0.0/download`.
fn response(path: &str, versions: &[&str], package: &Path) -> String {
    let parts: Vec<&str> = path.strip_prefix(MODULES).unwrap_or_default().split('/').collect();
    let version = parts.get(1).and_then(|name| versions.get(name.strip_prefix('v')?.parse::<usize>().ok()?));
    match (version, parts.last()) {
        (Some(version), Some(&"versions")) => {
            let body = json!({"modules": [{"versions": [{"version": version}]}]}).to_string();
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        }
        (Some(_), Some(&"download")) => {
            format!("HTTP/1.1 204 No Content\r\nX-Terraform-Get: file://{}\r\n\r\n", package.display())
        }
        _ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
    }
}
