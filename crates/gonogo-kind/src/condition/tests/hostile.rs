//! Texts and bodies that were made to hurt.

use super::*;

#[test]
fn deep_nesting_is_a_mistake_and_no_overflow() {
    for text in [
        format!("{}1{} == status", "(".repeat(8_000), ")".repeat(8_000)),
        format!("{}secure", "!".repeat(16_000)),
        format!("status == {}1", "-".repeat(16_000)),
        format!("status == 1{}", " + 1".repeat(4_000)),
        format!("json{} == 1", ".a".repeat(8_000)),
        format!("json{} == 1", "[0]".repeat(5_000)),
        format!("{}1{} == answers", "[".repeat(8_000), "]".repeat(8_000)),
        format!("{}", "secure ? ".repeat(1_000)),
        format!("secure{}", " ? secure : secure".repeat(800)),
        format!("{}1{}", "{1:".repeat(5_000), "}".repeat(1_000)),
        format!("{}1", "int(".repeat(4_000)),
    ] {
        let told = read(&text).unwrap_err();
        assert!(told[0].contains("nested more than 64"), "{}", told[0]);
    }
}
