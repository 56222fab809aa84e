#[test_only]
module daas::text_tests;

use daas::text;

fun long(n: u64): vector<u8> { vector::tabulate!(n, |_| 97u8) }

fun covers(permission: vector<u8>, verb: vector<u8>, resource: vector<u8>): bool {
    text::covers(&permission.to_string(), &verb.to_string(), &resource.to_string())
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
