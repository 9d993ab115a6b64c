//! The scripts of the checks: what is sent, on which connection, and what is waited for.
//!
//! Many checks look at the same exchange: they have the same script, which is played once.

use crate::request::{MISSING, encoded, get, get_0_9, get_1_0, get_persistent, with_method};
use crate::script::{Script, Step, Until};
use crate::target::Target;
use crate::texts;
use crate::verify::traversal::WAYS_OUT;
use aula::catalogue::Text;
use std::ops::Range;
use std::time::Duration;

/// How long to keep silent for a server that speaks before it is asked.
const LISTEN: Duration = Duration::from_millis(100);

/// How long a pause has to be for the server to be in the middle of its work: to have read what came before.
const BETWEEN: Duration = Duration::from_millis(200);

/// How long a request-target is that no server has to take, in bytes: RFC 9112 section 3 asks for 8,000.
const LONG_TARGET: usize = 10_000;

/// How many bytes of fields no server has to take.
const MANY_FIELDS: usize = 100 * 1024;

/// For how long a person has to stop the server, and to start it again.
const RESTART: Duration = Duration::from_secs(30);

/// How often a crowd comes, and how many clients are in it: a race is not lost every time.
const CROWDS: usize = 6;
const CROWD: usize = 8;

/// How many silent clients there are: more than a time limit of a second each would let pass.
pub(crate) const SILENT: usize = 3;

type Plan = Result<Script, Text>;

/// The page, and the page again on another connection. If no response comes to the first, our side is ended, to see
/// whether it comes then. It is the first that the server sees: what it has left over is seen in the second.
pub fn first(target: &Target) -> Plan {
    Ok(Script::new()
        .step(Step::Open(0))
        .step(Step::Pause(LISTEN))
        .step(Step::Send(0, get(target, &target.page)))
        .read(0, Until::Response)
        .step(Step::EndSending(0))
        .read(0, Until::Response)
        .step(Step::Close(0))
        .ask(1, page(target)))
}

/// Every file that is known, or at least the page: file N on connection N.
pub fn files(target: &Target) -> Plan {
    let files = target.files.iter().skip(1).map(|file| file.path.as_str());
    let paths = std::iter::once(target.page.as_str()).chain(files);
    let ask = |script: Script, (connection, path)| script.ask(connection, get(target, path));
    Ok(paths.enumerate().fold(Script::new(), ask))
}

/// `other-files`
pub fn other_files(target: &Target) -> Plan {
    match target.files.len() {
        0 | 1 => Err(texts::GIVE_FILES),
        _ => files(target),
    }
}

/// `binary`
pub fn binary(target: &Target) -> Plan {
    target.binary().ok_or(texts::GIVE_BINARY).and_then(|_| files(target))
}

/// `utf-8`
pub fn utf_8(target: &Target) -> Plan {
    target
        .beyond_ascii()
        .ok_or(texts::GIVE_UTF_8)
        .and_then(|_| files(target))
}

/// `closes`: a request that is to end the connection.
pub fn closing(target: &Target) -> Plan {
    Ok(Script::new().ask_until(0, page(target), Until::End))
}

/// `http-1.0`: the same, and one in which only the version asks for the end.
pub fn http_1_0(target: &Target) -> Plan {
    let script = closing(target)?;
    Ok(script.ask_until(1, get_1_0(&target.page), Until::End))
}

/// `connection-field`, `persistent`: two requests on a connection of which nothing is said; and one that is to close.
pub fn persistent(target: &Target) -> Plan {
    let request = get_persistent(target, &target.page);
    Ok(Script::new()
        .step(Step::Open(0))
        .step(Step::Send(0, request.clone()))
        .read(0, Until::Response)
        .step(Step::Send(0, request))
        .read(0, Until::Response)
        .step(Step::Close(0))
        .ask_until(1, page(target), Until::End))
}

/// The page (connection 2), a file that does not exist (0), and the page again (1).
pub fn missing(target: &Target) -> Plan {
    let script = Script::new().ask(2, page(target));
    Ok(script.ask(0, get(target, MISSING)).ask(1, page(target)))
}

/// `simple-request`; and an empty line after it, which a server may wrongly wait for.
pub fn simple_request(target: &Target) -> Plan {
    Ok(Script::new()
        .step(Step::Open(0))
        .step(Step::Send(0, get_0_9(&target.page)))
        .read(0, Until::End)
        .step(Step::Send(0, b"\r\n".to_vec()))
        .read(0, Until::End)
        .step(Step::Close(0)))
}

/// `at-once`: one client alone, numbered after the others; then all connect, all ask, all are read. A server that
/// counts its clients needs a moment until it no longer counts the first one.
pub fn at_once(target: &Target) -> Plan {
    let clients = target.preset.clients();
    let alone = Script::new().ask(clients, page(target)).step(Step::Pause(BETWEEN));
    let script = (0..clients).fold(alone, |script, client| script.step(Step::Open(client)));
    // The server accepts all of them before they ask. So threads that share a variable mix up their clients.
    let script = script.step(Step::Pause(LISTEN));
    let ask = |script: Script, client| script.step(Step::Send(client, page(target)));
    Ok((0..clients)
        .fold(script, ask)
        .step(Step::Read(0..clients, Until::Response)))
}

/// What a crowd asks for: the page, a name that nothing has, and another file if one is known.
pub(crate) fn crowd_paths(target: &Target) -> Vec<String> {
    let other = target.files.get(1).map(|file| file.path.clone());
    [Some(target.page.clone()), Some(MISSING.to_owned()), other]
        .into_iter()
        .flatten()
        .collect()
}

/// The number after that of the last connection of `crowd`.
pub(crate) fn crowd_end(target: &Target) -> usize {
    crowd_paths(target).len().saturating_add(CROWDS.saturating_mul(CROWD))
}

/// The connections of the crowd in which this connection is.
pub(crate) fn crowd_of(target: &Target, connection: usize) -> Range<usize> {
    let alone = crowd_paths(target).len();
    let position = connection.saturating_sub(alone) % CROWD;
    let first = connection.saturating_sub(position);
    first..first.saturating_add(CROWD)
}

/// `crowd`: each request alone; then many clients connect, ask for different things at once, and are read.
pub fn crowd(target: &Target) -> Plan {
    let paths = crowd_paths(target);
    let alone = paths.iter().enumerate();
    let mut script = alone.fold(Script::new(), |script, (number, path)| {
        script.ask(number, get(target, path))
    });
    let mut requests = paths.iter().cycle().map(|path| get(target, path));
    for first in (paths.len()..crowd_end(target)).step_by(CROWD) {
        let crowd = first..first.saturating_add(CROWD);
        script = crowd
            .clone()
            .fold(script, |script, client| script.step(Step::Open(client)));
        // Once all of them are made, their requests come closer together.
        script = script.step(Step::Pause(LISTEN));
        script = crowd
            .clone()
            .zip(&mut requests)
            .fold(script, |script, (client, request)| {
                script.step(Step::Send(client, request))
            });
        script = script.step(Step::Read(crowd.clone(), Until::Response));
        script = crowd.fold(script, |script, client| script.step(Step::Close(client)));
    }
    Ok(script)
}

/// `silent-clients`: one asks alone; then some connect and say nothing, and one more asks for the page.
pub fn silent_clients(target: &Target) -> Plan {
    let alone = Script::new().ask(SILENT.saturating_add(1), page(target));
    let script = (0..SILENT).fold(alone, |script, client| script.step(Step::Open(client)));
    Ok(script.step(Step::Pause(BETWEEN)).ask(SILENT, page(target)))
}

/// `eleventh`: one asks alone (connection 11); then ten connect and are silent, an eleventh asks; then the tenth
/// asks, and is done; then the others.
pub fn eleventh(target: &Target) -> Plan {
    let ask = |script: Script, client| script.step(Step::Send(client, page(target)));
    let alone = Script::new().ask(11, page(target)).step(Step::Pause(BETWEEN));
    let script = (0..10).fold(alone, |script, client| script.step(Step::Open(client)));
    let script = script.step(Step::Pause(BETWEEN)).step(Step::Open(10));
    let script = ask(script, 10).step(Step::Pause(BETWEEN));
    let script = ask(script, 9).read(9, Until::Response).step(Step::Close(9));
    let script = script.read(10, Until::Response).step(Step::Close(10));
    Ok((0..9).fold(script, ask).step(Step::Read(0..9, Until::Response)))
}

/// `head-method`
pub fn head(target: &Target) -> Plan {
    Ok(Script::new().ask_until(0, with_method(target, "HEAD", &target.page), Until::Head))
}

/// `post`
pub fn post(target: &Target) -> Plan {
    let (path, host) = (encoded(&target.page), &target.host);
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=1"
    );
    then_page(target, request.into_bytes())
}

/// `unknown-method`: RFC 2324 is not for web servers.
pub fn unknown_method(target: &Target) -> Plan {
    then_page(target, with_method(target, "BREW", &target.page))
}

/// `host-missing`
pub fn host_missing(target: &Target) -> Plan {
    let path = encoded(&target.page);
    then_page(
        target,
        format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n").into_bytes(),
    )
}

/// `bad-request`
pub fn bad_request(target: &Target) -> Plan {
    then_page(target, b"this line is no request\r\n\r\n".to_vec())
}

/// `space-before-colon`
pub fn space_before_colon(target: &Target) -> Plan {
    let (path, host) = (encoded(&target.page), &target.host);
    let request = format!("GET {path} HTTP/1.1\r\nHost : {host}\r\nConnection: close\r\n\r\n");
    then_page(target, request.into_bytes())
}

/// `absolute-form`
pub fn absolute_form(target: &Target) -> Plan {
    let (path, host) = (encoded(&target.page), &target.host);
    let request = format!("GET http://{host}{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    then_page(target, request.into_bytes())
}

/// `field-names`: what a browser sends, in every case.
pub fn field_names(target: &Target) -> Plan {
    let (path, host) = (encoded(&target.page), &target.host);
    let request = format!(
        "GET {path} HTTP/1.1\r\n\
         HOST: {host}\r\n\
         connection: close\r\n\
         cache-CONTROL: max-age=0\r\n\
         sec-ch-ua: \"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\"\r\n\
         sec-ch-ua-mobile: ?0\r\n\
         sec-ch-ua-platform: \"Linux\"\r\n\
         DNT: 1\r\n\
         Upgrade-Insecure-Requests: 1\r\n\
         uSER-aGENT: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n\
         accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n\
         Sec-Fetch-Site: none\r\n\
         Sec-Fetch-Mode: navigate\r\n\
         Sec-Fetch-User: ?1\r\n\
         Sec-Fetch-Dest: document\r\n\
         Accept-Language: es-ES,es;q=0.9,en;q=0.8\r\n\
         Priority: u=0, i\r\n\
         Pragma:no-cache\r\n\
         Referer: http://{host}/\r\n\
         Cookie: theme=dark; session=0123456789abcdef0123456789abcdef\r\n\
         X-Requested-With:   \r\n\r\n"
    );
    then_page(target, request.into_bytes())
}

/// `two-segments`: cut in the middle of the path.
pub fn two_segments(target: &Target) -> Plan {
    let request = page(target);
    let cut = "GET ".len().saturating_add(encoded(&target.page).len().div_ceil(2));
    let (one, two) = request.split_at_checked(cut).unwrap_or((&request, &[]));
    Ok(Script::new()
        .step(Step::Open(0))
        .step(Step::Send(0, one.to_vec()))
        .step(Step::Pause(BETWEEN))
        .step(Step::Send(0, two.to_vec()))
        .read(0, Until::Response)
        .step(Step::Close(0))
        .ask(1, page(target)))
}

/// `leading-blank-line`
pub fn leading_blank_line(target: &Target) -> Plan {
    then_page(target, [b"\r\n", page(target).as_slice()].concat())
}

/// `query`
pub fn query(target: &Target) -> Plan {
    let separator = if target.page.contains('?') { '&' } else { '?' };
    then_page(target, get(target, &format!("{}{separator}x=1", target.page)))
}

/// `percent`: the page with one letter encoded. (Names that need it are for `other-files`.)
pub fn percent(target: &Target) -> Plan {
    let path = target.page.split('?').next().unwrap_or_default();
    let is_letter = |(_, byte): &(usize, u8)| byte.is_ascii_lowercase();
    let (letter_at, letter) = path.bytes().enumerate().rfind(is_letter).ok_or(texts::NO_LETTER)?;
    let (before, rest) = target.page.split_at_checked(letter_at).unwrap_or_default();
    let after = rest.get(1..).unwrap_or_default();
    then_page(target, get(target, &format!("{before}%{letter:02X}{after}")))
}

/// `traversal`
pub fn traversal(target: &Target) -> Plan {
    let ask = |script: Script, (number, (way, plain)): (usize, (&str, &str))| {
        let connection = number.saturating_mul(2);
        script
            .ask(connection, get(target, way))
            .ask(connection.saturating_add(1), get(target, plain))
    };
    Ok(WAYS_OUT.into_iter().enumerate().fold(Script::new(), ask))
}

/// `directory`
pub fn directory(target: &Target) -> Plan {
    then_page(target, get(target, "/"))
}

/// `long-target`
pub fn long_target(target: &Target) -> Plan {
    then_page(target, get(target, &format!("/{}", "a".repeat(LONG_TARGET))))
}

/// `many-fields`
pub fn many_fields(target: &Target) -> Plan {
    let mut request = page(target);
    request.truncate(request.len().saturating_sub(2));
    for number in 0.. {
        if request.len() >= MANY_FIELDS {
            break;
        }
        request.extend_from_slice(format!("X-Number-{number}: {number:064}\r\n").as_bytes());
    }
    request.extend_from_slice(b"\r\n");
    then_page(target, request)
}

/// `empty-connection`
pub fn empty_connection(target: &Target) -> Plan {
    Ok(leave(target, Script::new().step(Step::Open(0))))
}

/// `blank-line`
pub fn blank_line(target: &Target) -> Plan {
    leave_after(target, b"\r\n".to_vec())
}

/// `half-request`
pub fn half_request(target: &Target) -> Plan {
    leave_after(target, format!("GET {} HT", encoded(&target.page)).into_bytes())
}

/// `early-leave`
pub fn early_leave(target: &Target) -> Plan {
    Ok(leave(
        target,
        Script::new().step(Step::Open(0)).step(Step::Send(0, page(target))),
    ))
}

/// `idle-client`
pub fn idle_client(target: &Target) -> Plan {
    Ok(Script::new()
        .step(Step::Open(0))
        .step(Step::Pause(BETWEEN))
        .ask(1, page(target)))
}

/// `restart`: first the page, so that the port has a connection that the server has ended: it is in TIME-WAIT then.
pub fn restart(target: &Target) -> Plan {
    let wait = |connection, is_there| Step::Await {
        connection,
        request: page(target),
        is_there,
        within: RESTART,
    };
    if target.can_restart {
        Ok(Script::new()
            .ask(2, page(target))
            .step(Step::Say(texts::RESTART))
            .step(wait(0, false))
            .step(wait(1, true)))
    } else {
        Err(texts::GIVE_RESTART)
    }
}

/// Whether the server is still there.
#[must_use]
pub fn probe(target: &Target) -> Script {
    Script::new().ask(0, page(target))
}

fn page(target: &Target) -> Vec<u8> {
    get(target, &target.page)
}

fn then_page(target: &Target, request: Vec<u8>) -> Plan {
    Ok(Script::new().ask(0, request).ask(1, page(target)))
}

/// Some bytes, time for the server to read them, and the end.
fn leave_after(target: &Target, bytes: Vec<u8>) -> Plan {
    let script = Script::new()
        .step(Step::Open(0))
        .step(Step::Send(0, bytes))
        .step(Step::Pause(BETWEEN));
    Ok(leave(target, script))
}

/// Leaves, and asks for the page after a while: a program takes a moment to come to its end.
fn leave(target: &Target, script: Script) -> Script {
    script
        .step(Step::Close(0))
        .step(Step::Pause(BETWEEN))
        .ask(1, page(target))
}
