//! The state that requests read and change, one request at a time.

use std::fmt;

use crate::faults::{Effect, Faults};
use crate::http::Request;
use crate::request_log::RequestLog;
use crate::world::World;

/// A callback of a test, which is called with each request before the service.
pub(crate) type Interceptor = Box<dyn FnMut(&Request, &mut World) -> Option<Effect> + Send>;

/// The world, the faults and interceptors of requests, and the request log.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) faults: Faults,
    pub(crate) interceptors: Vec<Interceptor>,
    pub(crate) log: RequestLog,
}

impl State {
    /// The effect on a request: of an interceptor, or of a fault, whose ID is returned too.
    pub(crate) fn effect_on(&mut self, request: &Request) -> (Option<u64>, Effect) {
        let intercepted = self.interceptors.iter_mut().find_map(|intercept| intercept(request, &mut self.world));
        match intercepted {
            Some(effect) => (None, effect),
            None => match self.faults.apply(request) {
                Some((id, effect)) => (Some(id), effect),
                None => (None, Effect::default()),
            },
        }
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("faults", &self.faults).field("log", &self.log).finish_non_exhaustive()
    }
}
