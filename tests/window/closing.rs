//! The window is closed while a training runs.

use super::{
    CURVE_LENGTH, open, project, starter_model_is_there, train_the_sample, watch_the_curve_grow,
};

#[test]
#[ignore = "needs a virtual display and the starter model; run cargo xtask test"]
fn closing_during_a_training_asks_first_and_afterwards_the_state_is_true() {
    if !starter_model_is_there() {
        return;
    }
    let data = tempfile::tempdir().expect("the temporary folder is writable");
    {
        let session = open(data.path());
        train_the_sample(&session, &[]);
        session.wait_for_training(&format!("return {CURVE_LENGTH}"));

        session.close_window();
        assert_eq!(
            session.wait_for_text("dialog[open] h2"),
            "A training is running"
        );
        session.pictures("closing");
        session.press_in_question("Go on training");
        session.wait_for("return document.querySelector('dialog[open]') === null");
        watch_the_curve_grow(&session);
        assert_eq!(project(&session)["lastRun"]["state"], "running");

        session.close_window();
        session.press_in_question("Stop and close");
        session.wait_until_closed();
    }

    let session = open(data.path());
    session.wait_for("return document.querySelectorAll('[data-testid=project]').length === 1");
    assert_eq!(project(&session)["lastRun"]["state"], "stopped");
    session.press("support desk");
    session.go_to("train");
    session.wait_for_words("Stopped by you");
    session.pictures("stopped");
    session.assert_no_error_banner();
}
