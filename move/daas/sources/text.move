/// What texts must look like.
module daas::text;

use std::string::String;

const DASH: u8 = 45;
const SLASH: u8 = 47;

/// Whether the text is a DNS label: 1 to 63 lower-case letters, digits and dashes, no dash at either end.
public(package) fun is_dns_label(text: &String): bool {
    let bytes = text.as_bytes();
    let n = bytes.length();
    if (n == 0 || n > 63) return false;
    if (bytes[0] == DASH || bytes[n - 1] == DASH) return false;
    bytes.all!(|byte| is_lower(*byte) || is_digit(*byte) || *byte == DASH)
}

/// Whether the text is 1 to 32 lower-case letters.
public(package) fun is_verb(text: &String): bool {
    let bytes = text.as_bytes();
    let n = bytes.length();
    n > 0 && n <= 32 && bytes.all!(|byte| is_lower(*byte))
}

/// Whether a verb only reads.
public(package) fun reads(verb: &String): bool {
    let verb = verb.as_bytes();
    verb == &b"get" || verb == &b"list" || verb == &b"watch"
}

/// Whether the text is at most 317 lower-case letters, digits, `-`, `.`, `/`, `_`.
public(package) fun is_resource(text: &String): bool {
    let bytes = text.as_bytes();
    bytes.length() <= 317
        && bytes.all!(|byte| is_lower(*byte) || is_digit(*byte) || (*byte >= 45 && *byte <= 47) || *byte == 95)
}

/// Whether the text is `verb:resource`, with `*` for either.
public(package) fun is_permission(text: &String): bool {
    let colon = text.index_of(&b":".to_string());
    if (colon == text.length()) return false;
    let verb = text.substring(0, colon);
    let resource = text.substring(colon + 1, text.length());
    let star = b"*".to_string();
    (verb == star || is_verb(&verb)) && (resource == star || (!resource.is_empty() && is_resource(&resource)))
}

/// Whether `verb:resource` covers a verb and a resource. `*` on either side covers all; the resource is compared to
/// all of `group/resource` and to its last element.
public(package) fun covers(permission: &String, verb: &String, resource: &String): bool {
    let colon = permission.index_of(&b":".to_string());
    if (colon == permission.length()) return false;
    let allowed_verb = permission.substring(0, colon);
    let allowed = permission.substring(colon + 1, permission.length());
    let star = b"*".to_string();
    if (allowed_verb != star && &allowed_verb != verb) return false;
    allowed == star || &allowed == resource || allowed == last_element(resource)
}

/// Whether it is discovery: `get` of a path (`/api`, `/version` …) instead of a resource. No client works without it,
/// and it tells nothing of any object, so every live seal with permissions may; the cluster's own permissions judge it again.
public(package) fun is_discovery(verb: &String, resource: &String, namespace: &String): bool {
    let path = resource.as_bytes();
    verb.as_bytes() == &b"get" && namespace.is_empty() && !path.is_empty() && path[0] == SLASH
}

/// Texts of bytes.
public(package) fun all(bytes: vector<vector<u8>>): vector<String> {
    bytes.map!(|text| text.to_string())
}

fun last_element(path: &String): String {
    let slash = b"/".to_string();
    let mut rest = *path;
    loop {
        let at = rest.index_of(&slash);
        if (at == rest.length()) return rest;
        rest = rest.substring(at + 1, rest.length());
    }
}

fun is_lower(byte: u8): bool { byte >= 97 && byte <= 122 }

fun is_digit(byte: u8): bool { byte >= 48 && byte <= 57 }
