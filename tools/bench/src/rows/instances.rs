//! More than one core: two instances behind nginx against one behind nginx, with `runtime-config/nginx-upstream.conf`.

use super::turns::{Turn, alternate};
use crate::files::SMALL;
use crate::load::{Shot, Target};
use crate::outcome::{Figure, Outcome};
use crate::server::{self, NGINX_HTTP, Server};
use crate::{Bench, machine};
use anyhow::{Context, Result, ensure};
use std::fs;
use xtask::root;

/// What `nginx-upstream.conf` has for its own address, and for two instances.
const LISTEN: &str = "listen 8080;";
const INSTANCES: [&str; 2] = ["server 127.0.0.1:8081;", "server 127.0.0.1:8082;"];

/// Two proxies: the one has both instances behind it, the other the first alone.
pub(super) fn measure(bench: &Bench) -> Result<Outcome> {
    let instances = [Server::aula(bench)?, Server::aula(bench)?];
    let [first, _] = &instances;
    let Some(proxy_of_one) = proxy(bench, &instances[..1])? else {
        return Ok(Outcome::not_measured("nginx is missing"));
    };
    let proxy_of_two = proxy(bench, &instances)?.context("nginx is gone")?;
    let shot = Shot::persistent(64, &SMALL);
    let turns = [
        behind(&proxy_of_one, &instances[..1], shot).named("1 instance behind nginx"),
        behind(&proxy_of_two, &instances, shot).named("2 instances behind nginx"),
        Turn::new(first, shot).named("1 instance without nginx"),
    ];
    let sides = alternate(bench, &turns)?;
    let mut figures = Vec::new();
    if let [one, two, _] = &sides[..] {
        figures.push(Figure::ratio(
            "requests/s of 2 instances to those of 1",
            &two.speeds(),
            &one.speeds(),
        ));
    }
    Ok(Outcome {
        sides,
        figures,
        notes: vec![format!(
            "On {} cores, which the load generator and nginx also need.",
            machine::cores()
        )],
    })
}

/// nginx with the repository's configuration, at addresses of this run. `None` where there is no nginx.
fn proxy(bench: &Bench, instances: &[Server]) -> Result<Option<Server>> {
    let file = fs::read_to_string(root().join("runtime-config/nginx-upstream.conf"))?;
    ensure!(
        file.contains(LISTEN) && INSTANCES.iter().all(|line| file.contains(line)),
        "nginx-upstream.conf no longer has the addresses that this row replaces"
    );
    let address = server::free_address()?;
    let mut configuration = file.replace(LISTEN, &format!("listen {address};"));
    for (position, line) in INSTANCES.iter().enumerate() {
        let instance = instances
            .get(position)
            .map(|instance| format!("server {};", instance.address));
        configuration = configuration.replace(line, &instance.unwrap_or_default());
    }
    Server::nginx_with(
        bench,
        address,
        &format!("worker_processes auto; http {{ {NGINX_HTTP}\n{configuration} }}"),
    )
}

/// Requests go to the proxy; what the instances use counts too.
fn behind<'a>(proxy: &'a Server, instances: &'a [Server], shot: Shot) -> Turn<'a> {
    let target = Target {
        address: proxy.address,
        servers: instances.iter().chain([proxy]).collect(),
    };
    Turn {
        target,
        ..Turn::new(proxy, shot)
    }
}
