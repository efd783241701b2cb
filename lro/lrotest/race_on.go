//go:build race

package lrotest

// contestedOperations is how many operations are raced for. The race detector
// makes SQLite in Go many times slower, and looks at other things anyway.
const contestedOperations = 250
