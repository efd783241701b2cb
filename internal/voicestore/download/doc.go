// Package download gets large files over HTTP and keeps what it has when it is
// interrupted, at whatever byte: [Client.File] goes on from there, in the same
// process or in a later one.
//
// A file is written to PATH.part and becomes PATH when its size and its digest
// are right, so PATH is whole or absent. PATH.part.tag holds the server's name
// for the version that PATH.part began with. One caller at a time uses a PATH.
//
// Errors are faults: NOT_FOUND, UNAVAILABLE when the server did not send it
// (after as many attempts as make sense), DATA_LOSS when what it sent is not the
// file, RESOURCE_EXHAUSTED when the disk is full; or the cause of ctx.
//
// Certificates are checked, redirects are followed but never from https: to
// http:, and the environment's proxies are used.
package download
