// Package longaudio makes sound that is too long to wait for: hours of speech
// become one object in a bucket, by an operation that survives crashes and can
// be cancelled at any moment.
//
// Make a [Studio] with [New]. Its [Studio.Kind] goes into an lro.Manager's
// configuration, once for each form in which its operations are told of; then
// [Studio.Check] says what would stand in the way of an object, and
// [Studio.Order] makes of a plan what lro.Manager.Start wants.
//
// # How an object is made
//
// Each shard of an operation is spoken into one scratch file, encoded but
// bare; they are joined into the unseen object, in order, as soon as they can be
// (gather.go). In encodings whose shards do not join, scratch holds sound, and
// pieces of it are encoded into scratch of their own and then joined
// (pieces.go). What is done before all shards are there is a head start of this
// process; Finish does the rest, and all of it where there was none, from
// scratch that any process may have written. Captions stand beside the object
// and show after it (captions.go).
//
// What is stored of an operation, Spec and the results of its shards, is read
// by later releases: fields are added and never change their meaning.
//
// The package knows lro, bucket and synth, and no API's messages: those are the
// [Answers] of its caller. A Studio and its kinds are safe for concurrent use.
package longaudio
