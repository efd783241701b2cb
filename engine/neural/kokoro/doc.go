// Package kokoro speaks with Kokoro-82M. The network looks at a whole sentence at
// once, and so makes all of its sound before the first of it can be heard; its
// memory grows with the sentence. Give it short ones.
package kokoro
