//! The one build of wasmtime, with a fake cargo in the place of the real one's ten minutes.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Installs a fake `wasmtime` under `--root`, slowly, and keeps a record of how it was called.
const CARGO: &str = r#"#!/bin/sh
echo "$PWD $CARGO_TARGET_DIR ${CARGO_PKG_NAME-unset} $*" >> "$RECORD"
for argument; do
    [ "$previous" = --root ] && root=$argument
    previous=$argument
done
sleep 1
mkdir -p "$root/bin"
printf '#!/bin/sh\necho wasmtime 48.0.8\n' > "$root/bin/wasmtime"
chmod +x "$root/bin/wasmtime"
"#;

fn executable(path: &Path, script: &str) {
    fs::write(path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn two_processes_build_wasmtime_once_and_print_its_path_alone() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("install");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("old")).unwrap();
    let record = folder.join("record");
    executable(&folder.join("cargo"), CARGO);
    executable(&folder.join("old/wasmtime"), "#!/bin/sh\necho wasmtime 35.0.0\n");

    let start = || -> Child {
        let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
        xtask.arg("wasmtime").env_remove("AULA_WASMTIME");
        xtask.env("PATH", format!("{}:/usr/bin:/bin", folder.join("old").display()));
        xtask.env("CARGO", folder.join("cargo")).env("RECORD", &record);
        // The cache folder is below these, on Linux and on macOS.
        xtask.env("XDG_CACHE_HOME", folder.join("cache")).env("HOME", &folder);
        xtask.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    for process in [start(), start()] {
        let output = process.wait_with_output().unwrap();
        let [stdout, stderr] = [output.stdout, output.stderr].map(|b| String::from_utf8(b).unwrap());
        assert!(output.status.success(), "{stderr}");
        assert!(stderr.contains("is version 35, older than 36"), "{stderr}");
        assert!(stdout.ends_with("/aula/wasmtime-48.0.8/bin/wasmtime\n"), "{stdout}");
        assert_eq!(stdout.lines().count(), 1, "{stdout}");
    }

    let calls = fs::read_to_string(&record).unwrap();
    assert_eq!(calls.lines().count(), 1, "{calls}");
    let build = calls.split(' ').next().unwrap();
    assert!(
        calls.starts_with(&format!("{build} {build} unset install wasmtime-cli ")),
        "{calls}"
    );
    assert!(!Path::new(build).exists(), "the build folder is left");
}
