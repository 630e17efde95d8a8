//! One request through the simulator: fault, surface, log.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::faults::{Disconnect, Faults};
use crate::http::{Answer, Call};
use crate::journal::Journal;
use crate::world::World;
use crate::{admin, arm, entra, metadata, resource_manager};

/// All state, and the way of a request through it.
pub(crate) struct Service {
    /// Base URL of this simulator, without a slash at its end.
    endpoint: String,
    signer: entra::Signer,
    state: Mutex<State>,
}

/// What requests read and change, one at a time.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
}

/// What goes back over the wire, and how.
pub(crate) struct Delivery {
    /// None: the request was never heard, the connection closes.
    pub(crate) answer: Option<Answer>,
    pub(crate) delay: Duration,
    pub(crate) disconnect: bool,
    /// Close the connection after so many bytes of the body.
    pub(crate) truncate: Option<usize>,
}

impl Service {
    pub(crate) fn new(endpoint: String, world: World) -> Self {
        let state = State { world, faults: Faults::default(), journal: Journal::default() };
        Self { endpoint, signer: entra::Signer::generate(), state: Mutex::new(state) }
    }

    /// Handles a request completely and says what to send back.
    pub(crate) fn deliver(&self, call: &Call) -> Delivery {
        let mut state = self.lock();
        resource_manager::catch_up(&mut state.world, &self.endpoint);
        if let Some(path) = call.path.strip_prefix("/_simulator/") {
            return Delivery::plain(admin::answer(path, call, &mut state));
        }
        let Some(fault) = state.faults.encounter(call) else {
            let answer = self.answer(call, &mut state.world);
            state.journal.record(call, Some(&answer), None);
            return Delivery::plain(answer);
        };
        tracing::debug!(fault = fault.id, method = %call.method, path = call.path, "fault");
        let answer = (fault.disconnect() != Some(Disconnect::Before))
            .then(|| fault.substitute(call).unwrap_or_else(|| fault.decorate(self.answer(call, &mut state.world))));
        state.journal.record(call, answer.as_ref(), Some(fault.id));
        Delivery { answer, delay: fault.delay(), disconnect: fault.disconnect().is_some(), truncate: fault.truncate() }
    }

    fn answer(&self, call: &Call, world: &mut World) -> Answer {
        if call.path.eq_ignore_ascii_case("/metadata/endpoints") {
            return metadata::answer(call, &self.endpoint);
        }
        let entra = entra::Entra { endpoint: &self.endpoint, signer: &self.signer };
        if let Some(answer) = entra.answer(call, world) {
            return answer;
        }
        arm::answer(call, world, &entra)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A handler that panicked has answered nothing; the world it leaves is still the world.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Delivery {
    fn plain(answer: Answer) -> Self {
        Self { answer: Some(answer), delay: Duration::ZERO, disconnect: false, truncate: None }
    }
}
