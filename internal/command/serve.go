package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/lectern/lectern"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/server"
	"github.com/lectern/lectern/ttsapi"
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
			if c.Ephemeral && cmd.Flags().Changed("data") {
				return usagef("--ephemeral keeps its data in a directory of its own, and has no --data")
			}
			if err := c.Check(); err != nil {
				return usageError{err}
			}
			if err := env.program.becomeLinked(c); err != nil {
				return err
			}
			return serve(cmd.Context(), env, c)
		},
	}
	f := cmd.Flags()
	f.StringVar(&c.Listen, "listen", c.Listen, "`HOST:PORT` for gRPC and REST; port 0 picks a free one")
	f.StringVar(&c.Wyoming, "wyoming", c.Wyoming, "`HOST:PORT` for Home Assistant (the Wyoming protocol), such as 127.0.0.1:10300; off without it")
	f.StringSliceVar(&c.Hosts, "host", c.Hosts, "a further `NAME` that REST clients may call the server by, without a port; may be repeated (default on loopback: localhost and its addresses, elsewhere any)")
	f.StringSliceVar(&c.CORSOrigins, "cors-origins", c.CORSOrigins, "`ORIGINS` of web pages that may use the server, such as https://app.example; without it none may")
	f.BoolVar(&c.InsecureNoAuth, "insecure-no-auth", c.InsecureNoAuth, "listen beyond loopback although no credentials are asked for")
	registerTLS(f, &c.TLS)
	registerDoor(cmd, &c)
	f.StringVar(&c.Data, "data", c.Data, "`directory` of the database, the buckets and scratch")
	f.BoolVar(&c.Ephemeral, "ephemeral", c.Ephemeral, "keep everything in a temporary directory, and end with the program that has started this one (docs/testing.md)")
	f.StringVar(&c.PrintAddress, "print-address", c.PrintAddress, "print where the server is in this `FORM`, json, as one line instead of a greeting")
	f.StringVar(&c.Buckets, "buckets", c.Buckets, "`URL` of the store of objects: file:///DIRECTORY, s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or azblob://CONTAINER/PREFIX (default: --data)")
	f.StringToStringVar(&c.Maps, "map", c.Maps, "where one bucket is, as `BUCKET=URL`, such as books=s3://acme-audio/books; may be repeated")
	f.StringVar(&c.Scratch, "scratch", c.Scratch, "`URL` of the store of what objects are made from (default: --data)")
	f.StringVar(&c.Store, "store", c.Store, "`DATABASE` of the operations, postgres://user@host/database, which many nodes may share; without it a file in --data, for one server")
	f.StringVar(&c.Role, "role", c.Role, "what a node of many does: api takes calls, worker works on long operations, all does both")
	f.StringVar(&c.Webhook, "webhook", c.Webhook, "`URL` that is told of each long operation that has ended (docs/webhooks.md)")
	f.StringVar(&c.WebhookSecret, "webhook-secret", c.WebhookSecret, "`FILE` with the secret that signs what the webhook is told; made where there is none (default: webhook.secret in --data)")
	f.StringSliceVar(&c.WebhookHosts, "webhook-hosts", c.WebhookHosts, "`hosts` that requests may name in the header x-lectern-webhook, to be told of their operations: names, addresses, networks, or \"public\" for all public ones (default: none)")
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
	f.IntVar(&c.MaxStreams, "max-streams", c.MaxStreams, "streams of one principal at a time, or of one machine where no credentials are asked for (StreamingSynthesize, OpenAI's speech, Wyoming)")
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
	offer(cmd, "print-address", fixed("json"))
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

// serve runs a server until ctx ends or a signal comes.
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
	if c.Ephemeral {
		var abandon context.CancelFunc
		ctx, abandon = keeperOf(env.stdin).until(ctx)
		defer abandon()
	}
	if err := openToOthers(c.Data); err != nil {
		log.Warn("the data directory is not private", "cause", err)
	}
	made, err := serverConfig(env.program, c, log)
	if err != nil {
		return err
	}
	certificate, secured, err := openTLS(c, log)
	if err != nil {
		return err
	}
	made.Server.TLS, made.Parts = secured, append(made.Parts, keptBy(certificate))
	door, err := openDoor(ctx, c, log)
	if err != nil {
		return err
	}
	defer func() {
		if err := door.Close(); err != nil {
			log.Error("closing failed", "what", "credentials", "cause", err)
		}
	}()
	door.guard(&made.Server)
	s, err := lectern.New(ctx, made)
	if err != nil {
		return err
	}
	defer func() {
		if err := s.Close(); err != nil {
			log.Error("closing failed", "cause", err)
		}
	}()
	if c.PrintAddress == "" {
		greet(env, s, c)
		door.greet(env.stdout)
	} else if err := printAddress(env, s, c); err != nil {
		return fmt.Errorf("nobody can be told the address: %w", err)
	}
	debug.FreeOSMemory() // a start takes more than waiting does
	return s.Run(ctx)
}

// serverConfig is what the flags say to a server.
func serverConfig(program Program, c config.Config, log *slog.Logger) (lectern.Config, error) {
	lexicons, err := readLexicons(c.Lexicons)
	if err != nil {
		return lectern.Config{}, err
	}
	rules, err := quota.ParseRules(c.Limits)
	if err != nil {
		return lectern.Config{}, err
	}
	origins, err := c.Origins()
	if err != nil {
		return lectern.Config{}, err
	}
	notify, webhooks, err := openWebhooks(c, log)
	if err != nil {
		return lectern.Config{}, err
	}
	if c.Ephemeral {
		c.Data = "" // a temporary one
	}
	return lectern.Config{
		Listen: c.Listen, Wyoming: c.Wyoming, Data: c.Data,
		Workers: c.WorkerDir, Voices: c.Voices, Names: namesOf(c), Slots: c.Slots, ModelMemory: c.ModelMemory,
		Encodings: newFormats(), Spoken: newSpokenFormats(), Lexicons: lexicons, Clips: clipsOf(c),
		OpenStore: storeOf(c, log), OpenBuckets: program.bucketsOf(c),
		Role: roleOf(c), Retention: c.Retention, Notify: notify, Webhooks: webhooks,
		Limits:  ttsapi.Limits{TextBytes: c.MaxTextBytes, LongTextBytes: c.MaxLongTextBytes, AudioBytes: c.MaxAudioBytes, OperationAudio: c.MaxOperationAudio, SpeakingRate: c.MaxSpeakingRate},
		Streams: c.MaxStreams, Wait: c.MaxWait, Quota: rules, StreamIdle: c.StreamIdle, Strict: c.Strict, StrictSSML: c.StrictSSML,
		BucketProjects: c.BucketProjects,
		Server: server.Config{
			Hosts:           c.AnsweredHosts(),
			Origins:         origins,
			MaxConnections:  c.MaxConnections,
			BodyMemory:      c.BodyMemory,
			AnswerMemory:    c.AnswerMemory + answerRoom,
			UnaryTimeout:    c.RequestTimeout,
			ShutdownTimeout: c.DrainTimeout,
		},
		Version: program.Version, Log: log,
	}, nil
}

func roleOf(c config.Config) lectern.Role {
	return map[string]lectern.Role{config.RoleAll: lectern.RoleAll, config.RoleAPI: lectern.RoleAPI, config.RoleWorker: lectern.RoleWorker}[c.Role]
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

// readEnvironment sets the flags that were not given from LECTERN_… variables.
func readEnvironment(flags *pflag.FlagSet, getenv func(string) string) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		if value := getenv(variable(f.Name)); value != "" && !f.Changed && err == nil {
			if e := flags.Set(f.Name, value); e != nil {
				err = fmt.Errorf("%s: %w", variable(f.Name), e)
				if invalid, ok := errors.AsType[*pflag.InvalidValueError](e); ok {
					err = unreadable(variable(f.Name), invalid)
				}
			}
		}
	})
	return err
}

// greet tells a person what to try next.
func greet(env *environment, s *lectern.Server, c config.Config) {
	if c.Role == config.RoleWorker {
		fmt.Fprintf(env.stdout, "Lectern %s works on long operations; its health is at %s/readyz\n", env.program.Version, whereServed(c, s.Addr()))
		return
	}
	fmt.Fprintf(env.stdout, `Lectern %[3]s serves %[1]s (gRPC and REST) with %[4]d voices
Data is kept in %[5]s
%[6]s

Speak a sentence:
  %[7]s -d '{"input":{"text":"Hello, world."},"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"LINEAR16"}}' \
    %[1]s/v1/text:synthesize | sed -n 's/.*"audioContent": *"\([^"]*\)".*/\1/p' | base64 -d >hello.wav

Start a long operation; its sound will be %[2]s
  %[7]s -d '{"input":{"text":"'"$(seq -s ', ' 10000)"'."},"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"LINEAR16"},"outputGcsUri":"gs://demo/count.wav"}' \
    %[1]s/v1/projects/local/locations/global:synthesizeLongAudio

Cancel it, by the name that this answered, and look at it:
  %[7]s -X POST %[1]s/v1/NAME:cancel
  %[7]s %[1]s/v1/NAME

Ctrl-C stops the server.
`, whereServed(c, s.Addr()), whereObjects(c, s.Data(), "count.wav"), env.program.Version, len(s.Voices().List("")), s.Data(), whoSpeaks(s.Voices()), curlFor(c))
	if home := s.WyomingAddr(); home != nil {
		fmt.Fprintf(env.stdout, "\nHome Assistant finds the voices at %s (integration \"Wyoming Protocol\").\n", home)
	}
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
