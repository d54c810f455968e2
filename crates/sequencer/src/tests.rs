//! The log under a small law, with everything failing that can.

mod clock;
mod commit;
mod extension;
mod faults;
mod files;
mod follow;
mod market;
mod opening;
mod reads;
mod rig;
mod supervision;
