package audio

// What tests from outside look at.

const FramesBetweenLooks = framesBetweenLooks
