//! What is refused when a gate file is read.

use super::*;

#[test]
fn show() {
    for text in ["status", "status == '503'"] {
        println!("{:#?}", read(text));
    }
}
