//! A script that replaces `az` and prints tokens of the simulator.

use super::Scene;

impl Scene {
    /// Authenticates the provider as this user of the world, with the Azure CLI.
    pub(crate) fn use_azure_cli_as(&mut self, user: &str) {
        let endpoint = self.azure.simulator().endpoint().to_owned();
        for (name, resource) in [("graph", format!("{endpoint}/graph")), ("arm", endpoint)] {
            // Without consent, Entra issues no token, and `az` prints its error.
            let (kind, text) = match self.azure.simulator().token_of_user(user, &resource) {
                Ok(token) => ("out", token.to_string()),
                Err(error) => ("err", format!("ERROR: {error:#}")),
            };
            self.file(&format!("bin/{name}.{kind}"), &text);
        }
        let script = "name=arm\ncase \"$*\" in *graph/.default*) name=graph ;; esac\n\
                      if [ -f \"${0%/*}/$name.err\" ]; then cat \"${0%/*}/$name.err\" >&2; exit 1; fi\n\
                      cat \"${0%/*}/$name.out\"\n";
        self.program("az", script);
        for variable in ["ARM_CLIENT_ID", "ARM_CLIENT_SECRET"] {
            self.unset(variable);
        }
    }
}
