package engine

// What tests from outside look at.

var DefaultDeadline = defaultDeadline
