//! What a case is made of, and the words that the corpus is written in.

use crate::served::Setup;

/// The rule behind an answer of HTTP/0.9, which has no RFC.
pub const SIMPLE: &str = "HTTP/0.9 (1991)";

/// How a rule begins that no RFC gives: a choice of this server's, which `docs/conformance.md` explains.
pub const OURS: &str = "ours: ";

/// One conversation: what the client sends, and what is to come back.
pub struct Case {
    /// Names it, on the page and in a failure.
    pub id: String,
    /// The rule that it shows.
    pub rule: &'static str,
    /// What the server was started with.
    pub setup: Setup,
    /// What is sent; before each but the first, the server must have said something.
    pub sends: Vec<Vec<u8>>,
    /// Whether the client ends its side then.
    pub ends: bool,
    /// What comes back, in order.
    pub answers: Vec<Answer>,
    /// Whether the server ends the connection then; otherwise it has to answer another request.
    pub closes: bool,
}

/// What one answer has to be. Besides, `check` holds every answer to what every answer must be.
#[derive(Default)]
pub struct Answer {
    /// One of these; none for the bare content of HTTP/0.9.
    pub statuses: Vec<u16>,
    /// Whether it has no content whatever its head says: the answer to HEAD.
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

/// A case with nothing expected yet, on a server without options, after which the connection stays usable.
pub fn case(id: impl Into<String>, rule: &'static str, request: impl AsRef<[u8]>) -> Case {
    Case {
        id: id.into(),
        rule,
        setup: Setup::Plain,
        sends: vec![request.as_ref().to_vec()],
        ends: false,
        answers: Vec::new(),
        closes: false,
    }
}

/// A case with an answer of that status.
pub fn answered(id: impl Into<String>, rule: &'static str, request: impl AsRef<[u8]>, status: u16) -> Case {
    let to_head = request.as_ref().starts_with(b"HEAD ");
    let case = case(id, rule, request).answer(status);
    if to_head { case.head() } else { case }
}

/// A case that is refused: with that status, and the end of the connection.
pub fn refused(id: impl Into<String>, rule: &'static str, request: impl AsRef<[u8]>, status: u16) -> Case {
    answered(id, rule, request, status).closes()
}

/// A case that is answered as HTTP/0.9 is: with this content, and the end of the connection.
pub fn bare(id: impl Into<String>, rule: &'static str, request: impl AsRef<[u8]>, content: &str) -> Case {
    case(id, rule, request).bare_answer().content(content).closes()
}

/// A case that is answered as HTTP/0.9 is, with a page that says this.
pub fn bare_error(id: impl Into<String>, rule: &'static str, request: impl AsRef<[u8]>, says: &'static str) -> Case {
    let case = case(id, rule, request).bare_answer();
    case.content_has("<!DOCTYPE html>").content_has(says).closes()
}

/// A request of HTTP/1.1 with Host and these field lines.
pub fn request(method: &str, target: &str, fields: &[&str]) -> String {
    let lines: String = fields.iter().map(|line| format!("{line}\r\n")).collect();
    format!("{method} {target} HTTP/1.1\r\nHost: a.example\r\n{lines}\r\n")
}

/// The same with GET.
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

/// The same in the chunked coding.
pub fn chunked(content: &str) -> String {
    with_content("Transfer-Encoding: chunked", content)
}

impl Case {
    /// On a server with other options.
    pub fn on(mut self, setup: Setup) -> Self {
        self.setup = setup;
        self
    }

    /// When the server has said something, the client goes on with this.
    pub fn then_sends(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.sends.push(bytes.as_ref().to_vec());
        self
    }

    /// The client ends its side after all that it sends, and so does the server.
    pub fn ends(mut self) -> Self {
        self.ends = true;
        self.closes()
    }

    /// The server ends the connection after all that it answers.
    pub fn closes(mut self) -> Self {
        self.closes = true;
        self
    }

    /// Another answer, with this status.
    pub fn answer(self, status: u16) -> Self {
        self.answer_of(&[status])
    }

    /// Another answer, with one of these statuses: where an RFC leaves the choice.
    pub fn answer_of(mut self, statuses: &[u16]) -> Self {
        self.answers.push(Answer {
            statuses: statuses.to_vec(),
            ..Answer::default()
        });
        self
    }

    /// Another answer, of HTTP/0.9.
    pub fn bare_answer(self) -> Self {
        self.answer_of(&[])
    }

    /// The last answer is one to HEAD.
    pub fn head(mut self) -> Self {
        self.last().to_head = true;
        self
    }

    /// The last answer has a field with this value.
    pub fn field(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.last().fields.push((name, Expected::Is(value.into())));
        self
    }

    /// The last answer has this field.
    pub fn has(mut self, name: &'static str) -> Self {
        self.last().fields.push((name, Expected::There));
        self
    }

    /// The last answer has no such field.
    pub fn without(mut self, name: &'static str) -> Self {
        self.last().fields.push((name, Expected::Missing));
        self
    }

    /// The last answer has this content.
    pub fn content(self, content: impl AsRef<[u8]>) -> Self {
        let content = content.as_ref().to_vec();
        self.expect(Content::Is(content))
    }

    /// The last answer's content has this text.
    pub fn content_has(self, text: &'static str) -> Self {
        self.expect(Content::Has(text))
    }

    /// The last answer's content has no such text.
    pub fn content_has_not(self, text: &'static str) -> Self {
        self.expect(Content::HasNot(text))
    }

    /// The last answer's content has these parts.
    pub fn parts(self, parts: &'static [(&'static str, &'static str)]) -> Self {
        self.expect(Content::Parts(parts))
    }

    fn expect(mut self, content: Content) -> Self {
        self.last().content.push(content);
        self
    }

    fn last(&mut self) -> &mut Answer {
        self.answers.last_mut().expect("an answer comes first")
    }
}
