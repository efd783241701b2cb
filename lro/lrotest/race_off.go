//go:build !race

package lrotest

// contestedOperations is how many operations are raced for.
const contestedOperations = 10_000
