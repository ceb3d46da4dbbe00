//! The Debian packages that tests and demo need.

use std::path::Path;
use std::process::Command;

use crate::shell::{Failure, run};

/// A program and the package that brings it.
pub(crate) struct Package {
    name: &'static str,
    /// Places where its program may be; one of them is enough.
    programs: &'static [&'static str],
}

impl Package {
    /// Returns a package that brings one of these programs.
    pub(crate) const fn new(name: &'static str, programs: &'static [&'static str]) -> Self {
        Self { name, programs }
    }
}

/// Everything the tests and `demo --real` start.
pub(crate) const ALL: &[Package] = &[
    Package::new("postgresql", &["/usr/lib/postgresql"]),
    Package::new("redis-server", &["/usr/bin/redis-server"]),
    Package::new("nginx-light", &["/usr/sbin/nginx"]),
    Package::new("prometheus", &["/usr/bin/prometheus"]),
    Package::new(
        "prometheus-pushgateway",
        &["/usr/bin/prometheus-pushgateway"],
    ),
    Package::new("unbound", &["/usr/sbin/unbound"]),
    Package::new("openssl", &["/usr/bin/openssl"]),
    // Independent readers of what we write: XML with a schema, TAP, tables.
    Package::new("libxml2-utils", &["/usr/bin/xmllint"]),
    Package::new("perl", &["/usr/bin/prove"]),
    Package::new("python3", &["/usr/bin/python3"]),
    Package::new(
        "python3-aiosmtpd",
        &["/usr/lib/python3/dist-packages/aiosmtpd"],
    ),
    Package::new("util-linux", &["/usr/bin/setpriv", "/bin/setpriv"]),
    // The page of a report is tried in a real browser, and without a font it shows nothing.
    Package::new("chromium", &["/usr/bin/chromium"]),
    Package::new("fonts-dejavu-core", &["/usr/share/fonts/truetype/dejavu"]),
];

/// Installs the packages whose programs are missing.
pub(crate) fn install(packages: &[Package]) -> Result<(), Failure> {
    let missing: Vec<&str> = packages
        .iter()
        .filter(|package| {
            !package
                .programs
                .iter()
                .any(|program| Path::new(program).exists())
        })
        .map(|package| package.name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("installing Debian packages: {}", missing.join(" "));
    if !Path::new("/usr/bin/apt-get").exists() {
        return Err(Failure::new(format!(
            "these programs are missing: {}",
            missing.join(", ")
        ))
        .hint(
            "install them with the package manager of this machine, then run the command again",
        ));
    }
    run(apt().args(["update", "--quiet", "--quiet"]))?;
    // Installed servers are not to be started: every test has its own instance.
    run(apt()
        .args([
            "install",
            "--yes",
            "--quiet",
            "--quiet",
            "--no-install-recommends",
        ])
        .args(missing))
}

fn apt() -> Command {
    let root = std::fs::metadata("/proc/self")
        .is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let mut command = if root {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.arg("--preserve-env=DEBIAN_FRONTEND,RUNLEVEL")
            .arg("apt-get");
        sudo
    };
    // Run level 1 keeps invoke-rc.d from starting what was installed.
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("RUNLEVEL", "1");
    command
}
