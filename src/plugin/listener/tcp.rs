//! A TCP port on the loopback interface, in the range that Terraform requires.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;

use tokio::net::{TcpListener, TcpStream};

use super::ListenError;

/// A listener on `127.0.0.1`.
#[derive(Debug)]
pub(crate) struct LoopbackListener {
    listener: TcpListener,
    address: SocketAddr,
}

impl LoopbackListener {
    /// Binds the first free port from `PLUGIN_MIN_PORT` to `PLUGIN_MAX_PORT`, or any port if they are not set.
    pub(crate) fn bind(port_range: &(Option<String>, Option<String>)) -> Result<Self, ListenError> {
        let range = parse_range(port_range)?;
        let (min, max) = (*range.start(), *range.end());
        let mut last_error = io::ErrorKind::AddrNotAvailable.into();
        for port in range {
            match listen(port) {
                Ok(listener) => return Ok(listener),
                Err(error) => last_error = error,
            }
        }
        Err(ListenError::NoFreePort { min, max, source: last_error })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) async fn accept(&self) -> io::Result<TcpStream> {
        let (stream, _) = self.listener.accept().await?;
        // With Nagle's algorithm, small gRPC frames take 40 ms per call.
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

fn listen(port: u16) -> io::Result<LoopbackListener> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok(LoopbackListener { listener: TcpListener::from_std(listener)?, address })
}

/// Parses the range. A missing bound is 0, and port 0 means any port.
fn parse_range((min, max): &(Option<String>, Option<String>)) -> Result<RangeInclusive<u16>, ListenError> {
    let port = |text: &Option<String>| text.as_deref().map_or(Ok(0), str::parse);
    match (port(min), port(max)) {
        (Ok(min), Ok(max)) if min <= max => Ok(min..=max),
        _ => Err(ListenError::InvalidPortRange {
            min: min.clone().unwrap_or_default(),
            max: max.clone().unwrap_or_default(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(min: &str, max: &str) -> (Option<String>, Option<String>) {
        (Some(min.to_owned()), Some(max.to_owned()))
    }

    #[test]
    fn validates_the_port_range() {
        assert_eq!(parse_range(&bounds("10000", "25000")).expect("a range"), 10_000..=25_000);
        assert_eq!(parse_range(&(None, None)).expect("any port"), 0..=0);
        assert!(matches!(parse_range(&bounds("25000", "10000")), Err(ListenError::InvalidPortRange { .. })));
        assert!(matches!(parse_range(&bounds("low", "high")), Err(ListenError::InvalidPortRange { .. })));
    }

    #[tokio::test]
    async fn skips_a_port_in_use() {
        let holders: Vec<_> = (0..20).map(|_| LoopbackListener::bind(&(None, None)).expect("a free port")).collect();
        let taken = holders.iter().map(|holder| holder.address().port()).min().expect("there are some");
        let found = LoopbackListener::bind(&bounds(&taken.to_string(), "65535")).expect("a free port");
        assert!(found.address().port() > taken);
    }
}
