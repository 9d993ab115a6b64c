//! From the arguments to the exit code: reads the files, runs the checks, writes the reports.

use crate::shell::connection::Connection;
use crate::shell::console::Console;
use crate::shell::files::{self, FileError};
use crate::shell::names::{self, LookupError};
use crate::shell::player::Player;
use aula::catalogue::{Lang, Message, Text};
use aula_checker::checks;
use aula_checker::help::HELP;
use aula_checker::options::{self, Command, Get, Listen, Options, Reports, Server, Version};
use aula_checker::preset::Preset;
use aula_checker::report::style::Style;
use aula_checker::report::text::{self, Progress};
use aula_checker::report::{exchange, gradescope, json};
use aula_checker::run::{Outcome, run as run_checks, verify};
use aula_checker::script::{Script, Until};
use aula_checker::target::{KnownFile, Target};
use aula_checker::verdict::Finding;
use aula_checker::verify::connection::connects;
use aula_checker::{request, texts};
use aula_io::listen::{ListenError, Listener};
use aula_io::transport::Transport;
use std::env;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

/// How long `listen` waits for a request, and for its rest: somebody may be typing it.
const LISTEN_TIMEOUT: Duration = Duration::from_secs(5);

/// How many clients may wait while one is checked.
const BACKLOG: u64 = 16;

/// How long `get` waits for a response.
const GET_TIMEOUT: Duration = Duration::from_secs(5);

/// Does what the arguments ask. 0 if every lab check passed, otherwise 1.
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let lang = options::language(&arguments, |name| env::var(name).ok());
    let outcome = match options::parse(&arguments) {
        Ok(Command::Help) => print(&format!("{}\n", HELP.get(lang))),
        Ok(Command::List) => print(&text::list(lang)),
        Ok(Command::Get(get)) => make_one_request(&get, lang),
        Ok(Command::Listen(options)) => {
            listen(&options, lang).unwrap_or_else(|error| usage(&error, &Reports::default(), lang))
        }
        Ok(Command::Check(options)) => {
            check(&options, lang).unwrap_or_else(|error| usage(&error, &options.reports, lang))
        }
        Err(mistake) => usage(&mistake.message, &mistake.reports, lang),
    };
    match outcome {
        Outcome::Passed => ExitCode::SUCCESS,
        Outcome::Failed | Outcome::Connection | Outcome::Usage => ExitCode::FAILURE,
    }
}

fn print(page: &str) -> Outcome {
    Console::Stdout.print(page);
    Outcome::Passed
}

/// Says what is wrong with how the program was started, and in every report that was asked for.
fn usage(error: &Message, reports: &Reports, lang: Lang) -> Outcome {
    let line = texts::USAGE.with("error", error.get(lang)).get(lang);
    say(&line);
    let error = error.get(lang);
    write(
        reports,
        || json::usage(&error, lang),
        || gradescope::usage(&error),
        lang,
    );
    Outcome::Usage
}

/// A line on stderr.
fn say(line: &str) {
    Console::Stderr.print(&format!("checker: {line}\n"));
}

fn check(options: &Options, lang: Lang) -> Result<Outcome, Message> {
    let target = target(options, lang)?;
    let addresses = addresses(&options.server)?;
    let console = if options.reports.take_stdout() {
        Console::Stderr
    } else {
        Console::Stdout
    };
    let style = style(console, lang);
    console.print(&text::heading(&target, style));
    let mut player = Player::new(addresses, |text: Text| console.print(&format!("{}\n", text.get(lang))));
    let mut progress = Progress::default();
    let results = run_checks(
        &target,
        &checks::selected(&target, &options.only),
        |script, timeout| player.play(script, timeout),
        |finished| console.print(&progress.tell(finished, &target, style)),
    );
    console.print(&progress.end(style));
    console.print(&text::explanations(&results, &target, options.has_tips, style));
    console.print(&text::summary(&results, &target, style));
    let is_written = write(
        &options.reports,
        || json::report(&results, &target, lang),
        || gradescope::report(&results, &target, lang),
        lang,
    );
    Ok(if is_written {
        results.outcome(&target)
    } else {
        Outcome::Usage
    })
}

/// Writes the reports that were asked for. False if one of them could not be written.
fn write(reports: &Reports, json: impl Fn() -> String, gradescope: impl Fn() -> String, lang: Lang) -> bool {
    let write = |file: &Option<String>, report: &dyn Fn() -> String| match file.as_deref() {
        None => true,
        Some("-") => {
            Console::Stdout.print(&report());
            true
        }
        Some(file) => files::write(file, &report())
            .inspect_err(|error| say(&file_message(error, file).get(lang)))
            .is_ok(),
    };
    write(&reports.json, &json) & write(&reports.gradescope, &gradescope)
}

fn target(options: &Options, lang: Lang) -> Result<Target, Message> {
    let known = |(path, name): &(String, String)| {
        let content = files::read(name).map_err(|error| file_message(&error, name))?;
        Ok(KnownFile {
            path: path.clone(),
            content,
        })
    };
    let mut files = options.files.iter().map(known).collect::<Result<Vec<_>, Message>>()?;
    // The first file is the page, unless another page is named that is among the files.
    if let Some(place) = options
        .page
        .as_ref()
        .and_then(|page| files.iter().position(|file| file.path == *page))
    {
        files.swap(0, place);
    }
    let page = match (files.first(), &options.page) {
        (Some(first), _) => first.path.clone(),
        (None, Some(page)) => page.clone(),
        (None, None) => options.preset.page().to_owned(),
    };
    let target = Target {
        host: options.server.authority(),
        preset: options.preset,
        page,
        files,
        can_restart: options.can_restart,
        grading: options.grading.clone(),
    };
    // What counts must be possible to check, or nobody could reach the points.
    let required = target.grading.required.iter().filter(|(_, points)| *points > 0);
    for check in required.filter_map(|(id, _)| checks::find(id)) {
        if let Err(why) = (check.script)(&target) {
            return Err(texts::REQUIRE_FILE.with("id", check.id).with("why", why.get(lang)));
        }
    }
    Ok(target)
}

fn file_message(error: &FileError, file: &str) -> Message {
    match error {
        FileError::NothingGranted => texts::NO_FOLDER.into(),
        FileError::NotFound(granted) => texts::NO_FILE.with("granted", granted.join(", ")),
        FileError::NotAFile => texts::NOT_A_FILE.into(),
        FileError::TooLarge => texts::FILE_TOO_LARGE.into(),
        FileError::Refused(code) => texts::FILE_REFUSED.with("code", code.name()),
    }
    .with("file", file)
}

fn addresses(server: &Server) -> Result<Vec<SocketAddr>, Message> {
    let message = |error| match error {
        LookupError::NotGranted => texts::NO_LOOKUP,
        LookupError::NoSuchHost => texts::NO_SUCH_HOST,
    };
    names::addresses(&server.host, server.port).map_err(|error| message(error).with("host", &server.host))
}

/// `listen`: checks the request of each client that comes, one after another.
fn listen(options: &Listen, lang: Lang) -> Result<Outcome, Message> {
    let server = options.server.authority();
    let address = addresses(&options.server)?;
    let cannot = |why: Text| texts::CANNOT_LISTEN.with("server", &server).with("why", why.get(lang));
    let address = address.first().ok_or_else(|| cannot(texts::NOT_THIS_MACHINE))?;
    let listener = Listener::open(*address, BACKLOG).map_err(|error| {
        cannot(match error {
            ListenError::InUse => texts::PORT_TAKEN,
            ListenError::NotGranted | ListenError::PortRefused => texts::PORT_DENIED,
            ListenError::NotOurs | ListenError::NoSuchFamily | ListenError::Other(_) => texts::NOT_THIS_MACHINE,
        })
    })?;
    let target = Target {
        host: listener.address.to_string(),
        page: Preset::Kurose.page().to_owned(),
        ..Target::default()
    };
    let style = style(Console::Stdout, lang);
    let heading = texts::LISTENING.with("server", &target.host).with("page", &target.page);
    Console::Stdout.print(&format!("{}\n", heading.get(lang)));
    let mut number = 0_u32;
    let mut outcome = Outcome::Passed;
    while options.requests.is_none_or(|requests| number < requests) {
        listener.pollable.block();
        let Ok(Some(transport)) = Transport::accept(&listener) else {
            continue;
        };
        number = number.saturating_add(1);
        let client = Connection::accepted(transport);
        let transcripts = Player::new(Vec::new(), |_| ()).serve(client, &request::response(), LISTEN_TIMEOUT);
        let came = texts::A_CLIENT.with("number", number);
        let came = came.with("bytes", transcripts.at(0).received.len()).get(lang);
        let results = verify(&target, checks::client(), transcripts);
        Console::Stdout.print(&format!("\n{came}\n"));
        Console::Stdout.print(&text::of_client(&results, &target, options.has_tips, style));
        if results.outcome(&target) != Outcome::Passed {
            outcome = Outcome::Failed;
        }
    }
    Ok(outcome)
}

/// How to write there.
fn style(console: Console, lang: Lang) -> Style {
    // https://no-color.org: any value but an empty one.
    let no_colour = env::var("NO_COLOR").is_ok_and(|value| !value.is_empty());
    Style {
        lang,
        has_colour: console.is_terminal() && !no_colour,
    }
}

/// `get`: one request, shown byte by byte.
fn make_one_request(get: &Get, lang: Lang) -> Outcome {
    let addresses = match addresses(&get.server) {
        Ok(addresses) => addresses,
        Err(error) => return usage(&error, &Reports::default(), lang),
    };
    let target = Target {
        host: get.server.authority(),
        ..Target::default()
    };
    let request = match get.version {
        Version::V0_9 => request::get_0_9(&get.path),
        Version::V1_0 => request::get_1_0(&get.path),
        Version::V1_1 => request::get(&target, &get.path),
    };
    let script = Script::new().ask_until(0, request, Until::End);
    let transcripts = Player::new(addresses, |_| ()).play(&script, GET_TIMEOUT);
    if let Err(Finding::Fault(failure)) = connects(&target, &transcripts) {
        say(&format!("{} {}", failure.what.get(lang), failure.fix.get(lang)));
        return Outcome::Connection;
    }
    print(&exchange::page(transcripts.at(0), lang))
}
