package transcode_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/server/transcode"
	"github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// accepted are bodies and what they mean, in protobuf's own JSON.
var accepted = []struct{ name, body, means string }{
	{"nothing", ``, `{}`},
	{"white space", " \r\n\t", `{}`},
	{"empty object", `{}`, `{}`},
	{"white space around", " {} \n", `{}`},
	{"camel case", `{"audioConfig":{"sampleRateHertz":8000}}`, `{"audioConfig":{"sampleRateHertz":8000}}`},
	{"snake case", `{"audio_config":{"sample_rate_hertz":8000}}`, `{"audioConfig":{"sampleRateHertz":8000}}`},
	{"enum by name", `{"audioConfig":{"audioEncoding":"MP3"}}`, `{"audioConfig":{"audioEncoding":"MP3"}}`},
	{"enum by number", `{"audioConfig":{"audioEncoding":2}}`, `{"audioConfig":{"audioEncoding":"MP3"}}`},
	{"enum list", `{"enableTimePointing":["SSML_MARK",1]}`, `{"enableTimePointing":["SSML_MARK","SSML_MARK"]}`},
	{"integer in a string", `{"audioConfig":{"sampleRateHertz":"8000"}}`, `{"audioConfig":{"sampleRateHertz":8000}}`},
	{"integer with exponent", `{"audioConfig":{"sampleRateHertz":8e3}}`, `{"audioConfig":{"sampleRateHertz":8000}}`},
	{"integer with zero fraction", `{"audioConfig":{"sampleRateHertz":8000.0}}`, `{"audioConfig":{"sampleRateHertz":8000}}`},
	{"double in a string", `{"audioConfig":{"speakingRate":"1.5"}}`, `{"audioConfig":{"speakingRate":1.5}}`},
	{"infinity", `{"audioConfig":{"pitch":"-Infinity"}}`, `{"audioConfig":{"pitch":"-Infinity"}}`},
	{"null is absent", `{"input":{"text":null,"ssml":"<speak/>"},"voice":null}`, `{"input":{"ssml":"<speak/>"}}`},
	{"escapes", `{"input":{"text":"\u00e9\ud83d\ude00\n\/"}}`, `{"input":{"text":"é😀\n/"}}`},
	{"optional field outside the oneof", `{"input":{"text":"a","prompt":"b"}}`, `{"input":{"text":"a","prompt":"b"}}`},
	{"lists of messages", `{"input":{"customPronunciations":{"pronunciations":[{"phrase":"a"},{}]}}}`,
		`{"input":{"customPronunciations":{"pronunciations":[{"phrase":"a"},{}]}}}`},
}

func TestAccepts(t *testing.T) {
	for _, tt := range accepted {
		t.Run(tt.name, func(t *testing.T) {
			var got, want v1beta1pb.SynthesizeSpeechRequest
			if err := (transcode.Marshaler{}).Unmarshal([]byte(tt.body), &got); err != nil {
				t.Fatal(err)
			}
			if err := protojson.Unmarshal([]byte(tt.means), &want); err != nil {
				t.Fatal(err)
			}
			if !proto.Equal(&got, &want) {
				t.Errorf("got %v, want %v", &got, &want)
			}
		})
	}
}

// refused are bodies and the sentences that the client must read (docs/contract.md 6.6).
var refused = []struct {
	name, body string
	want       []string // sentences, in order
	field      string   // of the first violation
}{
	{"unknown at the root", `{"nope":1}`,
		[]string{`Invalid JSON payload received. Unknown name "nope": Cannot find field.`}, "nope"},
	{"unknown below, camel case in", `{"input":{"customPronunciations":{"x":{}}}}`,
		[]string{`Invalid JSON payload received. Unknown name "x" at 'input.custom_pronunciations': Cannot find field.`}, "input.custom_pronunciations.x"},
	{"unknown in a list", `{"input":{"customPronunciations":{"pronunciations":[{},{"x":1}]}}}`,
		[]string{`Invalid JSON payload received. Unknown name "x" at 'input.custom_pronunciations.pronunciations[1]': Cannot find field.`}, "input.custom_pronunciations.pronunciations[1].x"},
	{"several unknown", `{"a":[1,{"b":2}],"voice":{"c":null},"d":"e"}`, []string{
		`Invalid JSON payload received. Unknown name "a": Cannot find field.`,
		`Invalid JSON payload received. Unknown name "c" at 'voice': Cannot find field.`,
		`Invalid JSON payload received. Unknown name "d": Cannot find field.`}, "a"},
	{"names are case-sensitive", `{"Input":{}}`,
		[]string{`Invalid JSON payload received. Unknown name "Input": Cannot find field.`}, "Input"},
	{"enum name", `{"audioConfig":{"audioEncoding":"FOO"}}`,
		[]string{`Invalid value at 'audio_config.audio_encoding' (type.googleapis.com/google.cloud.texttospeech.v1beta1.AudioEncoding), "FOO"`}, "audio_config.audio_encoding"},
	{"enum number", `{"audioConfig":{"audioEncoding":99}}`,
		[]string{`Invalid value at 'audio_config.audio_encoding' (type.googleapis.com/google.cloud.texttospeech.v1beta1.AudioEncoding), 99`}, "audio_config.audio_encoding"},
	{"enum number in a string", `{"audioConfig":{"audioEncoding":"2"}}`,
		[]string{`Invalid value at 'audio_config.audio_encoding' (type.googleapis.com/google.cloud.texttospeech.v1beta1.AudioEncoding), "2"`}, "audio_config.audio_encoding"},
	{"enum in a list", `{"enableTimePointing":["SSML_MARK",7]}`,
		[]string{`Invalid value at 'enable_time_pointing[1]' (type.googleapis.com/google.cloud.texttospeech.v1beta1.SynthesizeSpeechRequest.TimepointType), 7`}, "enable_time_pointing[1]"},
	{"scalar for a list", `{"enableTimePointing":1}`,
		[]string{`Invalid value at 'enable_time_pointing' (type.googleapis.com/google.cloud.texttospeech.v1beta1.SynthesizeSpeechRequest.TimepointType), 1`}, "enable_time_pointing"},
	{"null in a list", `{"enableTimePointing":[null]}`,
		[]string{`Invalid value at 'enable_time_pointing[0]' (type.googleapis.com/google.cloud.texttospeech.v1beta1.SynthesizeSpeechRequest.TimepointType), null`}, "enable_time_pointing[0]"},
	{"scalar for a message", `{"voice":"s"}`,
		[]string{`Invalid value at 'voice' (type.googleapis.com/google.cloud.texttospeech.v1beta1.VoiceSelectionParams), "s"`}, "voice"},
	{"list for a message", `{"voice":[{}]}`,
		[]string{`Invalid JSON payload received. Unknown name "voice": Proto field is not repeating, cannot start list.`}, "voice"},
	{"object for a scalar", `{"input":{"text":{"a":1}}}`,
		[]string{`Invalid value at 'input.text' (TYPE_STRING), Starting an object on a scalar field`}, "input.text"},
	{"number for a string", `{"input":{"text":12}}`,
		[]string{`Invalid value at 'input.text' (TYPE_STRING), 12`}, "input.text"},
	{"text for an integer", `{"audioConfig":{"sampleRateHertz":"abc"}}`,
		[]string{`Invalid value at 'audio_config.sample_rate_hertz' (TYPE_INT32), "abc"`}, "audio_config.sample_rate_hertz"},
	{"fraction for an integer", `{"audioConfig":{"sampleRateHertz":8000.5}}`,
		[]string{`Invalid value at 'audio_config.sample_rate_hertz' (TYPE_INT32), 8000.5`}, "audio_config.sample_rate_hertz"},
	{"integer out of range", `{"audioConfig":{"sampleRateHertz":2147483648}}`,
		[]string{`Invalid value at 'audio_config.sample_rate_hertz' (TYPE_INT32), 2147483648`}, "audio_config.sample_rate_hertz"},
	{"bool for a double", `{"audioConfig":{"pitch":true}}`,
		[]string{`Invalid value at 'audio_config.pitch' (TYPE_DOUBLE), true`}, "audio_config.pitch"},
	{"double out of range", `{"audioConfig":{"pitch":1e999}}`,
		[]string{`Invalid value at 'audio_config.pitch' (TYPE_DOUBLE), 1e999`}, "audio_config.pitch"},
	{"text for a bool", `{"advancedVoiceOptions":{"enableTextnorm":"true"}}`,
		[]string{`Invalid value at 'advanced_voice_options.enable_textnorm' (TYPE_BOOL), "true"`}, "advanced_voice_options.enable_textnorm"},
	{"two of a oneof", `{"input":{"text":"a","ssml":"b"}}`,
		[]string{`Invalid value at 'input' (oneof), oneof field 'input_source' is already set. Cannot set 'ssml'`}, "input.ssml"},
	{"the same name twice", `{"input":{"text":"a","text":"b"}}`,
		[]string{`Invalid JSON payload received. Unknown name "text" at 'input': The field is already set.`}, "input.text"},
	{"both spellings", `{"audioConfig":{},"audio_config":{}}`,
		[]string{`Invalid JSON payload received. Unknown name "audio_config": The field is already set.`}, "audio_config"},
	{"root is a list", `[]`,
		[]string{`Invalid JSON payload received. Unknown name "": Root element must be a message.`}, ""},
	{"root is null", `null`,
		[]string{`Invalid JSON payload received. Unknown name "": Root element must be a message.`}, ""},
}

func TestRefuses(t *testing.T) {
	for _, tt := range refused {
		t.Run(tt.name, func(t *testing.T) {
			var msg v1beta1pb.SynthesizeSpeechRequest
			err := (transcode.Marshaler{}).Unmarshal([]byte(tt.body), &msg)
			var e *transcode.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want a *transcode.Error", err)
			}
			if got, want := e.Error(), strings.Join(tt.want, "\n"); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if e.Violations[0].Field != tt.field {
				t.Errorf("field %q, want %q", e.Violations[0].Field, tt.field)
			}
			st := e.GRPCStatus()
			if st.Code() != codes.InvalidArgument || len(st.Details()) != 1 {
				t.Fatalf("status %v with %d details", st.Code(), len(st.Details()))
			}
			if bad := st.Details()[0].(*errdetails.BadRequest); len(bad.FieldViolations) != len(tt.want) {
				t.Errorf("%d field violations, want %d", len(bad.FieldViolations), len(tt.want))
			}
		})
	}
}

func TestRefusesBrokenJSON(t *testing.T) {
	const received = "Invalid JSON payload received. "
	for _, tt := range []struct{ name, body, want string }{
		{"no value", `{"input":}`, received + "Expected a value.\n{\"input\":}\n         ^"},
		{"no comma", "{\n  \"input\": {} \"voice\": {}\n}", received + "Expected , or } after key:value pair.\n  \"input\": {} \"voice\": {}\n              ^"},
		{"characters, not bytes, before the caret", `{"é" 1}`, received + "Expected : between key:value pair.\n{\"é\" 1}\n     ^"},
		{"trailing comma", `{"input":{},}`, received + "Expected an object key or }.\n{\"input\":{},}\n            ^"},
		{"trailing comma in a list", `{"enableTimePointing":[1,]}`, received + "Expected a value.\n{\"enableTimePointing\":[1,]}\n                         ^"},
		{"unquoted key", `{input:{}}`, received + "Expected an object key or }.\n{input:{}}\n ^"},
		{"garbage behind", `{} x`, received + "Parsing terminated before end of input.\n{} x\n   ^"},
		{"a second object", `{}{}`, received + "Parsing terminated before end of input.\n{}{}\n  ^"},
		{"cut short", `{"input":{"text":"a`, received + "Closing quote expected in string.\n{\"input\":{\"text\":\"a\n                   ^"},
		{"cut before a value", `{"input":`, received + "Unexpected end of string. Expected a value.\n{\"input\":\n         ^"},
		{"leading zero", `{"audioConfig":{"pitch":01}}`, received + "Expected a value.\n{\"audioConfig\":{\"pitch\":01}}\n                        ^"},
		{"unknown escape", `{"a":"\x"}`, received + "Invalid escape sequence.\n{\"a\":\"\\x\"}\n      ^"},
		{"high surrogate alone", `{"a":"\ud83d"}`, received + "Invalid unicode code point.\n{\"a\":\"\\ud83d\"}\n      ^"},
		{"low surrogate alone", `{"a":"\ude00"}`, received + "Invalid unicode code point.\n{\"a\":\"\\ude00\"}\n      ^"},
		{"control character", "{\"a\":\"b\x01\"}", received + "Unescaped control character in string.\n{\"a\":\"b\x01\"}\n       ^"},
		{"invalid UTF-8", "{\"a\":\"\xff\"}", received + "Encountered non UTF-8 code points."},
		{"not JSON at all", `text=hello`, received + "Expected a value.\ntext=hello\n^"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := (transcode.Marshaler{}).Unmarshal([]byte(tt.body), &v1beta1pb.SynthesizeSpeechRequest{})
			if err == nil || err.Error() != tt.want {
				t.Errorf("got\n%v\nwant\n%s", err, tt.want)
			}
		})
	}
}

func TestRefusesDeepNesting(t *testing.T) {
	for _, body := range []string{
		`{"a":` + strings.Repeat("[", 1_000_000),
		`{"a":` + strings.Repeat(`{"a":`, 1_000_000),
		strings.Repeat("[", 1_000_000),
		`{"enableTimePointing":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`,
	} {
		err := (transcode.Marshaler{}).Unmarshal([]byte(body), &v1beta1pb.SynthesizeSpeechRequest{})
		if err == nil || !strings.Contains(err.Error(), "Message too deep.") {
			t.Errorf("body %.30s…: %v", body, err)
		}
	}
	shallow := `{"a":` + strings.Repeat("[", transcode.MaxDepth-1) + strings.Repeat("]", transcode.MaxDepth-1) + `}`
	err := (transcode.Marshaler{}).Unmarshal([]byte(shallow), &v1beta1pb.SynthesizeSpeechRequest{})
	if err == nil || strings.Contains(err.Error(), "too deep") {
		t.Errorf("%d levels: %v", transcode.MaxDepth, err)
	}
}

func TestManyFaultsAreBounded(t *testing.T) {
	body := `{` + strings.TrimSuffix(strings.Repeat(`"a":1,`, 100_000), ",") + `}`
	err := (transcode.Marshaler{}).Unmarshal([]byte(body), &v1beta1pb.SynthesizeSpeechRequest{})
	var e *transcode.Error
	if !errors.As(err, &e) || len(e.Violations) != 20 {
		t.Errorf("got %d violations, want 20", len(e.Violations))
	}
}

func TestVersionsKnowTheirOwnEnums(t *testing.T) {
	body := []byte(`{"audioConfig":{"audioEncoding":4}}`)
	if err := (transcode.Marshaler{}).Unmarshal(body, &v1beta1pb.SynthesizeSpeechRequest{}); err != nil {
		t.Errorf("v1beta1: %v", err)
	}
	if err := (transcode.Marshaler{}).Unmarshal(body, &texttospeechpb.SynthesizeSpeechRequest{}); err == nil {
		t.Error("v1 took MP3_64_KBPS, which it has not")
	}
}

func TestDuration(t *testing.T) {
	var req longrunningpb.WaitOperationRequest
	if err := (transcode.Marshaler{}).Unmarshal([]byte(`{"timeout":"1.5s"}`), &req); err != nil || req.GetTimeout().AsDuration().Milliseconds() != 1500 {
		t.Errorf("got %v, %v", &req, err)
	}
	err := (transcode.Marshaler{}).Unmarshal([]byte(`{"timeout":"soon"}`), &req)
	if want := `Invalid value at 'timeout' (type.googleapis.com/google.protobuf.Duration), "soon"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestMarshal(t *testing.T) {
	voice := &texttospeechpb.Voice{Name: "n", SsmlGender: texttospeechpb.SsmlVoiceGender_FEMALE}
	for _, tt := range []struct {
		marshaler transcode.Marshaler
		want      string
	}{
		{transcode.Marshaler{}, "{\n\"name\":\"n\",\n\"ssmlGender\":\"FEMALE\"\n}\n"},
		{transcode.Marshaler{EnumNumbers: true}, "{\n\"name\":\"n\",\n\"ssmlGender\":2\n}\n"},
		{transcode.Marshaler{Compact: true}, `{"name":"n","ssmlGender":"FEMALE"}`},
		{transcode.Marshaler{Compact: true, EnumNumbers: true}, `{"name":"n","ssmlGender":2}`},
	} {
		text, err := tt.marshaler.Marshal(voice)
		if got := strings.ReplaceAll(string(text), " ", ""); err != nil || got != tt.want {
			t.Errorf("got %q, %v; want %q", got, err, tt.want)
		}
	}
}

func TestIntegersAreExact(t *testing.T) {
	for written, want := range map[string]int64{
		"9223372036854775807": math.MaxInt64, `"-9223372036854775808"`: math.MinInt64,
		"9223372036854775807.0": math.MaxInt64, "922337203685477580700e-2": math.MaxInt64, // no float has these digits
		"-0": 0, "0e99": 0, "1.50e1": 15,
	} {
		var got errdetails.QuotaFailure_Violation
		if err := (transcode.Marshaler{}).Unmarshal([]byte(`{"quotaValue":`+written+`}`), &got); err != nil || got.QuotaValue != want {
			t.Errorf("%s is %d, %v; want %d", written, got.QuotaValue, err, want)
		}
	}
	for _, written := range []string{"9223372036854775808", "-9223372036854775809", "1e-400", "0.5", "1e19", "1e999999999999999999999", `""`, `" 1"`, `"0x1"`, `"1_0"`} {
		want := "Invalid value at 'quota_value' (TYPE_INT64), " + written
		if err := (transcode.Marshaler{}).Unmarshal([]byte(`{"quotaValue":`+written+`}`), &errdetails.QuotaFailure_Violation{}); err == nil || err.Error() != want {
			t.Errorf("%s: %v", written, err)
		}
	}
}

func TestBytesAndMaps(t *testing.T) {
	for _, written := range []string{"+/8=", "+/8", "-_8=", "-_8"} {
		var got v1beta1pb.SynthesizeSpeechResponse
		if err := (transcode.Marshaler{}).Unmarshal([]byte(`{"audioContent":"`+written+`"}`), &got); err != nil || string(got.AudioContent) != "\xfb\xff" {
			t.Errorf("%s is %x, %v", written, got.AudioContent, err)
		}
	}
	var got errdetails.ErrorInfo
	if err := (transcode.Marshaler{}).Unmarshal([]byte(`{"metadata":{"a":"b"}}`), &got); err != nil || got.Metadata["a"] != "b" {
		t.Errorf("%v, %v", got.Metadata, err)
	}
	err := (transcode.Marshaler{}).Unmarshal([]byte(`{"metadata":{"a":1}}`), &got)
	if want := `Invalid value at 'metadata' (type.googleapis.com/google.rpc.ErrorInfo.MetadataEntry), {"a":1}`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// FuzzUnmarshal holds the reader against protobuf's own: what it reads, the other
// must read as the same message. Errors must be able to travel.
func FuzzUnmarshal(f *testing.F) {
	for _, tt := range accepted {
		f.Add([]byte(tt.body))
	}
	for _, tt := range refused {
		f.Add([]byte(tt.body))
	}
	f.Add([]byte(`{"input":{"text":"\ud83d"}}`))
	f.Add([]byte("{\"input\":\xff}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		var got, want v1beta1pb.SynthesizeSpeechRequest
		err := (transcode.Marshaler{}).Unmarshal(body, &got)
		if err != nil {
			if st := transcode.Refusal(err); !strings.Contains(st.Error(), "InvalidArgument") {
				t.Errorf("status %v", st)
			}
			if strings.ToValidUTF8(err.Error(), "") != err.Error() {
				t.Errorf("message is not UTF-8: %q", err.Error())
			}
			return
		}
		if strings.TrimLeft(string(body), " \t\r\n") == "" {
			return
		}
		if err := protojson.Unmarshal(body, &want); err != nil || !proto.Equal(&got, &want) {
			t.Errorf("got %v, want %v (%v)", &got, &want, err)
		}
	})
}
