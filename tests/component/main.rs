//! `server.wasm` under the real runtime: what only the real thing can show.

#[path = "../support/mod.rs"]
mod support;

#[test]
fn smoke() {
    let server = support::Server::start(&[]);
    assert_eq!(support::status(&server.get("/hello.html")), 200);
    println!("{}", server.log_line());
}
