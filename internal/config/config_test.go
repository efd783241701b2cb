package config_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/config"
)

func env(pairs ...string) func(string) string {
	return func(key string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == key {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestDefaultsAreGood(t *testing.T) {
	if err := config.Default(env("HOME", "/home/x")).Check(); err != nil {
		t.Fatal(err)
	}
}

func TestDataFollowsXDG(t *testing.T) {
	for want, got := range map[string]string{
		"/state/lectern":               config.Default(env("XDG_STATE_HOME", "/state", "HOME", "/home/x")).Data,
		"/home/x/.local/state/lectern": config.Default(env("XDG_STATE_HOME", "relative", "HOME", "/home/x")).Data,
	} {
		if got != want {
			t.Errorf("data = %s, want %s", got, want)
		}
	}
}

func TestListenBeyondLoopbackNeedsConsent(t *testing.T) {
	for _, listen := range []string{"0.0.0.0:1", ":8085", "[::]:1", "192.0.2.1:1", "example.com:1"} {
		c := config.Default(env("HOME", "/h"))
		c.Listen = listen
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), "--insecure-no-auth") {
			t.Errorf("%s: %v", listen, err)
		}
		c.InsecureNoAuth = true
		if err := c.Check(); err != nil {
			t.Errorf("%s with consent: %v", listen, err)
		}
	}
	// A certificate is a credential.
	c := config.Default(env("HOME", "/h"))
	c.Listen, c.TLS.SelfSigned, c.TLS.ClientCA = ":8085", true, "ca.pem"
	if err := c.Check(); err != nil {
		t.Errorf("with mutual TLS: %v", err)
	}
	for _, listen := range []string{"127.0.0.1:0", "localhost:1", "[::1]:1", "127.8.8.8:1"} {
		c := config.Default(env("HOME", "/h"))
		c.Listen = listen
		if err := c.Check(); err != nil {
			t.Errorf("%s: %v", listen, err)
		}
	}
}

func TestCheckNamesTheSetting(t *testing.T) {
	for flag, spoil := range map[string]func(*config.Config){
		"--listen":              func(c *config.Config) { c.Listen = "nonsense" },
		"--wyoming":             func(c *config.Config) { c.Wyoming = "10300" },
		"--wyoming 0.0.0.0:1":   func(c *config.Config) { c.Wyoming = "0.0.0.0:1" },
		"--buckets":             func(c *config.Config) { c.Buckets = "http://example.com/x" },
		"--buckets: file":       func(c *config.Config) { c.Buckets = "file://relative" },
		"--print-address":       func(c *config.Config) { c.PrintAddress = "text" },
		"--ephemeral keeps":     func(c *config.Config) { c.Ephemeral, c.Store = true, "postgres://host/database" },
		"--ephemeral with":      func(c *config.Config) { c.Ephemeral, c.Webhook = true, "https://example.com" },
		"--scratch":             func(c *config.Config) { c.Scratch = "s3:///prefix" },
		"--map books":           func(c *config.Config) { c.Maps = map[string]string{"books": "/srv/books"} },
		"--map B":               func(c *config.Config) { c.Maps = map[string]string{"B": "s3://bucket"} },
		"--data":                func(c *config.Config) { c.Data = "" },
		"--slots":               func(c *config.Config) { c.Slots = 0 },
		"--max-text-bytes":      func(c *config.Config) { c.MaxTextBytes = 0 },
		"--max-long-text-bytes": func(c *config.Config) { c.MaxLongTextBytes = 2_000_000 },
		"--host":                func(c *config.Config) { c.Hosts = []string{"http://example.com:80"} },
		"--clips ":              func(c *config.Config) { c.Clips = "config_test.go" },
		"--clips nowhere":       func(c *config.Config) { c.Clips = "nowhere" },
		"--clip-hosts":          func(c *config.Config) { c.ClipHosts = []string{"public", "https://example.com"} },
		"--webhook-hosts":       func(c *config.Config) { c.WebhookHosts = []string{"https://jobs.example"} },
		"--max-audio-bytes":     func(c *config.Config) { c.MaxAudioBytes = 1 },
		"--umask":               func(c *config.Config) { c.Umask = "0777" },
		"--max-connections":     func(c *config.Config) { c.MaxConnections = 0 },
		"--max-streams":         func(c *config.Config) { c.MaxStreams = 0 },
		"--stream-idle":         func(c *config.Config) { c.StreamIdle = -1 },
		"--body-memory":         func(c *config.Config) { c.BodyMemory = 1 },
		"--answer-memory":       func(c *config.Config) { c.MaxAudioBytes = 1 << 30 },
		"--request-timeout":     func(c *config.Config) { c.RequestTimeout = 0 },
		"--drain-timeout":       func(c *config.Config) { c.DrainTimeout = -1 },
		"--retention":           func(c *config.Config) { c.Retention = 0 },
		"--tls-cert":            func(c *config.Config) { c.TLS.Cert = "tls.crt" },
		"--tls-key":             func(c *config.Config) { c.TLS.Key = "tls.key" },
		"--tls-client-ca":       func(c *config.Config) { c.TLS.ClientCA = "ca.pem" },
		"--tls-self-signed":     func(c *config.Config) { c.TLS.SelfSigned, c.TLS.ACMEDomains = true, []string{"tts.example.com"} },
		"--acme-email":          func(c *config.Config) { c.TLS.ACMEEmail = "ann@example.com" },
		"--acme-eab-key":        func(c *config.Config) { c.TLS.ACMEBinding = "account" },
		"--acme-eab-kid":        func(c *config.Config) { c.TLS.ACMEBinding, c.TLS.ACMEBindingKey = "account", "key" },
		"--acme-domain":         func(c *config.Config) { c.TLS.ACMEDomains = []string{"https://tts.example.com"} },
		"--acme-directory": func(c *config.Config) {
			c.TLS.ACMEDomains, c.TLS.ACMEDirectory = []string{"tts.example.com"}, "acme.example"
		},
		"--log-level":  func(c *config.Config) { c.LogLevel = "loud" },
		"--log-format": func(c *config.Config) { c.LogFormat = "xml" },
	} {
		c := config.Default(env("HOME", "/h"))
		spoil(&c)
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%s: %v", flag, err)
		}
	}
}

func TestAnsweredHosts(t *testing.T) {
	c := config.Default(env("HOME", "/h"))
	c.Hosts = []string{"Lectern.Example.", "[fd00::1]"}
	if err := c.Check(); err != nil {
		t.Error(err)
	}
	if got, want := c.AnsweredHosts(), []string{"lectern.example", "fd00::1", "localhost", "127.0.0.1", "::1", "127.0.0.1", "*.googleapis.com"}; !slices.Equal(got, want) {
		t.Errorf("on loopback: %q", got)
	}
	c.Listen = ":8085"
	if got := c.AnsweredHosts(); len(got) != 3 {
		t.Errorf("elsewhere: %q", got)
	}
	if c.Hosts = nil; c.AnsweredHosts() != nil {
		t.Errorf("elsewhere, with no names: %q", c.AnsweredHosts())
	}
}
