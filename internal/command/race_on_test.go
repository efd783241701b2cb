//go:build race

package command

// raceDetector says that this program, which is the server too, keeps several words for
// each of its own: what it takes of memory says nothing.
const raceDetector = true
