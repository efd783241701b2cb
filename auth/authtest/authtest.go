// Package authtest is the suite that proves an authenticator: [Run] is called by
// the tests of every package that has one.
package authtest

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/fault"
)

// Subject is an authenticator and what it must know.
type Subject struct {
	auth.Authenticator
	// Holders are credentials that hold, each with whose they are.
	Holders []Holder
	// Refused are of this kind and do not hold, by what is wrong with them.
	Refused map[string]auth.Credentials
	// Code is that of Refused; 0 means UNAUTHENTICATED. Codes has others, by name.
	Codes map[string]fault.Code
}

// Holder is credentials and whose they are.
type Holder struct {
	Credentials auth.Credentials
	Principal   auth.Principal
}

// foreign are credentials that nobody has issued.
var foreign = map[string]auth.Credentials{
	"nothing":           {},
	"a word":            {Bearer: "word"},
	"an API key":        {APIKey: "AIzaSyA-0123456789abcdefghijklmnopqrstu"},
	"dots":              {Bearer: ".."},
	"more dots":         {Bearer: "....."},
	"not base64":        {Bearer: "%%%.%%%.%%%"},
	"empty JSON":        {Bearer: "e30.e30.e30"},
	"null":              {Bearer: "bnVsbA.bnVsbA.bnVsbA"},
	"a list":            {Bearer: "W10.W10.W10"},
	"no UTF-8":          {Bearer: "\xff\xfe\x00.\x00.\xff"},
	"none":              {Bearer: "eyJhbGciOiJub25lIn0.e30."},
	"huge":              {Bearer: strings.Repeat("A", 1<<20)},
	"huge with dots":    {Bearer: strings.Repeat("A", 1<<20) + "." + strings.Repeat("B", 1<<20) + ".C"},
	"many dots":         {Bearer: strings.Repeat(".", 1<<16)},
	"deep JSON":         {Bearer: "W1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tb.e30.e30"},
	"an empty key":      {APIKey: "lectern--"},
	"a path for a key":  {APIKey: "lectern-../../../etc/pas-0123456789012345678901234567890123456789012"},
	"a quote for a key": {APIKey: "lectern-' or '1'='1' -- -0123456789012345678901234567890123456789012"},
}

// Run proves s.
func Run(t *testing.T, s Subject) {
	t.Run("Holders", s.holders)
	t.Run("Refused", s.refused)
	t.Run("Foreign", s.foreign)
	t.Run("Changed", s.changed)
	t.Run("AtOnce", s.atOnce)
}

func (s Subject) holders(t *testing.T) {
	for _, h := range s.Holders {
		for range 2 { // the second time it may be remembered
			p, err := s.Authenticate(t.Context(), h.Credentials)
			if err != nil || !reflect.DeepEqual(p, h.Principal) {
				t.Errorf("%+v, %v; it is %+v", p, err, h.Principal)
			}
		}
		if h.Principal.Name == "" || h.Principal.Role <= auth.None {
			t.Errorf("%+v is nobody", h.Principal)
		}
	}
}

func (s Subject) refused(t *testing.T) {
	for name, c := range s.Refused {
		want := s.Codes[name]
		if want == 0 {
			want = fault.Unauthenticated
		}
		for range 2 {
			p, err := s.Authenticate(t.Context(), c)
			if !fault.Is(err, want) && !(want == fault.Unauthenticated && errors.Is(err, auth.ErrNotMine)) {
				t.Errorf("%s: %+v, %v; want %v", name, p, err, want)
			}
			if !reflect.DeepEqual(p, auth.Principal{}) {
				t.Errorf("%s: an error with %+v", name, p)
			}
			tellsNothing(t, name, c, err)
		}
	}
}

func (s Subject) foreign(t *testing.T) {
	for name, c := range foreign {
		p, err := s.Authenticate(t.Context(), c)
		if err == nil || !reflect.DeepEqual(p, auth.Principal{}) {
			t.Errorf("%s: let in as %+v", name, p)
		}
		if !errors.Is(err, auth.ErrNotMine) && !fault.Is(err, fault.Unauthenticated) && !fault.Is(err, fault.InvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Authenticate(t.Context(), auth.Credentials{}); !errors.Is(err, auth.ErrNotMine) {
		t.Errorf("nothing is %v", err)
	}
}

// positions is how many characters of a token are changed, one at a time.
const positions = 120

// changed changes characters of what holds, one after the other.
func (s Subject) changed(t *testing.T) {
	for _, h := range s.Holders {
		for _, secret := range []*string{&h.Credentials.Bearer, &h.Credentials.APIKey} {
			whole := *secret
			for at := 0; at < len(whole); at += max(1, len(whole)/positions) {
				for _, other := range []byte{'A', 'b', '.', '-', whole[at] ^ 0x20} {
					if other == whole[at] {
						continue
					}
					*secret = whole[:at] + string(rune(other)) + whole[at+1:]
					if same(*secret, whole) {
						continue
					}
					if p, err := s.Authenticate(t.Context(), h.Credentials); err == nil {
						t.Errorf("with %q at %d of %d it is %+v", other, at, len(whole), p)
					}
				}
			}
			for _, cut := range []int{1, len(whole) / 2} {
				if len(whole) <= cut {
					continue
				}
				*secret = whole[:len(whole)-cut]
				if p, err := s.Authenticate(t.Context(), h.Credentials); err == nil {
					t.Errorf("without its last %d characters it is %+v", cut, p)
				}
			}
			*secret = whole
		}
	}
}

// same reports whether two tokens differ in nothing but bits that the last
// character of a part has and base64 does not use.
func same(a, b string) bool {
	partsA, partsB := strings.Split(a, "."), strings.Split(b, ".")
	if len(partsA) != len(partsB) {
		return false
	}
	for i := range partsA {
		n := len(partsB[i])
		if len(partsA[i]) != n || n > 0 && partsA[i][:n-1] != partsB[i][:n-1] {
			return false
		}
	}
	return len(partsB) == 3
}

func (s Subject) atOnce(t *testing.T) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for _, h := range s.Holders {
				if p, err := s.Authenticate(context.Background(), h.Credentials); err != nil || p.Name != h.Principal.Name {
					t.Errorf("%+v, %v", p, err)
				}
			}
			for name, c := range s.Refused {
				if _, err := s.Authenticate(context.Background(), c); err == nil {
					t.Errorf("%s: let in", name)
				}
			}
		})
	}
	all.Wait()
}

// tellsNothing fails if an error quotes what must stay secret.
func tellsNothing(t *testing.T, name string, c auth.Credentials, err error) {
	t.Helper()
	for _, secret := range []string{c.Bearer, c.APIKey} {
		if len(secret) >= 16 && strings.Contains(err.Error(), secret[len(secret)-16:]) {
			t.Errorf("%s: the error quotes the credentials: %v", name, err)
		}
	}
}
