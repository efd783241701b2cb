package transcode_test

import (
	"net/url"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/server/transcode"
	"github.com/lectern/lectern/ttsapi/v1beta1pb"
)

func TestPopulateQuery(t *testing.T) {
	for _, tt := range []struct {
		query string
		want  *longrunningpb.ListOperationsRequest
		fault string
	}{
		{"", &longrunningpb.ListOperationsRequest{}, ""},
		{"filter=done%3Dtrue&pageSize=2&pageToken=t", &longrunningpb.ListOperationsRequest{Filter: "done=true", PageSize: 2, PageToken: "t"}, ""},
		{"page_size=3&return_partial_success=true", &longrunningpb.ListOperationsRequest{PageSize: 3, ReturnPartialSuccess: true}, ""},
		{"pageToken", &longrunningpb.ListOperationsRequest{}, ""},
		{"pageSize=", &longrunningpb.ListOperationsRequest{}, ""},
		{"name=other", &longrunningpb.ListOperationsRequest{}, ""}, // bound by the path, which wins
		{"$alt=json&alt=json&key=k&$key=k&access_token=t&prettyPrint=false&$prettyPrint=0&$.xgafv=2&quotaUser=u&fields=a", &longrunningpb.ListOperationsRequest{}, ""},
		{"x=1", nil, `Invalid JSON payload received. Unknown name "x": Cannot bind query parameter. Field 'x' could not be found in request message.`},
		{"PageSize=1", nil, `Invalid JSON payload received. Unknown name "PageSize": Cannot bind query parameter. Field 'PageSize' could not be found in request message.`},
		{"filter.x=1", nil, `Invalid JSON payload received. Unknown name "filter.x": Cannot bind query parameter. Field 'filter.x' could not be found in request message.`},
		{"pageSize=abc", nil, `Invalid value at 'page_size' (TYPE_INT32), "abc"`},
		{"pageSize=99999999999", nil, `Invalid value at 'page_size' (TYPE_INT32), "99999999999"`},
		{"returnPartialSuccess=maybe", nil, `Invalid value at 'return_partial_success' (TYPE_BOOL), "maybe"`},
		{"pageSize=1&pageSize=2", nil, `Invalid value at 'page_size': the parameter is given 2 times.`},
		{"filter=%ff", nil, `Invalid value at 'filter' (TYPE_STRING), "\xff"`},
	} {
		t.Run(tt.query, func(t *testing.T) {
			values, err := url.ParseQuery(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			var got longrunningpb.ListOperationsRequest
			err = transcode.PopulateQuery(&got, values, utilities.NewDoubleArray([][]string{{"name"}}))
			if tt.want == nil {
				if err == nil || err.Error() != tt.fault {
					t.Errorf("got %v, want %s", err, tt.fault)
				}
			} else if err != nil || !proto.Equal(&got, tt.want) {
				t.Errorf("got %v, %v; want %v", &got, err, tt.want)
			}
		})
	}
}

func TestPopulateQueryNestedFields(t *testing.T) {
	values := url.Values{
		"audioConfig.sampleRateHertz": {"8000"}, "audio_config.audio_encoding": {"MP3"}, "audioConfig.pitch": {"-1.5"},
		"enableTimePointing": {"SSML_MARK", "1"}, "voice.ssmlGender": {"2"},
	}
	want := &v1beta1pb.SynthesizeSpeechRequest{
		AudioConfig:        &v1beta1pb.AudioConfig{SampleRateHertz: 8000, AudioEncoding: v1beta1pb.AudioEncoding_MP3, Pitch: -1.5},
		EnableTimePointing: []v1beta1pb.SynthesizeSpeechRequest_TimepointType{1, 1},
		Voice:              &v1beta1pb.VoiceSelectionParams{SsmlGender: v1beta1pb.SsmlVoiceGender_FEMALE},
	}
	var got v1beta1pb.SynthesizeSpeechRequest
	if err := transcode.PopulateQuery(&got, values, nil); err != nil || !proto.Equal(&got, want) {
		t.Errorf("got %v, %v; want %v", &got, err, want)
	}
}
