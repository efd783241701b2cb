package catalogue

// What tests from outside look at.

var Classify = classify
