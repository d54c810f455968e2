//! The registry, as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::Shell;

pub(super) struct Server {
    child: Child,
    url: String,
}

impl Server {
    /// Starts it and waits for the line that says that it listens.
    pub(super) fn start(shell: &Shell<'_>, port: u16) -> Result<Self> {
        let line = format!("registry-server serve --data registry --listen 127.0.0.1:{port}");
        println!("   $ {line} &");
        let log = std::fs::File::create(shell.folder().join("registry.log"))?;
        let mut child = shell.command(&line)?.stdout(Stdio::piped()).stderr(log).spawn().context("cannot start it")?;
        let stdout = child.stdout.take().context("it has no output")?;
        let mut ready = String::new();
        BufReader::new(stdout).read_line(&mut ready)?;
        let server = Self { child, url: format!("http://localhost:{port}") };
        ensure!(ready.contains("http://"), "the server did not start; its log is registry.log");
        println!("     {}\n", ready.trim_end());
        Ok(server)
    }

    /// Asks it over HTTP; gives the body, whatever the status.
    pub(super) fn get(&self, path: &str) -> Result<String> {
        let url = format!("{}{path}", self.url);
        println!("   $ curl '{url}'");
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false)
            .build()
            .into();
        let body = agent.get(&url).header("Accept", "application/json").call()?.body_mut().read_to_string()?;
        println!("     {}\n", body.trim_end());
        Ok(body)
    }

    /// Stops it and waits for it to end.
    pub(super) fn stop(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Waits until it ends by itself or by a signal.
    pub(super) fn wait(mut self) -> Result<()> {
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A step that fails must not leave a server behind; where it has ended already there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
