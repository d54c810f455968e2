//! `verifier check`.

use verify::Outcome;

use crate::cli::CheckOptions;
use crate::evidence::Desk;
use crate::failure::Failure;
use crate::{input, report, screen};

pub(crate) fn run(options: &CheckOptions) -> Result<u8, Failure> {
    let trust = client::load_trust(options.trust.as_deref()).map_err(|error| {
        Failure::new(error).hint("--trust FILE names the trust file; the scheme's authority gives it out")
    })?;
    let inputs = input::labels(&options.inputs)?;
    let state = options.state.clone().unwrap_or_else(client::default_state_folder);
    let desk = Desk::new(&trust, &state);
    let mut judged = Vec::with_capacity(inputs.len());
    for input in inputs {
        let verdict = desk.judge(&input.text);
        if !options.json {
            screen::verdict(&input, &verdict, options.verbose);
        }
        judged.push((input, verdict));
    }
    if options.json {
        crate::print(report::document(&judged).as_bytes())?;
    } else if judged.len() > 1 {
        screen::summary(judged.iter().map(|(_, verdict)| verdict.outcome));
    }
    if trust.registries.is_empty() {
        anstream::eprintln!("verifier: hint: --trust FILE names the trust file; the scheme's authority gives it out");
    }
    Ok(Outcome::exit_code_of_many(judged.iter().map(|(_, verdict)| verdict.outcome)))
}
