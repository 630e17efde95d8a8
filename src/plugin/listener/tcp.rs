//! A TCP port on the loopback interface, within the range the CLI asks for.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;

use tokio::net::{TcpListener, TcpStream};

use super::ListenError;

/// A listener on `127.0.0.1`.
#[derive(Debug)]
pub(crate) struct Loopback {
    listener: TcpListener,
    address: SocketAddr,
}

impl Loopback {
    /// Takes the first free port between `PLUGIN_MIN_PORT` and `PLUGIN_MAX_PORT` (given as text); any without them.
    pub(crate) fn bind(ports: &(Option<String>, Option<String>)) -> Result<Self, ListenError> {
        let range = port_range(ports)?;
        let (min, max) = (*range.start(), *range.end());
        let mut last = io::ErrorKind::AddrNotAvailable.into();
        for port in range {
            match listen(port) {
                Ok(loopback) => return Ok(loopback),
                Err(error) => last = error,
            }
        }
        Err(ListenError::Ports { min, max, source: last })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) async fn accept(&self) -> io::Result<TcpStream> {
        let (stream, _) = self.listener.accept().await?;
        // Small gRPC frames and Nagle's algorithm wait for each other: 40 ms a call.
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

fn listen(port: u16) -> io::Result<Loopback> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok(Loopback { listener: TcpListener::from_std(listener)?, address })
}

/// An absent bound is 0, and port 0 is "any".
fn port_range((min, max): &(Option<String>, Option<String>)) -> Result<RangeInclusive<u16>, ListenError> {
    let port = |text: &Option<String>| text.as_deref().map_or(Ok(0), str::parse);
    match (port(min), port(max)) {
        (Ok(min), Ok(max)) if min <= max => Ok(min..=max),
        _ => Err(ListenError::PortRange { min: min.clone().unwrap_or_default(), max: max.clone().unwrap_or_default() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(min: &str, max: &str) -> (Option<String>, Option<String>) {
        (Some(min.to_owned()), Some(max.to_owned()))
    }

    #[test]
    fn the_bounds_must_be_a_range() {
        assert_eq!(port_range(&bounds("10000", "25000")).expect("a range"), 10_000..=25_000);
        assert_eq!(port_range(&(None, None)).expect("any port"), 0..=0);
        assert!(matches!(port_range(&bounds("25000", "10000")), Err(ListenError::PortRange { .. })));
        assert!(matches!(port_range(&bounds("low", "high")), Err(ListenError::PortRange { .. })));
    }

    #[tokio::test]
    async fn a_taken_port_is_passed_over() {
        let taken = Loopback::bind(&(None, None)).expect("a free port").address().port();
        let _holder = listen(taken).expect("it was just given back");
        let next = taken.saturating_add(20);
        let found = Loopback::bind(&bounds(&taken.to_string(), &next.to_string())).expect("one of twenty is free");
        assert!(found.address().port() > taken);
    }
}
