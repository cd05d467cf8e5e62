//! Where the TLS records of a connection end, read from their headers as they pass.
//!
//! Promises: positions count bytes from the begin of a direction, whatever the pieces in which they come.

use super::carry::Way;

/// Bytes of a record's header; the last two tell how long the rest is.
const HEADER: usize = 5;

/// One direction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    /// Bytes that passed.
    pub passed: u64,
    /// Where each whole record ends.
    pub ends: Vec<u64>,
    pub(super) header: Vec<u8>,
    pub(super) left: usize,
}

/// What passed in a connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    /// From the client.
    pub request: Records,
    /// From the server.
    pub reply: Records,
}

impl Trace {
    pub(super) fn take(&mut self, way: Way, bytes: &[u8]) {
        match way {
            Way::Request => self.request.take(bytes),
            Way::Reply => self.reply.take(bytes),
        }
    }
}

impl Records {
    fn take(&mut self, mut bytes: &[u8]) {
        while let Some((first, rest)) = bytes.split_first() {
            let taken = if self.left > 0 {
                self.left.min(bytes.len())
            } else {
                self.header.push(*first);
                1
            };
            self.passed += taken as u64;
            if self.left > 0 {
                self.left -= taken;
                bytes = &bytes[taken..];
            } else {
                bytes = rest;
                if self.header.len() < HEADER {
                    continue;
                }
                self.left = usize::from(u16::from_be_bytes([self.header[3], self.header[4]]));
                self.header.clear();
            }
            if self.left == 0 {
                self.ends.push(self.passed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_end_where_their_headers_say_whatever_the_pieces() {
        let bytes =
            [&[22, 3, 1, 0, 3, 1, 2, 3][..], &[20, 3, 3, 0, 1, 1], &[23, 3, 3, 1, 0], &[7; 256], &[23, 3]].concat();
        for piece in [1, 2, 5, 7, bytes.len()] {
            let mut trace = Trace::default();
            bytes.chunks(piece).for_each(|piece| trace.take(Way::Reply, piece));
            assert_eq!((trace.reply.ends, trace.reply.passed), (vec![8, 14, 275], 277), "in pieces of {piece}");
            assert_eq!(trace.request, Records::default());
        }
    }
}
