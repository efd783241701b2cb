// Package engine turns an utterance into sound.
//
// Call [Open] first, with a [Source] for each engine, which says how a worker of
// it is started. It learns what they are and returns an [Engine], which holds a
// pool of workers for each of them; [Engine.Replace] gives it other sources while
// it runs. [Engine.Catalogue] tells which voices there are and picks one (package
// voices); [Engine.Speak] says one utterance with it and returns a [Speech], which
// is read like any audio.Stream.
//
// # Slots and classes
//
// As many utterances are spoken at once as there are slots (one for each core
// by default), over all engines together; while [Batch] has one of them there is
// one more for [Interactive], which then waits for no book's sentence to end.
// Others wait in a queue, first come first served, but an Interactive one before
// a Batch one seven times of eight. The turn is taken for each utterance anew.
// The queue is bounded; beyond it Speak fails with RESOURCE_EXHAUSTED.
//
// # Crashes
//
// An engine that crashes before an utterance's first sound is replaced and the
// utterance is tried once more; after it, the Speech ends with INTERNAL. An
// engine that keeps failing is started again at growing intervals only, and
// meanwhile Speak answers UNAVAILABLE with the time to wait.
//
// # Stopping
//
// The context given to Speak governs the whole Speech. When it ends, or the
// Speech is closed, the worker is idle again within milliseconds; one that is
// not is killed.
//
// Everything in this package is safe for use by many goroutines at once, but a
// Speech is read by one at a time.
//
// Package driver is for authors of engines, enginetest proves them, worker
// runs one in a child process. Package synth is what uses this package.
package engine
