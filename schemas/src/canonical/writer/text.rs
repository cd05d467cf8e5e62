//! Texts in quotes: control characters, quotes and backslashes escaped as RFC 8785 says, everything else as it is.

use std::fmt::{self, Write as _};

use super::{Unknown, Writer};

/// Whether a key's bytes order as RFC 8785 orders its UTF-16 and need no escape: printable ASCII.
pub(super) fn is_plain(key: &str) -> bool {
    key.bytes().all(|byte| (0x20..0x7f).contains(&byte) && !needs_escape(byte))
}

fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

impl Writer {
    /// A text with its quotes.
    pub(super) fn text(&mut self, text: &str) {
        self.out.push(b'"');
        self.escaped(text);
        self.out.push(b'"');
    }

    /// What a value displays, with quotes.
    pub(super) fn displayed<T: fmt::Display + ?Sized>(&mut self, value: &T) -> Result<(), Unknown> {
        self.out.push(b'"');
        write!(Escaping(self), "{value}").map_err(|_| Unknown)?;
        self.out.push(b'"');
        Ok(())
    }

    fn escaped(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|byte| needs_escape(*byte)) {
            self.out.extend_from_slice(&rest[..at]);
            self.escape(rest[at]);
            rest = &rest[at + 1..];
        }
        self.out.extend_from_slice(rest);
    }

    fn escape(&mut self, byte: u8) {
        const DIGITS: [u8; 16] = *b"0123456789abcdef";
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            0x09 => b't',
            0x0a => b'n',
            0x0c => b'f',
            0x0d => b'r',
            _ => {
                self.out.extend_from_slice(b"\\u00");
                self.out.extend_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
                return;
            }
        };
        self.out.extend_from_slice(&[b'\\', short]);
    }
}

struct Escaping<'a>(&'a mut Writer);

impl fmt::Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.escaped(text);
        Ok(())
    }
}
