#[test_only]
module daas::text_tests;

use daas::text;

fun long(n: u64): vector<u8> { vector::tabulate!(n, |_| 97u8) }

fun covers(permission: vector<u8>, verb: vector<u8>, resource: vector<u8>): bool {
    text::covers(&permission.to_string(), &verb.to_string(), &resource.to_string())
}

fun discovers(verb: vector<u8>, resource: vector<u8>, namespace: vector<u8>): bool {
    text::is_discovery(&verb.to_string(), &resource.to_string(), &namespace.to_string())
}

#[test]
fun labels() {
    vector[b"a", b"0", b"w-1", b"a--b", long(63)].do!(|text| assert!(text::is_dns_label(&text.to_string())));
    vector[b"", b"-a", b"a-", b"-", b"A", b"a.b", b"a_b", b"a b", x"c3a4", long(64)].do!(|text| {
        assert!(!text::is_dns_label(&text.to_string()))
    });
}

#[test]
fun verbs() {
    vector[b"get", b"deletecollection", long(32)].do!(|text| assert!(text::is_verb(&text.to_string())));
    vector[b"", b"*", b"Get", b"get:x", long(33)].do!(|text| assert!(!text::is_verb(&text.to_string())));
}

#[test]
fun resources() {
    vector[b"", b"pods", b"apps/deployments", b"a.b-c/d_e0", long(317)].do!(|text| {
        assert!(text::is_resource(&text.to_string()))
    });
    vector[b"*", b"Pods", b"a:b", b"a b", b"a,b", long(318)].do!(|text| {
        assert!(!text::is_resource(&text.to_string()))
    });
}

#[test]
fun permissions() {
    assert!(covers(b"*:*", b"delete", b"apps/deployments"));
    assert!(covers(b"*:*", b"get", b""));
    assert!(covers(b"get:*", b"get", b"pods"));
    assert!(!covers(b"get:*", b"list", b"pods"));
    assert!(covers(b"*:pods", b"create", b"pods"));
    assert!(!covers(b"*:pods", b"create", b"pods2"));
    assert!(!covers(b"*:pods", b"create", b"pod"));
    assert!(covers(b"get:deployments", b"get", b"apps/deployments"));
    assert!(covers(b"get:apps/deployments", b"get", b"apps/deployments"));
    assert!(!covers(b"get:apps/deployments", b"get", b"deployments"));
    assert!(!covers(b"get:apps", b"get", b"apps/deployments"));
    assert!(!covers(b"get", b"get", b"pods"));
    assert!(!covers(b"", b"get", b"pods"));
    assert!(!covers(b":", b"get", b"pods"));
    assert!(!covers(b"get:", b"get", b"pods"));
    assert!(!covers(b"ge*:pods", b"get", b"pods"));
    assert!(!covers(b"get:pods*", b"get", b"pods"));
}

/// The characters at the ends of what is allowed, and those beside them.
#[test]
fun ends_of_the_alphabet() {
    vector[b"az09", b"z", b"9", b"0-9", b"a-z"].do!(|text| assert!(text::is_dns_label(&text.to_string())));
    vector[b"a`", b"a{", b"a/", b"a:", b"a,", b"a."].do!(|text| assert!(!text::is_dns_label(&text.to_string())));
    vector[b"a", b"z", b"az"].do!(|text| assert!(text::is_verb(&text.to_string())));
    vector[b"a`", b"a{", b"a0", b"a-"].do!(|text| assert!(!text::is_verb(&text.to_string())));
    vector[b"-", b".", b"/", b"_", b"a", b"z", b"0", b"9"].do!(|text| assert!(text::is_resource(&text.to_string())));
    vector[b",", b":", b"^", b"`", b"{", b"@"].do!(|text| assert!(!text::is_resource(&text.to_string())));
}

#[test]
fun forms_of_permissions() {
    vector[b"get:pods", b"*:*", b"get:*", b"*:apps/deployments", b"a:b"].do!(|text| {
        assert!(text::is_permission(&text.to_string()))
    });
    vector[b"", b":", b"get", b"get:", b":pods", b"Get:pods", b"get:Pods", b"get:a:b", b"**:pods", b"get:**"].do!(|text| {
        assert!(!text::is_permission(&text.to_string()))
    });
}

#[test]
fun the_last_element_is_covered() {
    assert!(covers(b"get:status", b"get", b"apps/deployments/status"));
    assert!(!covers(b"get:deployments", b"get", b"apps/deployments/status"));
    assert!(!covers(b"get:status", b"list", b"apps/deployments/status"));
    assert!(!covers(b"get:pods", b"get", b"pods/"));
}

#[test]
fun discovery_is_get_of_a_path() {
    assert!(discovers(b"get", b"/", b""));
    assert!(discovers(b"get", b"/api", b""));
    assert!(!discovers(b"list", b"/api", b""));
    assert!(!discovers(b"get", b"/api", b"dev"));
    assert!(!discovers(b"get", b"", b""));
    assert!(!discovers(b"get", b"pods", b""));
}

#[test]
fun reading_verbs() {
    vector[b"get", b"list", b"watch"].do!(|verb| assert!(text::reads(&verb.to_string())));
    vector[b"", b"create", b"gets", b"deletecollection"].do!(|verb| assert!(!text::reads(&verb.to_string())));
}
