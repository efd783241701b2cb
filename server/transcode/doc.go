// Package transcode turns JSON bodies and query strings into protobuf messages
// as strictly as the platform's front end does, and messages into JSON.
//
// [Marshaler] is what the REST gateway is given; the generated gateway calls
// [PopulateQuery], [NoQuery] and [Refusal] itself. All are pure and safe for
// concurrent use.
//
// A payload that does not fit its message is refused with a [*Error], whose
// sentence names the field in the proto's spelling (docs/contract.md 6.6) and which
// travels as INVALID_ARGUMENT with BadRequest details. The reader is stricter
// than proto3 JSON asks: unknown and repeated names, unknown enum numbers, two
// members of a oneof, unpaired surrogates and nesting deeper than 100 levels
// are all errors. An empty body is an empty message.
//
// The package knows no API: everything comes from the message's descriptor.
package transcode

// maxDepth is how deep objects and arrays may nest, the platform's own limit.
const maxDepth = 100
