package client

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc/codes"
	grpcmetadata "google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/synth"
)

// What a stream is asked for, and tells, of its sample rate, as ttsapi has it.
const (
	rateHeader  = "x-lectern-sample-rate"
	naturalRate = "natural"
	// googleRate is that of a stream that tells and was asked for none.
	googleRate audio.SampleRate = 24000
)

// Sound is an answer to [Client.Stream] while it is spoken, without a header: samples
// for LINEAR16, PCM, MULAW and ALAW, a whole Ogg stream for OGG_OPUS. It is for one
// goroutine, which closes it. The server is never held up by it: what has come and was
// not taken yet is kept, at most what the answer of [Client.Speak] would be.
type Sound struct {
	// Voice is the name of the one that speaks; empty when the server does not tell.
	Voice      string
	SampleRate audio.SampleRate

	client *Client
	stop   context.CancelFunc
	gone   chan struct{} // closed when nothing more comes
	meter  meter

	mu   sync.Mutex
	more sync.Cond
	came [][]byte
	end  error
}

// Stream says req with the words and the sound of [Client.Speak], and returns when the
// first sound has come; the rest follows while it is spoken, until ctx ends.
//
// Errors are those of Speak, with the stream's names of fields. What streams do not have,
// such as SSML, MP3 and effects, is UNIMPLEMENTED, as all is of a server without streams.
// Nothing was heard then: Speak can be asked instead, and tells what is wrong in its names.
func (c *Client) Stream(ctx context.Context, req synth.Request) (*Sound, error) {
	config, err := streamConfig(req)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(grpcmetadata.AppendToOutgoingContext(withLexicons(ctx, req), rateHeader, naturalRate))
	call, err := c.speech.StreamingSynthesize(ctx)
	if err != nil {
		stop()
		return nil, c.fault(err)
	}
	s := &Sound{client: c, stop: stop, gone: make(chan struct{})}
	s.more.L = &s.mu
	// A message that cannot be sent is of a call that has ended: receiving tells why.
	_ = call.Send(&ttspb.StreamingSynthesizeRequest{StreamingRequest: &ttspb.StreamingSynthesizeRequest_StreamingConfig{StreamingConfig: config}})
	_ = call.Send(&ttspb.StreamingSynthesizeRequest{StreamingRequest: &ttspb.StreamingSynthesizeRequest_Input{Input: streamInput(req)}})
	_ = call.CloseSend()
	go s.receive(call)
	if err := s.begins(); err != nil {
		s.Close()
		return nil, err
	}
	told, err := call.Header() // it has come before the sound
	if err != nil {
		s.Close()
		return nil, c.fault(err)
	}
	s.Voice = strings.Join(told.Get(voiceHeader), ", ")
	s.SampleRate = googleRate
	if req.SampleRate > 0 {
		s.SampleRate = req.SampleRate
	}
	if rate, err := strconv.Atoi(strings.Join(told.Get(rateHeader), "")); err == nil && rate > 0 {
		s.SampleRate = audio.SampleRate(rate)
	}
	s.meter = meter{encoding: config.StreamingAudioConfig.AudioEncoding, rate: s.SampleRate}
	return s, nil
}

// receive takes all that comes.
func (s *Sound) receive(call ttspb.TextToSpeech_StreamingSynthesizeClient) {
	defer close(s.gone)
	for {
		answer, err := call.Recv()
		s.mu.Lock()
		if err != nil {
			s.end = err
		} else if len(answer.AudioContent) > 0 {
			s.came = append(s.came, answer.AudioContent)
		}
		s.more.Signal()
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// begins waits for the first sound.
func (s *Sound) begins() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.await()
	switch {
	case len(s.came) > 0:
		return nil
	case errors.Is(s.end, io.EOF):
		return fault.New(fault.Unimplemented, "The server's stream has no sound.")
	}
	return s.client.fault(s.end)
}

// await waits for more sound or the end. The caller holds mu.
func (s *Sound) await() {
	for len(s.came) == 0 && s.end == nil {
		s.more.Wait()
	}
}

// Next waits for more sound, and returns io.EOF when there is no more. After another
// error the sound is not whole.
func (s *Sound) Next() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.await()
	switch {
	case len(s.came) > 0:
		next := s.came[0]
		s.came = s.came[1:]
		s.meter.take(next)
		return next, nil
	case errors.Is(s.end, io.EOF):
		return nil, io.EOF
	case status.Code(s.end) == codes.Unavailable:
		return nil, fault.New(fault.Unavailable, "The connection to %s broke while the sound came.", s.client.address).Because(errors.New(status.Convert(s.end).Message()))
	}
	return nil, s.client.fault(s.end)
}

// Length is how long the sound is that Next has returned.
func (s *Sound) Length() time.Duration { return s.meter.length() }

// Close has the server stop, if it still speaks.
func (s *Sound) Close() {
	s.stop()
	<-s.gone
}

// streamConfig is how a request is put to a stream, if it can be.
func streamConfig(req synth.Request) (*ttspb.StreamingSynthesizeConfig, error) {
	encoding, known := streamEncodings[req.Encoding]
	switch {
	case !known:
		return nil, fault.New(fault.Unimplemented, "Streams have no %s.", req.Encoding)
	case req.SSML != "":
		return nil, fault.New(fault.Unimplemented, "Streams take no SSML.")
	case req.Prosody.PitchSemitones != 0 || req.Prosody.GainDB != 0 || len(req.Effects) > 0:
		return nil, fault.New(fault.Unimplemented, "Streams have no pitch, no volume and no effects.")
	}
	return &ttspb.StreamingSynthesizeConfig{
		Voice: voice(req),
		StreamingAudioConfig: &ttspb.StreamingAudioConfig{
			AudioEncoding:   encoding,
			SampleRateHertz: int32(req.SampleRate),
			SpeakingRate:    req.Prosody.Rate,
		},
	}, nil
}

// streamEncodings are those of streams (docs/contract.md 2.2), by what they are called
// elsewhere.
var streamEncodings = map[string]ttspb.AudioEncoding{
	"LINEAR16": ttspb.AudioEncoding_PCM, "PCM": ttspb.AudioEncoding_PCM,
	"MULAW": ttspb.AudioEncoding_MULAW, "ALAW": ttspb.AudioEncoding_ALAW, "OGG_OPUS": ttspb.AudioEncoding_OGG_OPUS,
}

func streamInput(req synth.Request) *ttspb.StreamingSynthesisInput {
	if req.Markup != "" {
		return &ttspb.StreamingSynthesisInput{InputSource: &ttspb.StreamingSynthesisInput_Markup{Markup: req.Markup}}
	}
	return &ttspb.StreamingSynthesisInput{InputSource: &ttspb.StreamingSynthesisInput_Text{Text: req.Text}}
}
