//! The parts of a case, and the functions with which the corpus is written.

use crate::served::Setup;

/// The rule for a response in HTTP/0.9, which has no RFC.
pub const SIMPLE: &str = "HTTP/0.9 (1991)";

/// The prefix of a rule that is in no RFC: a choice of this server, which `docs/conformance.md` explains.
pub const OURS: &str = "ours: ";

/// One conversation: what the client sends, and what must come back.
pub struct Case {
    /// The name of the case, on the page and in a failure.
    pub id: String,
    /// The rule that the case shows.
    pub rule: &'static str,
    /// The options of the server.
    pub setup: Setup,
    /// What the client sends. Before each element but the first, the server must have sent something.
    pub sends: Vec<Vec<u8>>,
    /// Whether the client then closes its side.
    pub ends: bool,
    /// The expected responses, in order.
    pub responses: Vec<ExpectedResponse>,
    /// Whether the server then closes the connection. Otherwise it must respond to another request.
    pub closes: bool,
}

/// The expectations for one response. In addition, `check` applies the rules for every response.
#[derive(Default)]
pub struct ExpectedResponse {
    /// One of these; none for the bare content of HTTP/0.9.
    pub statuses: Vec<u16>,
    /// Whether it is the response to HEAD, which has no content whatever its head says.
    pub to_head: bool,
    /// What its fields have to say: the whole value, or only that it is there, or that it is not.
    pub fields: Vec<(&'static str, Expected)>,
    /// What its content has to be.
    pub content: Vec<Content>,
}

/// What is expected of a field.
pub enum Expected {
    Is(String),
    There,
    Missing,
}

/// What is expected of content.
pub enum Content {
    /// These bytes.
    Is(Vec<u8>),
    /// This text somewhere.
    Has(&'static str),
    /// Not this text anywhere.
    HasNot(&'static str),
    /// The parts of multipart/byteranges: the `Content-Range` and the bytes of each.
    Parts(&'static [(&'static str, &'static str)]),
}

/// A case without expectations, on a server without options, after which the connection stays usable.
pub fn case(id: impl Into<String>, rule: &'static str, request: impl AsRef<[u8]>) -> Case {
    Case {
        id: id.into(),
        rule,
        setup: Setup::Plain,
        sends: vec![request.as_ref().to_vec()],
        ends: false,
        responses: Vec::new(),
        closes: false,
    }
}

/// A case with a response that has this status.
pub fn with_status(id: impl Into<String>, rule: &'static str, request: impl AsRef<[u8]>, status: u16) -> Case {
    let to_head = request.as_ref().starts_with(b"HEAD ");
    let case = case(id, rule, request).response(status);
    if to_head { case.head() } else { case }
}

/// A case that is rejected with this status, after which the connection is closed.
pub fn refused(id: impl Into<String>, rule: &'static str, request: impl AsRef<[u8]>, status: u16) -> Case {
    with_status(id, rule, request, status).closes()
}

/// A case with a response in HTTP/0.9: this content, and then the connection is closed.
pub fn bare(id: impl Into<String>, rule: &'static str, request: impl AsRef<[u8]>, content: &str) -> Case {
    case(id, rule, request).bare_response().content(content).closes()
}

/// A case with a response in HTTP/0.9: a page with this text.
pub fn bare_error(id: impl Into<String>, rule: &'static str, request: impl AsRef<[u8]>, says: &'static str) -> Case {
    let case = case(id, rule, request).bare_response();
    case.content_has("<!DOCTYPE html>").content_has(says).closes()
}

/// A request of HTTP/1.1 with Host and these field lines.
pub fn request(method: &str, target: &str, fields: &[&str]) -> String {
    let lines: String = fields.iter().map(|line| format!("{line}\r\n")).collect();
    format!("{method} {target} HTTP/1.1\r\nHost: a.example\r\n{lines}\r\n")
}

/// A GET request in HTTP/1.1 with Host and these field lines.
pub fn get(target: &str, fields: &[&str]) -> String {
    request("GET", target, fields)
}

/// A GET of the ten digits with exactly these field lines after the request line, which may be anything.
pub fn lines(lines: &str) -> String {
    format!("GET /digits.txt HTTP/1.1\r\n{lines}\r\n\r\n")
}

/// A GET of the ten digits with this content, framed by this field.
pub fn with_content(framing: &str, content: &str) -> String {
    format!("{}{content}", get("/digits.txt", &[framing]))
}

/// A GET of the ten digits with this content in the chunked coding.
pub fn chunked(content: &str) -> String {
    with_content("Transfer-Encoding: chunked", content)
}

impl Case {
    /// Sets other options of the server.
    pub fn on(mut self, setup: Setup) -> Self {
        self.setup = setup;
        self
    }

    /// The client sends this after the server has sent something.
    pub fn then_sends(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.sends.push(bytes.as_ref().to_vec());
        self
    }

    /// The client closes its side after everything that it sends, and so does the server.
    pub fn ends(mut self) -> Self {
        self.ends = true;
        self.closes()
    }

    /// The server closes the connection after its last response.
    pub fn closes(mut self) -> Self {
        self.closes = true;
        self
    }

    /// Another response, with this status.
    pub fn response(self, status: u16) -> Self {
        self.response_of(&[status])
    }

    /// Another response, with one of these statuses, because an RFC leaves the choice.
    pub fn response_of(mut self, statuses: &[u16]) -> Self {
        self.responses.push(ExpectedResponse {
            statuses: statuses.to_vec(),
            ..ExpectedResponse::default()
        });
        self
    }

    /// Another response, in HTTP/0.9.
    pub fn bare_response(self) -> Self {
        self.response_of(&[])
    }

    /// The last response is to a HEAD request.
    pub fn head(mut self) -> Self {
        self.last().to_head = true;
        self
    }

    /// The last response has a field with this value.
    pub fn field(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.last().fields.push((name, Expected::Is(value.into())));
        self
    }

    /// The last response has this field.
    pub fn has(mut self, name: &'static str) -> Self {
        self.last().fields.push((name, Expected::There));
        self
    }

    /// The last response has no such field.
    pub fn without(mut self, name: &'static str) -> Self {
        self.last().fields.push((name, Expected::Missing));
        self
    }

    /// The last response has this content.
    pub fn content(self, content: impl AsRef<[u8]>) -> Self {
        let content = content.as_ref().to_vec();
        self.expect(Content::Is(content))
    }

    /// The last response's content has this text.
    pub fn content_has(self, text: &'static str) -> Self {
        self.expect(Content::Has(text))
    }

    /// The last response's content has no such text.
    pub fn content_has_not(self, text: &'static str) -> Self {
        self.expect(Content::HasNot(text))
    }

    /// The last response's content has these parts.
    pub fn parts(self, parts: &'static [(&'static str, &'static str)]) -> Self {
        self.expect(Content::Parts(parts))
    }

    fn expect(mut self, content: Content) -> Self {
        self.last().content.push(content);
        self
    }

    fn last(&mut self) -> &mut ExpectedResponse {
        self.responses.last_mut().expect("a response comes first")
    }
}
