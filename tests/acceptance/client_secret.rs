//! Authentication with a client secret: errors of Microsoft Entra, renewal of tokens, and logs.

use serde_json::json;

use crate::support::{Scene, connector};

scenarios![
    reports_a_wrong_secret,
    reports_an_expired_secret,
    reports_the_id_of_a_secret_used_as_its_value,
    reports_a_wrong_tenant,
    renews_the_token_once_for_a_claims_challenge,
    logs_contain_no_secret_and_no_token,
];

fn reports_a_wrong_secret(mut scene: Scene) {
    scene.set("ARM_CLIENT_SECRET", "not-the-secret-of-this-application");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    let finished = scene.plan_fails(&["AADSTS7000215", "ARM_CLIENT_SECRET"]);

    assert!(!finished.words().contains("not-the-secret-of-this-application"), "no secret is repeated");
    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn reports_an_expired_secret(scene: Scene) {
    let scene = scene.in_a_world(|world| {
        let secrets = world["world"]["applications"][0]["secrets"].as_array_mut().expect("it has secrets");
        for secret in secrets {
            secret["expires"] = json!("2020-01-01T00:00:00Z");
        }
    });
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["AADSTS7000222", "ARM_CLIENT_SECRET"]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn reports_the_id_of_a_secret_used_as_its_value(mut scene: Scene) {
    scene.set("ARM_CLIENT_SECRET", "4b1f6f0e-9c52-4a7d-8e3b-1d2c3b4a5f60");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&[
        "AADSTS7000215",
        "The client secret has the form of a GUID. It is probably the ID of the secret",
    ]);
}

fn reports_a_wrong_tenant(mut scene: Scene) {
    scene.set("ARM_TENANT_ID", "00000000-0000-4000-8000-000000000bad");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["AADSTS90002", "ARM_TENANT_ID"]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn renews_the_token_once_for_a_claims_challenge(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    let claims = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7InZhbHVlIjoiMSJ9fX0=";
    scene.azure.inject(json!({
        "method": "PUT",
        "path": "/dataConnectors/",
        "times": 1,
        "status": 401,
        "headers": {"www-authenticate": format!("Bearer error=\"insufficient_claims\", claims=\"{claims}\"")},
        "body": {"error": {"code": "InvalidAuthenticationToken", "message": "A policy applies."}},
    }));

    scene.apply();

    scene.azure.assert_requests("PUT", "/dataConnectors/", 2);
    scene.azure.assert_streams("law-soc");
}

fn logs_contain_no_secret_and_no_token(mut scene: Scene) {
    scene.set("TF_LOG", "trace");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    // `finish` searches every output for the client secret. This run logs everything.
    let finished = scene.apply();

    assert!(finished.stderr.contains("sentinel.azure.http"), "the provider logs its requests");
    for mark in ["Bearer ey", "access_token", "client_secret="] {
        assert!(!finished.stderr.contains(mark), "{mark:?} is in the log");
    }
}
