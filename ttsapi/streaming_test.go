package ttsapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/oggopus"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// newSpeaker is a service that speaks and cannot do long work.
func newSpeaker(t *testing.T, options tone.Options, change func(*Config)) *Service {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	engines, err := engine.Open(t.Context(), engine.Config{Slots: 2, Log: log, Sources: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(options), nil },
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engines.Close() })
	formats := encode.NewCatalogue(wav.Linear16(), pcm.Format(), wav.MuLaw(), wav.ALaw(), oggopus.Format())
	c := Config{Synth: synth.New(synth.Config{Engines: engines, Formats: formats, Log: log}), Log: log}
	change(&c)
	return New(c)
}

// caller is the other side of a stream.
type caller struct {
	grpc.ServerStream
	ctx    context.Context
	says   chan *pb.StreamingSynthesizeRequest // closed: half-closed
	hears  chan []byte
	over   chan struct{} // closed when the call is
	header metadata.MD
	ended  chan error
}

func (c *caller) Context() context.Context { return c.ctx }
func (c *caller) SetHeader(md metadata.MD) error {
	c.header = metadata.Join(c.header, md)
	return nil
}

func (c *caller) Recv() (*pb.StreamingSynthesizeRequest, error) {
	select {
	case message, more := <-c.says:
		if !more {
			return nil, io.EOF
		}
		return message, nil
	case <-c.ctx.Done():
		return nil, c.ctx.Err()
	}
}

func (c *caller) Send(answer *pb.StreamingSynthesizeResponse) error {
	select {
	case c.hears <- bytes.Clone(answer.AudioContent):
		return nil
	case <-c.ctx.Done():
		return c.ctx.Err()
	}
}

// call begins a stream; whoever calls takes the sound from hears.
func call(ctx context.Context, s *Service) *caller {
	ctx, end := context.WithCancel(ctx)
	c := &caller{ctx: ctx, says: make(chan *pb.StreamingSynthesizeRequest), hears: make(chan []byte), over: make(chan struct{}), ended: make(chan error, 1)}
	go func() {
		err := s.streamingSynthesize(c)
		end()
		c.ended <- err
		close(c.over)
	}()
	return c
}

// say sends messages, unless the stream ends before.
func (c *caller) say(messages ...*pb.StreamingSynthesizeRequest) {
	for _, m := range messages {
		select {
		case c.says <- m:
		case <-c.ctx.Done():
			return
		}
	}
}

// hear takes all of the sound, in the messages in which it came.
func (c *caller) hear() [][]byte {
	var all [][]byte
	for {
		select {
		case sound := <-c.hears:
			all = append(all, sound)
		case <-c.over:
			return all
		}
	}
}

// stream says messages, ends and takes all of the sound.
func stream(t *testing.T, s *Service, messages ...*pb.StreamingSynthesizeRequest) ([][]byte, error) {
	t.Helper()
	c := call(t.Context(), s)
	go func() {
		c.say(messages...)
		close(c.says)
	}()
	sound := c.hear()
	return sound, <-c.ended
}

func configured(change ...func(*pb.StreamingSynthesizeConfig)) *pb.StreamingSynthesizeRequest {
	c := &pb.StreamingSynthesizeConfig{Voice: &pb.VoiceSelectionParams{LanguageCode: "en-US", Name: "en-US-Tone-2"}}
	for _, f := range change {
		f(c)
	}
	return &pb.StreamingSynthesizeRequest{StreamingRequest: &pb.StreamingSynthesizeRequest_StreamingConfig{StreamingConfig: c}}
}

func sounding(c *pb.StreamingAudioConfig) *pb.StreamingSynthesizeRequest {
	return configured(func(config *pb.StreamingSynthesizeConfig) { config.StreamingAudioConfig = c })
}

func input(in *pb.StreamingSynthesisInput) *pb.StreamingSynthesizeRequest {
	return &pb.StreamingSynthesizeRequest{StreamingRequest: &pb.StreamingSynthesizeRequest_Input{Input: in}}
}

func saying(text string) *pb.StreamingSynthesizeRequest {
	return input(&pb.StreamingSynthesisInput{InputSource: &pb.StreamingSynthesisInput_Text{Text: text}})
}

func marked(text string) *pb.StreamingSynthesizeRequest {
	return input(&pb.StreamingSynthesisInput{InputSource: &pb.StreamingSynthesisInput_Markup{Markup: text}})
}

func turned(speakers ...string) *pb.StreamingSynthesizeRequest {
	m := &pb.MultiSpeakerMarkup{}
	for _, s := range speakers {
		m.Turns = append(m.Turns, &pb.MultiSpeakerMarkup_Turn{Speaker: s, Text: "Hello there."})
	}
	return input(&pb.StreamingSynthesisInput{InputSource: &pb.StreamingSynthesisInput_MultiSpeakerMarkup{MultiSpeakerMarkup: m}})
}

func twoVoices(c *pb.StreamingSynthesizeConfig) {
	c.Voice.MultiSpeakerVoiceConfig = &pb.MultiSpeakerVoiceConfig{SpeakerVoiceConfigs: []*pb.MultispeakerPrebuiltVoice{
		{SpeakerAlias: "A", SpeakerId: "en-US-Tone-2"}, {SpeakerAlias: "B", SpeakerId: "en-US-Tone-1"},
	}}
}

// A stream's sound is that of SynthesizeSpeech, in every encoding, however the
// text comes.
func TestAStreamIsTheSoundOfItsText(t *testing.T) {
	s := newSpeaker(t, tone.Options{}, func(*Config) {})
	const written = "Hello there. How is Mr. Smith? He paid $5."
	for _, c := range []struct {
		name   string
		config *pb.StreamingAudioConfig
		audio  *pb.AudioConfig
		header int
	}{
		{"nothing said of it", nil, &pb.AudioConfig{AudioEncoding: pb.AudioEncoding_PCM}, 0},
		{"PCM", &pb.StreamingAudioConfig{AudioEncoding: pb.AudioEncoding_PCM, SpeakingRate: 1}, &pb.AudioConfig{AudioEncoding: pb.AudioEncoding_PCM}, 0},
		{"another rate", &pb.StreamingAudioConfig{SampleRateHertz: 16000}, &pb.AudioConfig{AudioEncoding: pb.AudioEncoding_PCM, SampleRateHertz: 16000}, 0},
		{"faster", &pb.StreamingAudioConfig{SpeakingRate: 2}, &pb.AudioConfig{AudioEncoding: pb.AudioEncoding_PCM, SpeakingRate: 2}, 0},
		{"MULAW", &pb.StreamingAudioConfig{AudioEncoding: pb.AudioEncoding_MULAW, SampleRateHertz: 8000}, &pb.AudioConfig{AudioEncoding: pb.AudioEncoding_MULAW, SampleRateHertz: 8000}, 58},
		{"ALAW", &pb.StreamingAudioConfig{AudioEncoding: pb.AudioEncoding_ALAW}, &pb.AudioConfig{AudioEncoding: pb.AudioEncoding_ALAW}, 58},
	} {
		t.Run(c.name, func(t *testing.T) {
			whole, err := s.synthesizeSpeech(t.Context(), &pb.SynthesizeSpeechRequest{
				Input: text(written), Voice: configured().GetStreamingConfig().Voice, AudioConfig: c.audio,
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, fragments := range [][]string{{written}, {"Hel", "lo there. How is Mr", ". Smith", "? He paid $", "5."}, {"", "Hello there.", " ", "How is Mr. Smith?", " He paid $5."}} {
				messages := []*pb.StreamingSynthesizeRequest{sounding(c.config)}
				for _, f := range fragments {
					messages = append(messages, saying(f))
				}
				sound, err := stream(t, s, messages...)
				if got, want := bytes.Join(sound, nil), whole.AudioContent[c.header:]; err != nil || !bytes.Equal(got, want[:min(len(want), len(got))]) || len(want)-len(got) > 1 {
					t.Errorf("%q: %v, %d bytes of sound, want %d", fragments, err, len(got), len(want))
				}
			}
		})
	}
}

// One Ogg stream, whose pages leave as they are made.
func TestAStreamOfOpusIsOneFile(t *testing.T) {
	s := newSpeaker(t, tone.Options{}, func(*Config) {})
	c := call(t.Context(), s)
	var sound []byte
	c.say(sounding(&pb.StreamingAudioConfig{AudioEncoding: pb.AudioEncoding_OGG_OPUS}))
	for _, f := range []string{"This is the first one.", "And this the second."} {
		c.say(saying(f))
		const utterance = 20 * 30 * time.Millisecond // at least
		for spoken := len(sound); len(sound)-spoken < int(utterance.Seconds()*2000); {
			sound = append(sound, <-c.hears...)
		}
	}
	close(c.says)
	sound = append(sound, bytes.Join(c.hear(), nil)...)
	if err := <-c.ended; err != nil {
		t.Fatal(err)
	}
	first, last := bytes.Count(sound, []byte("OggS\x00\x02")), bytes.Count(sound, []byte("OggS\x00\x04"))
	if first != 1 || last != 1 || bytes.Count(sound, []byte("OpusHead")) != 1 {
		t.Errorf("%d beginnings and %d ends in %d bytes", first, last, len(sound))
	}
}

func TestMarkupAndTurnsAreStreamed(t *testing.T) {
	s := newSpeaker(t, tone.Options{}, func(*Config) {})
	const character, pause, between = 720, 12000, 4800 // frames at 24,000 Hz
	for name, c := range map[string]struct {
		messages []*pb.StreamingSynthesizeRequest
		frames   int
	}{
		"markup":                 {[]*pb.StreamingSynthesizeRequest{configured(), marked("ab [pa"), marked("use] cd")}, 4*character + pause},
		"turns":                  {[]*pb.StreamingSynthesizeRequest{configured(twoVoices), turned("A"), turned("B", "A")}, 3*12*character + 2*between},
		"text for two voices":    {[]*pb.StreamingSynthesizeRequest{configured(twoVoices), saying("abc")}, 3 * character},
		"pronunciations":         {[]*pb.StreamingSynthesizeRequest{configured(func(c *pb.StreamingSynthesizeConfig) { c.CustomPronunciations = pronouncing("New York", "a") }), saying("ab New Y"), saying("ork")}, 4 * character},
		"nothing but the config": {[]*pb.StreamingSynthesizeRequest{configured()}, 0},
	} {
		sound, err := stream(t, s, c.messages...)
		if got := len(bytes.Join(sound, nil)) / 2; err != nil || got != c.frames {
			t.Errorf("%s: %v, %d frames, want %d", name, err, got, c.frames)
		}
	}
}

func pronouncing(phrase, ipa string) *pb.CustomPronunciations {
	return &pb.CustomPronunciations{Pronunciations: []*pb.CustomPronunciationParams{{
		Phrase: proto.String(phrase), Pronunciation: proto.String(ipa),
		PhoneticEncoding: pb.CustomPronunciationParams_PHONETIC_ENCODING_IPA.Enum(),
	}}}
}

func TestSoundComesInSmallMessages(t *testing.T) {
	s := newSpeaker(t, tone.Options{}, func(*Config) {})
	sound, err := stream(t, s, configured(), saying("This one is long enough for a few messages."))
	if err != nil || len(sound) < 10 {
		t.Errorf("%v, %d messages", err, len(sound))
	}
	for _, message := range sound {
		if len(message) > 2*24000/25 {
			t.Errorf("a message has %d bytes", len(message))
		}
	}
}

func TestStreamsTellWhoSpeaksAndWhatIsIgnored(t *testing.T) {
	s := newSpeaker(t, tone.Options{}, func(*Config) {})
	c := call(t.Context(), s)
	in := saying("Hello.")
	in.GetInput().Prompt = proto.String("sadly")
	c.say(configured(), in)
	close(c.says)
	c.hear()
	if err := <-c.ended; err != nil || first(c.header.Get(voiceHeader)) != "en-US-Tone-2" || first(c.header.Get(ignoredHeader)) != "input.prompt" {
		t.Errorf("%v, %v", err, c.header)
	}
}

func TestStreamsRefuse(t *testing.T) {
	s := newSpeaker(t, tone.Options{}, func(*Config) {})
	for _, c := range []struct {
		field, says string
		messages    []*pb.StreamingSynthesizeRequest
	}{
		{"streaming_config", "empty", nil},
		{"streaming_config", "first message", []*pb.StreamingSynthesizeRequest{saying("Hello.")}},
		{"streaming_config", "first message", []*pb.StreamingSynthesizeRequest{{}}},
		{"streaming_config", "one streaming_config", []*pb.StreamingSynthesizeRequest{configured(), configured()}},
		{"streaming_config.voice", "required", []*pb.StreamingSynthesizeRequest{configured(func(c *pb.StreamingSynthesizeConfig) { c.Voice = nil })}},
		{"streaming_config.voice.language_code", "required", []*pb.StreamingSynthesizeRequest{configured(func(c *pb.StreamingSynthesizeConfig) { c.Voice.LanguageCode = "" })}},
		{"streaming_config.voice.name", "does not exist", []*pb.StreamingSynthesizeRequest{configured(func(c *pb.StreamingSynthesizeConfig) { c.Voice.Name = "en-US-Nobody-1" })}},
		{"streaming_config.streaming_audio_config.audio_encoding", "Unsupported audio encoding", []*pb.StreamingSynthesizeRequest{sounding(&pb.StreamingAudioConfig{AudioEncoding: pb.AudioEncoding_LINEAR16})}},
		{"streaming_config.streaming_audio_config.audio_encoding", "Unsupported audio encoding", []*pb.StreamingSynthesizeRequest{sounding(&pb.StreamingAudioConfig{AudioEncoding: pb.AudioEncoding_MP3})}},
		{"streaming_config.streaming_audio_config.audio_encoding", "Unsupported audio encoding", []*pb.StreamingSynthesizeRequest{sounding(&pb.StreamingAudioConfig{AudioEncoding: 99})}},
		{"streaming_config.streaming_audio_config.speaking_rate", "out of range", []*pb.StreamingSynthesizeRequest{sounding(&pb.StreamingAudioConfig{SpeakingRate: 3})}},
		{"streaming_config.streaming_audio_config.sample_rate_hertz", "out of range", []*pb.StreamingSynthesizeRequest{sounding(&pb.StreamingAudioConfig{SampleRateHertz: 96000})}},
		{"streaming_config.streaming_audio_config.sample_rate_hertz", "cannot carry", []*pb.StreamingSynthesizeRequest{sounding(&pb.StreamingAudioConfig{AudioEncoding: pb.AudioEncoding_OGG_OPUS, SampleRateHertz: 22050})}},
		{"streaming_config.custom_pronunciations.pronunciations[0].pronunciation", "cannot be read", []*pb.StreamingSynthesizeRequest{configured(func(c *pb.StreamingSynthesizeConfig) { c.CustomPronunciations = pronouncing("a", "t∂") })}},
		{"streaming_config.voice.multi_speaker_voice_config.speaker_voice_configs[1].speaker_id", "does not exist", []*pb.StreamingSynthesizeRequest{configured(twoVoices, func(c *pb.StreamingSynthesizeConfig) {
			c.Voice.MultiSpeakerVoiceConfig.SpeakerVoiceConfigs[1].SpeakerId = "en-US-Nobody-1"
		})}},
		{"streaming_config.voice.multi_speaker_voice_config", "required", []*pb.StreamingSynthesizeRequest{configured(), turned("A")}},
		{"input.multi_speaker_markup.turns[1].speaker", "none of the speakers", []*pb.StreamingSynthesizeRequest{configured(twoVoices), turned("A", "C")}},
		{"input.markup", "one kind", []*pb.StreamingSynthesizeRequest{configured(), saying("a"), marked("b")}},
		{"input.text", "one kind", []*pb.StreamingSynthesizeRequest{configured(twoVoices), turned("A"), saying("b")}},
		{"input", "required", []*pb.StreamingSynthesizeRequest{configured(), {}}},
		{"input", "Nothing to speak", []*pb.StreamingSynthesizeRequest{configured(), input(&pb.StreamingSynthesisInput{})}},
		{"input.text", "5000 is the limit", []*pb.StreamingSynthesizeRequest{configured(), saying(strings.Repeat("a", 1<<20))}},
		{"input.text", "UTF-8", []*pb.StreamingSynthesizeRequest{configured(), saying("a\xed\xa0\x80b")}},
		{"input.text", "NUL", []*pb.StreamingSynthesizeRequest{configured(), saying("a\x00b")}},
		{"input.prompt", "4000 is the limit", []*pb.StreamingSynthesizeRequest{configured(), input(&pb.StreamingSynthesisInput{Prompt: proto.String(strings.Repeat("x", 4001))})}},
	} {
		_, err := stream(t, s, c.messages...)
		if f := fault.From(err); err == nil || f.Code != fault.InvalidArgument || f.Field != c.field || !strings.Contains(f.Message, c.says) {
			t.Errorf("want %s: … %s …, got %v", c.field, c.says, err)
		}
	}
}

// Nothing is answered before the first message was read.
func TestARefusalComesAfterTheFirstMessage(t *testing.T) {
	s := newSpeaker(t, tone.Options{}, func(c *Config) { c.Callers = callers.New(callers.Limits{Streams: 1}) })
	before := call(t.Context(), s)
	before.say(configured(), saying("Hello there."))
	<-before.hears
	synced := call(t.Context(), s)
	select {
	case synced.says <- configured():
	case err := <-synced.ended:
		t.Fatalf("refused unread: %v", err)
	}
	if err := <-synced.ended; !fault.Is(err, fault.ResourceExhausted) {
		t.Errorf("a second stream where one is allowed: %v", err)
	}
	close(before.says)
	before.hear()
	if err := <-before.ended; err != nil {
		t.Error(err)
	}
	if _, err := stream(t, s, configured()); err != nil {
		t.Errorf("after the first has ended: %v", err)
	}
}

// TestAStreamThatCannotBeginIsRefused: while nobody may wait for a voice, and the
// voice is another's. Before it has text it needs none.
func TestAStreamThatCannotBeginIsRefused(t *testing.T) {
	all := callers.New(callers.Limits{Slots: 1, Waiting: -1})
	s := newSpeaker(t, tone.Options{}, func(c *Config) { c.Callers = all })
	_, leave, err := all.Turn(t.Context(), callers.At("192.0.2.1:1"), 1)
	if err != nil {
		t.Fatal(err)
	}
	c := call(t.Context(), s)
	c.say(configured(), saying("Hello there."))
	if f := fault.From(<-c.ended); f.Code != fault.ResourceExhausted || f.RetryAfter == 0 {
		t.Errorf("a stream with text: %v", f)
	}
	if _, err := stream(t, s, configured()); err != nil {
		t.Errorf("a stream without any: %v", err)
	}
	leave()
	for range 2 { // the first has given its turn back
		if sound, err := stream(t, s, configured(), saying("Hello there.")); err != nil || len(sound) == 0 {
			t.Errorf("when there is a voice again: %v, %d messages", err, len(sound))
		}
	}
}

func TestAStreamWithoutTextIsAborted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSpeaker(t, tone.Options{}, func(*Config) {})
		c := call(t.Context(), s)
		sound := make(chan [][]byte, 1)
		go func() { sound <- c.hear() }()
		c.say(configured(), saying("Hello"))
		time.Sleep(silentFor - time.Second)
		c.say(saying(" there."))
		began := time.Now()
		err := <-c.ended
		if f := fault.From(err); err == nil || f.Code != fault.Aborted || !strings.Contains(f.Message, "Stream aborted due to long duration elapsed without input sent.") {
			t.Errorf("%v", err)
		}
		if waited := time.Since(began); waited < silentFor || waited > silentFor+time.Second {
			t.Errorf("aborted after %v", waited)
		}
		if n := len(bytes.Join(<-sound, nil)); n != 11*720*2 {
			t.Errorf("%d bytes were spoken before", n)
		}
		s.synth.Engines().Close()
	})
}

func TestASlowEngineIsNoSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSpeaker(t, tone.Options{Hook: func(ctx context.Context, _ speech.Utterance, word int) error {
			if word == 0 {
				time.Sleep(3 * silentFor)
			}
			return nil
		}}, func(*Config) {})
		c := call(t.Context(), s)
		c.say(configured(), saying("Hello there."))
		<-c.hears
		close(c.says)
		c.hear()
		if err := <-c.ended; err != nil {
			t.Error(err)
		}
		s.synth.Engines().Close()
	})
}

func TestAStreamThatNobodyTakesEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSpeaker(t, tone.Options{}, func(*Config) {})
		c := call(t.Context(), s)
		c.say(configured(), saying("Hello there."))
		began := time.Now()
		err := <-c.ended
		if waited := time.Since(began); !fault.Is(err, fault.DeadlineExceeded) || waited != untakenFor+farewell {
			t.Errorf("after %v: %v", waited, err)
		}
		if busy := s.synth.Engines().Busy(); busy != 0 {
			t.Errorf("%d engines are busy", busy)
		}
		s.synth.Engines().Close()
	})
}

// TestAStreamThatIsHeardAtItsPaceGoesOn: who has taken a minute of sound at once may take
// no more until it has heard that.
func TestAStreamThatIsHeardAtItsPaceGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSpeaker(t, tone.Options{}, func(*Config) {})
		c := call(t.Context(), s)
		c.say(configured())
		go c.say(saying(strings.Repeat("This goes on and on. ", 200)))
		const minute = 60 * streamRate * 2
		taken := 0
		for taken < minute {
			taken += len(<-c.hears)
		}
		began := time.Now()
		err := <-c.ended
		latest := time.Minute + untakenFor + mostSound + farewell
		if waited := time.Since(began); !fault.Is(err, fault.DeadlineExceeded) || waited < time.Minute+untakenFor || waited > latest {
			t.Errorf("after %v: %v", waited, err)
		}
		s.synth.Engines().Close()
	})
}

// Over the wire, with Google's stubs: both versions speak, and a cancelled call
// stops the engine.
func TestStreamsOverTheWire(t *testing.T) {
	begun, ended := make(chan struct{}), make(chan error, 1)
	s := newSpeaker(t, tone.Options{Hook: func(ctx context.Context, u speech.Utterance, word int) error {
		if word != 0 || u.Text != "Please wait." {
			return nil
		}
		close(begun)
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return context.Cause(ctx)
	}}, func(*Config) {})
	g := grpc.NewServer()
	s.Register(g, nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = g.Serve(l) }()
	t.Cleanup(g.Stop)
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })

	beta, err := pb.NewTextToSpeechClient(conn).StreamingSynthesize(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(beta.Send(configured()), beta.Send(saying("Hello there.")), beta.CloseSend()); err != nil {
		t.Fatal(err)
	}
	heard := 0
	for {
		sound, err := beta.Recv()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		heard += len(sound.AudioContent)
	}
	if heard != 12*720*2 {
		t.Errorf("v1beta1: %d bytes", heard)
	}

	ctx, cancel := context.WithCancel(t.Context())
	v1, err := ttspb.NewTextToSpeechClient(conn).StreamingSynthesize(ctx)
	if err != nil {
		t.Fatal(err)
	}
	config := asRead(t, configured(), new(ttspb.StreamingSynthesizeRequest))
	said := asRead(t, saying("Please wait."), new(ttspb.StreamingSynthesizeRequest))
	if err := errors.Join(v1.Send(config), v1.Send(said)); err != nil {
		t.Fatal(err)
	}
	<-begun
	cancelled := time.Now()
	cancel()
	<-ended
	t.Logf("the engine stops %v after the cancel", time.Since(cancelled))
	s.synth.Engines().Close()
	if busy := s.synth.Engines().Busy(); busy != 0 {
		t.Errorf("%d engines are busy", busy)
	}
}
