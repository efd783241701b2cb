// Package clip fetches and decodes the sounds that SSML's <audio src> names
// (docs/contract.md 4.5).
//
// Make a [Library] with [New] and open sources with [Library.Open]. A source is
//
//	https://HOST/PATH            fetched, from the hosts that Config.Hosts allows
//	data:[TYPE][;base64],BYTES   in the document itself (RFC 2397)
//	clips:NAME                   a file below Config.Directory; NAME may have
//	                             folders (a/b.wav) and %XX
//
// and its sound is MP3 (MPEG-1 and MPEG-2 layer III), Ogg Opus or WAV (PCM of 8
// to 32 bits, float), one or two channels. Its first bytes say which; names and
// media types are not asked.
//
// # Threats
//
// Sources come from whoever may call the server, and the bytes from wherever
// they point. So:
//
//   - no request reaches an address that is not public, unless the
//     configuration names it: the address is checked when it is dialed, after
//     every redirect and every answer of the DNS. Proxies of the environment
//     are not used, nor cookies, nor credentials in the URL;
//   - a file of the server is only ever one below Config.Directory (os.Root);
//   - a clip has at most Config.MaxBytes and plays for at most
//     Config.MaxDuration. Both are counted, not believed. Only the compressed
//     bytes are kept; sound is decoded as it is read;
//   - decoders run packet by packet. One that fails or panics makes that packet
//     silent and its sound no shorter.
//
// # Errors
//
// Errors are *fault.Error. CANCELLED and DEADLINE_EXCEEDED are the context's
// own end; any other says in a sentence why the clip cannot be played, and the
// element's text is to be spoken instead. The sentence never says what was
// found at an address that was refused.
//
// The package uses audio and fault. It is the only one below the transport
// that knows HTTP, as a client, so synth must not depend on it: cmd/lectern
// hands a Library to whoever asks for clips.
package clip

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/hosts"
)

// Public among Config.Hosts is every host whose address is public.
const Public = hosts.Public

// CheckHosts says what is wrong with a value of Config.Hosts.
func CheckHosts(list []string) error {
	_, err := hosts.Parse(list)
	return err
}

// Google's limits (docs/contract.md 4.5), and how long a fetch may take.
const (
	defaultMaxBytes    = 5 << 20
	defaultMaxDuration = 240 * time.Second
	defaultTimeout     = 20 * time.Second
)

// Config says where clips may come from. Its zero value takes data: only.
type Config struct {
	// Directory holds the clips that clips:NAME names; empty means none.
	// Symbolic links in it may not lead out of it.
	Directory string
	// Hosts are the hosts that https: clips are fetched from: names
	// (media.example.com), addresses and networks (10.1.0.0/16), which need
	// not be public, and [Public]. Without any nothing is fetched.
	Hosts []string
	// MaxBytes limits a clip as it is stored or sent; 0 means 5 MiB.
	MaxBytes int64
	// MaxDuration limits its playing time; 0 means 240 s.
	MaxDuration time.Duration
	// Timeout ends a fetch, from the name's lookup to the last byte; 0 means
	// 20 s.
	Timeout time.Duration
	// Log hears at debug, where texts of users may appear, what each source
	// became. Nil means nobody does.
	Log *slog.Logger
	// Resolver looks names up; nil means the system's.
	Resolver *net.Resolver
	// RootCAs are whom servers are trusted by; nil means the system's.
	RootCAs *x509.CertPool
}

// Library opens clips. It is safe for concurrent use.
type Library struct {
	limits    limits
	directory *directory // nil without one
	fetcher   *fetcher   // nil when nothing may be fetched
	fetched   *cache     // of the fetcher
	log       *slog.Logger
}

// limits are what no clip may exceed.
type limits struct {
	bytes    int64
	duration time.Duration
}

// New opens a library. The error is about the configuration.
func New(c Config) (*Library, error) {
	l := &Library{limits: limits{bytes: c.MaxBytes, duration: c.MaxDuration}, log: c.Log}
	if l.limits.bytes <= 0 {
		l.limits.bytes = defaultMaxBytes
	}
	if l.limits.duration <= 0 {
		l.limits.duration = defaultMaxDuration
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	allowed, err := hosts.Parse(c.Hosts)
	if err != nil {
		return nil, err
	}
	if c.Directory != "" {
		if l.directory, err = openDirectory(c.Directory); err != nil {
			return nil, fmt.Errorf("the directory of clips cannot be opened: %w", err)
		}
	}
	if !allowed.None() {
		l.fetcher = newFetcher(c, allowed, l.limits.bytes)
		l.fetched = newCache(l.fetcher.fetch)
	}
	return l, nil
}

// Close ends fetches under way, whose callers get an error, and closes the
// directory. Sounds that were opened play on.
func (l *Library) Close() error {
	if l.fetcher != nil {
		l.fetched.close()
		l.fetcher.close()
	}
	if l.directory != nil {
		return l.directory.close()
	}
	return nil
}

// Open returns the sound of src: mono, at the clip's own sample rate, every
// frame within ±1; two channels are averaged. The delays that encoders add are
// taken off where the file tells them.
//
// The stream also has a method Frames() audio.Frames, which is how many frames
// it plays from its start, exactly. It needs no closing and holds at most
// Config.MaxBytes. When ctx ends, Open and the stream's Read return at once;
// Read has no other error but io.EOF.
func (l *Library) Open(ctx context.Context, src string) (audio.Stream, error) {
	s, err := l.open(ctx, strings.TrimSpace(src))
	switch {
	case ctx.Err() != nil:
		return nil, fault.From(context.Cause(ctx))
	case err != nil:
		f := fault.From(err)
		l.log.DebugContext(ctx, "a clip cannot be played", "src", abridged(src), "cause", f)
		return nil, f
	}
	l.log.DebugContext(ctx, "clip opened", "src", abridged(src), "format", s.format, "rate", s.SampleRate(), "duration", s.SampleRate().Duration(s.frames))
	return s, nil
}

func (l *Library) open(ctx context.Context, src string) (*sound, error) {
	encoded, err := l.bytes(ctx, src)
	if err != nil {
		return nil, err
	}
	return decode(ctx, encoded, l.limits)
}

// bytes finds the clip as it is stored or sent. They are not to be changed.
func (l *Library) bytes(ctx context.Context, src string) ([]byte, error) {
	scheme, rest, ok := strings.Cut(src, ":")
	if !ok {
		return nil, fault.New(fault.InvalidArgument, "The clip's address has no scheme; give an https: address.")
	}
	switch strings.ToLower(scheme) {
	case "https":
		if l.fetcher == nil {
			return nil, fault.New(fault.PermissionDenied, "This server fetches no clips.")
		}
		return l.fetched.get(ctx, src)
	case "data":
		return dataURL(rest, l.limits.bytes)
	case "clips":
		if l.directory == nil {
			return nil, fault.New(fault.NotFound, "This server has no clips of its own.")
		}
		return l.directory.read(rest, l.limits.bytes)
	case "http":
		return nil, fault.New(fault.InvalidArgument, "Clips are not fetched over http:; give an https: address.")
	}
	return nil, fault.New(fault.InvalidArgument, "Clips come from https:, data: and clips: addresses, not from %q.", abridged(scheme)+":")
}

// abridged is src short enough for a line: data: sources are long.
func abridged(src string) string {
	const most = 120
	if len(src) <= most {
		return src
	}
	return src[:most] + "…"
}

func tooLarge(most int64) *fault.Error {
	return fault.New(fault.InvalidArgument, "The clip is larger than %d bytes.", most)
}

// readAll reads a clip of at most most bytes.
func readAll(r io.Reader, most int64) ([]byte, error) {
	encoded, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(encoded)) > most {
		return nil, tooLarge(most)
	}
	return encoded, err
}
