//! Each command once through the mock runtime, with its JSON.

use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{
    INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets,
};
use tauri::webview::InvokeRequest;
use tauri::{WebviewWindow, WebviewWindowBuilder};

#[test]
fn app_info_gives_the_name_and_version_of_the_package() {
    let answer = call("app_info").expect("the command is known");

    assert_eq!(
        answer,
        json!({"name": "Embert", "version": env!("CARGO_PKG_VERSION")})
    );
}

#[test]
fn the_name_is_the_product_name_of_the_bundle() {
    let config: Value = serde_json::from_str(include_str!("../tauri.conf.json"))
        .expect("the configuration is JSON");

    assert_eq!(
        call("app_info").expect("the command is known")["name"],
        config["productName"]
    );
}

#[test]
fn a_command_that_does_not_exist_is_refused() {
    let refusal = call("app_inf").expect_err("there is no such command");

    assert!(refusal.to_string().contains("app_inf"), "{refusal}");
}

/// Calls a command without arguments as the page would.
fn call(command: &str) -> Result<Value, Value> {
    let window = window();
    let request = InvokeRequest {
        cmd: command.into(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: "tauri://localhost".parse().expect("the address is valid"),
        body: InvokeBody::default(),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(&window, request)
        .map(|body| body.deserialize().expect("commands answer with JSON"))
}

fn window() -> WebviewWindow<MockRuntime> {
    let app = embert_desktop::with_commands(mock_builder())
        .build(mock_context(noop_assets()))
        .expect("the mock runtime builds the app");
    WebviewWindowBuilder::new(&app, "main", Default::default())
        .build()
        .expect("the mock runtime builds the window")
}
