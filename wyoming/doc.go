// Package wyoming serves Home Assistant's protocol for voices: events over plain
// TCP, without credentials.
//
// An event is a line of JSON (type, data, data_length, payload_length), then data
// as JSON, then a payload. [Server] answers describe, ping, synthesize, and the
// streaming form synthesize-start, -chunk, -stop, whose text a synth.Talk speaks
// while it comes. Events that are not known are passed over, as the protocol asks.
//
// What cannot be followed is answered by an error event, and the connection is
// closed: clients wait for the end of the sound, and know an error by its absence.
// A client that closes its side, or takes nothing for a while, has its speech
// stopped at once.
package wyoming
