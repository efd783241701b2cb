// Package flite is the engine of flite 2.2: four American English voices,
// linked statically (Debian: flite1-dev).
//
// [New] makes it. The library keeps global state, so all engines of a process
// take turns; run each in its own worker (cmd/lectern-flite) to have several
// speak at once.
//
// flite reads ASCII. Other text is folded to it first: café is read as cafe,
// and what has no ASCII likeness is left out. Events point into the text as it
// was given. Text is read in pieces of at most some hundred bytes, cut where a
// sentence or a word ends, since flite's memory grows with each of them.
package flite
