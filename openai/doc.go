// Package openai is the speech part of OpenAI's API, for programs that know
// nothing else: POST /v1/audio/speech, and the lists of models and voices.
//
// It is a translation and no more: [API.Serve] reads a request strictly, plans it
// in synth, and writes the sound as it is spoken. The port, its guards and bounds
// are server's; the pipeline's formats must write as they are given
// sound ([Formats] says which are asked for).
//
// What is accepted and not followed: the model, which is any; instructions, which
// the header x-lectern-ignored names; the authorization header.
package openai
