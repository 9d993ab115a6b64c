//! The component `handler.wasm`: the same site as a request handler (`wasi:http/incoming-handler`), for hosts that have
//! their own sockets, such as `wasmtime serve`. Only two steps of `server.wasm` are here, resolve and respond: the host
//! reads, parses, writes and logs.
//!
//! The host makes a new instance for each request, so nothing is kept from one request to the next. The options come
//! from the environment (`AULA_LIST=yes`), because a handler has no command line.

// A trap would leave a request without a response.
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::todo,
    clippy::unimplemented,
    clippy::indexing_slicing,
    clippy::string_slice
)]
// The host is reached only through WASI.
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

/// The parts of the shell that need no sockets.
#[cfg(target_os = "wasi")]
#[allow(dead_code, reason = "the server uses the rest")]
mod shell {
    pub mod capabilities;
    pub mod clock;
    pub mod content;
    pub mod directory;
    pub mod file;
    pub mod memory;
}

#[cfg(target_os = "wasi")]
mod handler {
    use crate::shell::clock::Clock;
    use crate::shell::content::Folder;
    use crate::shell::file::{Changed, OpenFile};
    use aula::config::{self, Command};
    use aula::http::message::Request;
    use aula::http::{Content, Fields, Method, Piece, Response};
    use aula::http1::request_target;
    use aula::site::{self, Site};
    use std::rc::Rc;
    use wasi::exports::http::incoming_handler::Guest;
    use wasi::http::types::{
        ErrorCode, Fields as Headers, IncomingRequest, Method as HostMethod, OutgoingBody, OutgoingResponse,
        ResponseOutparam,
    };
    use wasi::io::streams::{OutputStream, StreamError};

    struct Handler;

    wasi::http::proxy::export!(Handler with_types_in wasi);

    impl Guest for Handler {
        fn handle(request: IncomingRequest, out: ResponseOutparam) {
            match open() {
                Ok((site, folder)) => respond(&site, &folder, &request, out),
                // The host responds with 500, and logs the reason.
                Err(reason) => ResponseOutparam::set(out, Err(ErrorCode::InternalError(Some(reason)))),
            }
        }
    }

    /// The site as the environment configures it, and the granted folder.
    fn open() -> Result<(Site, Folder), String> {
        let command = config::parse([""; 0], |name| std::env::var(name).ok()).map_err(|error| error.to_string())?;
        let Command::Serve(config) = command else {
            return Err("no site is configured".to_owned());
        };
        // An instance handles one request, so it needs no cache.
        let (folder, _) = Folder::open(config.root.as_deref(), 0)
            .map_err(|_| "no folder to serve: grant one, as in wasmtime serve -S cli --dir www".to_owned())?;
        Ok((config.site, folder))
    }

    fn respond(site: &Site, folder: &Folder, request: &IncomingRequest, out: ResponseOutparam) {
        let method = method(request.method());
        // RFC 9112 section 3.2.1: a target without a path means `/`.
        let target = request.path_with_query().unwrap_or_else(|| "/".to_owned());
        let lines = request.headers().entries();
        let lines: Vec<_> = lines
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
            .collect();
        let now = Clock::default().now().unix;
        let response = match request_target::parse(target.as_bytes(), method) {
            Ok(parsed) => {
                let request = Request {
                    method,
                    target: parsed.of(target.as_bytes()),
                    fields: Fields::from_pairs(&lines),
                };
                site::respond(site, &request, folder, now).response
            }
            Err(rejection) => site::refuse(site, &rejection.explanation(), None, now),
        };
        send(response, method == Method::Head, out);
    }

    fn method(method: HostMethod) -> Method {
        Method::from_token(match &method {
            HostMethod::Get => b"GET",
            HostMethod::Head => b"HEAD",
            HostMethod::Options => b"OPTIONS",
            HostMethod::Connect => b"CONNECT",
            HostMethod::Post => b"POST",
            HostMethod::Put => b"PUT",
            HostMethod::Delete => b"DELETE",
            HostMethod::Trace => b"TRACE",
            HostMethod::Patch => b"PATCH",
            HostMethod::Other(token) => token.as_bytes(),
        })
    }

    fn send(response: Response<Rc<OpenFile>>, is_to_head: bool, out: ResponseOutparam) {
        let headers = Headers::new();
        let length = response.content_length().map(|length| length.to_string());
        let length = length.as_deref().map(|length| ("Content-Length", length));
        for (name, value) in response.fields.iter().chain(length) {
            // A host may forbid a field such as `Connection`; the response is valid without it.
            let _ = headers.append(name, value.as_bytes());
        }
        let outgoing = OutgoingResponse::new(headers);
        let (Ok(()), Ok(body)) = (outgoing.set_status_code(response.status.code()), outgoing.body()) else {
            return ResponseOutparam::set(out, Err(ErrorCode::InternalError(None)));
        };
        ResponseOutparam::set(out, Ok(outgoing));
        // Without `finish`, the host aborts the response, so the client learns that it is incomplete.
        if write(response.into_body(is_to_head), &body).is_ok() {
            let _ = OutgoingBody::finish(body, None);
        }
    }

    /// Sending failed: the client is gone, or the file has changed.
    struct Broken;

    impl From<StreamError> for Broken {
        fn from(_: StreamError) -> Self {
            Self
        }
    }

    impl From<Changed> for Broken {
        fn from(_: Changed) -> Self {
            Self
        }
    }

    fn write(content: Content<Rc<OpenFile>>, body: &OutgoingBody) -> Result<(), Broken> {
        let stream = body.write().map_err(|()| Broken)?;
        for piece in content.0 {
            match piece {
                Piece::Bytes(bytes) => write_all(&stream, &bytes)?,
                Piece::Slice { file, offset, length } => {
                    let end = offset.saturating_add(length);
                    let mut offset = offset;
                    // The file is read while it is sent: a file of any size needs only the memory of one read.
                    while offset < end {
                        let bytes = file.read(offset, end.saturating_sub(offset))?;
                        write_all(&stream, &bytes)?;
                        offset = offset.saturating_add(bytes.len() as u64);
                    }
                }
            }
        }
        stream.blocking_flush()?;
        Ok(())
    }

    fn write_all(stream: &OutputStream, mut bytes: &[u8]) -> Result<(), Broken> {
        let ready = stream.subscribe();
        while !bytes.is_empty() {
            ready.block();
            let room = usize::try_from(stream.check_write()?).unwrap_or(usize::MAX);
            let (now, later) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            stream.write(now)?;
            bytes = later;
        }
        Ok(())
    }
}

/// A handler is not a program. If it is run as one, it prints what it is.
fn main() -> std::process::ExitCode {
    use std::io::Write;
    let message = "handler.wasm is a request handler, which needs a host: wasmtime serve -S cli --dir www handler.wasm";
    let _ = writeln!(std::io::stderr(), "{message}");
    std::process::ExitCode::FAILURE
}
