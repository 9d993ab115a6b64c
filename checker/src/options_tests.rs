//! Tests of how the arguments are read.

use super::*;
use crate::help::HELP;

fn arguments(line: &str) -> Vec<OsString> {
    line.split_whitespace().map(OsString::from).collect()
}

fn options(line: &str) -> Options {
    match parse(&arguments(line)) {
        Ok(Command::Check(options)) => options,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn a_server_is_a_host_and_a_port_and_a_lab_has_its_own_port() {
    for (line, host, port) in [
        ("127.0.0.1:8080", "127.0.0.1", 8080),
        ("localhost:1", "localhost", 1),
        ("[::1]:8080", "::1", 8080),
        ("[::1]", "::1", 80),
        ("::1", "::1", 80),
        ("http://10.0.0.2:3000/", "10.0.0.2", 3000),
        ("10.0.0.2 --preset mininet", "10.0.0.2", 3000),
        ("h --preset kurose", "h", 13331),
    ] {
        let server = options(line).server;
        assert_eq!((server.host.as_str(), server.port), (host, port), "{line}");
    }
}

#[test]
fn options_are_read_wherever_they_stand() {
    let options = options("--only date,closes h:1 --file /a=b=c --only connects --json - --page /x --restart");
    assert_eq!(options.only, ["date", "closes", "connects"]);
    assert_eq!(options.files, [("/a".to_owned(), "b=c".to_owned())]);
    assert_eq!(options.page.as_deref(), Some("/x"));
    assert!(options.can_restart && options.reports.take_stdout());
}

#[test]
fn a_mistake_is_one_line_with_the_cause_and_the_cure() {
    for (line, mistake) in [
        (
            "",
            "no server: write HOST:PORT, such as 127.0.0.1:8080 (--help says more)",
        ),
        ("a:b", "\"b\" is not a port: write a number from 1 to 65535"),
        ("a:0", "\"0\" is not a port: write a number from 1 to 65535"),
        (
            "a/b:80",
            "\"a/b:80\" is not a server: write HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080",
        ),
        (
            "a:1 b:2",
            "unexpected argument \"b:2\": one server is checked at a time (--help says more)",
        ),
        ("--prot", "unknown option --prot: --help lists them all"),
        (
            "a:1 --dir .",
            "--dir is an option of wasmtime: write it before checker.wasm",
        ),
        ("a:1 --page", "--page needs a value: write --page /PATH"),
        (
            "a:1 --page x",
            "\"x\" is not a path: it begins with /, such as /hello.html",
        ),
        (
            "a:1 --file x",
            "--file x: write --file /PATH=FILE, such as /img/car.jpeg=car.jpeg",
        ),
        (
            "a:1 --preset x",
            "no preset \"x\": give one of general, kurose, nyu, mininet, lab01",
        ),
        ("a:1 --only x", "no check or group \"x\": --list lists them all"),
        ("a:1 --group x", "no group \"x\": give lab, rfc or robustness"),
        (
            "a:1 --require date=x",
            "--require date=x: write --require ID or --require ID=POINTS, as in --require date=2; --list lists the ids",
        ),
        ("a:1 --lang fr", "no language \"fr\": give en or es"),
        (
            "a:1 --json - --gradescope -",
            "--json - and --gradescope - cannot share stdout: name a file for one of them",
        ),
        ("get a 1", "get needs three things: write get HOST PORT /PATH"),
        ("get a 1 /x --http 2", "no HTTP version \"2\": give 0.9, 1.0 or 1.1"),
    ] {
        let error = parse(&arguments(line)).expect_err(line);
        assert_eq!(error.message.get(Lang::En), mistake, "{line}");
    }
}

#[test]
fn what_is_required_has_the_points_that_are_given_or_its_own_or_one() {
    let options = options("--require date=4,server-field --require content h:1 --preset kurose --threads --group rfc");
    let required = [
        ("date", 4),
        ("server-field", 1),
        ("content", 3),
        ("silent-clients", 3),
        ("crowd", 3),
    ];
    assert_eq!(options.grading.required, required);
    assert_eq!(options.grading.groups, [Group::Rfc]);
}

#[test]
fn help_wins_and_a_mistake_knows_the_report_that_was_asked_for() {
    assert_eq!(parse(&arguments("--prot --help")), Ok(Command::Help));
    let mistake = parse(&arguments("--json out.json --prot")).unwrap_err();
    assert_eq!(mistake.reports.json.as_deref(), Some("out.json"));
}

#[test]
fn the_language_is_the_options_or_the_environments_or_english() {
    for (line, variables, lang) in [
        ("", "", Lang::En),
        ("", "LANG=es_ES.UTF-8", Lang::Es),
        ("", "LANG=C", Lang::En),
        // The order of POSIX (Base Definitions, section 8.2).
        ("", "LC_ALL=es_MX.UTF-8 LANG=en_US.UTF-8", Lang::Es),
        ("", "LC_MESSAGES=es_MX LANG=en_US.UTF-8", Lang::Es),
        ("", "LC_ALL=C LC_MESSAGES=es LANG=es", Lang::En),
        ("", "LC_ALL= LANG=es", Lang::Es),
        ("--prot --lang es", "", Lang::Es),
        ("--lang=en", "LC_ALL=es LANG=es", Lang::En),
        ("--lang fr", "LANG=es", Lang::Es),
    ] {
        let environment = |name: &str| {
            let mut pairs = variables.split_whitespace().filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.to_owned())
        };
        assert_eq!(language(&arguments(line), environment), lang, "{line} {variables}");
    }
}

#[test]
fn the_help_fits_a_terminal() {
    for lang in Lang::ALL {
        for line in HELP.get(lang).lines() {
            assert!(line.chars().count() <= 79, "{line}");
        }
    }
}
