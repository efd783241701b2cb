// Package ssml reads an SSML document, checks it, and lays it out as the flat
// run of text, pauses, recordings and boundaries that a planner speaks.
//
// [Parse] takes the text of a request and returns a [Document] in which
// everything is known to be well-formed XML and as docs/contract.md 4 says, or a
// *fault.Error, INVALID_ARGUMENT, with the line and column of what was wrong; its
// Field is left for the caller. [Document.Segments] walks the
// document in the order of speech. [Markup] does the same for plain text with
// pause tags.
//
// docs/ssml.md tells what each element and attribute means here.
//
// Text of any origin is safe to parse: nothing is fetched, no document type or
// entity is accepted, depth and size have limits, and time and memory are
// proportional to the length of the text.
package ssml
