package download_test

import (
	"bytes"
	"testing"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore/download"
)

func TestBytes(t *testing.T) {
	s := serve(t, body(1000))
	got, err := client(nil).Bytes(t.Context(), s.URL, 1000)
	if err != nil || !bytes.Equal(got, s.body) {
		t.Errorf("%d bytes: %v", len(got), err)
	}
	if _, err := client(nil).Bytes(t.Context(), s.URL, 999); !fault.Is(err, fault.DataLoss) {
		t.Errorf("the error is %v", err)
	}
}

func TestCheckBase(t *testing.T) {
	for base, want := range map[string][2]bool{ // with and without plain
		"https://voices.example.com/a": {true, true},
		"http://127.0.0.1:80":          {true, true},
		"http://localhost":             {true, true},
		"http://voices.example.com":    {true, false},
		"ftp://voices.example.com":     {false, false},
		"voices.example.com":           {false, false},
		"https://":                     {false, false},
	} {
		for n, plain := range []bool{true, false} {
			if err := download.CheckBase(base, plain); (err == nil) != want[n] {
				t.Errorf("%s: %v", base, err)
			}
		}
	}
}
