package lectern

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"os"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/clip"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/flac"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/installed"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/server"
	"github.com/lectern/lectern/synth"
	"github.com/lectern/lectern/ttsapi"
)

// Config is what a Server is made of. Every zero field means what stands beside it.
type Config struct {
	// Listen is HOST:PORT for gRPC and REST together; port 0 picks a free one.
	// Listeners are open ones, for the same. None of both: the server listens
	// nowhere, and is reached by Handler or Register.
	Listen    string
	Listeners []net.Listener
	// Wyoming is HOST:PORT for Home Assistant's protocol. Default: it is not served.
	Wyoming string

	// Data is the directory of the operations, of the buckets and of scratch; it is
	// made where there is none. Default: a temporary one, which Close removes.
	Data string

	// Engines speak, the preferred first. Default: those that are installed on this
	// machine, whose workers are in the directory Workers (default: beside this
	// program, or those of the lectern on the PATH) and whose neural voices are in Voices (default: where `lectern voices
	// install` puts them). Voices that are installed later are found while Run runs.
	Engines []engine.Source
	Workers string
	Voices  string
	// Names are names that voices have beside their own. Default: none.
	Names voices.Names
	// Slots is how many utterances are spoken at once, and how many shards of long
	// operations run at once. Default: one for each core.
	Slots int
	// ModelMemory is about how many bytes the workers of neural voices may take
	// together. Default: a quarter of what there is.
	ModelMemory int64

	// Encodings are those of Google's API, Spoken those of OpenAI's, by their names.
	// Defaults: those that need no codec of C, which are PCM in its forms and FLAC.
	Encodings, Spoken *encode.Catalogue
	// Lexicons are users' dictionaries. Default: none.
	Lexicons synth.Lexicons
	// Clips are the sounds that <audio src> may play. Default: those that a document
	// brings along, and nothing is fetched.
	Clips clip.Config

	// OpenStore and OpenBuckets open what keeps the operations, and the objects and
	// scratch. New calls them, Close closes what they return. Defaults: an SQLite file
	// and directories, in Data.
	OpenStore   func(context.Context) (driver.Store, error)
	OpenBuckets func(context.Context) (*bucket.Store, error)
	// Role is what a node of many does, which share a store. Default: RoleAll.
	Role Role
	// Retention is how long a finished operation can be asked for. Default: 30 days.
	Retention time.Duration
	// Notify is told of each operation that has ended, as lro.Tell has it, but for those
	// whose requests name a receiver of their own. Default: nobody is.
	Notify func(ctx context.Context, op *longrunningpb.Operation, ended time.Time) error
	// Webhooks tell the receivers that requests name. Nodes of one store have the same.
	// Default: requests may name none.
	Webhooks ttsapi.Webhooks

	// Limits are those of requests. Default: those of Google's API.
	Limits ttsapi.Limits
	// Streams is how many streams one client may have at a time. Default: 100.
	Streams int
	// Wait is how long a call may have to wait for its turn, as far as can be foreseen,
	// before it is refused at once. Default: see callers.Limits.
	Wait time.Duration
	// BucketProjects ties buckets to projects, whose callers alone may use them; "*" opens
	// one to everybody. Default: where callers are asked who they are, a bucket is of the
	// project that made it or wrote to it first.
	BucketProjects auth.Buckets
	// Quota is what projects and principals may use. Default: as much as they like.
	Quota quota.Rules
	// StreamIdle is how long a stream waits for more text before it speaks what may
	// not be a sentence yet. Default: synth.DefaultIdle.
	StreamIdle time.Duration
	// Strict refuses what is otherwise accepted and not followed, StrictSSML
	// elements of SSML that are not known. Default: neither.
	Strict, StrictSSML bool

	// Server is how the port is served. New sets Register and Gateway; Pages, APIs,
	// Observe, Ready and the interceptors are served, asked and told beside its own.
	Server server.Config

	// Parts run while Run runs, each until its context ends. An error of one ends Run.
	Parts []func(ctx context.Context) error

	// Version names the program to clients and operators. Default: "unknown".
	Version string
	// Log hears what clients must not see. Default: nobody does.
	Log *slog.Logger
}

// Role is what a node of many does.
type Role int

// The roles.
const (
	RoleAll    Role = iota // takes calls and works on long operations
	RoleAPI                // takes calls
	RoleWorker             // works on long operations; of its port it answers for its health only
)

// withDefaults fills in what is zero and cannot be left so.
func (c Config) withDefaults() Config {
	usual := config.Default(os.Getenv)
	orElse(&c.Voices, usual.Voices)
	orElse(&c.Slots, usual.Slots)
	orElse(&c.ModelMemory, usual.ModelMemory)
	orElse(&c.Limits.TextBytes, ttsapi.DefaultLimits.TextBytes)
	orElse(&c.Limits.LongTextBytes, ttsapi.DefaultLimits.LongTextBytes)
	orElse(&c.Version, "unknown")
	orElse(&c.Log, slog.New(slog.DiscardHandler))
	orElse(&c.Encodings, encode.NewCatalogue(wav.Linear16(), wav.MuLaw(), wav.ALaw(), pcm.Format()))
	orElse(&c.Spoken, encode.NewCatalogue(wav.Linear16(), flac.Format(), pcm.Format()))
	orElse(&c.Clips.Log, c.Log)
	return c
}

func orElse[T comparable](value *T, fallback T) { *value = cmp.Or(*value, fallback) }

// places are where the engines of the machine are.
func (c Config) places() installed.Places {
	return installed.Places{Workers: c.Workers, Voices: c.Voices, Warm: true, Log: c.Log}
}
