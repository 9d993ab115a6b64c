//! Answers a request: the way through `site` from top to bottom (RFC 9110 sections 9, 13.2, 14.2 and 15).

use super::description::Description;
use super::listing::Page;
use super::path::{PathError, is_equivalent};
use super::precondition::{self, Outcome, Validators};
use super::representation::{self, NotAcceptable, Representation};
use super::resolve::{Found, resolve};
use super::tree::{Listed, Name};
use super::{Decision, Entry, Fault, LookupError, ResourcePath, Site, Tree, error_page, listing, range};
use crate::http::byte_range::{ByteRange, Selection, select, unsatisfied_range};
use crate::http::message::Target;
use crate::http::{
    Content, Explanation, FieldValue, Fields, MediaTypeSource, Method, Piece, Request, Response, Status, UnixTime,
    date, quality,
};
use std::ops::ControlFlow;

/// A field of a response.
type AnswerField<'s> = (&'s str, FieldValue<'s>);

/// The fields of an answer, while it is being made.
type AnswerFields<'s> = Vec<AnswerField<'s>>;

/// The field by which a representation is chosen among its codings.
const CODINGS: &str = "Accept-Encoding";

/// What no cache may keep (RFC 9111 section 5.2.2.5).
const NO_STORE: &str = "no-store";

/// In how many directories, one below the other, a name that differs only in case is looked for.
const DEEPEST: usize = 16;

/// After how many seconds a server that is full may have a place again (RFC 9110 section 10.2.3).
const RETRY_AFTER: &str = "5";

/// An answer and what it is.
#[derive(Clone, Debug)]
pub struct Answer<'s, F> {
    /// What was decided.
    pub decision: Decision,
    /// What is sent.
    pub response: Response<'s, F>,
    /// What was found on the way.
    pub resolution: Resolution,
}

/// What a request was resolved to, for those who explain its response.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// The name of the resource, or why the target's path names none. `None` where the target has no path.
    pub resource: Option<Result<ResourcePath, PathError>>,
    /// The file that stands for the resource: itself, its index file, the file of `--spa`, or the site's own 404 page.
    pub file: Option<ResourcePath>,
    /// What decided the value of `Content-Type`. `None` where the response has none.
    pub media_type: Option<MediaTypeSource>,
}

impl Resolution {
    /// What is known of content that the server wrote itself.
    #[must_use]
    pub fn generated() -> Self {
        Self {
            media_type: Some(MediaTypeSource::Generated),
            ..Self::default()
        }
    }
}

/// Answers `request` from `tree` at the time `now`.
///
/// ```
/// use aula::http::message::Target;
/// use aula::http::{Fields, Method, Request, Status, UnixTime};
/// use aula::site::memory::Memory;
/// use aula::site::{self, Decision, Site};
///
/// let file: &[u8] = b"<p>hello";
/// let tree = Memory::new().with_file("hello.html", file, 8, UnixTime::default());
/// let fields = [("Range", &b"bytes=3-4"[..])];
/// let request = Request {
///     method: Method::Get,
///     target: Target::Resource { path: "/hello.html", query: None },
///     fields: Fields::from_pairs(&fields),
/// };
/// let now = UnixTime { seconds: 1_800_000_000, nanoseconds: 0 };
/// let site = Site::default();
/// let answer = site::respond(&site, &request, &tree, now);
/// assert_eq!(answer.decision, Decision::Part);
/// assert_eq!(answer.response.status, Status::PARTIAL_CONTENT);
/// assert_eq!(answer.response.content.length(), 2);
/// ```
pub fn respond<'s, T: Tree>(site: &'s Site, request: &Request<'_>, tree: &T, now: UnixTime) -> Answer<'s, T::File> {
    let request = &Request {
        // What a response of HTTP/0.9 cannot say, a client cannot ask for.
        fields: if site.whole_only {
            Fields::default()
        } else {
            request.fields
        },
        ..*request
    };
    let asker = Asker {
        site,
        request,
        tree,
        now,
    };
    let resource = match request.target {
        Target::Resource { path, .. } => Some(ResourcePath::resolve(path, site.hidden)),
        Target::Server | Target::Tunnel => None,
    };
    let mut answer = match (request.method, &resource) {
        // An invalid path is a bad request whatever the method.
        (_, Some(Err(error @ (PathError::AboveRoot | PathError::Forbidden)))) => asker.nothing((*error).into()),
        (Method::Get, Some(resource)) => asker.get(resource),
        (Method::Head, Some(resource)) if !site.get_only => asker.get(resource),
        (Method::Options, _) if !site.get_only => asker.options(),
        (Method::Other, _) => asker.error(Decision::MethodUnknown),
        _ => asker.method_not_allowed(),
    };
    answer.resolution.resource = resource;
    answer
}

/// The answer to what is no request, for the reason given; its page shows the bytes at fault, where they are known.
#[must_use]
pub fn refuse<'s, F>(site: &'s Site, reason: &Explanation, fault: Option<&Fault>, now: UnixTime) -> Response<'s, F> {
    page(site, reason, fault, None, now)
}

/// What every step needs to know.
struct Asker<'s, 'r, T> {
    site: &'s Site,
    request: &'r Request<'r>,
    tree: &'r T,
    now: UnixTime,
}

impl<'s, T: Tree> Asker<'s, '_, T> {
    fn get(&self, resource: &Result<ResourcePath, PathError>) -> Answer<'s, T::File> {
        let (path, query) = match self.request.target {
            Target::Resource { path, query } => (path, query),
            Target::Server | Target::Tunnel => ("", None),
        };
        if self
            .site
            .health
            .as_deref()
            .is_some_and(|plain| is_equivalent(path, plain))
        {
            return self.health();
        }
        let resource = match resource {
            Ok(resource) => resource,
            Err(error) => return self.nothing((*error).into()),
        };
        match resolve(self.site, resource, self.tree) {
            Found::File { path, entry } => {
                let mut answer = match representation::choose(&path, entry, self.request.fields, self.tree) {
                    Ok(representation) => self.represent(&representation),
                    Err(NotAcceptable) => self.error_with(Decision::NotAcceptable, [vary(CODINGS)]),
                };
                answer.resolution.file = Some(path);
                answer
            }
            Found::Directory => self.listing(resource, query),
            Found::NoIndex => self.nothing(Decision::NoIndex),
            Found::Redirect(to) => self.redirect(&to, query),
            Found::Nothing(LookupError::NotFound) => self.not_found(resource),
            Found::Nothing(error) => self.nothing(error.into()),
        }
    }

    /// A representation, or the part of it that is asked for, or the news that it need not be sent.
    fn represent(&self, chosen: &Representation<T::File>) -> Answer<'s, T::File> {
        let description = chosen.description.as_ref();
        let current = self.validators(description);
        let vary = chosen.is_negotiated.then(|| vary(CODINGS));
        let mut answer = self.fields();
        // Section 8.8.2.1: never later than the response itself.
        let last_modified = match description.modified <= self.now.seconds {
            true => (&description.last_modified).into(),
            false => (&date::current(self.now.seconds)).into(),
        };
        answer.push(("Last-Modified", last_modified));
        answer.push(("ETag", (&description.etag).into()));
        answer.extend(vary.clone());
        let mut answer = match self.unless_known(current, answer, vary.clone()) {
            ControlFlow::Continue(answer) => answer,
            ControlFlow::Break(known) => return known,
        };
        let fields = self.request.fields;
        let size = chosen.entry.size;
        // Section 14.2: Range means something with GET alone.
        let selection = match fields.get("Range") {
            Some(value)
                if self.request.method == Method::Get && precondition::range_applies(fields, current, self.now) =>
            {
                select(value, size)
            }
            _ => Selection::Whole,
        };

        answer.push(("Accept-Ranges", "bytes".into()));
        if let Some(coding) = chosen.coding {
            answer.push(("Content-Encoding", coding.name.into()));
        }
        let file = &chosen.entry.file;
        let media_type = &description.media_type;
        let (decision, content, source) = match selection {
            Selection::Whole => {
                answer.push(("Content-Type", (&media_type.value).into()));
                let whole = ByteRange { first: 0, length: size };
                let content = Content(vec![range::slice(file, whole)]);
                (Decision::Whole, content, media_type.source.clone())
            }
            Selection::One(part) => {
                answer.push(("Content-Type", (&media_type.value).into()));
                answer.push(("Content-Range", part.content_range(size).into()));
                let content = Content(vec![range::slice(file, part)]);
                (Decision::Part, content, media_type.source.clone())
            }
            Selection::Several(parts) => {
                let boundary = self.boundary(chosen);
                let multipart = format!("multipart/byteranges; boundary={boundary}");
                answer.push(("Content-Type", multipart.into()));
                let content = range::multipart(file, size, &parts, &media_type.value, &boundary);
                (Decision::Parts, content, MediaTypeSource::Ranges)
            }
            Selection::Unsatisfiable => {
                let content_range = ("Content-Range", unsatisfied_range(size).into());
                return self.error_with(Decision::Unsatisfiable, vary.into_iter().chain([content_range]));
            }
        };
        answered(decision, answer, content, Some(source))
    }

    /// Gives `fields` back, which a 200, a 206 and a 304 have in common: what a cache needs to know (section 15.4.5).
    /// Breaks with the response that the preconditions of the request demand instead (section 13).
    fn unless_known(
        &self,
        current: Validators<'_>,
        fields: AnswerFields<'s>,
        vary: Option<AnswerField<'s>>,
    ) -> ControlFlow<Answer<'s, T::File>, AnswerFields<'s>> {
        match precondition::evaluate(self.request.fields, current) {
            Outcome::Proceed => ControlFlow::Continue(fields),
            Outcome::NotModified => ControlFlow::Break(answered(Decision::NotModified, fields, Content::empty(), None)),
            Outcome::Failed => ControlFlow::Break(self.error_with(Decision::PreconditionFailed, vary)),
        }
    }

    /// What the preconditions of the request are compared with.
    fn validators<'a>(&self, description: &'a Description) -> Validators<'a> {
        Validators {
            entity_tag: Some(&description.entity_tag),
            last_modified: Some(description.modified.min(self.now.seconds)),
        }
    }

    /// A line that no file is likely to have: it says this moment and this version.
    fn boundary(&self, chosen: &Representation<T::File>) -> String {
        let (now, modified) = (self.now, chosen.entry.modified);
        format!(
            "aula-{:x}{:08x}-{:x}{:08x}",
            now.seconds, now.nanoseconds, modified.seconds, modified.nanoseconds
        )
    }

    /// Section 15.4.2. The path is written anew from its decoded segments, so that it cannot name another host.
    fn redirect(&self, to: &ResourcePath, query: Option<&str>) -> Answer<'s, T::File> {
        let query = query.map_or_else(String::new, |query| format!("?{query}"));
        let location = ("Location", format!("{to}{query}").into());
        let mut answer = self.error_to(Decision::Redirect, Some(to));
        answer.response.fields.push(location);
        answer
    }

    fn listing(&self, directory: &ResourcePath, query: Option<&str>) -> Answer<'s, T::File> {
        let names = match self.tree.names(directory) {
            Ok(names) => names,
            Err(LookupError::NoMemory) => return self.error(Decision::NoMemory),
            Err(_) => return self.error(Decision::UnreadableDirectory),
        };
        let query = query.unwrap_or_default();
        let mut order = listing::Order::from_query(query);
        let Some((page, on_page)) = Page::of(&names, self.site.hidden, query, order) else {
            return self.nothing(Decision::NoSuchName);
        };
        // A name is shown only if asking for it would find it.
        let entry = |name: &Name| {
            directory
                .child(&name.name)
                .and_then(|_| self.tree.entry(directory, &name.name))
        };
        let mut entries: Vec<Listed> = on_page.into_iter().filter_map(entry).collect();
        if page.is_all() {
            order.sort(&mut entries);
        } else {
            order = order.by_name();
        }
        let accepted = |type_, subtype| quality::accept_quality(self.request.fields.all("Accept"), type_, subtype);
        let (media_type, content) = match accepted("application", "json") > accepted("text", "html") {
            true => ("application/json", listing::json(&entries)),
            false => (
                "text/html; charset=utf-8",
                listing::html(self.site.lang, directory.name(), &entries, order, page),
            ),
        };

        // The tag says what is shown; there is no date that would.
        let entity_tag = listing::entity_tag(&content);
        let current = Validators {
            entity_tag: Some(&entity_tag),
            last_modified: None,
        };
        let vary = vary("Accept");
        let mut fields = self.fields();
        fields.push(("ETag", entity_tag.to_string().into()));
        fields.push(vary.clone());
        let mut fields = match self.unless_known(current, fields, Some(vary)) {
            ControlFlow::Continue(fields) => fields,
            ControlFlow::Break(known) => return known,
        };
        fields.extend(page.links(order).map(|links| ("Link", links.into())));
        fields.push(("Content-Type", media_type.into()));
        let content = Content::bytes(content.into_bytes());
        answered(Decision::Listing, fields, content, Some(MediaTypeSource::Generated))
    }

    /// There is no file of that name: a page that offers the one that differs only in case, if there is one.
    fn not_found(&self, path: &ResourcePath) -> Answer<'s, T::File> {
        match self.in_other_case(path) {
            Some(found) => self.error_to(Decision::OtherCase, Some(&found)),
            None => self.nothing(Decision::NoSuchName),
        }
    }

    /// What can be served and has this name but for its case.
    fn in_other_case(&self, path: &ResourcePath) -> Option<ResourcePath> {
        let mut found = ResourcePath::root();
        for (depth, segment) in path.name().split('/').enumerate() {
            let names = self.tree.names(&found).ok().filter(|_| depth < DEEPEST)?;
            found = names.without_case(segment).and_then(|name| found.child(name))?;
        }
        match self.tree.lookup(&found).ok()? {
            Entry::Directory => Some(found.as_directory()),
            Entry::File(_) => Some(found).filter(|_| !path.is_directory()),
        }
    }

    /// There is nothing to be had: for what is not there, the site's own page, if it has one.
    fn nothing(&self, decision: Decision) -> Answer<'s, T::File> {
        let mut answer = self.error(decision);
        if answer.response.status != Status::NOT_FOUND {
            return answer;
        }
        if let Ok(path) = ResourcePath::resolve("/404.html", false)
            && let Ok(Entry::File(entry)) = self.tree.lookup(&path)
        {
            let response = &mut answer.response;
            response.content = Content(vec![Piece::Slice {
                file: entry.file,
                offset: 0,
                length: entry.size,
            }]);
            response.fields.retain(|(name, _)| *name != "Content-Type");
            let media_type = &entry.description.media_type;
            response.fields.push(("Content-Type", (&media_type.value).into()));
            answer.resolution.media_type = Some(media_type.source.clone());
            answer.resolution.file = Some(path);
        }
        answer
    }

    /// Section 9.3.7.
    fn options(&self) -> Answer<'s, T::File> {
        // No cache may keep a response to OPTIONS.
        let mut fields = fields(self.site, self.now, None);
        fields.push(("Allow", self.allow().into()));
        // Fetch, section 3.3.3: to a preflight alone.
        if self.site.cors && self.request.fields.get("Access-Control-Request-Method").is_some() {
            fields.push(("Access-Control-Allow-Methods", self.allow().into()));
            fields.push(("Access-Control-Allow-Headers", "*".into()));
        }
        answered(Decision::Options, fields, Content::empty(), None)
    }

    /// Section 15.5.6.
    fn method_not_allowed(&self) -> Answer<'s, T::File> {
        self.error_with(Decision::MethodNotAllowed, [("Allow", self.allow().into())])
    }

    fn allow(&self) -> &'static str {
        if self.site.get_only {
            "GET"
        } else {
            "GET, HEAD, OPTIONS"
        }
    }

    fn health(&self) -> Answer<'s, T::File> {
        // Whoever asks wants to know about now.
        let fields = fields(self.site, self.now, Some(NO_STORE));
        let mut fields = match self.unless_known(Validators::default(), fields, None) {
            ControlFlow::Continue(fields) => fields,
            ControlFlow::Break(known) => return known,
        };
        fields.push(("Content-Type", "text/plain; charset=utf-8".into()));
        let content = Content::bytes(&b"ok\n"[..]);
        answered(Decision::Health, fields, content, Some(MediaTypeSource::Generated))
    }

    fn fields(&self) -> AnswerFields<'s> {
        fields(self.site, self.now, self.site.cache_control.as_deref())
    }

    /// An answer whose content is our own page about the decision.
    fn error(&self, decision: Decision) -> Answer<'s, T::File> {
        self.error_to(decision, None)
    }

    /// The same, with a link to what may have been meant.
    fn error_to(&self, decision: Decision, to: Option<&ResourcePath>) -> Answer<'s, T::File> {
        let response = page(self.site, &decision.explanation(), None, to, self.now);
        Answer {
            decision,
            response,
            resolution: Resolution::generated(),
        }
    }

    /// A response whose content is our own page, with more fields.
    fn error_with(&self, decision: Decision, fields: impl IntoIterator<Item = AnswerField<'s>>) -> Answer<'s, T::File> {
        let mut answer = self.error(decision);
        answer.response.fields.extend(fields);
        answer
    }
}

/// A response that is no page of our own; `media_type` is what decided its `Content-Type`, if it has one.
fn answered<'s, F>(
    decision: Decision,
    fields: AnswerFields<'s>,
    content: Content<F>,
    media_type: Option<MediaTypeSource>,
) -> Answer<'s, F> {
    let status = decision.explanation().status;
    let response = Response {
        status,
        fields,
        content,
    };
    Answer {
        decision,
        response,
        resolution: Resolution {
            media_type,
            ..Resolution::default()
        },
    }
}

/// The fields that every response has, and `Cache-Control`.
fn fields<'s>(site: &'s Site, now: UnixTime, cache_control: Option<&'s str>) -> AnswerFields<'s> {
    let mut fields: AnswerFields<'_> = Vec::with_capacity(12 + site.fields.len());
    fields.push(("Date", (&date::current(now.seconds)).into()));
    fields.push(("Server", "aula".into()));
    fields.push(("X-Content-Type-Options", "nosniff".into()));
    fields.extend(cache_control.map(|value| ("Cache-Control", value.into())));
    if site.cors {
        fields.push(("Access-Control-Allow-Origin", "*".into()));
        fields.push(("Access-Control-Expose-Headers", "*".into()));
    }
    for (name, value) in &site.fields {
        fields.push((name, value.into()));
    }
    fields
}

/// Section 12.5.5: with another value of that field of the request, the response might be another.
fn vary(name: &str) -> AnswerField<'_> {
    ("Vary", name.into())
}

/// A response whose content is one of our own pages, with what was at fault or a link to where the client may rather go.
fn page<'s, F>(
    site: &'s Site,
    explanation: &Explanation,
    fault: Option<&Fault>,
    to: Option<&ResourcePath>,
    now: UnixTime,
) -> Response<'s, F> {
    let cache_control = match explanation.status {
        Status::MOVED_PERMANENTLY => site.cache_control.as_deref(),
        // With an explicit lifetime a response of any status may be kept (RFC 9111 section 3), and everybody would get
        // the response to one client's mistake.
        _ => Some(NO_STORE),
    };
    let mut fields = fields(site, now, cache_control);
    fields.push(("Content-Type", "text/html; charset=utf-8".into()));
    if explanation.status == Status::SERVICE_UNAVAILABLE {
        fields.push(("Retry-After", RETRY_AFTER.into()));
    }
    let link = to.map(ResourcePath::to_string);
    Response {
        status: explanation.status,
        fields,
        content: Content::bytes(error_page::html(site.lang, explanation, fault, link.as_deref()).into_bytes()),
    }
}

#[cfg(test)]
#[path = "respond_tests.rs"]
mod tests;
