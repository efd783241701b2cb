package lro

import (
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/fault"
)

func FuzzParseName(f *testing.F) {
	for _, seed := range []string{
		"operations/abc", "projects/p/locations/l/operations/abc", "operations/projects/p/locations/l/operations/abc",
		"projects/operations/locations/l/operations/abc", "", "operations", "operations/", "a/operations/operations", "a//operations/b", "operations/\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		parent, id, err := parseName(name)
		if err != nil {
			if !fault.Is(err, fault.InvalidArgument) {
				t.Fatalf("%q: %v", name, err)
			}
			return
		}
		if id == "" || id == "operations" || strings.Contains(id, "/") {
			t.Fatalf("%q has the id %q", name, id)
		}
		if parent == "" {
			if name != "operations/"+id {
				t.Fatalf("%q has no parent", name)
			}
			return
		}
		if full := operationName(parent, id); name != full && name != "operations/"+full {
			t.Fatalf("%q was read as %q", name, full)
		}
	})
}

func FuzzParseFilter(f *testing.F) {
	for _, seed := range []string{"", "done", "done=true", "done = false", "NOT done", "-done:true", "done!=true", "NOT -done", "done==true", "name=a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, filter string) {
		done, err := parseFilter(filter)
		if err != nil {
			if !fault.Is(err, fault.InvalidArgument) {
				t.Fatalf("%q: %v", filter, err)
			}
			return
		}
		if (done == nil) != (strings.TrimSpace(filter) == "") {
			t.Fatalf("%q was read as %v", filter, done)
		}
		// To negate a filter negates its meaning.
		if done != nil {
			if not, err := parseFilter("NOT " + filter); err != nil || *not == *done {
				t.Fatalf("NOT %q was read as %v, %v", filter, not, err)
			}
		}
	})
}

func FuzzPageToken(f *testing.F) {
	tokens := pageTokens{secret: []byte("a secret of the test")}
	minted := tokens.mint(place{created: time.UnixMicro(1), id: "abc"}, "owner", "parent", "")
	for _, seed := range []string{minted, "", "AAAA", strings.Repeat("A", 40), minted + "A"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		p, err := tokens.open(token, "owner", "parent", "")
		if (err == nil) != (token == minted) {
			t.Fatalf("%q was opened as %v, %v", token, p, err)
		}
		if err == nil && (p.id != "abc" || !p.created.Equal(time.UnixMicro(1))) {
			t.Fatalf("the place is %v", p)
		}
		if _, err := tokens.open(token, "ownerp", "arent", ""); err == nil {
			t.Fatal("a token was opened for another list")
		}
	})
}

// TestParseParent: what is accepted makes names that can be asked for.
func TestParseParent(t *testing.T) {
	for _, bad := range []string{"", "/", "a//b", "projects/my project", "projects/a\u00a0b", "projects/a\u0085b", "a\x00", "\xff", "operations", "p/operations", "operations/p", "p/operations/l", strings.Repeat("a", maxParentLength+1)} {
		if err := ParseParent(bad); !fault.Is(err, fault.InvalidArgument) || fault.From(err).Field != "parent" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, good := range []string{"a", "projects/p/locations/l", "projects/\U0001F600/locations/l", strings.Repeat("a", maxParentLength)} {
		if err := ParseParent(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
		for _, form := range []string{operationName(good, newID()), "operations/" + operationName(good, newID())} {
			if parent, _, err := parseName(form); err != nil || parent != good {
				t.Errorf("%q was read as of %q (%v)", form, parent, err)
			}
		}
		if parent, err := parseCollection(good + "/operations"); err != nil || parent != good {
			t.Errorf("the collection of %q was read as %q (%v)", good, parent, err)
		}
	}
}
