package clip

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// patient are manners whose time passes only by waiting.
func patient() *manners {
	m := newManners()
	now := time.Unix(0, 0)
	m.now = func() time.Time { return now }
	m.wait = func(_ context.Context, d time.Duration) error {
		now = now.Add(d)
		return nil
	}
	return m
}

func TestAHostIsAskedAFewTimesASecond(t *testing.T) {
	m := patient()
	begun := m.now()
	for range 105 {
		v := &visit{manners: m}
		if err := v.to(t.Context(), "example.com"); err != nil {
			t.Fatal(err)
		}
		v.leave()
	}
	if took := m.now().Sub(begun); took != 20*time.Second {
		t.Errorf("105 requests in %v", took)
	}
	other := &visit{manners: m}
	before := m.now()
	if err := other.to(t.Context(), "example.org"); err != nil || m.now() != before {
		t.Errorf("another host waits: %v", err)
	}
	for range burst { // a redirect is a request too
		if err := other.to(t.Context(), "Example.ORG."); err != nil {
			t.Fatal(err)
		}
	}
	if m.now().Equal(before) {
		t.Error("redirects are not counted")
	}
}

func TestAHostIsAskedByAFewAtOnce(t *testing.T) {
	m := patient()
	var visits []*visit
	for range atOnce {
		v := &visit{manners: m}
		if err := v.to(t.Context(), "example.com"); err != nil {
			t.Fatal(err)
		}
		visits = append(visits, v)
	}
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(enough)
	last := &visit{manners: m}
	if err := last.to(ctx, "example.com"); err != enough {
		t.Errorf("one more at once: %v", err)
	}
	last.leave()
	visits[0].leave()
	if err := last.to(t.Context(), "example.com"); err != nil {
		t.Error(err)
	}
	last.leave()
	for _, v := range visits[1:] {
		v.leave()
	}
	if h := m.hosts["example.com"]; h.visits != 0 || len(h.turns) != 0 {
		t.Errorf("%d visits and %d turns are left", h.visits, len(h.turns))
	}
}

func TestAHostThatTimedOutIsLeftAlone(t *testing.T) {
	m := patient()
	v := &visit{manners: m}
	ask := func() error { defer v.leave(); return v.to(t.Context(), "example.com") }
	if err := v.to(t.Context(), "example.com"); err != nil {
		t.Fatal(err)
	}
	v.tookTooLong()
	v.leave()
	if err := ask(); err == nil || !strings.Contains(err.Error(), "not asked again for a minute") {
		t.Errorf("at once: %v", err)
	}
	m.wait(t.Context(), sulk)
	if err := ask(); err != nil {
		t.Errorf("after a minute: %v", err)
	}
}

func TestHostsAreForgotten(t *testing.T) {
	m := patient()
	for i := range 3 * tidyFrom {
		v := &visit{manners: m}
		if err := v.to(t.Context(), fmt.Sprint(i, ".example.com")); err != nil {
			t.Fatal(err)
		}
		v.leave()
		m.wait(t.Context(), time.Second)
	}
	if len(m.hosts) > tidyFrom {
		t.Errorf("%d hosts are remembered", len(m.hosts))
	}
}
