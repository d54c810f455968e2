//! Reads a whole log through the C2SP API, as any log client can, and checks that it adds up to its signed checkpoint.
//!
//! `cargo run -p examples --example read_log -- trust.toml`

use std::fs;

use anyhow::{Context as _, Result, ensure};
use registry::StatusRoot;
use statement::{Entry, Token};
use tlog::{Bundle, Frontier, TILE_WIDTH, TileKind, TilePath, leaf_hash, width_in};
use verify::Trust;

fn main() -> Result<()> {
    let file = std::env::args().nth(1).context("expected the trust file")?;
    let trust = Trust::from_toml(&fs::read_to_string(file)?)?;
    let registry = trust.registries.first().context("the trust file names no registry")?;
    let get = |path: &str| -> Result<Vec<u8>> {
        let mut answer = ureq::get(format!("{}/{path}", registry.url)).call()?;
        Ok(answer.body_mut().with_config().limit(32 << 20).read_to_vec()?)
    };

    let checkpoint = verify::open_checkpoint(&get("checkpoint")?, registry)?;
    println!("{}: {} entries, root {}", checkpoint.origin(), checkpoint.size(), checkpoint.root());

    let mut tree = Frontier::new();
    for index in 0..checkpoint.size().div_ceil(u64::from(TILE_WIDTH)) {
        let width = width_in(0, index, checkpoint.size());
        let path = TilePath::new(TileKind::Entries, index, width)?;
        let bytes = get(&path.to_string())?;
        for bytes in Bundle::decode(&bytes, width)?.entries() {
            let number = tree.size();
            tree.push(leaf_hash(bytes));
            if let Some(root) = StatusRoot::decode(bytes) {
                println!("{number:>6}  {}  StatusRoot {}", root.received_at, root.root);
                continue;
            }
            let entry = Entry::decode(bytes)?;
            let token = Token::parse(entry.jws)?;
            println!("{number:>6}  {}  {:?} by {}", entry.received_at, token.kind(), token.issuer());
        }
    }
    ensure!(tree.root() == checkpoint.root(), "the entries do not add up to the checkpoint");
    println!("The entries add up to the checkpoint.");
    Ok(())
}
