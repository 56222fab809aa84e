/// Addresses of the web, not checked.
module sui::url;

use std::ascii::String;

/// An address of the web.
public struct Url has copy, drop, store {
    url: String,
}

/// Of a text.
public fun new_unsafe(url: String): Url {
    Url { url }
}

/// Of bytes.
public fun new_unsafe_from_bytes(bytes: vector<u8>): Url {
    Url { url: bytes.to_ascii_string() }
}

/// The text.
public fun inner_url(self: &Url): String {
    self.url
}

/// Sets the text.
public fun update(self: &mut Url, url: String) {
    self.url = url;
}
