//! The table: for each fault, the checks that must fail, and the bytes that the first of them must point at.

use crate::broken::Fault;

/// A server with one fault, and what the checker must report.
pub struct Case {
    /// What is wrong.
    pub fault: Fault,
    /// The lab for which it is checked.
    pub preset: &'static str,
    /// Exactly the checks that fail. The first one explains the fault.
    pub fails: &'static [&'static str],
    /// Part of the row of bytes that the first check points at (`(nothing` if the server sent nothing).
    pub bytes: &'static str,
    /// Whether the first of them kills or hangs the server.
    pub kills: bool,
}

const fn case(fault: Fault, fails: &'static [&'static str], bytes: &'static str) -> Case {
    Case {
        fault,
        preset: "general",
        fails,
        bytes,
        kills: false,
    }
}

impl Case {
    const fn preset(mut self, preset: &'static str) -> Self {
        self.preset = preset;
        self
    }

    const fn kills(mut self) -> Self {
        self.kills = true;
        self
    }
}

/// The cases, in the order of [`Fault`]. Some faults appear twice, for two labs.
pub const CASES: &[Case] = &[
    // The status line.
    case(Fault::NoVersion, &["status-line"], r"| 200 OK\r\n"),
    case(Fault::SlashMisplaced, &["status-line"], r"| HTTP 1.1/ 200 OK\r\n"),
    case(Fault::VersionOnPaper, &["status-line"], r"| HTTP/1.x 200 OK\r\n"),
    case(Fault::NoCode, &["status-line"], r"| HTTP/1.1 OK\r\n"),
    // The head.
    case(
        Fault::HeadUnended,
        &["head-end", "not-found-complete"],
        "| <!DOCTYPE html>",
    ),
    case(Fault::BareLf, &["line-ends"], r"| HTTP/1.1 200 OK\n"),
    case(Fault::CrCrLf, &["line-ends"], r"| HTTP/1.1 200 OK\r\r\n"),
    case(Fault::MalformedField, &["field-lines"], r"| Language = Spanish\r\n"),
    case(Fault::NoContentType, &["content-type"], r"| \r\n"),
    case(
        Fault::HtmlForEverything,
        &["other-types"],
        r"| Content-Type: text/html\r\n",
    ),
    case(
        Fault::MisspeltType,
        &["other-types"],
        r"| Content-Type: aplication/pdf\r\n",
    ),
    case(Fault::NoServer, &["server-field"], r"| \r\n"),
    case(Fault::NoDate, &["date"], r"| \r\n"),
    case(Fault::LocalDate, &["date"], r"| Date: 2026-03-02 09:15:00.123456\r\n"),
    case(Fault::NoConnectionField, &["connection-field"], r"| \r\n"),
    case(
        Fault::FalseKeepAlive,
        &["connection-field"],
        r"| Connection: keep-alive\r\n",
    ),
    case(Fault::LengthInCharacters, &["other-lengths"], r"| Content-Length: "),
    case(Fault::LengthTooLarge, &["content-length"], r"| Content-Length: "),
    // The content.
    case(Fault::ExtraCrlf, &["content"], r"| \r\n"),
    case(Fault::NoContent, &["content"], r"| \r\n"),
    case(Fault::TextMode, &["binary", "other-files"], r"| PNG\r\n"),
    case(
        Fault::NewlinesTranslated,
        &["content", "other-files", "binary", "utf-8"],
        r"| <!DOCTYPE html>\r\n",
    ),
    case(
        Fault::HardCoded,
        &["other-files", "binary", "utf-8"],
        "| <!DOCTYPE html>",
    ),
    case(Fault::DiesOnBinary, &["other-files", "binary"], "(nothing").kills(),
    case(Fault::OneSendPerByte, &["one-write"], "| <!DOCTYPE html>"),
    // 404.
    case(Fault::NotFoundAs200, &["not-found"], r"| HTTP/1.1 200 OK\r\n"),
    case(
        Fault::NotFoundUnended,
        &["not-found-complete"],
        r"| Connection: close\r\n",
    ),
    case(Fault::NotFoundWithoutContent, &["not-found-page"], r"| \r\n"),
    case(Fault::NotFoundWithoutWords, &["not-found-page"], "| <h1>No existe</h1>").preset("mininet"),
    case(Fault::NotFoundLeftOpen, &["not-found-complete"], "404 Not Found</h1>"),
    case(Fault::DiesAfterNotFound, &["survives-not-found"], "(nothing").kills(),
    // The connection and the loop.
    case(Fault::NeverResponds, &["responds"], "(nothing").kills(),
    case(Fault::RespondsUnasked, &["responds"], r"| HTTP/1.1 200 OK\r\n"),
    case(Fault::LeftOpen, &["closes"], "</h1>"),
    case(Fault::IgnoresClose, &["closes"], "</h1>"),
    case(Fault::PersistentInNameOnly, &["persistent"], "</h1>"),
    case(Fault::DiesAfterGet, &["survives"], "(nothing").kills(),
    case(Fault::HangsAfterGet, &["survives"], "(nothing").kills(),
    case(Fault::Serial, &["idle-client"], "(nothing"),
    case(Fault::Serial, &["eleventh", "idle-client"], "(nothing").preset("lab01"),
    case(Fault::TurnsAway, &["at-once"], "(nothing").preset("kurose"),
    case(Fault::TurnsAway, &["eleventh", "at-once"], "(nothing").preset("lab01"),
    case(Fault::DiesOnEmptyConnection, &["empty-connection"], "(nothing").kills(),
    case(Fault::DiesOnBlankLine, &["blank-line"], "(nothing").kills(),
    case(Fault::DiesOnHalfRequest, &["half-request"], "(nothing").kills(),
    case(Fault::DiesOnEarlyLeave, &["early-leave"], "(nothing").kills(),
    // The request.
    case(Fault::OneRead, &["two-segments"], "404 Not Found</h1>"),
    case(Fault::LeadingBlankLine, &["leading-blank-line"], "400 Bad Request"),
    case(Fault::Traversal, &["traversal"], "The answers of the exam."),
    case(Fault::EncodedTraversal, &["traversal"], "The answers of the exam."),
    case(Fault::AbsolutePath, &["traversal"], "root:"),
    case(Fault::QueryInName, &["query"], "404 Not Found"),
    case(Fault::NotDecoded, &["percent", "other-files", "utf-8"], "404 Not Found"),
    case(Fault::AbsoluteForm, &["absolute-form"], "404 Not Found"),
    case(Fault::PostServed, &["post"], r"| HTTP/1.1 200 OK\r\n"),
    case(Fault::AnyMethodServed, &["unknown-method"], r"| HTTP/1.1 200 OK\r\n"),
    case(Fault::HeadWithContent, &["head-method"], "| <!DOCTYPE html>"),
    case(Fault::HostIgnored, &["host-missing"], r"| HTTP/1.1 200 OK\r\n"),
    case(Fault::CaseSensitive, &["field-names"], "400 Bad Request"),
    case(Fault::HostInOldVersion, &["http-1.0"], "400 Bad Request"),
    case(
        Fault::SpaceBeforeColon,
        &["space-before-colon"],
        r"| HTTP/1.1 200 OK\r\n",
    ),
    case(
        Fault::AnythingServed,
        &["bad-request", "host-missing", "space-before-colon"],
        r"| HTTP/1.1 200 OK\r\n",
    ),
    case(Fault::NoSimpleRequest, &["simple-request"], "<!DOCTYPE").preset("lab01"),
    case(Fault::DiesOnDirectory, &["directory"], "(nothing").kills(),
    case(Fault::DiesOnLongTarget, &["long-target"], "(nothing").kills(),
    case(Fault::DiesOnManyFields, &["many-fields"], "(nothing").kills(),
];
