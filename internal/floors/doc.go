// Package floors holds no code: its test keeps the architecture. The table of
// floors and the rules beside it are data in floors_test.go; ARCHITECTURE.md
// says them in words.
package floors
