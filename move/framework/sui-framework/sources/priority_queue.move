/// A queue that gives the entry of the highest priority first.
module sui::priority_queue;

/// There is no entry to take.
const EPopFromEmptyHeap: u64 = 0;

/// A queue: a heap, no entry of a higher priority than the one it hangs from.
public struct PriorityQueue<T: drop> has drop, store {
    entries: vector<Entry<T>>,
}

/// An entry.
public struct Entry<T: drop> has drop, store {
    priority: u64,
    value: T,
}

/// A queue of these entries.
public fun new<T: drop>(entries: vector<Entry<T>>): PriorityQueue<T> {
    let mut queue = PriorityQueue { entries };
    let mut i = queue.entries.length() / 2;
    while (i > 0) {
        i = i - 1;
        sink(&mut queue.entries, i);
    };
    queue
}

/// Takes the entry of the highest priority.
public fun pop_max<T: drop>(pq: &mut PriorityQueue<T>): (u64, T) {
    assert!(!pq.entries.is_empty(), EPopFromEmptyHeap);
    let Entry { priority, value } = pq.entries.swap_remove(0);
    sink(&mut pq.entries, 0);
    (priority, value)
}

/// Adds an entry.
public fun insert<T: drop>(pq: &mut PriorityQueue<T>, priority: u64, value: T) {
    let mut i = pq.entries.length();
    pq.entries.push_back(Entry { priority, value });
    while (i > 0) {
        let parent = (i - 1) / 2;
        if (pq.entries[i].priority <= pq.entries[parent].priority) break;
        pq.entries.swap(i, parent);
        i = parent;
    }
}

/// An entry.
public fun new_entry<T: drop>(priority: u64, value: T): Entry<T> {
    Entry { priority, value }
}

/// Entries of priorities and values in the same order.
public fun create_entries<T: drop>(mut p: vector<u64>, mut v: vector<T>): vector<Entry<T>> {
    assert!(p.length() == v.length(), 0);
    p.reverse();
    v.reverse();
    let mut entries = vector[];
    while (!p.is_empty()) entries.push_back(Entry { priority: p.pop_back(), value: v.pop_back() });
    entries
}

/// The priorities, in the order of the heap.
public fun priorities<T: drop>(pq: &PriorityQueue<T>): vector<u64> {
    let mut result = vector[];
    let mut i = 0;
    while (i < pq.entries.length()) {
        result.push_back(pq.entries[i].priority);
        i = i + 1;
    };
    result
}

/// Lets an entry change places with the larger of its children until neither is larger.
fun sink<T: drop>(entries: &mut vector<Entry<T>>, start: u64) {
    let count = entries.length();
    let mut i = start;
    loop {
        let left = 2 * i + 1;
        if (left >= count) break;
        let right = left + 1;
        let child = if (right < count && entries[right].priority > entries[left].priority) right else left;
        if (entries[child].priority <= entries[i].priority) break;
        entries.swap(i, child);
        i = child;
    }
}
