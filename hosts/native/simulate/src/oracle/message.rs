//! Reads responses strictly, as a client does, and without any of the server's code (RFC 9112).

/// Reads responses from bytes.
#[derive(Default, Debug)]
pub struct Reader {
    bytes: Vec<u8>,
    /// How many of the bytes are read.
    at: usize,
}

/// The head of a response.
#[derive(Debug, Clone)]
pub struct Head {
    pub status: u16,
    pub fields: Vec<(String, String)>,
}

impl Head {
    /// The value of a field that may occur once.
    ///
    /// # Errors
    /// The field occurs twice.
    pub fn one(&self, name: &str) -> Result<Option<&str>, String> {
        let mut values = self.fields.iter().filter(|(given, _)| given.eq_ignore_ascii_case(name));
        let first = values.next();
        match values.next() {
            Some(_) => Err(format!("{name} is there twice")),
            None => Ok(first.map(|(_, value)| value.as_str())),
        }
    }

    /// The value of a field. It is empty if the field is missing.
    pub fn value(&self, name: &str) -> &str {
        self.one(name).ok().flatten().unwrap_or_default()
    }

    /// How much content follows a response to GET.
    ///
    /// # Errors
    /// The head does not say it, or says it in a wrong way.
    pub fn length(&self) -> Result<u64, String> {
        match self.status {
            100..200 | 204 | 304 => Ok(0),
            _ => {
                let value = self.one("Content-Length")?.ok_or("no Content-Length")?;
                let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                let length = value.parse().ok().filter(|_| is_number);
                length.ok_or_else(|| format!("Content-Length is {value:?}"))
            }
        }
    }
}

impl Reader {
    pub fn add(&mut self, bytes: &[u8]) {
        if self.at == self.bytes.len() {
            self.bytes.clear();
            self.at = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The bytes that are not read yet.
    pub fn rest(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    /// Takes at most this number of bytes.
    pub fn take(&mut self, most: u64) -> &[u8] {
        let from = self.at;
        let count = usize::try_from(most).unwrap_or(usize::MAX).min(self.bytes.len() - from);
        self.at += count;
        &self.bytes[from..from + count]
    }

    /// The next head, if it has arrived completely.
    ///
    /// # Errors
    /// The bytes are not a head.
    pub fn head(&mut self) -> Result<Option<Head>, String> {
        let rest = self.rest();
        let Some(end) = rest.windows(4).position(|four| four == b"\r\n\r\n") else {
            let begins_well = b"HTTP/1.1 ".starts_with(&rest[..rest.len().min(9)]);
            return if begins_well && rest.len() < 100_000 {
                Ok(None)
            } else {
                Err(format!("no head: {}", rest[..rest.len().min(80)].escape_ascii()))
            };
        };
        let text = std::str::from_utf8(&rest[..end]).map_err(|_| "a head that is not ASCII")?;
        let head = head(text).map_err(|error| format!("{error}: {text:?}"))?;
        self.at += end + 4;
        Ok(Some(head))
    }
}

fn head(text: &str) -> Result<Head, &'static str> {
    let mut lines = text.split("\r\n");
    let first = lines
        .next()
        .and_then(|line| line.strip_prefix("HTTP/1.1 "))
        .ok_or("no status line")?;
    let (code, reason) = first.split_once(' ').ok_or("no space behind the status code")?;
    let is_code = code.len() == 3 && !reason.contains(|c: char| c.is_control());
    let status = code.parse().ok().filter(|_| is_code).ok_or("no status code")?;
    let mut fields = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(": ").ok_or("no field line")?;
        let is_token = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_token || value.trim() != value || value.contains(|c: char| c.is_control() && c != '\t') {
            return Err("a malformed field line");
        }
        fields.push((name.to_owned(), value.to_owned()));
    }
    Ok(Head { status, fields })
}
