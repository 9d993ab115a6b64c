//! A container image with only one static program, which contains the components, and the folder to serve: like `FROM
//! scratch`, but without a daemon. It is written as a folder in the layout of the Open Container Initiative (image-spec
//! 1.1), which skopeo, podman and containerd read.

use crate::VERSION;
use crate::archive::{self, Entry};
use anyhow::{Context, Result, ensure};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::env::consts::ARCH;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use xtask::say;

/// The paths of the program and of the folder in the image.
const PROGRAM: &str = "aula";
const FOLDER: &str = "www";

/// The user `nobody`, which owns no file.
const USER: &str = "65534:65534";

/// Makes the image of the components in `release` and the folder `www`, as `target/image/`.
///
/// # Errors
/// There is no release, or the program cannot be linked statically on this machine.
pub(crate) fn make(release: &Path, www: &Path) -> Result<()> {
    ensure!(cfg!(target_os = "linux"), "an image is made on Linux, for Linux");
    ensure!(
        release.join("server.wasm").is_file(),
        "no release: make it with cargo xtask dist"
    );
    ensure!(www.is_dir(), "no folder {}", www.display());
    let image = xtask::target_dir()?.join("image");
    let _ = fs::remove_dir_all(&image);
    let blobs = image.join("blobs/sha256");
    fs::create_dir_all(&blobs)?;

    // The program needs no interpreter and no shared library. Only the last step has the flag, so nothing else is
    // compiled again.
    let program = crate::native(release, &["-C", "target-feature=+crt-static"])?;
    let mut entries = vec![Entry {
        file: program,
        name: PROGRAM.into(),
        mode: 0o755,
    }];
    entries.extend(archive::entries(www, FOLDER)?);
    let layer = image.join("layer");
    archive::pack(&entries, &layer)?;
    // The configuration has the digest of the uncompressed layer.
    let mut unpacked = Vec::new();
    GzDecoder::new(File::open(&layer)?).read_to_end(&mut unpacked)?;
    let bytes = fs::read(&layer)?;
    fs::remove_file(layer)?;

    let architecture = match ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let config = json!({
        "architecture": architecture,
        "os": "linux",
        "config": {
            "User": USER,
            "ExposedPorts": { "8080/tcp": {} },
            "Entrypoint": [format!("/{PROGRAM}")],
            "Cmd": [format!("/{FOLDER}")],
            "Labels": labels(),
        },
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{:x}", Sha256::digest(&unpacked))] },
        "history": [{ "created_by": "cargo xtask dist --image" }],
    });
    let layer = put(&blobs, "application/vnd.oci.image.layer.v1.tar+gzip", &bytes)?;
    let config = put(
        &blobs,
        "application/vnd.oci.image.config.v1+json",
        config.to_string().as_bytes(),
    )?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config,
        "layers": [layer],
        "annotations": labels(),
    });
    let mut manifest = put(
        &blobs,
        "application/vnd.oci.image.manifest.v1+json",
        manifest.to_string().as_bytes(),
    )?;
    manifest["annotations"] = json!({ "org.opencontainers.image.ref.name": VERSION });
    let index = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [manifest],
    });
    fs::write(image.join("index.json"), index.to_string())?;
    fs::write(
        image.join("oci-layout"),
        json!({ "imageLayoutVersion": "1.0.0" }).to_string(),
    )?;
    say(format_args!("{} bytes in one layer", bytes.len()));
    println!("oci:{}:{VERSION}", image.display());
    Ok(())
}

fn labels() -> Value {
    json!({
        "org.opencontainers.image.title": "Aula",
        "org.opencontainers.image.description": "A web server in one sandboxed WebAssembly component",
        "org.opencontainers.image.version": VERSION,
        "org.opencontainers.image.licenses": env!("CARGO_PKG_LICENSE"),
    })
}

/// Writes a blob under its sum, and returns its descriptor.
fn put(blobs: &Path, media_type: &str, bytes: &[u8]) -> Result<Value> {
    let sum = format!("{:x}", Sha256::digest(bytes));
    fs::write(blobs.join(&sum), bytes).context("cannot write a blob")?;
    Ok(json!({ "mediaType": media_type, "digest": format!("sha256:{sum}"), "size": bytes.len() }))
}
