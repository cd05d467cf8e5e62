//! One HTTP/1.1 message, cut out of a stream of bytes.
//!
//! Promises: the body is whole and without its chunks' heads. It must not know whether it is a request or a reply beyond its first line.

/// A request or a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// First line and headers, as they were sent.
    pub head: String,
    /// As it was sent, without the heads of chunks.
    pub body: Vec<u8>,
}

impl Message {
    /// The message that a stream begins with, and its length in the stream; none when it is not complete yet.
    pub(super) fn first(stream: &[u8]) -> Option<(Self, usize)> {
        let end = stream.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
        let mut message = Self { head: String::from_utf8_lossy(&stream[..end]).into_owned(), body: Vec::new() };
        let rest = &stream[end..];
        let length = if message.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
            let (body, length) = chunks(rest)?;
            message.body = body;
            length
        } else {
            let length = message.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
            message.body = rest.get(..length)?.to_vec();
            length
        };
        Some((message, end + length))
    }

    /// The method of a request.
    #[must_use]
    pub fn method(&self) -> &str {
        self.head.split(' ').next().unwrap_or_default()
    }

    /// The path of a request.
    #[must_use]
    pub fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The status of a reply.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.path().parse().ok().filter(|_| self.head.starts_with("HTTP/"))
    }

    /// A header's value, its name without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        pairs
            .map(|(key, value)| (key, value.trim()))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The body as its sender meant it: decompressed when it was sent as zstd.
    ///
    /// # Errors
    /// When it cannot be decompressed.
    pub fn content(&self) -> std::io::Result<Vec<u8>> {
        match self.header("content-encoding") {
            Some("zstd") => zstd::decode_all(self.body.as_slice()),
            _ => Ok(self.body.clone()),
        }
    }
}

/// The body of a chunked message and its length in the stream.
fn chunks(stream: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut body = Vec::new();
    let mut at = 0;
    loop {
        let line = stream[at..].windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&stream[at..at + line]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        at += line + 2;
        if size == 0 {
            // Trailers end with an empty line; without trailers it follows at once.
            let trailers = &stream[at..];
            if trailers.starts_with(b"\r\n") {
                return Some((body, at + 2));
            }
            let end = trailers.windows(4).position(|window| window == b"\r\n\r\n")?;
            return Some((body, at + end + 4));
        }
        body.extend_from_slice(stream.get(at..at + size)?);
        at += size + 2;
        if at > stream.len() {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNKED: &[u8] =
        b"PUT /v1/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n2;x=y\r\nef\r\n0\r\n\r\nGET";

    #[test]
    fn a_message_ends_where_its_headers_say() {
        let (message, length) = Message::first(CHUNKED).unwrap();
        assert_eq!((message.body.as_slice(), &CHUNKED[length..]), (&b"abcdef"[..], &b"GET"[..]));
        assert_eq!((message.method(), message.path(), message.status()), ("PUT", "/v1/x", None));
        let (reply, length) = Message::first(b"HTTP/1.1 200 OK\r\ncontent-LENGTH: 3\r\n\r\nabcHTTP").unwrap();
        assert_eq!((reply.status(), reply.body.as_slice(), length), (Some(200), &b"abc"[..], 41));
        assert_eq!(Message::first(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap().0.body, b"");
    }

    #[test]
    fn an_incomplete_message_is_none_at_every_byte() {
        let whole = CHUNKED.len() - 3;
        assert!((0..whole).all(|length| Message::first(&CHUNKED[..length]).is_none()));
        assert!(Message::first(&CHUNKED[..whole]).is_some());
    }

    #[test]
    fn a_compressed_body_can_be_read() {
        let body = zstd::encode_all(&b"line\n"[..], 3).unwrap();
        let message = Message { head: "PUT / HTTP/1.1\r\nContent-Encoding: zstd\r\n\r\n".to_owned(), body };
        assert_eq!(message.content().unwrap(), b"line\n");
    }
}
