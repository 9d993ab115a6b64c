//! The table of `cases.py`: servers whose fault an earlier checker named wrongly, and what it must report about each.

/// A server, and what the checker must report.
pub struct Case {
    /// Its name in `cases.py`.
    pub name: &'static str,
    /// The paths of the files that the checker gets. The first is the page.
    pub files: &'static [&'static str],
    /// The checks of the lab that fail; the report starts with the first of them.
    pub lab: &'static [&'static str],
    /// What the text contains, ignoring line breaks.
    pub says: &'static [&'static str],
    /// What it does not contain.
    pub silent: &'static [&'static str],
}

const PAGE: &[&str] = &["/HelloWorld.html"];

const fn case(
    name: &'static str,
    lab: &'static [&'static str],
    says: &'static [&'static str],
    silent: &'static [&'static str],
) -> Case {
    Case {
        name,
        files: PAGE,
        lab,
        says,
        silent,
    }
}

impl Case {
    const fn files(mut self, files: &'static [&'static str]) -> Self {
        self.files = files;
        self
    }
}

/// In the order of `cases.py`; run with `--tips`.
pub const CASES: &[Case] = &[
    case(
        "right",
        &[],
        &["No lab check with points failed. But a server that no longer responds"],
        &["FAIL", "Every lab check"],
    ),
    case(
        "skeleton_crlf",
        &[],
        &[
            "after-content [RFC: no points]",
            "The lab's skeleton sends them: no point is lost.",
        ],
        &["FAIL"],
    ),
    case(
        "empty_404",
        &[],
        &[
            "not-found-page [the lab: no points]",
            "some browsers show an empty page",
        ],
        &["FAIL"],
    ),
    case(
        "died_in_404",
        &["not-found-complete"],
        &[
            "The program ended in the middle of the 404, before its head was complete.",
            "The server's terminal says why",
            "not-found-page, survives-not-found (the program ended in the middle of the 404: see not-found-complete)",
        ],
        &["Send a small page", "after the 404 close only"],
    ),
    case(
        "both_unended",
        &["head-end", "not-found-complete"],
        &[
            "The content begins before the head has ended",
            "The page's head is not ended either: see head-end.",
        ],
        &["Send a small page", "The 404 has no content"],
    ),
    case(
        "lf_end_404",
        &["not-found-complete"],
        &["Send one more \"\\r\\n\": the last line of its head has one already"],
        &["Send \"\\r\\n\\r\\n\"", "Send a small page"],
    ),
    case(
        "swallowed",
        &["status-200"],
        &[
            "print the cause: except Exception as e: print(type(e), e)",
            "Any exception but FileNotFoundError is the fault",
        ],
        &["Take the second word"],
    ),
    case(
        "page_name",
        &["status-200"],
        &["If your server has another page", "--page /index.html"],
        &[],
    ),
    case(
        "silent_else",
        &["responds"],
        &[
            "closed the connection without sending a byte",
            "has another page, and not /HelloWorld.html",
            "(a consequence: see responds)",
        ],
        &["it hangs", "Since then"],
    ),
    case(
        "wrong_socket",
        &["responds"],
        &[
            "before the request was sent",
            "on the socket that accept returned (connectionSocket.recv), not on the one that listens",
        ],
        &["Is the file in the folder", "Send a small page", "status-200 ["],
    ),
    case(
        "echo",
        &["status-line"],
        &[
            "The response is the request itself, sent back.",
            "(a consequence: see status-line)",
        ],
        &["before anything else", "content ["],
    ),
    case(
        "exit_in_loop",
        &["survives"],
        &[
            "and then its program ended",
            "no break, return, exit() or serverSocket.close()",
        ],
        &[],
    ),
    case(
        "lf_first",
        &["status-line"],
        &[
            "There is whitespace before the status line: \"\\n\"",
            "Remove what comes before HTTP/1.1",
        ],
        &["before anything else", "ends with only \\n"],
    ),
    case(
        "glued",
        &["head-end"],
        &[
            "nothing ends \"HTTP/1.1 200 OK\".",
            "Send \"\\r\\n\\r\\n\" after HTTP/1.1 200 OK and before the file",
        ],
        &["only \\n", "has no Content-Type"],
    ),
    case(
        "glued_field",
        &["head-end"],
        &["nothing ends \"Content-Type: text/html\"."],
        &["only \\n", "content-type ["],
    ),
    case(
        "raw_string",
        &["head-end"],
        &["A line end was sent as letters, \\r\\n", "no r before the quotes"],
        &["only \\n", "has no Content-Type"],
    ),
    case(
        "fields_joined",
        &["field-lines"],
        &["Two fields are on one line: nothing ends the line before Content-Type"],
        &["has no Content-Type"],
    ),
    case(
        "field_in_status",
        &[],
        &["is in the status line", "Give it a line of its own", "(no \";\")"],
        &["has no Content-Type", "FAIL"],
    ),
    case(
        "first_line_lost",
        &["content"],
        &[
            "The first 16 bytes of /HelloWorld.html, its first line, are missing: <!DOCTYPE html>\\n",
            "use only f.read()",
        ],
        &["Another file"],
    ),
    case(
        "first_line_only",
        &["content", "survives"],
        &[
            "After the first line or character of /HelloWorld.html the connection is closed",
            "Is close() inside the loop",
            "Another exception there is the fault: fix that first.",
        ],
        &["Put accept inside an endless loop"],
    ),
    case(
        "repeated",
        &["content"],
        &["The file /HelloWorld.html comes 59 times."],
        &["remove the send"],
    ),
    case(
        "crlf_each",
        &["content"],
        &["After every byte of /HelloWorld.html comes \\r\\n"],
        &["Another file"],
    ),
    case(
        "field_after_blank",
        &["content"],
        &["A field line comes after the empty line, where the content begins: Content-Type: text/html\\r\\n"],
        &["Another file"],
    ),
    case(
        "extra_both",
        &["content"],
        &["with 11 bytes before it and 2 after it that are not its own: <h1>hi</h1>"],
        &["Another file"],
    ),
    case(
        "second_response",
        &["content"],
        &[
            "comes a second response, with status 404",
            "the except branch sends a response too",
        ],
        &["remove the send"],
    ),
    case(
        "wrote_bytes",
        &["content"],
        &["This is how Python shows bytes"],
        &["Another file"],
    ),
    case(
        "image_as_text",
        &[],
        &[
            "The file is not text, and text files are found.",
            "use open(name, \"rb\")",
        ],
        &["folders too", "decode %20", "FAIL"],
    )
    .files(&["/HelloWorld.html", "/img/logo.png"]),
];
