//! Measures how long the stages of a request without I/O take, natively: parse, resolve, respond. `cargo bench` runs
//! all of them, `cargo bench -- resolve` one.
//!
//! The benchmarks show whether a change makes a stage slower. They do not show the cost of a request: the calls of the
//! host, which are not included, cost more than all stages together (`docs/performance.md`).

use aula::config;
use aula::exchange::{self, Detail, Now};
use aula::http::UnixTime;
use aula::http1::{Chunk, Connection, Rules};
use aula::site::memory::Memory;
use aula::site::{ResourcePath, Site, resolve};
use aula::time::Instant;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::rc::Rc;

/// What a browser sends when a page is reloaded.
const REQUEST: &str = "GET /text/caf%C3%A9/../hello.html?from=menu HTTP/1.1\r\n\
    Host: www.example.org:8080\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n\
    Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n\
    Accept-Language: es-AR,es;q=0.8,en-US;q=0.5,en;q=0.3\r\n\
    Accept-Encoding: gzip, deflate, br, zstd\r\n\
    Referer: http://www.example.org:8080/\r\n\
    Connection: keep-alive\r\n\
    Upgrade-Insecure-Requests: 1\r\n\
    If-Modified-Since: Fri, 21 Nov 2025 01:57:47 GMT\r\n\
    Priority: u=0, i\r\n\r\n";

/// The path of the request, as `site` gets it.
const PATH: &str = "/text/caf%C3%A9/../hello.html";

/// The time does not matter.
const NOW: Now = Now {
    instant: Instant::ORIGIN,
    unix: UnixTime {
        seconds: 1_795_226_267,
        nanoseconds: 0,
    },
};

/// A tree in memory, because the cost of a folder is that of the host.
fn tree() -> Memory<()> {
    let names = ["text/hello.html", "index.html", "text/index.html"];
    names
        .iter()
        .fold(Memory::new(), |tree, name| tree.with_file(name, (), 1024, NOW.unix))
}

fn rules() -> Rc<Rules> {
    Rc::new(config::defaults().expect("the defaults are good").rules)
}

fn site() -> Site {
    Site {
        index: vec!["index.html".to_owned()],
        ..Site::default()
    }
}

/// From bytes to a request.
fn parse(criterion: &mut Criterion) {
    let rules = rules();
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Bytes(REQUEST.len() as u64));
    group.bench_function("whole", |bencher| {
        let connection = || Connection::<()>::new(Rc::clone(&rules), NOW.instant);
        bencher.iter_batched_ref(
            connection,
            |connection| {
                connection.receive(black_box(REQUEST.as_bytes()), NOW.instant);
                black_box(connection.next_event().is_ok())
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

/// From a target's path to what the tree has for it.
fn resolve_path(criterion: &mut Criterion) {
    let (site, tree) = (site(), tree());
    for (name, path) in [("file", PATH), ("index file", "/text/"), ("nothing", "/a/b/c/d.html")] {
        criterion.bench_function(&format!("resolve/{name}"), |bencher| {
            bencher.iter(|| {
                let path = ResourcePath::resolve(black_box(path), false);
                black_box(path.map(|path| resolve::resolve(&site, &path, &tree)))
            });
        });
    }
}

/// From bytes to bytes, on a persistent connection: everything that the library does for a request.
fn respond(criterion: &mut Criterion) {
    let (site, tree) = (site(), tree());
    let mut connection = Connection::new(rules(), NOW.instant);
    criterion.bench_function("respond", |bencher| {
        bencher.iter(|| {
            connection.receive(black_box(REQUEST.as_bytes()), NOW.instant);
            let exchange = exchange::respond(&mut connection, &site, &tree, NOW, false, Detail::None);
            let length: usize = connection.transmit().map(|chunk| length(&chunk)).sum();
            connection.sent(length, NOW.instant);
            connection.pop_completed();
            black_box((exchange, length))
        });
    });
}

fn length(chunk: &Chunk<()>) -> usize {
    match chunk {
        Chunk::Bytes(bytes) => bytes.len(),
        Chunk::Slice { length, .. } => usize::try_from(*length).unwrap_or(usize::MAX),
    }
}

criterion_group!(benches, parse, resolve_path, respond);
criterion_main!(benches);
