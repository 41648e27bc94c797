//! The sample: every screen once, and closed and opened again.

use super::{ask, open, project, set_numbers, starter_model_is_there, watch_the_curve_grow};

#[test]
#[ignore = "needs a virtual display and the starter model; run cargo xtask test"]
fn the_sample_is_trained_judged_and_tried_and_found_again() {
    if !starter_model_is_there() {
        return;
    }
    let data = tempfile::tempdir().expect("the temporary folder is writable");
    {
        let session = open(data.path());
        session.press("Try the sample");
        session.wait_for("return document.querySelectorAll('[data-testid=rows] tr.data').length");
        session.pictures("data");

        session.press("Continue to Labels");
        session.wait_for(
            "return document.querySelector('[data-testid=labels]')?.children.length === 6",
        );
        session.pictures("labels");

        session.press("Continue to Model");
        session
            .wait_for("return document.querySelector('input[name=base-model]:checked') !== null");
        session.pictures("model");
        // Twenty steps instead of minutes.
        set_numbers(&session, &[("Rounds (epochs)", 0.5)]);

        session.press("Train");
        watch_the_curve_grow(&session);
        session.pictures("train");
        session.wait_for_training(
            "return [...document.querySelectorAll('button')] \
                .some((button) => button.textContent.trim() === 'See the report')",
        );
        session.pictures("trained");
        session.press("See the report");
        session.wait_for("return document.querySelectorAll('table').length >= 2");
        session.pictures("report");

        ask(
            &session,
            "I was charged twice, please give me my money back",
        );
        session.pictures("try");
        session.go_to("export");
        session.wait_for_words("The model folder");
        session.pictures("export");
        session.assert_no_error_banner();
    }

    let session = open(data.path());
    session.wait_for("return document.querySelectorAll('[data-testid=project]').length === 1");
    session.pictures("home-with-project");
    assert_eq!(project(&session)["lastRun"]["state"], "finished");
    session.assert_no_error_banner();
}
