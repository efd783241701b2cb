// Package ttsapi serves Google's Text-to-Speech messages, v1 and v1beta1, on
// the floors below: it validates every field and translates the request, into a
// synth.Request for an answer or an order to a longaudio.Studio, and what comes
// of it into messages.
//
// Make a [Service] with [New]; its LongAudioKinds go into the lro.Manager's
// configuration, then [Service.Register] puts everything on a gRPC server. The
// contract is Google's: docs/contract.md in our words, cloud_tts.proto in theirs.
//
// v1beta1 is a superset of v1 in the same wire format, so all handlers work on
// v1beta1 messages and v1 calls are re-read as such (v1.go). What v1 does not
// have is refused there.
//
// StreamingSynthesize is streaming.go, what its messages may be streamconfig.go and
// streaminput.go, over a synth.Talk.
//
// Errors are *fault.Error with the path of the field in the proto's spelling;
// the transport makes statuses of them. A Service is safe for concurrent use.
package ttsapi
