package config_test

import (
	"slices"
	"testing"

	"github.com/lectern/lectern/internal/config"
)

func TestOrigins(t *testing.T) {
	for given, want := range map[string]string{
		"https://app.example": "https://app.example", "HTTPS://App.Example/": "https://app.example", "http://localhost:3000": "http://localhost:3000",
		"https://app.example:443": "https://app.example", "http://app.example:80": "http://app.example", "http://app.example:443": "http://app.example:443",
		"http://[::1]:80": "http://[::1]", "http://[::1]:81": "http://[::1]:81", "chrome-extension://abcdef": "chrome-extension://abcdef",
	} {
		c := config.Config{CORSOrigins: []string{given}}
		if got, err := c.Origins(); err != nil || !slices.Equal(got, []string{want}) {
			t.Errorf("%s is %q (%v), want %s", given, got, err, want)
		}
	}
	for _, given := range []string{"*", "null", "", "app.example", "https://", "https://*.example", "https://app.example/path", "https://app.example?x", "https://me@app.example", "localhost:3000"} {
		c := config.Config{CORSOrigins: []string{given}}
		if got, err := c.Origins(); err == nil {
			t.Errorf("%q is %q", given, got)
		}
	}
}
