//! Installation without a registry: from a filesystem mirror, with a lock file.

use crate::support::{CONNECTOR, Scene, connector};

scenarios![installs_from_a_mirror];

fn installs_from_a_mirror(scene: Scene) {
    let scene = scene.installing_from_a_mirror();
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.succeed(&["init", "-no-color"]);
    let lock = scene.read(".terraform.lock.hcl");
    assert!(lock.contains("h1:"), "the lock file pins the content: {lock}");

    scene.apply();
    scene.azure.assert_streams("law-soc");
    scene.assert_state([CONNECTOR]);
    scene.succeed(&["init", "-no-color", "-lockfile=readonly"]);
    scene.destroy();
    scene.azure.assert_not_streaming("law-soc");
}
