// Package worker runs an engine in a child process and speaks to it in frames
// on the child's stdin and stdout. It is both ends of that protocol, which
// docs/worker-protocol.md describes for workers in any language.
//
// The child's main calls [Serve] with its engine. The parent calls [Start],
// which returns a [Process], itself a driver.Engine.
//
// An engine's crash, hang, leak or licence stays in the child. It runs in its
// own process group and in the directory /, niced and with a memory limit, with
// little of the parent's environment and, on Linux, with no privileges and no
// way to write files; it is killed when it breaks the protocol, when it does not
// stop soon after a cancel, and on Linux when the parent dies in any way.
package worker
