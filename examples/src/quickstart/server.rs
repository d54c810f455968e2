//! The registry, as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::{Shell, say, told_to_stop};

pub(super) struct Server {
    child: Child,
    url: String,
}

impl Server {
    /// Starts it and waits for the line that says that it listens.
    pub(super) fn start(shell: &Shell<'_>, port: u16) -> Result<Self> {
        let line = format!("registry-server serve --data registry --listen 127.0.0.1:{port} --snapshot-every 1");
        say(format!("   $ {line} &"))?;
        let log = std::fs::File::create(shell.folder().join("registry.log"))?;
        let mut child = shell.command(&line)?.stdout(Stdio::piped()).stderr(log).spawn().context("cannot start it")?;
        let stdout = child.stdout.take().context("it has no output")?;
        let mut ready = String::new();
        BufReader::new(stdout).read_line(&mut ready)?;
        let server = Self { child, url: format!("http://localhost:{port}") };
        ensure!(ready.contains("http://"), "the server did not start; its log is registry.log");
        say(format!("     {}\n", ready.trim_end()))?;
        Ok(server)
    }

    /// Asks it over HTTP; gives the body, whatever the status.
    pub(super) fn get(&self, path: &str) -> Result<String> {
        let url = format!("{}{path}", self.url);
        say(format!("   $ curl '{url}'"))?;
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false)
            .build()
            .into();
        let body = agent.get(&url).header("Accept", "application/json").call()?.body_mut().read_to_string()?;
        say(format!("     {}\n", body.trim_end()))?;
        Ok(body)
    }

    /// Stops it and waits for it to end.
    pub(super) fn stop(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Waits until it ends, or until this program is told to stop. A terminal tells the server as well, which then has a moment to
    /// end in good order.
    pub(super) fn wait(mut self) -> Result<()> {
        const STEP: Duration = Duration::from_millis(100);
        let mut moments = 50;
        while self.child.try_wait()?.is_none() && moments > 0 {
            std::thread::sleep(STEP);
            moments -= u32::from(told_to_stop());
        }
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
