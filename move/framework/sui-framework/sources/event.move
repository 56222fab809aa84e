/// Events.
module sui::event;

/// Records an event of the transaction.
public native fun emit<T: copy + drop>(event: T);

#[test_only]
/// How many events there are so far.
public native fun num_events(): u32;

#[test_only]
/// The events of a type so far.
public native fun events_by_type<T: copy + drop>(): vector<T>;
