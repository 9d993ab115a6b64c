//! Makes the response to a request: all steps of `site` from top to bottom (RFC 9110 sections 9, 13.2, 14.2 and 15).

use super::listing::Page;
use super::metadata::{self, Metadata};
use super::path::{PathError, is_equivalent};
use super::precondition::{self, Outcome, Validators};
use super::representation::{self, NotAcceptable, Representation};
use super::resolve::{Found, resolve};
use super::tree::{DirectoryEntry, FileEntry, Name};
use super::{
    Decision, Entry, Fault, LookupError, ResourcePath, Site, Tree, auth, common_fields, error_page, listing, live,
    range,
};
use crate::http::byte_range::{ByteRange, Selection, select, unsatisfied_range};
use crate::http::message::Target;
use crate::http::{
    Content, Explanation, FieldName, FieldSection, Fields, MediaType, MediaTypeSource, Method, Piece, Request,
    Response, Status, UnixTime, date, quality,
};
use std::ops::ControlFlow;
use std::sync::LazyLock;

/// The field by which a representation is chosen among its codings.
const CODINGS: &str = "Accept-Encoding";

/// The field line of a file that has ranges (RFC 9110 section 14.3).
static HAS_RANGES: LazyLock<FieldSection> = LazyLock::new(|| [("Accept-Ranges", "bytes")].into());

/// Forbids caches to store a response (RFC 9111 section 5.2.2.5).
const NO_STORE: &str = "no-store";

/// The maximum depth of directories in which a name that differs only in case is searched.
const DEEPEST: usize = 16;

/// After how many seconds a client of a full server should try again (RFC 9110 section 10.2.3).
const RETRY_AFTER: &str = "5";

/// A response, with the reasons for it.
#[derive(Clone, Debug)]
pub struct ExplainedResponse<F> {
    /// What was decided.
    pub decision: Decision,
    /// The response to send.
    pub response: Response<F>,
    /// What was found on the way.
    pub resolution: Resolution,
}

/// What a request was resolved to, for the trace.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// The name of the resource, or why the target's path names none. `None` if the target has no path.
    pub resource: Option<Result<ResourcePath, PathError>>,
    /// The file that is served for the resource: itself, its index file, the file of `--spa`, or the site's own 404
    /// page.
    pub file: Option<ResourcePath>,
    /// What decided the value of `Content-Type`. `None` if the response has no such field.
    pub media_type: Option<MediaTypeSource>,
}

impl Resolution {
    /// The resolution of content that the server generated.
    #[must_use]
    pub fn generated() -> Self {
        Self {
            media_type: Some(MediaTypeSource::Generated),
            ..Self::default()
        }
    }
}

/// Makes the response to `request` from `tree` at the time `now`.
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
/// let explained = site::respond(&site, &request, &tree, now);
/// assert_eq!(explained.decision, Decision::SingleRange);
/// assert_eq!(explained.response.status, Status::PARTIAL_CONTENT);
/// assert_eq!(explained.response.content.length(), 2);
/// ```
pub fn respond<T: Tree>(site: &Site, request: &Request<'_>, tree: &T, now: UnixTime) -> ExplainedResponse<T::File> {
    let request = &Request {
        // A client of HTTP/0.9 cannot ask for what its response cannot express.
        fields: if site.whole_only {
            Fields::default()
        } else {
            request.fields
        },
        ..*request
    };
    let responder = Responder {
        site,
        request,
        tree,
        now,
    };
    let resource = match request.target {
        Target::Resource { path, .. } => Some(site.resource(path)),
        Target::Server | Target::Tunnel => None,
    };
    let authorized = match &site.auth {
        Some(credentials) if !responder.is_health_check() => credentials.check(request.fields),
        _ => Ok(()),
    };
    let mut explained = match (request.method, &resource) {
        _ if let Err(decision) = authorized => responder.unauthorized(decision),
        // An invalid path is a bad request whatever the method.
        (_, Some(Err(error @ (PathError::AboveRoot | PathError::Forbidden)))) => responder.nothing((*error).into()),
        (Method::Get, Some(resource)) => responder.get(resource),
        (Method::Head, Some(resource)) if !site.get_only => responder.get(resource),
        (Method::Options, _) if !site.get_only => responder.options(),
        (Method::Other, _) => responder.error(Decision::MethodUnknown),
        _ => responder.method_not_allowed(),
    };
    explained.resolution.resource = resource;
    explained
}

/// Makes the response to a rejected request. The page shows the bytes at fault, if they are known.
#[must_use]
pub fn refuse<F>(site: &Site, reason: &Explanation, fault: Option<&Fault>, now: UnixTime) -> Response<F> {
    page(site, reason, fault, None, now)
}

/// What every step needs.
struct Responder<'r, T> {
    site: &'r Site,
    request: &'r Request<'r>,
    tree: &'r T,
    now: UnixTime,
}

impl<T: Tree> Responder<'_, T> {
    fn get(&self, resource: &Result<ResourcePath, PathError>) -> ExplainedResponse<T::File> {
        let (path, query) = match self.request.target {
            Target::Resource { path, query } => (path, query),
            Target::Server | Target::Tunnel => ("", None),
        };
        if self.is_health_check() {
            return self.health();
        }
        if self.site.live
            && let Some(reply) = live::reply(self.site, path, query, self.request.fields, self.tree)
        {
            return self.live(reply);
        }
        let resource = match resource {
            Ok(resource) => resource,
            Err(PathError::OutsideBase) => return self.error_to(Decision::OutsideBase, Some(&ResourcePath::root())),
            Err(error) => return self.nothing((*error).into()),
        };
        match resolve(self.site, resource, self.tree) {
            Found::File { path, entry } => {
                let is_page = |entry: &FileEntry<_>| {
                    let media_type = self.site.media_type(&path, &entry.metadata);
                    media_type.value().starts_with("text/html")
                };
                let is_live = self.site.live && is_page(&entry);
                let chosen = if is_live {
                    Ok(Representation::live(entry))
                } else {
                    representation::choose(&path, entry, self.request.fields, self.tree)
                };
                let mut explained = match chosen {
                    Ok(chosen) => {
                        let media_type = self.site.media_type(&path, &chosen.metadata);
                        self.represent(&chosen, media_type, is_live.then(|| live::element(self.site)))
                    }
                    Err(NotAcceptable) => self.error_with(Decision::NotAcceptable, &vary(CODINGS)),
                };
                explained.resolution.file = Some(path);
                explained
            }
            Found::Directory => self.listing(resource, query),
            Found::NoIndex => self.nothing(Decision::NoIndex),
            Found::Redirect(to) => self.redirect(&to, query),
            Found::Nothing(LookupError::NotFound) => self.not_found(resource),
            Found::Nothing(error) => self.nothing(error.into()),
        }
    }

    /// Responds with a representation or the requested part of it, or with 304 or 412 if the preconditions say so.
    /// `added` is appended to the content, which then has no ranges.
    fn represent(
        &self,
        chosen: &Representation<T::File>,
        media_type: &MediaType,
        added: Option<String>,
    ) -> ExplainedResponse<T::File> {
        let metadata = chosen.metadata.as_ref();
        let current = self.validators(metadata);
        let vary = if chosen.is_negotiated {
            vary(CODINGS)
        } else {
            FieldSection::default()
        };
        let mut fields = self.fields();
        if metadata.modified <= self.now.seconds {
            fields.push_section(&metadata.validators);
        } else {
            // Section 8.8.2.1: never later than the response itself.
            let date = date::current(self.now.seconds);
            fields.push_section(&metadata::validators(&date, &metadata.entity_tag));
        }
        fields.push_section(&vary);
        let mut fields = match self.unless_known(current, fields, &vary) {
            ControlFlow::Continue(fields) => fields,
            ControlFlow::Break(known) => return known,
        };
        let requested = self.request.fields;
        let size = chosen.entry.size;
        // Section 14.2: Range is defined only for GET.
        let selection = match requested.get(FieldName::Range) {
            Some(value)
                if self.request.method == Method::Get
                    && added.is_none()
                    && precondition::range_applies(requested, current, self.now) =>
            {
                select(value, size)
            }
            _ => Selection::Whole,
        };

        if added.is_none() {
            fields.push_section(&HAS_RANGES);
        } else {
            fields.push("Accept-Ranges", "none");
        }
        if let Some(coding) = chosen.coding {
            fields.push("Content-Encoding", coding.name);
        }
        let file = &chosen.entry.file;
        let (decision, content, source) = match selection {
            Selection::Whole => {
                fields.push_section(&media_type.content_type);
                let whole = ByteRange { first: 0, length: size };
                let mut pieces = vec![range::slice(file, whole)];
                pieces.extend(added.map(|added| Piece::Bytes(added.into_bytes().into())));
                (Decision::FullContent, Content(pieces), media_type.source.clone())
            }
            Selection::One(part) => {
                fields.push_section(&media_type.content_type);
                fields.push("Content-Range", &part.content_range(size));
                let content = Content(vec![range::slice(file, part)]);
                (Decision::SingleRange, content, media_type.source.clone())
            }
            Selection::Several(parts) => {
                let boundary = self.boundary(chosen);
                let multipart = format!("multipart/byteranges; boundary={boundary}");
                fields.push("Content-Type", &multipart);
                let content = range::multipart(file, size, &parts, media_type.value(), &boundary);
                (Decision::MultipleRanges, content, MediaTypeSource::Ranges)
            }
            Selection::Unsatisfiable => {
                let mut more = vary;
                more.push("Content-Range", &unsatisfied_range(size));
                return self.error_with(Decision::Unsatisfiable, &more);
            }
        };
        explained(decision, fields, content, Some(source))
    }

    /// Evaluates the preconditions (section 13). Returns `fields` if they are true, or else breaks with the response
    /// that they demand. A 200, a 206 and a 304 have these fields in common, because a cache needs them (section
    /// 15.4.5).
    fn unless_known(
        &self,
        current: Validators<'_>,
        fields: FieldSection,
        vary: &FieldSection,
    ) -> ControlFlow<ExplainedResponse<T::File>, FieldSection> {
        match precondition::evaluate(self.request.fields, current) {
            Outcome::Proceed => ControlFlow::Continue(fields),
            Outcome::NotModified => {
                ControlFlow::Break(explained(Decision::NotModified, fields, Content::empty(), None))
            }
            Outcome::Failed => ControlFlow::Break(self.error_with(Decision::PreconditionFailed, vary)),
        }
    }

    /// The validators that the preconditions are compared with.
    fn validators<'a>(&self, metadata: &'a Metadata) -> Validators<'a> {
        Validators {
            entity_tag: Some(&metadata.entity_tag),
            last_modified: Some(metadata.modified.min(self.now.seconds)),
        }
    }

    /// A boundary that no file is likely to contain: it depends on the time and on the version of the file.
    fn boundary(&self, chosen: &Representation<T::File>) -> String {
        let (now, modified) = (self.now, chosen.entry.modified);
        format!(
            "aula-{:x}{:08x}-{:x}{:08x}",
            now.seconds, now.nanoseconds, modified.seconds, modified.nanoseconds
        )
    }

    /// Section 15.4.2. The path is encoded again from its decoded segments, so it cannot name another host.
    fn redirect(&self, to: &ResourcePath, query: Option<&str>) -> ExplainedResponse<T::File> {
        let query = query.map_or_else(String::new, |query| format!("?{query}"));
        let location = format!("{}{query}", self.site.link(to));
        let mut explained = self.error_to(Decision::Redirect, Some(to));
        explained.response.fields.push("Location", &location);
        explained
    }

    fn listing(&self, directory: &ResourcePath, query: Option<&str>) -> ExplainedResponse<T::File> {
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
        // A name is shown only if a request for it would find it.
        let entry = |name: &Name| {
            directory
                .child(&name.name)
                .and_then(|_| self.tree.entry(directory, &name.name))
        };
        let mut entries: Vec<DirectoryEntry> = on_page.into_iter().filter_map(entry).collect();
        if page.is_all() {
            order.sort(&mut entries);
        } else {
            order = order.by_name();
        }
        let accepted =
            |type_, subtype| quality::accept_quality(self.request.fields.all(FieldName::Accept), type_, subtype);
        let (media_type, content) = if accepted("application", "json") > accepted("text", "html") {
            ("application/json", listing::json(&entries))
        } else {
            let html = listing::html(self.site, directory, &entries, order, page);
            ("text/html; charset=utf-8", html)
        };

        // The entity tag follows from the content; there is no date that does.
        let entity_tag = listing::entity_tag(&content);
        let current = Validators {
            entity_tag: Some(&entity_tag),
            last_modified: None,
        };
        let vary = vary("Accept");
        let mut fields = self.fields();
        fields.push("ETag", &entity_tag.to_string());
        fields.push_section(&vary);
        let mut fields = match self.unless_known(current, fields, &vary) {
            ControlFlow::Continue(fields) => fields,
            ControlFlow::Break(known) => return known,
        };
        if let Some(links) = page.links(order) {
            fields.push("Link", &links);
        }
        fields.push("Content-Type", media_type);
        let content = Content::bytes(content.into_bytes());
        explained(Decision::Listing, fields, content, Some(MediaTypeSource::Generated))
    }

    /// Responds that there is no file with this name. The page offers a file whose name differs only in case, if there
    /// is one.
    fn not_found(&self, path: &ResourcePath) -> ExplainedResponse<T::File> {
        match self.in_other_case(path) {
            Some(found) => self.error_to(Decision::OtherCase, Some(&found)),
            None => self.nothing(Decision::NoSuchName),
        }
    }

    /// A path that can be served, and that differs from `path` only in case.
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

    /// Responds that there is nothing to serve. A 404 has the site's own page, if there is one.
    fn nothing(&self, decision: Decision) -> ExplainedResponse<T::File> {
        if decision.explanation().status == Status::NOT_FOUND
            && let Ok(path) = ResourcePath::resolve("/404.html", false)
            && let Ok(Entry::File(entry)) = self.tree.lookup(&path)
        {
            let media_type = self.site.media_type(&path, &entry.metadata);
            let mut fields = self.fields_not_stored();
            fields.push_section(&media_type.content_type);
            let content = Content(vec![Piece::Slice {
                file: entry.file,
                offset: 0,
                length: entry.size,
            }]);
            let mut explained = explained(decision, fields, content, Some(media_type.source.clone()));
            explained.resolution.file = Some(path);
            return explained;
        }
        self.error(decision)
    }

    /// Section 9.3.7.
    fn options(&self) -> ExplainedResponse<T::File> {
        // No cache may keep a response to OPTIONS.
        let mut fields = common_fields::with_cache_control(self.site, self.now, None);
        fields.push("Allow", self.allow());
        // Fetch, section 3.3.3: only in the response to a preflight.
        if self.site.cors && self.request.fields.get(FieldName::AccessControlRequestMethod).is_some() {
            fields.push("Access-Control-Allow-Methods", self.allow());
            fields.push("Access-Control-Allow-Headers", "*");
        }
        explained(Decision::Options, fields, Content::empty(), None)
    }

    /// Section 15.5.6.
    fn method_not_allowed(&self) -> ExplainedResponse<T::File> {
        self.error_with(Decision::MethodNotAllowed, &[("Allow", self.allow())].into())
    }

    fn allow(&self) -> &'static str {
        if self.site.get_only {
            "GET"
        } else {
            "GET, HEAD, OPTIONS"
        }
    }

    /// Section 15.5.2: the response says which credentials are needed.
    fn unauthorized(&self, decision: Decision) -> ExplainedResponse<T::File> {
        self.error_with(decision, &[("WWW-Authenticate", auth::CHALLENGE)].into())
    }

    /// Whether the target is the path of `--health`.
    fn is_health_check(&self) -> bool {
        match (self.request.target, &self.site.health) {
            (Target::Resource { path, .. }, Some(plain)) => is_equivalent(path, plain),
            _ => false,
        }
    }

    /// The script of `--live`, or its stream of events.
    fn live(&self, reply: live::Reply) -> ExplainedResponse<T::File> {
        let (decision, media_type, content) = match reply {
            live::Reply::Script => (
                Decision::LiveScript,
                "text/javascript; charset=utf-8",
                live::SCRIPT.to_owned(),
            ),
            live::Reply::Events(events) if events.is_known => (Decision::Unchanged, "text/event-stream", events.stream),
            live::Reply::Events(events) => (Decision::Changed, "text/event-stream", events.stream),
        };
        let mut fields = self.fields_not_stored();
        fields.push("Content-Type", media_type);
        let content = Content::bytes(content.into_bytes());
        explained(decision, fields, content, Some(MediaTypeSource::Generated))
    }

    fn health(&self) -> ExplainedResponse<T::File> {
        // A health check must not be cached.
        let fields = self.fields_not_stored();
        let mut fields = match self.unless_known(Validators::default(), fields, &FieldSection::default()) {
            ControlFlow::Continue(fields) => fields,
            ControlFlow::Break(known) => return known,
        };
        fields.push("Content-Type", "text/plain; charset=utf-8");
        let content = Content::bytes(&b"ok\n"[..]);
        explained(Decision::Health, fields, content, Some(MediaTypeSource::Generated))
    }

    /// The common fields of a response that may be stored as the site says.
    fn fields(&self) -> FieldSection {
        common_fields::usual(self.site, self.now)
    }

    /// The common fields of a response that no cache may store.
    fn fields_not_stored(&self) -> FieldSection {
        common_fields::with_cache_control(self.site, self.now, Some(NO_STORE))
    }

    /// A response whose content is an error page about the decision.
    fn error(&self, decision: Decision) -> ExplainedResponse<T::File> {
        self.error_to(decision, None)
    }

    /// An error page with a link to the path `to`.
    fn error_to(&self, decision: Decision, to: Option<&ResourcePath>) -> ExplainedResponse<T::File> {
        let response = page(self.site, &decision.explanation(), None, to, self.now);
        ExplainedResponse {
            decision,
            response,
            resolution: Resolution::generated(),
        }
    }

    /// A response whose content is an error page, with more fields.
    fn error_with(&self, decision: Decision, fields: &FieldSection) -> ExplainedResponse<T::File> {
        let mut explained = self.error(decision);
        explained.response.fields.push_section(fields);
        explained
    }
}

/// A response with its decision. `media_type` is what decided its `Content-Type`, if it has one.
fn explained<F>(
    decision: Decision,
    fields: FieldSection,
    content: Content<F>,
    media_type: Option<MediaTypeSource>,
) -> ExplainedResponse<F> {
    let status = decision.explanation().status;
    let response = Response {
        status,
        fields,
        content,
    };
    ExplainedResponse {
        decision,
        response,
        resolution: Resolution {
            media_type,
            ..Resolution::default()
        },
    }
}

/// Section 12.5.5: the response depends on this field of the request.
fn vary(name: &str) -> FieldSection {
    [("Vary", name)].into()
}

/// A response whose content is an error page, with the bytes at fault, or with a link to another path.
fn page<F>(
    site: &Site,
    explanation: &Explanation,
    fault: Option<&Fault>,
    to: Option<&ResourcePath>,
    now: UnixTime,
) -> Response<F> {
    let cache_control = match explanation.status {
        Status::MOVED_PERMANENTLY => site.cache_control.as_deref(),
        // With an explicit lifetime, caches may store a response with any status (RFC 9111 section 3). Then every
        // client would get the response to one client's mistake.
        _ => Some(NO_STORE),
    };
    let mut fields = common_fields::with_cache_control(site, now, cache_control);
    fields.push("Content-Type", "text/html; charset=utf-8");
    if explanation.status == Status::SERVICE_UNAVAILABLE {
        fields.push("Retry-After", RETRY_AFTER);
    }
    let link = to.map(|to| site.link(to));
    Response {
        status: explanation.status,
        fields,
        content: Content::bytes(error_page::html(site, explanation, fault, link.as_deref()).into_bytes()),
    }
}

#[cfg(test)]
#[path = "respond_tests.rs"]
mod tests;
