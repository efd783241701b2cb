package ttsapi

import (
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/m4a"
	"github.com/lectern/lectern/encode/mp3"
	"github.com/lectern/lectern/encode/oggopus"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/longaudio"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/sqlite"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// stand is a whole server without its wire: real store, real buckets, the
// engine of sines.
type stand struct {
	*Service
	operations *lro.Manager
	buckets    *file.Store
	dir        string
	discarded  chan struct{} // one for each operation cleaned up after
}

func newStand(t *testing.T, options tone.Options) *stand {
	t.Helper()
	return newStandWith(t, options, func(*lro.Config) {})
}

func newStandWith(t *testing.T, options tone.Options, change func(*lro.Config)) *stand {
	t.Helper()
	dir := t.TempDir()
	log := slog.New(slog.DiscardHandler)
	store, err := sqlite.Open(t.Context(), dir, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	directory, err := file.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { directory.Close() })
	buckets := bucket.New(bucket.Config{All: directory, Scratch: directory.Scratch()})
	engines, err := engine.Open(t.Context(), engine.Config{Slots: 2, Log: log, Sources: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(options), nil },
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engines.Close() })
	formats := encode.NewCatalogue(wav.Linear16(), pcm.Format(), wav.MuLaw(), wav.ALaw(), mp3.MP3(), oggopus.Format(), m4a.Format())
	pipeline := synth.New(synth.Config{Engines: engines, Formats: formats, Log: log})
	s := &stand{Service: New(Config{Synth: pipeline, LongAudio: longaudio.New(longaudio.Config{Synth: pipeline, Buckets: buckets, Log: log}), Log: log}), buckets: directory, dir: dir, discarded: make(chan struct{}, 100)}
	kinds, swept := s.LongAudioKinds(), make(chan struct{}, 2)
	for i, k := range kinds {
		kinds[i] = telling{k.(longKind), s.discarded, swept}
	}
	config := lro.Config{Store: store, Kinds: kinds, Slots: 2, Log: log}
	change(&config)
	if s.operations, err = lro.Open(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.operations.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	for range kinds { // what tests put into scratch by hand belongs to no operation
		<-swept
	}
	return s
}

func text(s string) *pb.SynthesisInput {
	return &pb.SynthesisInput{InputSource: &pb.SynthesisInput_Text{Text: s}}
}

func speechRequest() *pb.SynthesizeSpeechRequest {
	return &pb.SynthesizeSpeechRequest{
		Input:       text("abc"),
		Voice:       &pb.VoiceSelectionParams{LanguageCode: "en-US"},
		AudioConfig: &pb.AudioConfig{AudioEncoding: pb.AudioEncoding_LINEAR16},
	}
}

func longRequest() *pb.SynthesizeLongAudioRequest {
	r := speechRequest()
	return &pb.SynthesizeLongAudioRequest{
		Parent: "projects/p/locations/l", OutputGcsUri: "gs://books/a.wav",
		Input: r.Input, Voice: r.Voice, AudioConfig: r.AudioConfig,
	}
}

// refusals are the ways in which what both methods share can be wrong.
var refusals = []struct {
	field  string
	says   string // a part of the message
	change func(*pb.SynthesizeSpeechRequest)
}{
	{"input", "required", func(r *pb.SynthesizeSpeechRequest) { r.Input = nil }},
	{"input", "Nothing to speak", func(r *pb.SynthesizeSpeechRequest) { r.Input = &pb.SynthesisInput{} }},
	{"input.text", "empty", func(r *pb.SynthesizeSpeechRequest) { r.Input = text("") }},
	{"input.text", "empty", func(r *pb.SynthesizeSpeechRequest) { r.Input = text(" \n\t") }},
	{"input.text", "NUL", func(r *pb.SynthesizeSpeechRequest) { r.Input = text("a\x00b") }},
	{"input.text", "UTF-8", func(r *pb.SynthesizeSpeechRequest) { r.Input = text("a\xed\xa0\x80b") }},
	{"input.prompt", "4000 is the limit", func(r *pb.SynthesizeSpeechRequest) { r.Input.Prompt = proto.String(strings.Repeat("x", 4001)) }},
	{"input.custom_pronunciations.pronunciations[0].phrase", "required", pronounced("", "a", ipa)},
	{"input.custom_pronunciations.pronunciations[0].pronunciation", "required", pronounced("a", " ", ipa)},
	{"input.custom_pronunciations.pronunciations[0].pronunciation", "cannot be read", pronounced("a", "t∂", ipa)},
	{"input.custom_pronunciations.pronunciations[0].phonetic_encoding", "required", pronounced("a", "a", 0)},
	{"input.custom_pronunciations.pronunciations[0].phonetic_encoding", "Pinyin", pronounced("a", "a", pb.CustomPronunciationParams_PHONETIC_ENCODING_PINYIN)},
	{"input.custom_pronunciations.pronunciations[0].phonetic_encoding", "Yomigana", pronounced("a", "a", pb.CustomPronunciationParams_PHONETIC_ENCODING_JAPANESE_YOMIGANA)},
	{"input.custom_pronunciations.pronunciations[0].phonetic_encoding", "99 is not", pronounced("a", "a", 99)},
	{"input.markup", "empty", func(r *pb.SynthesizeSpeechRequest) {
		r.Input = &pb.SynthesisInput{InputSource: &pb.SynthesisInput_Markup{Markup: " "}}
	}},
	{"input.multi_speaker_markup.turns", "at least one", turns(nil, nil)},
	{"input.multi_speaker_markup.turns[0].speaker", "required", turns([]string{""}, twoSpeakers)},
	{"input.multi_speaker_markup.turns[1].speaker", "none of the speakers", turns([]string{"A", "C"}, twoSpeakers)},
	{"voice.multi_speaker_voice_config", "required", turns([]string{"A"}, nil)},
	{"voice.multi_speaker_voice_config.speaker_voice_configs", "exactly two", turns([]string{"A"}, []string{"A", "en-US-Tone-1"})},
	{"voice.multi_speaker_voice_config.speaker_voice_configs[1].speaker_alias", "twice", turns([]string{"A"}, []string{"A", "en-US-Tone-1", "A", "en-US-Tone-2"})},
	{"voice.multi_speaker_voice_config.speaker_voice_configs[0].speaker_alias", "not an alias", turns([]string{"A"}, []string{"A 1", "en-US-Tone-1", "B", "en-US-Tone-2"})},
	{"voice.multi_speaker_voice_config.speaker_voice_configs[1].speaker_id", "required", turns([]string{"A"}, []string{"A", "en-US-Tone-1", "B", ""})},
	{"voice", "required", func(r *pb.SynthesizeSpeechRequest) { r.Voice = nil }},
	{"voice.language_code", "required", func(r *pb.SynthesizeSpeechRequest) { r.Voice = &pb.VoiceSelectionParams{Name: "en-US-Tone-1"} }},
	{"voice.language_code", "", func(r *pb.SynthesizeSpeechRequest) { r.Voice.LanguageCode = "tlh" }},
	{"voice.language_code", "de-de", func(r *pb.SynthesizeSpeechRequest) { r.Voice.Name = "de-DE-Tone-1" }},
	{"voice.name", "does not exist. Is it misspelled?", func(r *pb.SynthesizeSpeechRequest) { r.Voice.Name = "en-US-Nobody-X" }},
	{"voice.ssml_gender", "4 is not", func(r *pb.SynthesizeSpeechRequest) { r.Voice.SsmlGender = 4 }},
	{"voice.custom_voice", "ready-made", func(r *pb.SynthesizeSpeechRequest) { r.Voice.CustomVoice = &pb.CustomVoiceParams{} }},
	{"voice.voice_clone", "ready-made", func(r *pb.SynthesizeSpeechRequest) { r.Voice.VoiceClone = &pb.VoiceCloneParams{} }},
	{"voice.multi_speaker_voice_config", "multi_speaker_markup only", func(r *pb.SynthesizeSpeechRequest) {
		r.Voice.MultiSpeakerVoiceConfig = &pb.MultiSpeakerVoiceConfig{}
	}},
	{"audio_config", "required", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig = nil }},
	{"audio_config.audio_encoding", "required", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.AudioEncoding = 0 }},
	{"audio_config.audio_encoding", "LINEAR16", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.AudioEncoding = pb.AudioEncoding_MP3_64_KBPS }},
	{"audio_config.audio_encoding", "99 is not", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.AudioEncoding = 99 }},
	{"audio_config.speaking_rate", "0.25 to 2", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.SpeakingRate = 2.01 }},
	{"audio_config.speaking_rate", "0.25 to 2", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.SpeakingRate = 0.24 }},
	{"audio_config.speaking_rate", "-1 is", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.SpeakingRate = -1 }},
	{"audio_config.speaking_rate", "NaN", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.SpeakingRate = math.NaN() }},
	{"audio_config.pitch", "-20 to 20", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.Pitch = 20.5 }},
	{"audio_config.pitch", "+Inf", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.Pitch = math.Inf(1) }},
	{"audio_config.volume_gain_db", "-96 to 16", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.VolumeGainDb = 16.5 }},
	{"audio_config.volume_gain_db", "-96 to 16", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.VolumeGainDb = -97 }},
	{"audio_config.sample_rate_hertz", "8000 to 48000", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.SampleRateHertz = 7999 }},
	{"audio_config.sample_rate_hertz", "8000 to 48000", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.SampleRateHertz = 48001 }},
	{"audio_config.sample_rate_hertz", "-1 is", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.SampleRateHertz = -1 }},
	{"audio_config.effects_profile_id[0]", "toaster", func(r *pb.SynthesizeSpeechRequest) { r.AudioConfig.EffectsProfileId = []string{"toaster"} }},
	{"audio_config.effects_profile_id", "at most 16", func(r *pb.SynthesizeSpeechRequest) {
		r.AudioConfig.EffectsProfileId = slices.Repeat([]string{"telephony-class-application"}, 17)
	}},
}

const ipa = pb.CustomPronunciationParams_PHONETIC_ENCODING_IPA

// pronounced adds a pronunciation.
func pronounced(phrase, pronunciation string, encoding pb.CustomPronunciationParams_PhoneticEncoding) func(*pb.SynthesizeSpeechRequest) {
	return func(r *pb.SynthesizeSpeechRequest) {
		r.Input.CustomPronunciations = &pb.CustomPronunciations{Pronunciations: []*pb.CustomPronunciationParams{
			{Phrase: &phrase, Pronunciation: &pronunciation, PhoneticEncoding: &encoding},
		}}
	}
}

var twoSpeakers = []string{"A", "en-US-Tone-1", "B", "en-US-Tone-2"}

// turns makes the input turns of speakers, whose voices are aliases and ids.
func turns(speakers, voices []string) func(*pb.SynthesizeSpeechRequest) {
	return func(r *pb.SynthesizeSpeechRequest) {
		m := &pb.MultiSpeakerMarkup{}
		for _, s := range speakers {
			m.Turns = append(m.Turns, &pb.MultiSpeakerMarkup_Turn{Speaker: s, Text: "Hello."})
		}
		r.Input = &pb.SynthesisInput{InputSource: &pb.SynthesisInput_MultiSpeakerMarkup{MultiSpeakerMarkup: m}}
		if voices != nil {
			r.Voice.MultiSpeakerVoiceConfig = &pb.MultiSpeakerVoiceConfig{}
		}
		for i := 0; i < len(voices); i += 2 {
			r.Voice.MultiSpeakerVoiceConfig.SpeakerVoiceConfigs = append(r.Voice.MultiSpeakerVoiceConfig.SpeakerVoiceConfigs,
				&pb.MultispeakerPrebuiltVoice{SpeakerAlias: voices[i], SpeakerId: voices[i+1]})
		}
	}
}

func mustRefuse(t *testing.T, err error, field, says string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.InvalidArgument || f.Field != field || !strings.Contains(f.Message, says) {
		t.Errorf("want INVALID_ARGUMENT %s … %q …, got %v", field, says, err)
	}
}

func TestRefusalsNameTheField(t *testing.T) {
	s := newStand(t, tone.Options{})
	for _, c := range refusals {
		r := speechRequest()
		c.change(r)
		_, err := s.synthesizeSpeech(t.Context(), r)
		mustRefuse(t, err, c.field, c.says)

		l := longRequest()
		l.Input, l.Voice, l.AudioConfig = r.Input, r.Voice, r.AudioConfig
		_, err = s.synthesizeLongAudio(t.Context(), v1, s.operations, l)
		mustRefuse(t, err, c.field, c.says)
	}
}

func TestSpeechRefusals(t *testing.T) {
	s := newStand(t, tone.Options{})
	r := speechRequest()
	r.Input = text(strings.Repeat("é", 2500) + "!")
	_, err := s.synthesizeSpeech(t.Context(), r)
	mustRefuse(t, err, "input.text", "longer than the limit of 5000 bytes")
	r = speechRequest()
	r.EnableTimePointing = []pb.SynthesizeSpeechRequest_TimepointType{7}
	_, err = s.synthesizeSpeech(t.Context(), r)
	mustRefuse(t, err, "enable_time_pointing", "7 is not")
}

func TestLongAudioRefusals(t *testing.T) {
	s := newStand(t, tone.Options{})
	for _, c := range []struct {
		field, says string
		change      func(*pb.SynthesizeLongAudioRequest)
	}{
		{"parent", "projects/PROJECT", func(r *pb.SynthesizeLongAudioRequest) { r.Parent = "" }},
		{"parent", "projects/PROJECT", func(r *pb.SynthesizeLongAudioRequest) { r.Parent = "projects/p/locations/l/x" }},
		{"parent", "without spaces", func(r *pb.SynthesizeLongAudioRequest) { r.Parent = "projects/my project/locations/l" }},
		{"parent", "without spaces", func(r *pb.SynthesizeLongAudioRequest) { r.Parent = "projects/my\u0085project/locations/l" }},
		{"parent", "operations", func(r *pb.SynthesizeLongAudioRequest) { r.Parent = "projects/p/locations/operations" }},
		{"parent", "is the limit", func(r *pb.SynthesizeLongAudioRequest) {
			r.Parent = "projects/" + strings.Repeat("\U0001F600", 122) + "/locations/" + strings.Repeat("\U0001F600", 127)
		}},
		{"output_gcs_uri", "required", func(r *pb.SynthesizeLongAudioRequest) { r.OutputGcsUri = "" }},
		{"output_gcs_uri", "gs://", func(r *pb.SynthesizeLongAudioRequest) { r.OutputGcsUri = "s3://books/a.wav" }},
		{"output_gcs_uri", `".."`, func(r *pb.SynthesizeLongAudioRequest) { r.OutputGcsUri = "gs://books/../a.wav" }},
		{"input.text", "1000000 bytes", func(r *pb.SynthesizeLongAudioRequest) { r.Input = text(strings.Repeat("a ", 500_001)) }},
	} {
		r := longRequest()
		c.change(r)
		_, err := s.synthesizeLongAudio(t.Context(), v1beta1, s.operations, r)
		mustRefuse(t, err, c.field, c.says)
	}
}

func (s *stand) wait(t *testing.T, name string) *Operation {
	t.Helper()
	op, err := s.operations.WaitOperation(t.Context(), &longrunningpb.WaitOperationRequest{Name: name, Timeout: durationpb.New(time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func TestLongAudioWritesTheWholeObject(t *testing.T) {
	s := newStand(t, tone.Options{})
	r := longRequest()
	r.Input = text(strings.Repeat("Abc defg.\n", 2000)) // 20 kB: several shards
	op, err := s.synthesizeLongAudio(t.Context(), v1beta1, s.operations, r)
	if err != nil {
		t.Fatal(err)
	}
	op = s.wait(t, op.Name)
	var meta pb.SynthesizeLongAudioMetadata
	if !op.Done || op.GetError() != nil || op.Metadata.UnmarshalTo(&meta) != nil || meta.ProgressPercentage != 100 {
		t.Fatalf("%v %v", op, &meta)
	}
	if err := op.GetResponse().UnmarshalTo(new(pb.SynthesizeLongAudioResponse)); err != nil {
		t.Error(err)
	}
	got, err := os.ReadFile(s.buckets.Path("books/a.wav"))
	if err != nil {
		t.Fatal(err)
	}
	want := 2000 * 9 * 480 * 2
	if len(got) != 44+want || binary.LittleEndian.Uint32(got[40:]) != uint32(want) {
		t.Errorf("the object has %d bytes, %d of data by its header; want %d of data", len(got), binary.LittleEndian.Uint32(got[40:]), want)
	}
	s.mustBeClean(t)
}

// mustBeClean waits for the end of an operation's clean-up, after which nothing
// is staged or in scratch any more.
func (s *stand) mustBeClean(t *testing.T) {
	t.Helper()
	<-s.discarded
	s.mustHoldNothing(t)
}

// mustHoldNothing fails when anything is staged or in scratch.
func (s *stand) mustHoldNothing(t *testing.T) {
	t.Helper()
	for _, sub := range []string{"staging", "scratch"} {
		if left, err := os.ReadDir(filepath.Join(s.dir, sub)); err != nil || len(left) > 0 {
			t.Errorf("left over in %s: %v, %v", sub, left, err)
		}
	}
}

// telling is a kind that tells when it has cleaned up.
type telling struct {
	longKind
	discarded chan<- struct{}
	swept     chan<- struct{}
}

func (k telling) Kept(ctx context.Context) ([]string, error) {
	defer func() { k.swept <- struct{}{} }()
	return k.longKind.Kept(ctx)
}

func (k telling) Discard(ctx context.Context, w lro.Work) error {
	err := k.longKind.Discard(ctx, w)
	if err == nil {
		k.discarded <- struct{}{}
	}
	return err
}

func TestCancelLeavesNothing(t *testing.T) {
	begun := make(chan struct{}, 100)
	idle := make(chan struct{}, 100)
	s := newStand(t, tone.Options{Hook: func(ctx context.Context, u speech.Utterance, word int) error {
		if !strings.HasPrefix(u.Text, "Stop") {
			return nil
		}
		begun <- struct{}{}
		<-ctx.Done()
		idle <- struct{}{}
		return context.Cause(ctx)
	}})
	r := longRequest()
	r.Input = text(strings.Repeat("Go on. ", 1000) + "Stop here.")
	op, err := s.synthesizeLongAudio(t.Context(), v1, s.operations, r)
	if err != nil {
		t.Fatal(err)
	}
	<-begun
	if _, err := s.operations.CancelOperation(t.Context(), &longrunningpb.CancelOperationRequest{Name: op.Name}); err != nil {
		t.Fatal(err)
	}
	got, err := s.operations.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: op.Name})
	if err != nil || !got.Done || got.GetError().GetCode() != 1 {
		t.Fatalf("right after the cancel: %v, %v", got, err)
	}
	if err := got.Metadata.UnmarshalTo(new(ttspb.SynthesizeLongAudioMetadata)); err != nil {
		t.Error(err)
	}
	<-idle
	s.mustBeClean(t)
	if _, err := os.Stat(s.buckets.Path("books/a.wav")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an object is at the output of a cancelled operation: %v", err)
	}
}

func TestIdempotencyKey(t *testing.T) {
	s := newStand(t, tone.Options{})
	ctx := metadata.NewIncomingContext(t.Context(), metadata.Pairs(IdempotencyKeyHeader, "k1"))
	first, err := s.synthesizeLongAudio(ctx, v1, s.operations, longRequest())
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.synthesizeLongAudio(ctx, v1, s.operations, longRequest())
	if err != nil || again.Name != first.Name {
		t.Errorf("the same request again: %v, %v", again, err)
	}
	other := longRequest()
	other.Input = text("another")
	if _, err := s.synthesizeLongAudio(ctx, v1, s.operations, other); !fault.Is(err, fault.AlreadyExists) {
		t.Errorf("another request with the same key: %v", err)
	}
	s.wait(t, first.Name)
}
