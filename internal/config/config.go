// Package config is everything that can be set about a server: one struct,
// its defaults and its checks. internal/command fills it from flags and from
// LECTERN_… environment variables; nothing below floor 3 sees it.
package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/lectern/lectern/auth/oidc"
	"github.com/lectern/lectern/clip"
	"github.com/lectern/lectern/internal/certificates"
	"github.com/lectern/lectern/internal/hosts"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/synth"
)

// Config is the configuration of `lectern serve`.
type Config struct {
	// Listen is HOST:PORT for gRPC and REST together. Port 0 picks a free one.
	Listen string
	// Wyoming is HOST:PORT for Home Assistant's protocol; empty means that it is
	// not served.
	Wyoming string
	// Hosts are further names that REST clients may call the server by. On
	// loopback it answers to localhost, loopback addresses and these; elsewhere
	// to these, or to any name when there are none.
	Hosts []string
	// Credentials says whether callers are asked who they are: CredentialsNone or
	// CredentialsRequired.
	Credentials string
	// OIDC is the issuer whose tokens are accepted too; none if it has no Issuer.
	OIDC oidc.Config
	// BucketProjects are the projects that buckets are tied to, by the buckets.
	BucketProjects map[string]string
	// AuditLog is the file in which each call is recorded; empty means nothing is.
	AuditLog string
	// InsecureWyoming allows an address other than loopback for Wyoming, which has no
	// credentials. Nothing else does.
	InsecureWyoming bool
	// CORSOrigins are those of the web pages that may use the server from their
	// browsers: SCHEME://HOST or SCHEME://HOST:PORT.
	CORSOrigins []string
	// InsecureNoAuth allows an address other than loopback although Lectern
	// asks for no credentials.
	InsecureNoAuth bool
	// TLS is how the port speaks TLS, if it does.
	TLS TLS
	// Data is the directory of the database, the buckets and scratch. One
	// server at a time uses it; with a Store, all nodes do.
	Data string
	// Ephemeral keeps everything in a temporary directory, which is removed at the
	// end; the server ends with the program that has started it.
	Ephemeral bool
	// PrintAddress is the form, json, in which the server's address is printed
	// instead of a greeting; empty: that.
	PrintAddress string
	// Buckets is the URL of the store of all objects that Maps has none for;
	// empty means Data. Maps are the URLs of further stores, by the buckets that
	// they are. Scratch is the URL of the store of what operations are made
	// from; empty means Data. They are read by internal/command.
	Buckets string
	Maps    map[string]string
	Scratch string
	// Store is the database that the operations are in, for many nodes
	// (postgres://…); empty means a file in Data, for one.
	Store string
	// Role is what a node of many does: RoleAPI takes calls, RoleWorker works on
	// long operations, RoleAll does both.
	Role string
	// Webhook is who is told of operations that have ended, http:// or https://;
	// empty means nobody. WebhookSecret is the file of the secret that signs what
	// is told, which is made where there is none; empty means one in Data.
	Webhook, WebhookSecret string
	// WebhookHosts are the hosts of receivers that requests may name: names,
	// addresses, networks and "public"; none means that they may name none.
	WebhookHosts []string
	// Umask takes permissions from the files in Data, in octal digits.
	Umask string
	// WorkerDir is where the engines' workers are; empty means beside the
	// server's own binary.
	WorkerDir string
	// Voices is the directory of the neural voices that are installed.
	Voices string
	// ModelMemory is how many bytes the workers of neural voices take
	// together, about; beyond it those used least lately are given up.
	ModelMemory int64
	// Slots is how many utterances are spoken at once, and how many shards of
	// long operations run at once.
	Slots int
	// MaxTextBytes limits the input of SynthesizeSpeech, in bytes of UTF-8.
	MaxTextBytes int
	// MaxLongTextBytes limits the input of SynthesizeLongAudio.
	MaxLongTextBytes int
	// MaxAudioBytes limits the sound in one SynthesizeSpeech response.
	MaxAudioBytes int64
	// MaxOperationAudio limits the sound of one long operation, as far as it can
	// be known before it is spoken.
	MaxOperationAudio time.Duration
	// BodyMemory and AnswerMemory are how many bytes the bodies of all requests
	// under way, and all answers that are not yet taken, may have in memory
	// together; beyond them calls are refused for a moment.
	BodyMemory, AnswerMemory int64
	// MaxConnections is how many connections may be open.
	MaxConnections int
	// MaxStreams is how many streams one client may have at a time.
	MaxStreams int
	// Limits are what projects and principals may use, as package quota reads them.
	Limits []string
	// MaxWait is how long a call may have to wait for its turn, as far as can be
	// foreseen; others are refused at once.
	MaxWait time.Duration
	// StreamIdle is how long a stream waits for more text before it speaks what
	// may not be a sentence yet.
	StreamIdle time.Duration
	// MaxSpeakingRate is the highest audio_config.speaking_rate. The API has
	// 2; older clients send up to 4.
	MaxSpeakingRate float64
	// Strict refuses what would be accepted and not followed, such as the prompt
	// of a request; StrictSSML is part of it.
	Strict bool
	// StrictSSML refuses unknown elements of SSML instead of speaking what they
	// hold, and recordings that cannot be had.
	StrictSSML bool
	// ListGoogleVoices shows Google's own names of voices in ListVoices. They
	// are served in any case.
	ListGoogleVoices bool
	// VoiceNames gives further names to voices, by the voices' names.
	VoiceNames map[string]string
	// RequestTimeout ends unary calls that bring no deadline of their own.
	RequestTimeout time.Duration
	// DrainTimeout is how long a stopping server lets unary calls end.
	DrainTimeout time.Duration
	// Retention is how long a finished operation can still be asked for.
	Retention time.Duration
	// Clips is the directory of the sounds that <audio src="clips:NAME"/>
	// plays; empty means there are none.
	Clips string
	// ClipHosts are the hosts that https: sounds are fetched from: names,
	// addresses and networks, which need not be public, and "public" for every
	// host with a public address. "none" means that nothing is fetched.
	ClipHosts []string
	// Lexicons are files of users' dictionaries: FILE for every request,
	// NAME=FILE for those that ask for it.
	Lexicons []string
	// LogLevel is debug, info, warn or error. Text of users is logged at
	// debug only.
	LogLevel string
	// LogFormat is text or json.
	LogFormat string
}

// The roles of a node.
const (
	RoleAll    = "all"
	RoleAPI    = "api"
	RoleWorker = "worker"
)

// Whether callers are asked who they are.
const (
	CredentialsNone     = "none"
	CredentialsRequired = "required"
)

// Default is the configuration of `lectern serve` with nothing else. getenv
// is os.Getenv or a stand-in.
func Default(getenv func(string) string) Config {
	memory := Memory()
	return Config{
		Listen:            "127.0.0.1:8085",
		TLS:               TLS{ACMEDirectory: certificates.LetsEncrypt},
		Data:              filepath.Join(stateHome(getenv), "lectern"),
		Role:              RoleAll,
		Credentials:       CredentialsNone,
		Umask:             "027",
		Voices:            filepath.Join(dataHome(getenv), "lectern", "voices"),
		ModelMemory:       max(memory/4, 1<<20),
		Slots:             runtime.GOMAXPROCS(0),
		MaxTextBytes:      5000,
		MaxLongTextBytes:  1_000_000,
		MaxAudioBytes:     min(100<<20, max(memory/4, 1<<20)),
		BodyMemory:        min(64<<20, max(memory/16, 8<<20)),
		AnswerMemory:      min(128<<20, max(memory/4, 1<<20)),
		MaxOperationAudio: 100 * time.Hour,
		MaxConnections:    min(1024, max(openFiles()/4*3, 1)),
		MaxStreams:        100,
		MaxWait:           time.Minute,
		StreamIdle:        synth.DefaultIdle,
		MaxSpeakingRate:   2,
		ListGoogleVoices:  true,
		RequestTimeout:    5 * time.Minute,
		DrainTimeout:      10 * time.Second,
		Retention:         30 * 24 * time.Hour,
		ClipHosts:         []string{clip.Public},
		LogLevel:          "info",
		LogFormat:         "text",
	}
}

// stateHome and dataHome follow the XDG base directory specification.
func stateHome(getenv func(string) string) string {
	return baseDirectory(getenv, "XDG_STATE_HOME", "state")
}

func dataHome(getenv func(string) string) string {
	return baseDirectory(getenv, "XDG_DATA_HOME", "share")
}

func baseDirectory(getenv func(string) string, variable, local string) string {
	if dir := getenv(variable); filepath.IsAbs(dir) {
		return dir
	}
	if home := getenv("HOME"); home != "" {
		return filepath.Join(home, ".local", local)
	}
	return os.TempDir()
}

// Check says what is wrong with the configuration, naming the setting as the
// command line spells it.
func (c Config) Check() error {
	host, ok := hostOf(c.Listen)
	switch {
	case !ok:
		return fmt.Errorf("--listen %q is not HOST:PORT, such as 127.0.0.1:8085", c.Listen)
	case !c.InsecureNoAuth && c.Credentials != CredentialsRequired && c.TLS.ClientCA == "" && !loopback(host):
		return fmt.Errorf("--listen %s can be reached from other machines and no credentials are asked for; ask for them with --credentials required, listen on 127.0.0.1, or give --insecure-no-auth if the network is trusted", c.Listen)
	case c.Data == "":
		return fmt.Errorf("--data needs a directory")
	case c.Voices == "":
		return fmt.Errorf("--voices needs a directory")
	case c.ModelMemory < 1<<20:
		return fmt.Errorf("--model-memory must be 1MiB or more")
	}
	if err := errors.Join(c.checkEphemeral(), c.checkStores(), c.checkWyoming(), c.checkStore(), c.checkDoor(), c.TLS.check()); err != nil {
		return err
	}
	umask, umaskErr := strconv.ParseUint(c.Umask, 8, 32)
	for _, n := range []struct {
		flag string
		ok   bool
		want string
	}{
		{"slots", c.Slots >= 1 && c.Slots <= 1024, "1 to 1024"},
		{"max-text-bytes", c.MaxTextBytes >= 1 && c.MaxTextBytes <= 1_000_000, "1 to 1000000"},
		{"max-long-text-bytes", c.MaxLongTextBytes >= 1 && c.MaxLongTextBytes <= 1_000_000, "1 to 1000000"},
		{"max-audio-bytes", c.MaxAudioBytes >= 1<<20 && c.MaxAudioBytes <= 1<<30, "1048576 to 1073741824"},
		{"max-operation-audio", c.MaxOperationAudio >= time.Minute && c.MaxOperationAudio <= 10_000*time.Hour, "1m to 10000h"},
		{"umask", umaskErr == nil && umask <= 0o77, "octal digits from 000 to 077"},
		{"max-connections", c.MaxConnections >= 1, "1 or more"},
		{"body-memory", c.BodyMemory >= 8<<20, "8MiB or more"},
		{"answer-memory", c.AnswerMemory >= c.MaxAudioBytes, "as much as --max-audio-bytes or more"},
		{"max-streams", c.MaxStreams >= 1, "1 or more"},
		{"max-wait", c.MaxWait >= time.Second, "1s or more"},
		{"stream-idle", c.StreamIdle > 0 && c.StreamIdle <= 5*time.Second, "more than 0 and at most 5s"},
		{"max-speaking-rate", c.MaxSpeakingRate >= 1 && c.MaxSpeakingRate <= 4, "1 to 4"},
		{"request-timeout", c.RequestTimeout > 0, "a positive duration"},
		{"drain-timeout", c.DrainTimeout > 0, "a positive duration"},
		{"retention", c.Retention > 0, "a positive duration"},
		{"log-level", c.LogLevel == "debug" || c.LogLevel == "info" || c.LogLevel == "warn" || c.LogLevel == "error", "debug, info, warn or error"},
		{"log-format", c.LogFormat == "text" || c.LogFormat == "json", "text or json"},
	} {
		if !n.ok {
			return fmt.Errorf("--%s must be %s", n.flag, n.want)
		}
	}
	for _, name := range c.Hosts {
		if !isHost(strings.Trim(name, "[]")) {
			return fmt.Errorf("--host %q must be a name or an address, without a scheme and a port", name)
		}
	}
	if _, err := quota.ParseRules(c.Limits); err != nil {
		return fmt.Errorf("--limit %w", err)
	}
	if _, err := c.Origins(); err != nil {
		return err
	}
	if err := clip.CheckHosts(c.ClipHosts); err != nil {
		return fmt.Errorf("--clip-hosts: %w", err)
	}
	if _, err := hosts.Parse(c.WebhookHosts); err != nil {
		return fmt.Errorf("--webhook-hosts: %w", err)
	}
	for name, voice := range c.VoiceNames {
		if name == "" || voice == "" {
			return fmt.Errorf("--alias %s=%s must be NAME=VOICE, such as en-US-Studio-O=en-US-Flite-Slt", name, voice)
		}
	}
	if u, err := url.Parse(c.Webhook); c.Webhook != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("--webhook %q must be a URL of the form https://HOST/PATH", c.Webhook)
	}
	if c.Clips != "" {
		if st, err := os.Stat(c.Clips); err != nil {
			return fmt.Errorf("--clips %s cannot be read: %w", c.Clips, err.(*os.PathError).Err) //nolint:errorlint // Stat's always
		} else if !st.IsDir() {
			return fmt.Errorf("--clips %s is not a directory", c.Clips)
		}
	}
	return nil
}

// checkWyoming keeps --wyoming on loopback: that protocol has no credentials.
func (c Config) checkWyoming() error {
	if c.Wyoming == "" {
		return nil
	}
	host, ok := hostOf(c.Wyoming)
	switch {
	case !ok:
		return fmt.Errorf("--wyoming %q is not HOST:PORT, such as 127.0.0.1:10300", c.Wyoming)
	case !c.InsecureWyoming && !loopback(host):
		return fmt.Errorf("--wyoming %s can be reached from other machines, and that protocol has no credentials; listen on 127.0.0.1, or give --insecure-wyoming if the network is trusted", c.Wyoming)
	}
	return nil
}

// checkEphemeral looks at what is for servers of tests.
func (c Config) checkEphemeral() error {
	switch {
	case c.PrintAddress != "" && c.PrintAddress != "json":
		return fmt.Errorf("--print-address must be json")
	case c.Ephemeral && (c.Store != "" || c.Buckets != "" || c.Scratch != "" || len(c.Maps) > 0):
		return fmt.Errorf("--ephemeral keeps everything in a directory of its own, and has no --store, --buckets, --map and --scratch")
	case c.Ephemeral && c.Webhook != "" && c.WebhookSecret == "":
		return fmt.Errorf("--ephemeral with a --webhook needs its --webhook-secret, which the webhook must know")
	}
	return nil
}

// IsDatabase reports whether an address is that of a database as --store names it.
func IsDatabase(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// checkStore looks at --store and --role.
func (c Config) checkStore() error {
	switch {
	case c.Store != "" && !IsDatabase(c.Store):
		return fmt.Errorf("--store must begin with postgres://; without it operations are kept in --data")
	case c.Role != RoleAll && c.Role != RoleAPI && c.Role != RoleWorker:
		return fmt.Errorf("--role must be %s, %s or %s", RoleAll, RoleAPI, RoleWorker)
	case c.Role != RoleAll && c.Store == "":
		return fmt.Errorf("--role %s is for one of several nodes, which share a --store", c.Role)
	case c.Role == RoleWorker && c.Wyoming != "":
		return fmt.Errorf("--role %s takes no calls, and so none of --wyoming", c.Role)
	}
	return nil
}
