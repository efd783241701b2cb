package command

import (
	"maps"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/gcs"
	"github.com/lectern/lectern/outputs"
)

const (
	speechV1      = "google.cloud.texttospeech.v1.TextToSpeech/"
	speechV1beta1 = "google.cloud.texttospeech.v1beta1.TextToSpeech/"
	longV1        = "google.cloud.texttospeech.v1.TextToSpeechLongAudioSynthesize/"
	longV1beta1   = "google.cloud.texttospeech.v1beta1.TextToSpeechLongAudioSynthesize/"
	operations    = "google.longrunning.Operations/"
)

// allRoles are roles, and those of objects: who may use them may do all with them that
// the API has.
func allRoles() map[string]auth.Role {
	all := maps.Clone(roles)
	for _, pattern := range gcs.Patterns() {
		all[pattern] = auth.Operator
	}
	all[outputs.Pattern] = auth.Viewer
	return all
}

// roles are the least that callers need for all that a server serves. REST is served
// by the methods of gRPC. A server with anything that has no row does not start.
var roles = map[string]auth.Role{
	speechV1 + "ListVoices":               auth.Viewer,
	speechV1 + "SynthesizeSpeech":         auth.Speaker,
	speechV1 + "StreamingSynthesize":      auth.Speaker,
	speechV1beta1 + "ListVoices":          auth.Viewer,
	speechV1beta1 + "SynthesizeSpeech":    auth.Speaker,
	speechV1beta1 + "StreamingSynthesize": auth.Speaker,
	longV1 + "SynthesizeLongAudio":        auth.Operator,
	longV1beta1 + "SynthesizeLongAudio":   auth.Operator,
	operations + "GetOperation":           auth.Viewer,
	operations + "ListOperations":         auth.Viewer,
	operations + "WaitOperation":          auth.Viewer,
	operations + "CancelOperation":        auth.Operator,
	operations + "DeleteOperation":        auth.Operator,

	// OpenAI's API: lists are for viewers, and so are its errors.
	"/v1/audio/speech": auth.Speaker,
	"/v1/audio":        auth.Viewer,
	"/v1/audio/":       auth.Viewer,
	"/v1/models":       auth.Viewer,
	"/v1/models/":      auth.Viewer,

	"GET /metrics": auth.Viewer,
	// Where credentials are had: for a service account's signature, for an issuer's token.
	"POST /token":    auth.None,
	"POST /v1/token": auth.None,

	// What a balancer asks is nobody's secret. The server's description is.
	"grpc.health.v1.Health/Check":                                   auth.None,
	"grpc.health.v1.Health/List":                                    auth.None,
	"grpc.health.v1.Health/Watch":                                   auth.None,
	"grpc.reflection.v1.ServerReflection/ServerReflectionInfo":      auth.Viewer,
	"grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": auth.Viewer,
}
