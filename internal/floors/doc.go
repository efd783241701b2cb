// Package floors holds no code: its tests keep the architecture, and pages below
// docs to the code that they are about. The table of floors and the rules beside it
// are data in floors_test.go; ARCHITECTURE.md says them in words.
package floors
