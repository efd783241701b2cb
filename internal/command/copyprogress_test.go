package command

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestCopyProgress(t *testing.T) {
	var to bytes.Buffer
	now := time.Unix(0, 0)
	p := &copyProgress{name: "book.wav", to: &to, terminal: true, width: func() int { return 60 }, now: func() time.Time { return now }, size: 2_000_000}
	now = now.Add(time.Second)
	p.Write(make([]byte, 500_000))
	if got := to.String(); !strings.HasSuffix(got, "] 500 kB of 2.0 MB") || strings.Count(got, "#") == 0 || len(got)-len(eraseLine) >= 60 {
		t.Errorf("drawn: %q", got)
	}
	to.Reset()
	p.Write(make([]byte, 500_000)) // at the same time
	if to.Len() > 0 {
		t.Errorf("drawn at once: %q", &to)
	}
	p.size = -1
	now = now.Add(time.Second)
	p.Write(make([]byte, 1_000_000))
	if to.String() != eraseLine+"book.wav: 2.0 MB" {
		t.Errorf("drawn: %q", &to)
	}
	to.Reset()
	p.done("mine.wav")
	if to.String() != eraseLine+"mine.wav: 2.0 MB\n" {
		t.Errorf("in the end: %q", &to)
	}
	to.Reset()
	p.terminal, p.drawn = false, false
	now = now.Add(time.Second)
	p.Write(make([]byte, 1))
	p.clear()
	if to.Len() > 0 {
		t.Errorf("without a terminal: %q", &to)
	}
}
