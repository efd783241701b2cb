// Package ssml reads an SSML document, checks it, and lays it out as the flat
// run of text, pauses and boundaries that a planner speaks.
//
// [Parse] takes the text of a request and returns a [Document] in which
// everything is known to be well-formed XML and inside the table of elements of
// the contract (section 4.1), or a *fault.Error, INVALID_ARGUMENT, with the
// line and column of what was wrong; its Field is left for the caller.
// [Document.Segments] walks the document in the order of speech.
//
// Elements so far: speak, p, s, break, sub. The others of the table are
// refused as not supported yet.
//
// Text of any origin is safe to parse: nothing is fetched, no document type or
// entity is accepted, depth and size have limits, and time and memory are
// proportional to the length of the text.
package ssml
