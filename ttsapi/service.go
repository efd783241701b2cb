package ttsapi

import (
	"context"
	"log/slog"
	"time"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/longaudio"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// Limits bound what one request may cost.
type Limits struct {
	// TextBytes is the longest input of SynthesizeSpeech.
	TextBytes int
	// LongTextBytes is the longest input of SynthesizeLongAudio.
	LongTextBytes int
	// AudioBytes is the most sound in one response.
	AudioBytes int64
	// OperationAudio is the longest sound that a long operation may ask for, as
	// far as that can be known beforehand.
	OperationAudio time.Duration
	// SpeakingRate is the highest audio_config.speaking_rate.
	SpeakingRate float64
}

// DefaultLimits are those of the API (docs/contract.md 3), 100 MiB of sound in one
// response, and what the longest text takes at the slowest rate.
var DefaultLimits = Limits{TextBytes: 5000, LongTextBytes: 1_000_000, AudioBytes: 100 << 20, OperationAudio: synth.DefaultLongest, SpeakingRate: 2}

// Starter starts long operations: an lro.Manager.
type Starter interface {
	Start(ctx context.Context, op lro.NewOperation) (*Operation, error)
}

// Config is what a Service is made of. All fields are needed but Limits, whose
// zero fields mean the defaults, and those that may be nil.
type Config struct {
	Synth *synth.Synth
	// LongAudio makes what SynthesizeLongAudio asks for.
	LongAudio *longaudio.Studio
	Limits    Limits
	// Strict refuses what would be accepted and not followed, such as a prompt.
	Strict bool
	// StrictSSML refuses elements of SSML that are not known, instead of
	// speaking what they hold, and recordings of addresses that cannot be had.
	StrictSSML bool
	// Reserve sets memory aside for an answer of so many bytes before it is made,
	// or says why it cannot be. Nil: it is taken for granted.
	Reserve func(ctx context.Context, bytes int64) error
	// Callers gives calls their turns and counts streams; nil: one of its own.
	Callers *callers.Callers
	// MayWrite reports whether a principal may write to a bucket for a project. Claim
	// does so when an operation is about to begin that will, and makes the bucket the
	// project's if it is nobody's. Nil: everybody may.
	MayWrite, Claim func(ctx context.Context, p auth.Principal, project, bucket string) (bool, error)
	// Webhooks tell receivers that requests name; nil: requests may name none.
	Webhooks Webhooks
	// Quota counts what is used, and refuses what is beyond limits; nil: nothing.
	Quota *quota.Quota
	// Remote is the address of the client whose call a context belongs to. Nil: all
	// calls are one client's.
	Remote func(ctx context.Context) string
	// StreamIdle is how long a stream waits for more text before it speaks what
	// may not be a sentence yet; 0 means synth.DefaultIdle.
	StreamIdle time.Duration
	Log        *slog.Logger
}

// Service implements the Text-to-Speech services of both versions.
type Service struct {
	synth *synth.Synth
	long  *longaudio.Studio
	// buckets are those that are tied to projects.
	mayWrite, claim func(ctx context.Context, p auth.Principal, project, bucket string) (bool, error)
	limits          Limits
	strict          bool
	// strictSSML is that of the Config.
	strictSSML bool
	reserve    func(context.Context, int64) error
	streamIdle time.Duration
	callers    *callers.Callers
	webhooks   Webhooks
	quota      *quota.Quota
	remote     func(context.Context) string
	log        *slog.Logger
}

// New makes a Service.
func New(c Config) *Service {
	if c.Limits.TextBytes == 0 {
		c.Limits.TextBytes = DefaultLimits.TextBytes
	}
	if c.Limits.LongTextBytes == 0 {
		c.Limits.LongTextBytes = DefaultLimits.LongTextBytes
	}
	if c.Limits.AudioBytes == 0 {
		c.Limits.AudioBytes = DefaultLimits.AudioBytes
	}
	if c.Limits.OperationAudio == 0 {
		c.Limits.OperationAudio = DefaultLimits.OperationAudio
	}
	if c.Limits.SpeakingRate == 0 {
		c.Limits.SpeakingRate = DefaultLimits.SpeakingRate
	}
	if c.Callers == nil {
		c.Callers = callers.New(callers.Limits{})
	}
	if c.Remote == nil {
		c.Remote = func(context.Context) string { return "" }
	}
	if c.Reserve == nil {
		c.Reserve = func(context.Context, int64) error { return nil }
	}
	return &Service{
		synth: c.Synth, long: c.LongAudio, mayWrite: c.MayWrite, claim: c.Claim, limits: c.Limits, strict: c.Strict, strictSSML: c.StrictSSML, reserve: c.Reserve, log: c.Log,
		streamIdle: c.StreamIdle, callers: c.Callers, quota: c.Quota, remote: c.Remote, webhooks: c.Webhooks,
	}
}

// LongAudioKinds are the kinds of operation that [Service.Register]'s starter
// must know: one for each version, since an operation's messages are those of
// the version that was called.
func (s *Service) LongAudioKinds() []lro.Kind {
	return []lro.Kind{newLongKind(s.long, v1), newLongKind(s.long, v1beta1)}
}

// Register puts the services of both versions on g. starter starts the long
// operations.
func (s *Service) Register(g grpc.ServiceRegistrar, starter Starter) {
	speech, long := speechV1beta1{Service: s}, longV1beta1{Service: s, starter: starter}
	pb.RegisterTextToSpeechServer(g, &speech)
	pb.RegisterTextToSpeechLongAudioSynthesizeServer(g, &long)
	g.RegisterService(asV1(ttspb.TextToSpeech_ServiceDesc, pb.TextToSpeech_ServiceDesc), &speechV1{speech})
	g.RegisterService(asV1(ttspb.TextToSpeechLongAudioSynthesize_ServiceDesc, pb.TextToSpeechLongAudioSynthesize_ServiceDesc), &longV1{long})
}
