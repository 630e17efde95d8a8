//! A stand-in for `az` that prints tokens of the simulator.

use super::Scene;

impl Scene {
    /// From now on, the provider logs in as this user of the world, with the Azure CLI.
    pub(crate) fn log_in_as(&mut self, user: &str) {
        let endpoint = self.azure.simulator().endpoint().to_owned();
        for (name, resource) in [("graph", format!("{endpoint}/graph")), ("arm", endpoint)] {
            // Without consent there is no token, and `az` prints Entra's error.
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
