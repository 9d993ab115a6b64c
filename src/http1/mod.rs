//! HTTP/1.1 and HTTP/1.0 (RFC 9112), and HTTP/0.9 as of 1991: bytes to messages and back, without any I/O.
//!
//! The way of a request through this folder, in the order in which it happens:
//!
//! 1. [`head`] collects lines until the request is known, handing each to
//! 2. [`request_line`] and [`request_target`] (RFC 9112 section 3), or to
//! 3. [`field_line`] (section 5), and asks
//! 4. [`body_length`] (section 6) how much content follows, which [`chunked`] (section 7) may have to find out;
//! 5. [`persistence`] (section 9.3) decides whether the connection outlives the answer;
//! 6. [`encode`] writes the answer's head, and [`outbox`] holds it with its content until it is out.
//!
//! [`connection`] is the state machine around these: [`input`] holds what arrived, [`outbox`] what is to be sent,
//! [`timers`] how long to wait, and an [`event`] is what it tells its driver. Whatever is wrong with a request is one
//! [`Reject`], for which [`fault`] finds the bytes; whatever ends the connection is one [`End`]. What a request *means* is no business of this folder: it never
//! imports `site`.

pub mod body_length;
pub mod chunked;
pub mod connection;
pub mod encode;
pub mod end;
pub mod event;
pub mod fault;
pub mod field_line;
pub mod head;
pub mod input;
pub mod outbox;
pub mod persistence;
pub mod reject;
pub mod request_line;
pub mod request_target;
pub mod rules;
pub mod timers;

pub use connection::Connection;
pub use end::{End, Side};
pub use event::{Event, Interest, Received};
pub use outbox::{Chunk, Delivered};
pub use reject::Reject;
pub use rules::{Dialect, Limits, Rules, Timeouts};
