package config

import (
	"os"
	"strings"
	"testing"

	"github.com/lectern/lectern/auth/oidc"
)

func TestWhoMayCall(t *testing.T) {
	issuer := oidc.Config{Issuer: "https://id.example", Audience: "lectern"}
	for name, c := range map[string]struct {
		change func(*Config)
		wrong  string // what the error says; empty for none
	}{
		"loopback":                   {func(*Config) {}, ""},
		"beyond it":                  {func(c *Config) { c.Listen = "0.0.0.0:8085" }, "--credentials required"},
		"beyond it by name":          {func(c *Config) { c.Listen = "tts.example:8085" }, "--credentials required"},
		"beyond it with credentials": {func(c *Config) { c.Listen, c.Credentials = "0.0.0.0:8085", CredentialsRequired }, ""},
		"beyond it all the same":     {func(c *Config) { c.Listen, c.InsecureNoAuth = "0.0.0.0:8085", true }, ""},
		"both":                       {func(c *Config) { c.Credentials, c.InsecureNoAuth = CredentialsRequired, true }, "contradict"},
		"another word":               {func(c *Config) { c.Credentials = "optional" }, "--credentials must be none or required"},
		"wyoming":                    {func(c *Config) { c.Credentials, c.Wyoming = CredentialsRequired, "127.0.0.1:10300" }, ""},
		"wyoming beyond loopback":    {func(c *Config) { c.Credentials, c.Wyoming = CredentialsRequired, "0.0.0.0:10300" }, "--insecure-wyoming"},
		"wyoming, and calls without credentials": {func(c *Config) {
			c.Listen, c.InsecureNoAuth, c.Wyoming = "0.0.0.0:8085", true, "0.0.0.0:10300"
		}, "--insecure-wyoming"},
		"wyoming alone, and that": {func(c *Config) { c.InsecureNoAuth, c.Wyoming = true, "0.0.0.0:10300" }, "--insecure-wyoming"},
		"wyoming alone":           {func(c *Config) { c.InsecureWyoming, c.Wyoming = true, "0.0.0.0:10300" }, ""},
		"wyoming asked for": {func(c *Config) {
			c.Credentials, c.Wyoming, c.InsecureWyoming = CredentialsRequired, "0.0.0.0:10300", true
		}, ""},
		"an issuer":                  {func(c *Config) { c.Credentials, c.OIDC = CredentialsRequired, issuer }, ""},
		"an issuer and nobody asked": {func(c *Config) { c.OIDC = issuer }, "--oidc-issuer needs --credentials"},
		"an issuer without audience": {func(c *Config) { c.Credentials, c.OIDC.Issuer = CredentialsRequired, "https://id.example" }, "audience"},
		"an audience without issuer": {func(c *Config) { c.Credentials, c.OIDC.Audience = CredentialsRequired, "lectern" }, "--oidc-audience needs --oidc-issuer"},
		"an issuer in plain text": {func(c *Config) {
			c.Credentials, c.OIDC = CredentialsRequired, oidc.Config{Issuer: "http://id.example", Audience: "x"}
		}, "https"},
		"a bucket": {func(c *Config) {
			c.Credentials, c.BucketProjects = CredentialsRequired, map[string]string{"books": "p"}
		}, ""},
		"a bucket and nobody asked": {func(c *Config) { c.BucketProjects = map[string]string{"books": "p"} }, "--bucket-project needs"},
		"what is no bucket":         {func(c *Config) { c.Credentials, c.BucketProjects = CredentialsRequired, map[string]string{"a/b": "p"} }, "cannot be a bucket's name"},
		"a bucket of no project":    {func(c *Config) { c.Credentials, c.BucketProjects = CredentialsRequired, map[string]string{"books": ""} }, "names no project"},
	} {
		config := Default(os.Getenv)
		c.change(&config)
		if err := config.Check(); (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
