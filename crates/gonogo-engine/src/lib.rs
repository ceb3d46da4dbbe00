//! The run loop: graph, slots, deadlines, retries, cancellation, contained panics; emits events.
