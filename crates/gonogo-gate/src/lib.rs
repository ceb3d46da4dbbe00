//! The verdict: one pure function from a run record to a judgement.
