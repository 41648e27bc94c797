//! Ordinary texts for tests, of which no two are near each other, drawn from lists of words with a seed.

use crate::random::Random;

/// Words of the parts of speech, so that a text reads like one.
const SUBJECTS: [&str; 40] = [
    "parcel", "invoice", "camera", "teacher", "bicycle", "window", "garden", "ticket", "engine",
    "pencil", "kitchen", "battery", "captain", "monitor", "blanket", "harbour", "library",
    "printer", "sandwich", "umbrella", "passport", "mountain", "keyboard", "elevator", "hospital",
    "painter", "railway", "stadium", "village", "weather", "orchard", "museum", "curtain",
    "dentist", "factory", "glacier", "hammer", "island", "jacket", "lantern",
];
const VERBS: [&str; 40] = [
    "arrived",
    "vanished",
    "exploded",
    "whistled",
    "stopped",
    "doubled",
    "melted",
    "opened",
    "crashed",
    "improved",
    "flickered",
    "expired",
    "departed",
    "shrank",
    "returned",
    "collapsed",
    "froze",
    "wandered",
    "rattled",
    "succeeded",
    "changed",
    "dissolved",
    "floated",
    "grumbled",
    "hesitated",
    "insisted",
    "jumped",
    "lingered",
    "moved",
    "nodded",
    "obeyed",
    "paused",
    "quarrelled",
    "rested",
    "scratched",
    "travelled",
    "unfolded",
    "vibrated",
    "waited",
    "yawned",
];
const REST: [&str; 40] = [
    "yesterday",
    "twice",
    "near Lisbon",
    "without warning",
    "in the rain",
    "before lunch",
    "at midnight",
    "for a week",
    "on schedule",
    "behind the church",
    "after the update",
    "despite my letter",
    "as promised",
    "under protest",
    "during the concert",
    "beside the river",
    "because of customs",
    "like a dream",
    "out of pure spite",
    "by accident",
    "against all odds",
    "with much noise",
    "since Tuesday",
    "until spring",
    "around noon",
    "over there",
    "for no reason",
    "in great style",
    "among friends",
    "once again",
    "from Oslo to Rome",
    "through fog",
    "below zero",
    "upon request",
    "on the first try",
    "along the coast",
    "at double speed",
    "inside a box",
    "in black and white",
    "with some delay",
];

/// Draws `n` texts of at least `n_words` words.
pub(crate) fn texts(n: usize, n_words: usize, seed: u64) -> Vec<String> {
    let mut random = Random::new(seed);
    let mut pick = |words: &[&'static str; 40]| words[random.below(words.len())];
    let mut text = || {
        let mut words: Vec<&str> = Vec::new();
        while words.len() < n_words {
            words.extend(["the", pick(&SUBJECTS), pick(&VERBS)]);
            words.extend(pick(&REST).split(' '));
        }
        words.join(" ")
    };
    (0..n).map(|_| text()).collect()
}
