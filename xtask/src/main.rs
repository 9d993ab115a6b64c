//! `cargo xtask TASK`: the tasks for developers and teachers. The aliases `xtask` and `serve` are in
//! `.cargo/config.toml`.

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask build                              compile the components: server.wasm, checker.wasm, handler.wasm
cargo xtask wasmtime                           print the path of a wasmtime; fetch or build one if there is none
cargo xtask runtime                            say what serve runs in; fetch or build it if there is none
cargo xtask setup-time [--tests]               measure a clone's first page, and its tests, with an empty HOME
cargo xtask wheel                              build the Python package: target/wheel/aula_server-...whl
cargo xtask aula                               build our own host, hosts/native, and print its path
cargo xtask test --host aula|wasmtime [...]    the end-to-end tests under either host
cargo xtask serve [--dir FOLDER] [OPTION...]   build, and serve www/ or FOLDER; also: cargo serve
cargo xtask page [FOLDER]                      make a web page in which the server runs (needs Node.js)
cargo xtask bench [ROW...] [OPTION...]         measure it beside nginx, lighttpd and Python; --help says more
cargo xtask browsers [NAME]                    try the site, the inspector and the page in Chromium and Firefox
cargo xtask fuzz [--executions N] [TARGET...]  throw made-up input at the library; needs a nightly compiler
cargo xtask mutants [FILE...]                  change the library in one place at a time: does a test notice?
cargo xtask hostile [--minutes M] [PHASE...]   attack the server while honest clients check every byte
cargo xtask simulate [FILE...] [OPTION...]     the server in simulated worlds, one for each seed; --help says more
cargo xtask grade-stage FILE [--only NAME]     grade a student's own parse, a .wasm file (docs/stages.md)
cargo xtask autograder [OPTION...]             make a zip for Gradescope (docs/teachers.md); --help says more
cargo xtask clients [TEST]                     try the clients that people have: curl, wget, requests, fetch, ...
cargo xtask hosts [--quick] [HOST...]          run the end-to-end tests under many hosts; --write: docs/hosts.md
cargo xtask compress FOLDER                    bring the .br, .zst and .gz of its files up to date
cargo xtask dist [OPTION]                      make all files of a release in target/dist; --compare, --check, --try
cargo xtask lab [OPTION...] [-- OPTION...]     two hosts and a switch, a server in one of them; --help says more
cargo xtask help                               print this

`cargo serve --open` opens a browser as well; `--qr` draws the address for phones in the same network.
`cargo xtask serve --instances N` starts N servers, one core each, for a proxy in front of them.
`cargo serve --help` lists the server's options. AULA_WASMTIME=PATH chooses a wasmtime; every
other AULA_... variable is handed to the server, and so are LC_ALL, LC_MESSAGES and LANG,
which choose its language.
";

fn main() -> ExitCode {
    xtask::exit_code(run(env::args_os().skip(1)))
}

fn run(mut arguments: impl Iterator<Item = OsString>) -> anyhow::Result<ExitCode> {
    let task = arguments.next().unwrap_or_else(|| "help".into());
    match task.to_str() {
        Some("build") => xtask::components()?,
        Some("wasmtime") => println!("{}", xtask::wasmtime()?.display()),
        Some("runtime") => xtask::runtime()?,
        Some("setup-time") => return xtask::setup_time(arguments),
        Some("wheel") => println!("{}", xtask::wheel()?.display()),
        Some("serve") => return xtask::serve(arguments),
        Some("page") => {
            let folder = xtask::page(arguments.next().map(Into::into))?;
            println!("{}", folder.display());
            xtask::say(format_args!(
                "serve it, for example with: cargo serve --dir {}",
                folder.display()
            ));
        }
        Some("aula") => println!("{}", xtask::aula()?.display()),
        Some("test") => return xtask::test(arguments),
        Some("fuzz") => return xtask::fuzz(arguments),
        Some("simulate") => return xtask::simulate(arguments),
        Some("mutants") => return xtask::mutants(arguments),
        Some("help" | "--help" | "-h") => print!("{USAGE}"),
        named => {
            if let Some(package) = named.and_then(xtask::tools::package) {
                return xtask::tools::run(package, arguments);
            }
            eprint!("xtask: no task {task:?}\n\n{USAGE}");
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}
