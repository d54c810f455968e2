//! The log under a clock that goes wrong.

use super::rig::{Rig, START, code, submit};
use crate::{JUMP_MILLIS, MAX_AHEAD_AT_START_MILLIS, MAX_BEHIND_MILLIS, Options, Timekeeper};
use std::sync::Arc;

#[tokio::test]
async fn while_the_clock_is_in_doubt_nothing_is_accepted_but_repeats_are_answered() {
    let rig = Rig::new();
    let log = rig.open().await;
    submit(&log, "open 1").await.unwrap();
    for jump in [3_600_000, -3_600_000] {
        rig.clock.jump(jump);
        assert_eq!(code(submit(&log, "open 2").await), "clock_jumped");
        assert_eq!(log.clock().unwrap_err().code(), "clock_jumped");
        assert!(submit(&log, "open 1").await.unwrap().repeated);
        rig.clock.jump(-jump);
    }
    log.clock().unwrap();
    let receipt = submit(&log, "open 2").await.unwrap();
    assert_eq!((receipt.index, receipt.received_at_millis), (1, START));
}

#[tokio::test]
async fn received_at_never_goes_back() {
    let rig = Rig::new();
    let log = rig.open().await;
    assert_eq!(submit(&log, "open 1").await.unwrap().received_at_millis, START);
    rig.clock.jump(-i64::try_from(JUMP_MILLIS).unwrap());
    assert_eq!(submit(&log, "open 2").await.unwrap().received_at_millis, START);
    rig.clock.pass(JUMP_MILLIS + 1);
    assert_eq!(submit(&log, "open 3").await.unwrap().received_at_millis, START + 1);
}

#[tokio::test]
async fn a_clock_that_starts_behind_the_log_is_refused_until_it_has_caught_up() {
    let mut rig = Rig::new();
    let log = rig.open().await;
    submit(&log, "open 1").await.unwrap();
    log.close().await.unwrap();
    rig.clock.jump(-i64::try_from(MAX_BEHIND_MILLIS + 1).unwrap());
    rig.timekeeper = Arc::new(Timekeeper::new(rig.clock.clone()));
    let log = rig.open().await;
    assert_eq!(code(submit(&log, "open 2").await), "clock_behind");
    rig.clock.pass(1);
    assert_eq!(submit(&log, "open 2").await.unwrap().received_at_millis, START);
}

#[tokio::test]
async fn a_clock_that_starts_a_month_ahead_needs_the_operators_word() {
    let mut rig = Rig::new();
    let log = rig.open().await;
    submit(&log, "open 1").await.unwrap();
    log.close().await.unwrap();
    rig.clock.pass(MAX_AHEAD_AT_START_MILLIS);
    rig.open().await.close().await.unwrap();
    rig.clock.pass(1);
    assert_eq!(rig.try_open().await.unwrap_err().code(), "clock_ahead");
    rig.options = Options { clock_ok: true, ..rig.options };
    let log = rig.open().await;
    assert_eq!(submit(&log, "open 2").await.unwrap().received_at_millis, START + MAX_AHEAD_AT_START_MILLIS + 1);
}

#[tokio::test]
async fn opening_again_does_not_make_a_jumped_clock_right() {
    let rig = Rig::new();
    let log = rig.open().await;
    submit(&log, "open 1").await.unwrap();
    rig.clock.jump(86_400_000);
    log.close().await.unwrap();
    let log = rig.open().await;
    assert_eq!(code(submit(&log, "open 2").await), "clock_jumped");
}
