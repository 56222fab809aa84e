/// Output while testing.
module std::debug;

/// Prints a value.
public native fun print<T>(x: &T);
/// Prints the stack of calls.
public native fun print_stack_trace();
