//! Answers a request: the way through `site` from top to bottom (RFC 9110 sections 9, 13.2, 14.2 and 15).

use super::description::Description;
use super::path::PathError;
use super::precondition::{self, Outcome, Validators};
use super::representation::{self, NotAcceptable, Representation};
use super::resolve::{Found, resolve};
use super::{Decision, Entry, ResourcePath, Site, Tree, error_page, listing, range};
use crate::http::byte_range::{ByteRange, Selection, select, unsatisfied_range};
use crate::http::message::Target;
use crate::http::{Content, Explanation, FieldValue, MediaTypeSource, Method, Piece, Request, Response, UnixTime};
use crate::http::{date, quality};
use std::ops::ControlFlow;

/// The fields of an answer, while it is being made.
type AnswerFields<'s> = Vec<(&'s str, FieldValue<'s>)>;

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
pub fn respond<'s, T: Tree>(site: &'s Site, request: &Request<'_>, tree: &T, now: UnixTime) -> Answer<'s, T::File> {
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

/// The answer to what is no request, for the reason given.
#[must_use]
pub fn refuse<'s, F>(site: &'s Site, reason: &Explanation, now: UnixTime) -> Response<'s, F> {
    page(site, reason, now)
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
        if self.site.health.as_deref() == Some(path) {
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
                    Err(NotAcceptable) => self.error(Decision::NotAcceptable),
                };
                answer.resolution.file = Some(path);
                answer
            }
            Found::Directory => self.listing(resource, query),
            Found::Redirect(to) => self.redirect(&to, query),
            Found::Nothing(error) => self.nothing(error.into()),
        }
    }

    /// A representation, or the part of it that is asked for, or the news that it need not be sent.
    fn represent(&self, chosen: &Representation<T::File>) -> Answer<'s, T::File> {
        let description = chosen.description.as_ref();
        let current = self.validators(description);
        let vary = chosen.is_negotiated.then_some("Accept-Encoding");
        let mut answer = match self.unless_known(Some(description), vary) {
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
                let content_range = unsatisfied_range(size).into();
                return self.error_with(Decision::Unsatisfiable, ("Content-Range", content_range));
            }
        };
        answered(decision, answer, content, Some(source))
    }

    /// The fields that a 200, a 206 and a 304 have in common: what a cache needs to know (section 15.4.5). Breaks with
    /// the response that the preconditions of the request demand instead (section 13).
    fn unless_known(
        &self,
        description: Option<&Description>,
        vary: Option<&'static str>,
    ) -> ControlFlow<Answer<'s, T::File>, AnswerFields<'s>> {
        let current = description.map(|description| self.validators(description));
        let outcome = precondition::evaluate(self.request.fields, current.unwrap_or_default());
        if outcome == Outcome::Failed {
            return ControlFlow::Break(self.error(Decision::PreconditionFailed));
        }
        let mut fields = self.fields();
        if let Some(description) = description {
            // Section 8.8.2.1: never later than the answer itself.
            let last_modified = match description.modified <= self.now.seconds {
                true => (&description.last_modified).into(),
                false => (&date::current(self.now.seconds)).into(),
            };
            fields.push(("Last-Modified", last_modified));
            fields.push(("ETag", (&description.etag).into()));
        }
        fields.extend(vary.map(|value| ("Vary", value.into())));
        match outcome {
            Outcome::NotModified => ControlFlow::Break(answered(Decision::NotModified, fields, Content::empty(), None)),
            _ => ControlFlow::Continue(fields),
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
        self.error_with(Decision::Redirect, ("Location", format!("{to}{query}").into()))
    }

    fn listing(&self, directory: &ResourcePath, query: Option<&str>) -> Answer<'s, T::File> {
        let mut fields = match self.unless_known(None, Some("Accept")) {
            ControlFlow::Continue(fields) => fields,
            ControlFlow::Break(known) => return known,
        };
        let mut entries = match self.tree.list(directory) {
            Ok(entries) => entries,
            Err(_) => return self.error(Decision::UnreadableDirectory),
        };
        // A name is shown only if asking for it would find it.
        entries.retain(|entry| {
            directory.child(&entry.name).is_some() && (self.site.hidden || !entry.name.starts_with('.'))
        });
        let order = listing::Order::from_query(query.unwrap_or_default());
        order.sort(&mut entries);
        let accepted = |type_, subtype| quality::accept_quality(self.request.fields.all("Accept"), type_, subtype);
        let as_json = accepted("application", "json") > accepted("text", "html");
        let (media_type, content) = if as_json {
            ("application/json", listing::json(&entries))
        } else {
            (
                "text/html; charset=utf-8",
                listing::html(self.site.lang, directory.name(), &entries, order),
            )
        };
        fields.push(("Content-Type", media_type.into()));
        let content = Content::bytes(content.into_bytes());
        answered(Decision::Listing, fields, content, Some(MediaTypeSource::Generated))
    }

    /// There is nothing to be had: for what is not there, the site's own page, if it has one.
    fn nothing(&self, decision: Decision) -> Answer<'s, T::File> {
        let mut answer = self.error(decision);
        if decision != Decision::NoSuchName {
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
        let mut fields = self.fields();
        fields.push(("Allow", self.allow().into()));
        if self.site.cors {
            fields.push(("Access-Control-Allow-Methods", self.allow().into()));
            fields.push(("Access-Control-Allow-Headers", "*".into()));
        }
        answered(Decision::Options, fields, Content::empty(), None)
    }

    /// Section 15.5.6.
    fn method_not_allowed(&self) -> Answer<'s, T::File> {
        self.error_with(Decision::MethodNotAllowed, ("Allow", self.allow().into()))
    }

    fn allow(&self) -> &'static str {
        if self.site.get_only {
            "GET"
        } else {
            "GET, HEAD, OPTIONS"
        }
    }

    fn health(&self) -> Answer<'s, T::File> {
        let mut fields = match self.unless_known(None, None) {
            ControlFlow::Continue(fields) => fields,
            ControlFlow::Break(known) => return known,
        };
        // Whoever asks wants to know about now.
        fields.retain(|(name, _)| *name != "Cache-Control");
        fields.push(("Cache-Control", "no-store".into()));
        fields.push(("Content-Type", "text/plain; charset=utf-8".into()));
        let content = Content::bytes(&b"ok\n"[..]);
        answered(Decision::Health, fields, content, Some(MediaTypeSource::Generated))
    }

    fn fields(&self) -> AnswerFields<'s> {
        fields(self.site, self.now)
    }

    /// An answer whose content is our own page about the decision.
    fn error(&self, decision: Decision) -> Answer<'s, T::File> {
        let response = page(self.site, &decision.explanation(), self.now);
        Answer {
            decision,
            response,
            resolution: Resolution::generated(),
        }
    }

    /// The same with one more field.
    fn error_with(&self, decision: Decision, field: (&'s str, FieldValue<'s>)) -> Answer<'s, T::File> {
        let mut answer = self.error(decision);
        answer.response.fields.push(field);
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

/// The fields that every answer has.
fn fields(site: &Site, now: UnixTime) -> AnswerFields<'_> {
    let mut fields: AnswerFields<'_> = Vec::with_capacity(12 + site.fields.len());
    fields.push(("Date", (&date::current(now.seconds)).into()));
    fields.push(("Server", "aula".into()));
    fields.push(("X-Content-Type-Options", "nosniff".into()));
    if let Some(value) = &site.cache_control {
        fields.push(("Cache-Control", value.into()));
    }
    if site.cors {
        fields.push(("Access-Control-Allow-Origin", "*".into()));
        fields.push(("Access-Control-Expose-Headers", "*".into()));
    }
    for (name, value) in &site.fields {
        fields.push((name, value.into()));
    }
    fields
}

/// An answer whose content is one of our own pages.
fn page<'s, F>(site: &'s Site, explanation: &Explanation, now: UnixTime) -> Response<'s, F> {
    let mut fields = fields(site, now);
    fields.push(("Content-Type", "text/html; charset=utf-8".into()));
    Response {
        status: explanation.status,
        fields,
        content: Content::bytes(error_page::html(site.lang, explanation).into_bytes()),
    }
}

#[cfg(test)]
#[path = "respond_tests.rs"]
mod tests;
