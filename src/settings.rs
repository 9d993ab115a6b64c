//! What a configuration means to each half of the program: the step between [`config`](crate::config), which knows
//! neither, and `http1` and `site`, which do not know it. The server and the conformance tests take it alike.

use crate::config::{Config, HttpMode};
use crate::http1::{Dialect, Limits, Rules, Timeouts};
use crate::site::path::PathError;
use crate::site::{ResourcePath, Site};

/// The part of the configuration that `http1` keeps to.
#[must_use]
pub fn rules(config: &Config) -> Rules {
    Rules {
        dialect: match config.http {
            HttpMode::Auto => Dialect::Auto,
            HttpMode::Only09 => Dialect::Http09,
            HttpMode::Only1 => Dialect::Http1,
        },
        limits: Limits {
            request_line: config.max_request_line,
            fields_size: config.max_fields_size,
            fields: config.max_fields,
            body: config.max_body,
            pipelined: config.max_pipelined,
        },
        timeouts: Timeouts {
            head: config.head_timeout,
            body: config.body_timeout,
            idle: config.idle_timeout,
            write: config.write_timeout,
            linger: config.linger_timeout,
        },
        close_after_answer: config.close,
    }
}

/// The part of the configuration that `site` keeps to.
///
/// # Errors
/// The [`PathError`] of a `--spa` that is not the name of a file in the folder.
pub fn site(config: &Config) -> Result<Site, PathError> {
    let spa = config.spa.as_ref();
    let is_simple = config.http == HttpMode::Only09;
    Ok(Site {
        lang: config.lang,
        index: config.index.clone(),
        list: config.list,
        hidden: config.hidden,
        spa: spa
            .map(|name| ResourcePath::resolve(&format!("/{name}"), true))
            .transpose()?,
        cache_control: config.cache_control.clone(),
        fields: config.extra_fields.clone(),
        cors: config.cors,
        health: config.health.clone(),
        // HTTP/0.9 has no other method.
        get_only: config.get_only || is_simple,
        whole_only: is_simple,
    })
}
