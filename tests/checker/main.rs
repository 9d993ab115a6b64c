//! `checker.wasm` under the real runtime, run on servers that are broken on purpose: it must find everything that is
//! wrong with them and nothing else, and point at the bytes.
//!
//! | module | what it is |
//! |---|---|
//! | `broken` | a correct server, with a switch for each fault |
//! | `faults` | the table: the fault, the checks that must fail, the bytes that they must point at |
//! | `cases` | small servers in Python, `cases.py`, whose fault an earlier checker named wrongly |
//! | `held_out` | servers that were kept aside while the rules were written, `held_out.py` |
//! | (`unseen.py`) | servers by authors who had not seen the rules; each has its expectation beside it |
//! | (`published.py`) | servers with the faults of published ones, in the same form |
//! | (`independent.py`) | servers by an author who had seen only the lab's sheet and the checks' names |
//! | (`examined.py`) | servers by another such author, for three labs, who followed each fix to the letter |
//! | (`followed.py`) | servers by a third such author, who did so too |
//! | (`table.py`) | what lists and runs the servers of these two |
//! | `student` | servers in Python, as students write them, with several faults at once: `students/` |
//! | `shown` | what the guides show of its output |
//! | `site` | the files that are served |
//! | `checked` | runs the checker, and reads its output |
//!
//! A checker mostly waits for a server, so several of them run at the same time.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may fail, and reach the host"
)]

mod broken;
mod cases;
mod checked;
mod faults;
mod held_out;
#[path = "../support/imports.rs"]
mod imports;
mod shown;
mod site;
mod student;
#[path = "../support/mod.rs"]
mod support;

use broken::{Broken, Fault};
use checked::{Checked, check};
use faults::{CASES, Case};
use serde_json::Value;
use site::{FILES, Site};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;
use student::{STUDENTS, Student};
use support::Start;

/// How many checkers run at once, in all tests together. With more of them, servers would miss the checker's deadlines.
const AT_ONCE: usize = 24;

/// How many more may run now.
static FREE: (Mutex<usize>, Condvar) = (Mutex::new(AT_ONCE), Condvar::new());

/// Waits for a free turn, and runs `test`.
fn in_turn<T>(test: impl FnOnce() -> T) -> T {
    let (free, changed) = &FREE;
    *changed.wait_while(free.lock().unwrap(), |free| *free == 0).unwrap() -= 1;
    let _turn = Turn;
    test()
}

/// Passes its turn on when it is dropped, also if the test fails.
struct Turn;

impl Drop for Turn {
    fn drop(&mut self) {
        let (free, changed) = &FREE;
        *free.lock().unwrap() += 1;
        changed.notify_one();
    }
}

/// How long the checker has for a request to the running server, before the server is stopped.
const UNTIL_REQUESTED: Duration = Duration::from_millis(300);

/// How long it has to notice that the server no longer listens. It tries several times in this time.
const UNTIL_NOTICED: Duration = Duration::from_millis(500);

/// An address without a server: the port of an obsolete service (RFC 1078), which is never chosen as a free port.
const UNUSED: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

/// Every preset, and the page that it requests.
const PRESETS: [(&str, &str); 5] = [
    ("general", "/hello.html"),
    ("kurose", "/HelloWorld.html"),
    ("nyu", "/hello.html"),
    ("mininet", "/hello.html"),
    ("lab01", "/text/index.html"),
];

/// The checks that fail in no row of the table. Other tests have what they need.
const TESTED_ELSEWHERE: [&str; 6] = [
    "after-content",
    "connects",
    "crowd",
    "restart",
    "silent-clients",
    "status-200",
];

/// Runs `test` for each of `items`, several at once. Fails with all their messages.
#[track_caller]
fn for_each<T: Sync>(items: &[T], test: impl Fn(&T) -> Result<(), String> + Sync) {
    let remaining = Mutex::new(items.iter());
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(item) = remaining.lock().unwrap().next() else {
                        break;
                    };
                    if let Err(failure) = in_turn(|| test(item)) {
                        failures.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(
        failures.is_empty(),
        "{} of {}:\n\n{}",
        failures.len(),
        items.len(),
        failures.join("\n\n")
    );
}

/// What is wrong with a report, if exactly these checks must fail.
fn differences(checked: &Checked, fails: &[&str]) -> Vec<String> {
    let expected: BTreeSet<_> = fails.iter().copied().collect();
    let failed = checked.ids("failed");
    let mut wrong = Vec::new();
    if failed != expected {
        wrong.push(format!("expected to fail: {expected:?}\n          failed: {failed:?}"));
    }
    for id in failed {
        if checked.explanation(id).is_empty() {
            wrong.push(format!("the text does not explain {id}"));
        }
    }
    wrong
}

/// Turns `wrong` into a failure with everything that is needed to understand it.
fn verdict(what: &str, wrong: &[String], checked: &Checked, log: &str) -> Result<(), String> {
    match wrong {
        [] => Ok(()),
        wrong => Err(format!(
            "=== {what}\n{}\n--- the checker's text ---\n{}\n--- the server's log ---\n{log}",
            wrong.join("\n"),
            checked.text
        )),
    }
}

// One fault at a time.

#[test]
fn one_fault_fails_exactly_its_checks_which_point_at_its_bytes() {
    let site = Site::new();
    for_each(CASES, |case| {
        let server = Broken::start(Some(case.fault), &site.folder());
        let checked = check(
            server.address,
            &site.folder(),
            &FILES,
            &["--preset", case.preset, "--tips"],
        );
        let what = format!("{:?}, preset {}", case.fault, case.preset);
        verdict(&what, &wrong_with(case, &checked), &checked, &server.log())
    });
}

fn wrong_with(case: &Case, checked: &Checked) -> Vec<String> {
    let mut wrong = differences(checked, case.fails);
    let first = case.fails[0];
    let rows = checked.pointed_at(first);
    if !rows.contains(case.bytes) {
        wrong.push(format!(
            "{first} must point at {:?}, but points at {rows:?}",
            case.bytes
        ));
    }
    let killer = checked.report["died_at"].as_str();
    if killer != case.kills.then_some(first) {
        wrong.push(format!(
            "it has died: {}; reported to have died at: {killer:?}",
            case.kills
        ));
    }
    wrong
}

#[test]
fn every_check_has_a_fault_that_fails_it() {
    let output = checked::command(&["--list"]).output().unwrap();
    let list = String::from_utf8(output.stdout).unwrap();
    // The checks of a group are indented by two columns. A line with more is the continuation of a title.
    let listed = list.lines().filter_map(|line| line.strip_prefix("  "));
    let ids = listed
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split(' ').next());
    let ids: BTreeSet<_> = ids.collect();
    assert!(ids.len() >= 40, "{list}");
    let failing: BTreeSet<_> = CASES.iter().flat_map(|case| case.fails).copied().collect();
    assert_eq!(failing.difference(&ids).next(), None, "{list}");
    let never: Vec<_> = ids.difference(&failing).collect();
    assert_eq!(never, TESTED_ELSEWHERE.iter().collect::<Vec<_>>(), "{list}");
}

// Correct servers.

#[test]
fn a_correct_server_passes_every_check() {
    let site = Site::new();
    for_each(&PRESETS, |(preset, _)| {
        let server = Broken::start(None, &site.folder());
        let checked = check(server.address, &site.folder(), &FILES, &["--preset", preset]);
        let mut wrong = differences(&checked, &[]);
        if checked.ids("not-run") != BTreeSet::from(["restart"]) {
            wrong.push(format!("not run: {:?}", checked.ids("not-run")));
        }
        if (checked.code, checked.outcome()) != (Some(0), "passed") {
            wrong.push(format!("code {:?}, outcome {}", checked.code, checked.outcome()));
        }
        if !checked
            .text
            .contains("Every lab check with points that was run passed.")
        {
            wrong.push("it must say so".to_owned());
        }
        verdict(preset, &wrong, &checked, &server.log())
    });
}

#[test]
fn aula_passes_every_check_of_every_preset() {
    let www = xtask::root().join("www");
    for_each(&PRESETS, |(preset, page)| {
        let options: &[&str] = match *preset {
            "general" => &[],
            // This is the same lab.
            "nyu" => &["--preset", "kurose"],
            preset => &["--preset", preset],
        };
        let server = Start::with(options).serve();
        // Some are binary, and one has accents.
        let files = [*page, "/img/car.jpeg", "/pdf/aula.pdf", "/text/text.htm"];
        let checked = check(server.address, &www, &files, &["--preset", preset]);
        let mut wrong = differences(&checked, &[]);
        if checked.ids("not-run") != BTreeSet::from(["restart"]) || checked.code != Some(0) {
            wrong.push(format!(
                "code {:?}, not run: {:?}",
                checked.code,
                checked.ids("not-run")
            ));
        }
        verdict(preset, &wrong, &checked, &server.said())
    });
}

// Several faults at once, as in students' servers.

#[test]
fn servers_of_students_fail_every_check_that_they_should() {
    let site = Site::new();
    for_each(&STUDENTS, |(script, preset, outcome, fails)| {
        let fails: Vec<_> = fails.split_whitespace().collect();
        let student = Student::start(script, &site.folder(), 0).expect("it starts");
        let checked = check(
            student.address(),
            &site.folder(),
            &FILES,
            &["--preset", preset, "--tips"],
        );
        let mut wrong = differences(&checked, &fails);
        let code = i32::from(*outcome != "passed");
        if (checked.code, checked.outcome()) != (Some(code), outcome) {
            wrong.push(format!("code {:?}, outcome {}", checked.code, checked.outcome()));
        }
        verdict(script, &wrong, &checked, &student.said())
    });
}

#[test]
fn both_languages_report_the_same_faults() {
    let site = Site::new();
    let student = Student::start("elena.py", &site.folder(), 0).expect("it starts");
    let [english, spanish] =
        ["en", "es"].map(|lang| check(student.address(), &site.folder(), &FILES, &["--lang", lang]));
    assert_eq!(spanish.report["lang"], "es");
    assert_eq!(english.ids("failed"), spanish.ids("failed"));
    for id in english.ids("failed") {
        let find = |checked: &Checked| {
            let checks = checked.report["checks"].as_array().unwrap();
            checks.iter().find(|check| check["id"] == id).unwrap().clone()
        };
        let (english, spanish) = (find(&english), find(&spanish));
        assert_eq!(english["fault"], spanish["fault"], "{id}");
        for sentence in ["title", "rule", "what", "fix"] {
            assert_ne!(english[sentence], spanish[sentence], "{id}: {sentence}");
        }
    }
    for word in [
        "Comprobando",
        "La práctica",
        "Robustez",
        "petición",
        "recibido",
        "regla",
        "arreglo",
        "Resumen",
    ] {
        assert!(spanish.text.contains(word), "{word}: {}", spanish.text);
    }
}

// Faults that an earlier checker named wrongly.

#[test]
fn the_cause_is_named_and_its_consequences_are_not() {
    let site = Site::new();
    for_each(cases::CASES, |case| {
        let student = Student::start_with("cases.py", &[case.name], &site.folder()).expect("it starts");
        let options = ["--preset", "kurose", "--tips", "--page", "/HelloWorld.html"];
        let checked = check(student.address(), &site.folder(), case.files, &options);
        verdict(case.name, &problems(case, &checked), &checked, &student.said())
    });
}

fn problems(case: &cases::Case, checked: &Checked) -> Vec<String> {
    let text = checked.on_one_line();
    let mut wrong = Vec::new();
    let (mut expected, mut failed) = (case.lab.to_vec(), checked.lab());
    expected.sort_unstable();
    failed.sort_unstable();
    if failed != expected {
        wrong.push(format!(
            "the lab's checks {:?} must fail, not {:?}",
            case.lab,
            checked.lab()
        ));
    }
    let first = checked.report["start_here"].as_str();
    if !case.lab.is_empty() && first != case.lab.first().copied() {
        wrong.push(format!("it starts with {first:?}"));
    }
    wrong.extend(
        case.says
            .iter()
            .filter(|said| !text.contains(**said))
            .map(|said| format!("it must say {said:?}")),
    );
    wrong.extend(
        case.silent
            .iter()
            .filter(|said| text.contains(**said))
            .map(|said| format!("it must not say {said:?}")),
    );
    wrong
}

// Servers that were not used to write the rules.

#[test]
fn first_fault_and_fix_fit_the_held_out_servers() {
    let site = Site::new();
    for_each(held_out::ROWS, |(name, first, words)| {
        let student = Student::start_with("held_out.py", &[name], &site.folder()).expect("it starts");
        let options = ["--preset", "kurose"];
        let checked = check(student.address(), &site.folder(), &["/HelloWorld.html"], &options);
        let wrong = unlike(name, first.is_empty(), first, words, &checked);
        verdict(name, &wrong, &checked, &student.said())
    });
}

#[test]
fn first_fault_and_fix_fit_the_third_unseen_set() {
    unseen("unseen.py", 3);
}

#[test]
fn first_fault_and_fix_fit_the_fourth_unseen_set() {
    unseen("unseen.py", 4);
}

#[test]
fn first_fault_and_fix_fit_servers_with_published_faults() {
    unseen("published.py", 5);
}

#[test]
fn first_fault_and_fix_fit_the_servers_of_an_independent_author() {
    unseen("independent.py", 6);
}

#[test]
fn first_fault_and_fix_fit_the_examined_servers() {
    unseen("examined.py", 7);
}

#[test]
fn first_fault_and_fix_fit_the_servers_of_the_third_author() {
    unseen("followed.py", 8);
}

/// Compares the reports on one set of a script's servers with the expectations in the script.
fn unseen(script: &str, set: u64) {
    // Some faults of this set show only with a long page that has accents.
    let site = if set == 7 {
        Site::with_a_long_page()
    } else {
        Site::new()
    };
    let rows: Vec<_> = student::table(script)
        .into_iter()
        .filter(|row| row["set"] == set)
        .collect();
    assert!(rows.len() > 45, "{} servers", rows.len());
    for_each(&rows, |row| {
        let texts = |member: &str| -> Vec<&str> {
            let texts = row[member].as_array().expect("a list");
            texts.iter().map(|text| text.as_str().expect("a text")).collect()
        };
        let name = row["name"].as_str().expect("a name");
        let student = Student::start_with(script, &[name], &site.folder()).expect("it starts");
        let files = if row["files"].is_null() {
            vec!["/HelloWorld.html"]
        } else {
            texts("files")
        };
        let checked = check(student.address(), &site.folder(), &files, &texts("options"));
        let passes = row["passes"].as_bool().unwrap_or(texts("first").is_empty());
        let wrong = unlike(name, passes, &texts("first"), &texts("words"), &checked);
        verdict(name, &wrong, &checked, &student.said())
    });
}

/// How a report differs from the expectation: whether the server `passes` the lab; `first` has the checks one of which
/// must be reported first (none if it does not matter), and `words` those one of which the first fix must contain.
fn unlike(name: &str, passes: bool, first: &[&str], words: &[&str], checked: &Checked) -> Vec<String> {
    let checks = checked.report["checks"].as_array().unwrap();
    let start = checks.iter().find(|check| check["id"] == checked.report["start_here"]);
    let (first_fault, fix) = match start {
        Some(check) => (check["id"].as_str().unwrap(), check["fix"].as_str().unwrap()),
        None => ("", ""),
    };
    let mut wrong = Vec::new();
    if checked.lab().is_empty() != passes {
        wrong.push(format!("VERDICT {name}: must it pass? {passes}"));
    }
    if !first.is_empty() && !first.contains(&first_fault) {
        wrong.push(format!("FIRST {name}: {first_fault:?}, not {first:?}"));
    }
    if !words.is_empty() && !words.iter().any(|word| fix.contains(word)) {
        wrong.push(format!("FIX {name}: {fix:?} has none of {words:?}"));
    }
    wrong
}

// The optional exercise: threads.

#[test]
fn with_threads_clients_are_served_in_parallel_and_get_their_own_responses() {
    let site = Site::new();
    for_each(
        &[
            ("threads", &[][..], "2 passed"),
            ("threads_race", &["crowd"], "got the response for"),
            (
                "threads_called",
                &["silent-clients"],
                "calls work at once, without a thread",
            ),
            ("threads_joined", &["silent-clients"], "A join() right after start()"),
        ],
        |(name, lab, said)| {
            let student = Student::start_with("cases.py", &[name], &site.folder()).expect("it starts");
            let options = ["--preset", "kurose", "--threads", "--only", "silent-clients,crowd"];
            let files = ["/HelloWorld.html", "/img/logo.png"];
            let checked = check(student.address(), &site.folder(), &files, &options);
            let mut wrong = Vec::new();
            if checked.lab() != *lab || checked.report["max_score"] != 6 {
                wrong.push(format!("{:?} fail", checked.lab()));
            }
            if !checked.on_one_line().contains(said) {
                wrong.push(format!("it must say {said:?}"));
            }
            verdict(name, &wrong, &checked, &student.said())
        },
    );
}

/// A client in Python that sends `request`, a Python expression, and then runs `reading`.
fn python_client(port: u16, request: &str, reading: &str) -> std::process::Child {
    let program = format!(
        "import socket, time\nc = socket.create_connection(('127.0.0.1', {port}))\nc.sendall({request})\n{reading}\nc.close()"
    );
    std::process::Command::new("python3")
        .args(["-c", &program])
        .spawn()
        .expect("python3 starts")
}

#[test]
fn listen_checks_the_request_of_a_client_and_whether_it_reads_the_whole_response() {
    const ALL: &str = "while c.recv(1024): pass";
    let good = "b'GET /HelloWorld.html HTTP/1.1\\r\\nHost: 127.0.0.1:%d\\r\\n\\r\\n' % c.getpeername()[1]";
    let rows: [(&str, &str, i32, &str, &str); 5] = [
        (good, ALL, 0, "12 of 12 points. The request is correct.", "en"),
        (
            good,
            "c.recv(1024)",
            1,
            "reads-to-the-end [the lab: 2 points] The client left before the response was over",
            "en",
        ),
        (
            "b'GET HelloWorld.html HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n'",
            ALL,
            1,
            "The path does not begin with \"/\".",
            "en",
        ),
        (
            "b'GET / HTTP/1.1\\n\\n'",
            ALL,
            1,
            "A line of the request ends with only \\n.",
            "en",
        ),
        ("b'GET / HTTP/1.1\\r\\n'", ALL, 1, "Empieza por aquí: request-end", "es"),
    ];
    for_each(&rows, |(request, reading, code, said, lang)| {
        let free = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let port = free.to_string();
        let mut checker = checked::command(&["listen", &port, "--requests", "1", "--lang", lang])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(checker.stdout.take().unwrap());
        let mut text = String::new();
        stdout.read_line(&mut text).unwrap();
        let mut client = python_client(free, request, reading);
        stdout.read_to_string(&mut text).unwrap();
        let _ = client.wait();
        let found = checker.wait().unwrap().code();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if found == Some(*code) && text.contains(said) {
            Ok(())
        } else {
            Err(format!(
                "=== {request}, {reading}: {found:?}\nit must say {said:?}:\n{text}"
            ))
        }
    });
}

// Points.

#[test]
fn the_maximum_score_depends_on_the_groups_and_not_on_the_files() {
    let site = Site::new();
    let server = Broken::start(Some(Fault::NoDate), &site.folder());
    // Preset, options, and the maximum score, whether one file is given, two, or all.
    let rows: [(&str, &[&str], u64); 6] = [
        ("kurose", &[], 26),
        ("nyu", &[], 29),
        ("kurose", &["--group", "rfc"], 6),
        ("kurose", &["--group", "lab,rfc"], 32),
        ("kurose", &["--require", "date=5,closes=0"], 30),
        ("lab01", &[], 24),
    ];
    for_each(&rows, |(preset, options, sum)| {
        let mut wrong = Vec::new();
        let mut last = None;
        for files in [&FILES[..1], &FILES[..2], &FILES] {
            let options = [&["--preset", preset, "--only", "lab,rfc,date"], *options].concat();
            let checked = check(server.address, &site.folder(), files, &options);
            if checked.report["max_score"] != *sum {
                wrong.push(format!("{} files: of {}", files.len(), checked.report["max_score"]));
            }
            last = Some(checked);
        }
        verdict(&format!("{preset} {options:?}"), &wrong, &last.unwrap(), &server.log())
    });
}

#[test]
fn a_report_without_lab_faults_fits_two_screens() {
    let site = Site::new();
    for lang in ["en", "es"] {
        let student = Student::start_with("cases.py", &["right"], &site.folder()).expect("it starts");
        let options = ["--preset", "kurose", "--lang", lang];
        let checked = check(student.address(), &site.folder(), &["/HelloWorld.html"], &options);
        let lines = checked.text.lines().count();
        assert!(
            checked.outcome() == "passed" && lines <= 95,
            "{lines} lines:\n{}",
            checked.text
        );
        assert!(!checked.text.contains("date  ["), "a tip is one line: {}", checked.text);
    }
}

// How a run ends.

#[test]
fn only_the_checks_of_the_lab_decide_the_exit_code() {
    let site = Site::new();
    let rows = [
        (Fault::BareLf, "kurose", 1, "failed"),
        // Only the RFCs require this.
        (Fault::HeadWithContent, "general", 0, "passed"),
        // In lab01 a server may send no heads at all, so checks of heads are only tips.
        (Fault::BareLf, "lab01", 0, "passed"),
    ];
    for_each(&rows, |&(fault, preset, code, outcome)| {
        let server = Broken::start(Some(fault), &site.folder());
        let checked = check(server.address, &site.folder(), &FILES, &["--preset", preset]);
        let mut wrong = Vec::new();
        if checked.ids("failed").is_empty() || (checked.code, checked.outcome()) != (Some(code), outcome) {
            wrong.push(format!("code {:?}, outcome {}", checked.code, checked.outcome()));
        }
        verdict(&format!("{fault:?}, preset {preset}"), &wrong, &checked, &server.log())
    });
}

#[test]
fn a_server_that_does_not_listen_is_the_outcome_connection() {
    let site = Site::new();
    let checked = check(UNUSED, &site.folder(), &FILES, &[]);
    assert_eq!((checked.code, checked.outcome()), (Some(1), "connection"));
    assert_eq!(checked.ids("failed"), BTreeSet::from(["connects"]));
    assert!(checked.ids("passed").is_empty(), "{}", checked.text);
    assert!(checked.text.contains("Nothing is listening"), "{}", checked.text);
    assert!(checked.text.contains("No check could be made"), "{}", checked.text);
}

#[test]
fn a_page_that_the_server_does_not_have_fails_status_200() {
    let site = Site::new();
    let server = Broken::start(None, &site.folder());
    let checked = check(
        server.address,
        &site.folder(),
        &[],
        &["--page", "/none.html", "--only", "status-200"],
    );
    assert_eq!(
        checked.ids("failed"),
        BTreeSet::from(["status-200"]),
        "{}",
        checked.text
    );
    assert!(
        checked.pointed_at("status-200").contains("404 Not Found"),
        "{}",
        checked.text
    );
}

#[test]
fn a_wrong_argument_gets_one_line_with_the_cause_and_the_cure() {
    for (arguments, parts) in [
        (&[][..], &["HOST:PORT", "--help"][..]),
        (&["127.0.0.1:0"], &["\"0\"", "1 to 65535"]),
        (&["127.0.0.1:80", "127.0.0.1:81"], &["127.0.0.1:81", "one server"]),
        (&["127.0.0.1:80", "--preset", "lab02"], &["lab02", "kurose"]),
        (&["127.0.0.1:80", "--prset", "kurose"], &["--prset", "--help"]),
        (&["127.0.0.1:80", "--only", "contents"], &["contents", "--list"]),
        (
            &["127.0.0.1:80", "--page", "hello.html"],
            &["hello.html", "/hello.html"],
        ),
        (
            &["127.0.0.1:80", "--file", "hello.html"],
            &["hello.html", "--file /PATH=FILE"],
        ),
        (&["127.0.0.1:80", "--file", "/a=a"], &["--dir ."]),
        (&["127.0.0.1:80", "--dir", "."], &["--dir", "before checker.wasm"]),
        (&["127.0.0.1:80", "--lang", "fr"], &["fr", "en or es"]),
        (
            &["127.0.0.1:80", "--json", "-", "--gradescope", "-"],
            &["--json -", "stdout"],
        ),
        (&["get", "127.0.0.1"], &["get HOST PORT /PATH"]),
        (&["listen"], &["listen PORT"]),
        (&["listen", "13331", "--requests", "0"], &["\"0\"", "--requests 1"]),
    ] {
        let output = checked::command(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
        assert!(said.starts_with("checker: usage: "), "{arguments:?}: {said}");
        for part in parts {
            assert!(said.contains(part), "{arguments:?}: {part:?} is not in {said:?}");
        }
        assert!(output.stdout.is_empty(), "{arguments:?}: {output:?}");
    }
    let output = checked::command(&["--json", "-", "--preset", "lab02"])
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["outcome"], "usage", "{report}");
}

#[test]
fn a_missing_right_is_named_with_its_option() {
    let server = UNUSED.to_string();
    let output = checked::with_rights(&[], &[&server]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("-S inherit-network"), "{text}");
}

#[test]
fn a_check_that_cannot_run_names_the_missing_option_and_has_no_points() {
    let site = Site::new();
    let server = Broken::start(None, &site.folder());
    let checked = check(server.address, &site.folder(), &[], &["--page", "/hello.html"]);
    assert_eq!(
        (checked.code, checked.outcome()),
        (Some(0), "passed"),
        "{}",
        checked.text
    );
    // Content that is not compared is not counted as right.
    let score = |name: &str| checked.report[name].as_u64().unwrap();
    assert_eq!(score("score") + 3, score("max_score"), "{}", checked.text);
    let not_run = BTreeSet::from([
        "binary",
        "content",
        "other-files",
        "other-lengths",
        "other-types",
        "restart",
        "utf-8",
    ]);
    assert_eq!(checked.ids("not-run"), not_run);
    for check in checked.report["checks"].as_array().unwrap() {
        let why = check["why"].as_str().unwrap_or("--");
        assert!(why.contains("--"), "{}: {why}", check["id"]);
    }
}

// What it imports from its host.

/// What it may do on the network: connect, look up names, and listen (only for `listen`).
#[rustfmt::skip]
const NETWORK: &[&str] = &[
    "wasi:sockets/instance-network instance-network",
    "wasi:sockets/ip-name-lookup [method]resolve-address-stream.resolve-next-address",
    "wasi:sockets/ip-name-lookup [method]resolve-address-stream.subscribe",
    "wasi:sockets/ip-name-lookup resolve-addresses",
    "wasi:sockets/tcp [method]tcp-socket.accept",
    "wasi:sockets/tcp [method]tcp-socket.finish-bind",
    "wasi:sockets/tcp [method]tcp-socket.finish-connect",
    "wasi:sockets/tcp [method]tcp-socket.finish-listen",
    "wasi:sockets/tcp [method]tcp-socket.local-address",
    "wasi:sockets/tcp [method]tcp-socket.remote-address",
    "wasi:sockets/tcp [method]tcp-socket.set-listen-backlog-size",
    "wasi:sockets/tcp [method]tcp-socket.shutdown",
    "wasi:sockets/tcp [method]tcp-socket.start-bind",
    "wasi:sockets/tcp [method]tcp-socket.start-connect",
    "wasi:sockets/tcp [method]tcp-socket.start-listen",
    "wasi:sockets/tcp [method]tcp-socket.subscribe",
    "wasi:sockets/tcp-create-socket create-tcp-socket",
];

/// What it may do to files: read those of `--file`, and write the reports.
#[rustfmt::skip]
const FILES_OF_THE_HOST: &[&str] = &[
    "wasi:filesystem/preopens get-directories",
    "wasi:filesystem/types [method]descriptor.open-at",
    "wasi:filesystem/types [method]descriptor.read",
    "wasi:filesystem/types [method]descriptor.stat-at",
    "wasi:filesystem/types [method]descriptor.write",
];

#[test]
fn it_imports_only_what_it_needs_of_the_network_and_of_files() {
    let component = std::fs::read(xtask::checker().expect("it compiles")).unwrap();
    let imports = imports::imports(&component);
    let of = |interface: &str| -> BTreeSet<_> {
        let functions = imports.iter().filter(|import| import.starts_with(interface));
        functions
            .map(String::as_str)
            .filter(|import| import.contains(' '))
            .collect()
    };
    assert_eq!(of("wasi:sockets/"), NETWORK.iter().copied().collect());
    assert_eq!(of("wasi:filesystem/"), FILES_OF_THE_HOST.iter().copied().collect());
    assert_eq!(of("wasi:http/"), BTreeSet::new());
}

// What it prints.

#[test]
fn a_report_on_stdout_is_alone_there() {
    let site = Site::new();
    let server = Broken::start(Some(Fault::BareLf), &site.folder()).address.to_string();
    let only = ["--only", "line-ends,status-200", "--page", "/hello.html"];
    for option in ["--json", "--gradescope"] {
        let arguments = [&[&server, option, "-"], only.as_slice()].concat();
        let output = checked::command(&arguments).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).expect("nothing but the report");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(text.contains("line-ends"), "the text is on stderr: {text}");
        let (checks, name) = match option {
            "--json" => (&report["checks"], "state"),
            _ => (&report["tests"], "status"),
        };
        let states: Vec<_> = checks.as_array().unwrap().iter().map(|check| &check[name]).collect();
        // The JSON has the checks in their order. Gradescope gets the failed ones first.
        let expected = if option == "--json" {
            ["passed", "failed"]
        } else {
            ["failed", "passed"]
        };
        assert_eq!(states, expected, "{report:#}");
    }
}

#[test]
fn the_points_for_gradescope_are_those_of_the_json() {
    let site = Site::new();
    let server = Broken::start(Some(Fault::HeadWithContent), &site.folder()).address;
    let checked = check(
        server,
        &site.folder(),
        &FILES,
        &["--gradescope", "reports/gradescope.json"],
    );
    let tests = checked.gradescope["tests"].as_array().unwrap();
    for (sum, name) in [("score", "score"), ("max_score", "max_score")] {
        let points: u64 = tests.iter().filter_map(|test| test[name].as_u64()).sum();
        assert_eq!(checked.report[sum], points);
    }
    let failed = tests.iter().find(|test| test["status"] == "failed").unwrap();
    let output = failed["output"].as_str().unwrap();
    assert!(output.contains("^^^"), "it points at the bytes too: {output}");
}

#[test]
fn get_shows_request_and_response_byte_by_byte() {
    let site = Site::new();
    let server = Broken::start(Some(Fault::BareLf), &site.folder());
    let port = server.address.port().to_string();
    for (version, request, response) in [
        ("1.1", r"GET /hello.html HTTP/1.1\r\n", r"HTTP/1.1 200 OK\n"),
        ("1.0", r"GET /hello.html HTTP/1.0\r\n", r"HTTP/1.1 200 OK\n"),
        ("0.9", r"GET /hello.html\r\n", r"<!DOCTYPE html>\n"),
    ] {
        let output = checked::command(&["get", "127.0.0.1", &port, "/hello.html", "--http", version])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{text}");
        assert!(text.contains(request) && text.contains(response), "{version}: {text}");
    }
}

// Restarting a server.

#[test]
fn a_server_without_so_reuseaddr_cannot_restart_at_once() {
    let checked = restarted("ana.py");
    assert_eq!(checked.ids("failed"), BTreeSet::from(["restart"]), "{}", checked.text);
    assert!(checked.text.contains("SO_REUSEADDR"), "{}", checked.text);
}

#[test]
fn a_server_with_so_reuseaddr_can_restart_at_once() {
    let checked = restarted("elena.py");
    assert_eq!(checked.ids("passed"), BTreeSet::from(["restart"]), "{}", checked.text);
}

/// Runs only the check `restart`, and does what it asks for, as a user at a terminal would.
fn restarted(script: &str) -> Checked {
    let site = Site::new();
    let reports = tempfile::tempdir().unwrap();
    let student = Student::start(script, &site.folder(), 0).expect("it starts");
    let address = student.address();
    let grants = checked::grants(&site.folder(), &reports);
    let rights = ["-S", "inherit-network", "--dir", &grants[0], "--dir", &grants[1]];
    let address_text = address.to_string();
    let arguments = [
        &address_text,
        "--only=restart",
        "--restart",
        "--page=/hello.html",
        "--json=reports/report.json",
    ];
    let mut checker = checked::with_rights(&rights, &arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(checker.stdout.take().unwrap());
    let mut text = String::new();
    while !text.contains(">>>") {
        assert_ne!(
            stdout.read_line(&mut text).unwrap(),
            0,
            "it does not ask for a restart: {text}"
        );
    }
    // The server needs at least one request, because a connection that it has closed is what keeps its port in use
    // (RFC 9293 section 3.6.1).
    thread::sleep(UNTIL_REQUESTED);
    drop(student);
    thread::sleep(UNTIL_NOTICED);
    let again = Student::start(script, &site.folder(), address.port());
    stdout.read_to_string(&mut text).unwrap();
    let mut output = checker.wait_with_output().unwrap();
    output.stdout = text.into_bytes();
    drop(again);
    checked::finish(&output, &reports)
}
