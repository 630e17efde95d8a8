//! Users, who log in with the Azure CLI: a stand-in for `az` that prints the tokens that the simulator issues.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::Scene;

impl Scene {
    /// From now on, the provider logs in as this user of the world, with the Azure CLI.
    pub(crate) fn log_in_as(&mut self, user: &str) {
        let folder = self.temporary().join("az-login");
        fs::create_dir_all(&folder).expect("a folder");
        let endpoint = self.azure.simulator().endpoint().to_owned();
        for (name, resource) in [("graph", format!("{endpoint}/graph")), ("arm", endpoint)] {
            // Without consent there is no token, and `az` prints Entra's error.
            let (kind, text) = match self.azure.simulator().token_of_user(user, &resource) {
                Ok(token) => ("out", token.to_string()),
                Err(error) => ("err", format!("ERROR: {error:#}")),
            };
            fs::write(folder.join(format!("{name}.{kind}")), text).expect("a file");
        }
        let script = "#!/bin/sh\nname=arm\ncase \"$*\" in *graph/.default*) name=graph ;; esac\n\
                      if [ -f \"${0%/*}/$name.err\" ]; then cat \"${0%/*}/$name.err\" >&2; exit 1; fi\n\
                      cat \"${0%/*}/$name.out\"\n";
        let program = folder.join("az");
        fs::write(&program, script).expect("a file");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a program");
        let others = std::env::var("PATH").unwrap_or_default();
        self.set("PATH", &format!("{}:{others}", folder.display()));
        for variable in ["ARM_CLIENT_ID", "ARM_CLIENT_SECRET"] {
            self.unset(variable);
        }
    }
}
