package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"

	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/metrics"
	"github.com/lectern/lectern/server"
	"github.com/lectern/lectern/longaudio"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/openai"
	"github.com/lectern/lectern/synth"
	"github.com/lectern/lectern/ttsapi"
	"github.com/lectern/lectern/ttsapi/restgw"
)

func newServeCommand(env *environment) *cobra.Command {
	c := config.Default(env.getenv)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Long: `Run the server: gRPC and REST on one port, operations and their objects in
one data directory.

The object gs://BUCKET/OBJECT of a long operation is the file
buckets/BUCKET/OBJECT in the data directory, or where --buckets and --map say
(docs/buckets.md).

With --store many servers share their operations: each takes calls and works on
them, and any may be stopped or killed. What they make they share by the same
--buckets and --scratch, or by one --data on a file system of all of them.

Every flag can also be set by an environment variable: --max-text-bytes by
LECTERN_MAX_TEXT_BYTES, and so on. The flag wins.

SIGTERM or Ctrl-C stops the server: calls under way may end (--drain-timeout),
long operations are handed back and go on at the next start. A second signal
ends it at once.`,
		Example: `  lectern serve
  lectern serve --listen 127.0.0.1:8085 --data /var/lib/lectern`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := readEnvironment(cmd.Flags(), env.getenv); err != nil {
				return usageError{err}
			}
			if err := c.Check(); err != nil {
				return usageError{err}
			}
			if err := becomeLinked(c); err != nil {
				return err
			}
			return serve(cmd.Context(), env, c)
		},
	}
	f := cmd.Flags()
	f.StringVar(&c.Listen, "listen", c.Listen, "`HOST:PORT` for gRPC and REST; port 0 picks a free one")
	f.StringVar(&c.Wyoming, "wyoming", c.Wyoming, "`HOST:PORT` for Home Assistant (the Wyoming protocol), such as 127.0.0.1:10300; off without it")
	f.StringSliceVar(&c.Hosts, "host", c.Hosts, "a further `NAME` that REST clients may call the server by, without a port; may be repeated (default on loopback: localhost and its addresses, elsewhere any)")
	f.BoolVar(&c.InsecureNoAuth, "insecure-no-auth", c.InsecureNoAuth, "listen beyond loopback although no credentials are asked for")
	f.StringVar(&c.Data, "data", c.Data, "`directory` of the database, the buckets and scratch")
	f.StringVar(&c.Buckets, "buckets", c.Buckets, "`URL` of the store of objects: file:///DIRECTORY, s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or azblob://CONTAINER/PREFIX (default: --data)")
	f.StringToStringVar(&c.Maps, "map", c.Maps, "where one bucket is, as `BUCKET=URL`, such as books=s3://acme-audio/books; may be repeated")
	f.StringVar(&c.Scratch, "scratch", c.Scratch, "`URL` of the store of what objects are made from (default: --data)")
	f.StringVar(&c.Store, "store", c.Store, "`DATABASE` of the operations, postgres://user@host/database, which many nodes may share; without it a file in --data, for one server")
	f.StringVar(&c.Role, "role", c.Role, "what a node of many does: api takes calls, worker works on long operations, all does both")
	f.StringVar(&c.Webhook, "webhook", c.Webhook, "`URL` that is told of each long operation that has ended (docs/webhooks.md)")
	f.StringVar(&c.WebhookSecret, "webhook-secret", c.WebhookSecret, "`FILE` with the secret that signs what the webhook is told; made where there is none (default: webhook.secret in --data)")
	f.StringVar(&c.Umask, "umask", c.Umask, "what others may not do with the files of --data, as `OCTAL` digits: 077 for the owner only, 022 for all to read")
	f.StringVar(&c.WorkerDir, "worker-dir", c.WorkerDir, "`directory` of the engines' workers (default: beside this program)")
	f.StringVar(&c.Voices, "voices", c.Voices, "`directory` of the neural voices; lectern voices install fills it")
	f.Var((*size)(&c.ModelMemory), "model-memory", "about how much memory the workers of neural voices may take together, such as 2GiB")
	f.IntVar(&c.Slots, "slots", c.Slots, "utterances spoken at once")
	f.IntVar(&c.MaxTextBytes, "max-text-bytes", c.MaxTextBytes, "longest input of SynthesizeSpeech, in `bytes`")
	f.IntVar(&c.MaxLongTextBytes, "max-long-text-bytes", c.MaxLongTextBytes, "longest input of SynthesizeLongAudio, in `bytes`")
	f.Int64Var(&c.MaxAudioBytes, "max-audio-bytes", c.MaxAudioBytes, "most sound in one SynthesizeSpeech response, in `bytes`")
	f.DurationVar(&c.MaxOperationAudio, "max-operation-audio", c.MaxOperationAudio, "longest sound of one long operation; an hour of LINEAR16 at 24 kHz is 173 MB, twice that while it is made, its pauses nothing")
	f.Var((*size)(&c.BodyMemory), "body-memory", "how much memory the bodies of all requests under way may take together")
	f.Var((*size)(&c.AnswerMemory), "answer-memory", "how much memory all answers that are not yet taken may take together")
	f.IntVar(&c.MaxConnections, "max-connections", c.MaxConnections, "open connections; beyond them idle ones are closed")
	f.IntVar(&c.MaxStreams, "max-streams", c.MaxStreams, "streams of one client at a time (StreamingSynthesize, OpenAI's speech, Wyoming)")
	f.StringSliceVar(&c.Limits, "limit", c.Limits, "what each project may use, requests=N/min, characters=N/day, operations=N or streams=N; of one project or principal with projects/NAME: or principals/NAME: in front (docs/limits.md); may be repeated")
	f.DurationVar(&c.MaxWait, "max-wait", c.MaxWait, "how long SynthesizeSpeech may have to wait for its turn, as far as can be foreseen, before it is refused at once")
	f.DurationVar(&c.StreamIdle, "stream-idle", c.StreamIdle, "how long a stream waits for more text before it speaks what may not be a sentence yet")
	f.Float64Var(&c.MaxSpeakingRate, "max-speaking-rate", c.MaxSpeakingRate, "highest speaking_rate; the API has 2, older clients send up to 4")
	f.BoolVar(&c.Strict, "strict", c.Strict, "refuse what is otherwise accepted and not followed: input.prompt, and what --strict-ssml refuses")
	f.BoolVar(&c.StrictSSML, "strict-ssml", c.StrictSSML, "refuse SSML elements that are not known, whose content is otherwise spoken, and <audio> from addresses that cannot be had")
	f.BoolVar(&c.ListGoogleVoices, "list-google-voices", c.ListGoogleVoices, "show Google's own names in ListVoices; they are served in any case")
	f.StringToStringVar(&c.VoiceNames, "alias", c.VoiceNames, "a further `NAME=VOICE`, such as en-US-Studio-O=en-US-Flite-Slt; may be repeated")
	f.DurationVar(&c.RequestTimeout, "request-timeout", c.RequestTimeout, "ends calls that bring no deadline of their own")
	f.DurationVar(&c.DrainTimeout, "drain-timeout", c.DrainTimeout, "how long a stopping server lets calls end")
	f.DurationVar(&c.Retention, "retention", c.Retention, "how long a finished operation can be asked for")
	f.StringVar(&c.Clips, "clips", c.Clips, "`directory` of the sounds that <audio src=\"clips:NAME\"/> plays")
	f.StringSliceVar(&c.ClipHosts, "clip-hosts", c.ClipHosts, "`hosts` that <audio> may fetch sounds from: names, addresses, networks, \"public\" for all public ones, or \"none\"")
	f.StringArrayVar(&c.Lexicons, "lexicon", c.Lexicons, "`[NAME=]FILE` of a dictionary, W3C PLS or lines of written, language, spoken or /IPA/ parted by tabs; with a NAME for requests with the header x-lectern-lexicon: NAME only; may be repeated")
	f.StringVar(&c.LogLevel, "log-level", c.LogLevel, "debug, info, warn or error; texts of users appear at debug only")
	f.StringVar(&c.LogFormat, "log-format", c.LogFormat, "text or json")
	offer(cmd, "log-level", fixed("debug", "info", "warn", "error"))
	offer(cmd, "log-format", fixed("text", "json"))
	for _, directory := range []string{"data", "worker-dir", "voices", "clips"} {
		_ = cmd.MarkFlagDirname(directory)
	}
	return cmd
}

// gcPercent lets the small heap of a server grow to five times its live size
// between collections: answers of sound are large and short-lived, and would
// otherwise cost a collection every few calls. Beyond what all answers may take
// and gcEagerBytes more, or three quarters of what the server may have, the
// collector works as hard as it must.
const (
	gcPercent    = 400
	gcEagerBytes = 32 << 20
	// gcPercentOfStores is that of a server that holds parts of uploads: they are
	// a large live heap, of which five times as much would be wasted.
	gcPercentOfStores = 100
)

// leastMemory is what the server takes while it speaks a megabyte of text, and two
// workers of a small engine beside it, in bytes.
const leastMemory = 160 << 20

// answerRoom is what the largest answer takes beside its sound, in bytes.
const answerRoom = 1 << 20

// leastOpenAIInput holds the 4,096 characters of OpenAI's own, whatever they are.
const leastOpenAIInput = 4096 * 4

// serve runs a server until ctx ends or a signal comes. It reads as the list
// of what a server is made of; what is opened here is closed in reverse.
func serve(ctx context.Context, env *environment, c config.Config) error {
	ctx, stop := untilSignal(ctx)
	defer stop()
	log := newLogger(env, c)
	if env.getenv("GOGC") == "" && env.getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(gcPercent)
		if c.NeedsObjectStores() {
			debug.SetGCPercent(gcPercentOfStores)
		}
		debug.SetMemoryLimit(min(c.AnswerMemory+gcEagerBytes, config.Memory()/4*3))
	}

	if has := config.Memory(); has < leastMemory {
		log.Warn("the server may have little memory, and may be killed in the middle of its work", "has_bytes", has, "needs_bytes", int64(leastMemory))
	}
	setUmask(c.Umask)
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("the data directory cannot be made: %w", err)
	}
	if err := openToOthers(c.Data); err != nil {
		log.Warn("the data directory is not private", "cause", err)
	}
	kept := newReserve(c.Data, log)
	kept.onFullDisk() // to start writes too, though not at once
	store, err := openStore(ctx, c, kept, log)
	if err != nil {
		return err
	}
	defer closing(log, "store", store.Close)

	used, err := openQuota(ctx, c, store.Store, log)
	if err != nil {
		return err
	}
	defer closing(log, "usage", used.Close)

	buckets, err := openBuckets(ctx, c)
	if err != nil {
		return err
	}
	defer closing(log, "buckets", buckets.Close)
	warnOfBuckets(ctx, log, buckets)

	settings := engineSettings{Config: c, warm: true}
	engines, err := openEngines(ctx, log, settings)
	if err != nil {
		return err
	}
	defer closing(log, "engines", engines.Close)

	clips, err := openClips(log, c)
	if err != nil {
		return fmt.Errorf("the clips cannot be opened: %w", err)
	}
	defer closing(log, "clips", clips.Close)

	lexicons, err := readLexicons(c.Lexicons)
	if err != nil {
		return err
	}
	pipeline := synth.New(synth.Config{Engines: engines, Lexicons: lexicons, Formats: newFormats(), Clips: clips, Sources: clipSources(c), Spools: filepath.Join(c.Data, "spools"), Waiting: away, Log: log})
	all := callers.New(callers.Limits{Slots: c.Slots, Streams: c.MaxStreams, Wait: c.MaxWait})
	studio := longaudio.New(longaudio.Config{Synth: pipeline, Buckets: buckets, Made: used.Made, Log: log})
	tts := ttsapi.New(ttsapi.Config{
		Synth:     pipeline,
		LongAudio: studio,
		Limits:    ttsapi.Limits{TextBytes: c.MaxTextBytes, LongTextBytes: c.MaxLongTextBytes, AudioBytes: c.MaxAudioBytes, OperationAudio: c.MaxOperationAudio, SpeakingRate: c.MaxSpeakingRate},
		Strict:    c.Strict, StrictSSML: c.Strict || c.StrictSSML,
		Log:     log,
		Reserve: server.Reserve, Callers: all, Quota: used, Remote: server.Remote, StreamIdle: c.StreamIdle,
	})
	notify, err := openWebhook(c, log)
	if err != nil {
		return err
	}
	operations, err := openedWithRoom(kept, func() (*lro.Manager, error) {
		return lro.Open(ctx, lro.Config{
			Store: store.Store, Kinds: tts.LongAudioKinds(), Abilities: studio.Abilities, Slots: c.Slots, Retention: c.Retention, Notify: notify, Log: log,
			Idle: c.Role == config.RoleAPI, Version: version,
		})
	})
	if err != nil {
		return err
	}
	kept.keep()
	ready := &readiness{
		data: c.Data, operations: operations, buckets: buckets.Probe, free: freeSpace, now: time.Now,
		engines: func() int { return len(engines.Infos()) }, store: store.ready,
	}
	spoken := openai.New(openai.Config{
		Synth:      synth.New(synth.Config{Engines: engines, Lexicons: lexicons, Formats: newSpokenFormats(), Log: log}),
		InputBytes: max(c.MaxTextBytes, leastOpenAIInput), Strict: c.Strict, Callers: all, Quota: used,
	})
	counts := metrics.New(version, metrics.Sources{
		Load:      operations.Load,
		FreeBytes: func() (int64, error) { return freeSpace(c.Data) },
	})
	served := server.Config{
		Register: func(g grpc.ServiceRegistrar) {
			tts.Register(g, operations)
			longrunningpb.RegisterOperationsServer(g, operations)
		},
		Gateway:         restgw.Register,
		APIs:            []server.API{{Patterns: openai.Patterns(), Serve: spoken.Serve, Refuse: openai.Refuse}},
		Pages:           counts.Pages(),
		Observe:         counts.Observe,
		Unary:           []grpc.UnaryServerInterceptor{kept.unary, ready.unary},
		Ready:           ready.check,
		Hosts:           c.AnsweredHosts(),
		MaxConnections:  c.MaxConnections,
		BodyMemory:      c.BodyMemory,
		AnswerMemory:    c.AnswerMemory + answerRoom,
		UnaryTimeout:    c.RequestTimeout,
		ShutdownTimeout: c.DrainTimeout,
		Log:             log,
	}
	if c.Role == config.RoleWorker { // which is asked for its health only
		served.Register, served.Gateway, served.APIs = func(grpc.ServiceRegistrar) {}, nil, nil
	}
	srv, err := server.New(served)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; another program may use the port (choose one with --listen)", c.Listen, err)
	}

	home, err := openWyoming(c, pipeline, all, used, log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := ready.remember(append(store.files, c.Data)...); err != nil {
		return errors.Join(err, listener.Close(), home.close())
	}
	if c.Role == config.RoleWorker {
		fmt.Fprintf(env.stdout, "Lectern %s works on long operations; its health is at http://%s/readyz\n", version, listener.Addr())
	} else {
		greet(env, listener.Addr(), c, engines)
	}
	home.greet(env)
	debug.FreeOSMemory() // a start takes more than waiting does
	log.Info("serving", "address", listener.Addr().String(), "data", c.Data, "slots", c.Slots, "voices", len(engines.Catalogue().List("")))
	err = together(ctx, log,
		func(ctx context.Context) error { return srv.Serve(ctx, listener) }, srv.Shutdown,
		operations.Run,
		func(ctx context.Context) error {
			followVoices(ctx, log, engines, settings)
			return nil
		}, home.serve, used.Run)
	if err == nil {
		log.Info("stopped")
	}
	return err
}

// away lets others have the place of who waits for another host, be it a shard of a
// long operation's or a call's.
func away(ctx context.Context, wait func() error) error {
	return callers.Away(ctx, func() error { return lro.Away(ctx, wait) })
}

// together runs a server's parts until ctx ends or one of them fails, and returns
// when all have ended: what they use is closed next. Work ends first, since
// handing shards back takes milliseconds and frees the engines for the calls.
func together(ctx context.Context, log *slog.Logger, serve, shutdown, work func(context.Context) error, others ...func(context.Context) error) error {
	all, stopping := errgroup.WithContext(ctx)
	apart := context.WithoutCancel(ctx)
	working, stopWork := context.WithCancel(apart)
	defer stopWork()
	all.Go(func() error {
		if err := work(working); err != nil {
			return fmt.Errorf("operations cannot be worked on: %w", err)
		}
		return nil
	})
	all.Go(func() error {
		// Ended by shutdown, it repeats what that has said.
		if err := serve(apart); stopping.Err() == nil {
			return fmt.Errorf("serving ended: %w", cmp.Or(err, errors.New("nobody stopped it")))
		}
		return nil
	})
	for _, other := range others {
		all.Go(func() error { return other(stopping) })
	}
	all.Go(func() error {
		<-stopping.Done()
		log.Info("stopping")
		stopWork()
		if err := shutdown(apart); err != nil {
			log.Warn("calls were cut off", "cause", err)
		}
		return nil
	})
	return all.Wait()
}

// untilSignal ends the context at the first SIGTERM or interrupt, and the
// program at the second.
func untilSignal(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt)
	ended := make(chan struct{})
	go func() {
		for range 2 {
			select {
			case <-signals:
			case <-ended:
				return
			}
			if ctx.Err() != nil {
				os.Exit(exitInterrupted)
			}
			cancel()
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel()
		close(ended)
	}
}

func newLogger(env *environment, c config.Config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo // Check has refused anything else
	}
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(env.stderr, options))
	}
	return slog.New(slog.NewTextHandler(env.stderr, options))
}

func closing(log *slog.Logger, what string, closer func() error) {
	if err := closer(); err != nil {
		log.Error("closing failed", "what", what, "cause", err)
	}
}

// readEnvironment sets the flags that were not given from LECTERN_… variables.
func readEnvironment(flags *pflag.FlagSet, getenv func(string) string) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		if value := getenv(variable(f.Name)); value != "" && !f.Changed && err == nil {
			if e := flags.Set(f.Name, value); e != nil {
				err = fmt.Errorf("%s: %w", variable(f.Name), e)
			}
		}
	})
	return err
}

// greet tells a person what to try next.
func greet(env *environment, address net.Addr, c config.Config, engines *engine.Engine) {
	fmt.Fprintf(env.stdout, `Lectern %[3]s serves http://%[1]s (gRPC and REST) with %[4]d voices
Data is kept in %[5]s
%[6]s

Speak a sentence:
  curl -s -d '{"input":{"text":"Hello, world."},"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"LINEAR16"}}' \
    http://%[1]s/v1/text:synthesize | sed -n 's/.*"audioContent": *"\([^"]*\)".*/\1/p' | base64 -d >hello.wav

Start a long operation; its sound will be %[2]s
  curl -s -d '{"input":{"text":"'"$(seq -s ', ' 10000)"'."},"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"LINEAR16"},"outputGcsUri":"gs://demo/count.wav"}' \
    http://%[1]s/v1/projects/local/locations/global:synthesizeLongAudio

Cancel it, by the name that this answered, and look at it:
  curl -s -X POST http://%[1]s/v1/NAME:cancel
  curl -s http://%[1]s/v1/NAME

Ctrl-C stops the server.
`, address, whereObjects(c, "count.wav"), version, len(engines.Catalogue().List("")), c.Data, whoSpeaks(engines.Catalogue()))
}

// whoSpeaks says which voice a request gets that names none, or how to get a
// better one.
func whoSpeaks(catalogue *voices.Catalogue) string {
	voice, err := catalogue.Match(voices.Wish{Language: "en-US"})
	switch {
	case err != nil:
		return "There is no English voice"
	case !voice.Neural:
		return "English is spoken by " + voice.Name + "; no neural voice is installed: lectern voices install heart gets one (42 MB)"
	}
	return "English is spoken by " + voice.Name
}

// variable is the environment variable of a flag.
func variable(flag string) string {
	return "LECTERN_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
