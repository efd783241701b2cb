package authtest

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/lectern/lectern/auth/keys"
)

// RunStore proves a store of keys. open opens the same store, empty at first, as
// often as it is called, as many processes do.
func RunStore(t *testing.T, open func(*testing.T) keys.Store) {
	one, other := open(t), open(t)
	document, first, err := one.Load(t.Context(), "")
	if err != nil || len(document) != 0 || first == "" {
		t.Fatalf("an empty store has %q, %q, %v", document, first, err)
	}
	set := func(s keys.Store, to string) {
		t.Helper()
		if err := s.Change(t.Context(), func([]byte) ([]byte, error) { return []byte(to), nil }); err != nil {
			t.Fatal(err)
		}
	}
	marks := map[string]bool{first: true}
	// Of the same length too, and back to what it was.
	for _, text := range []string{"a", "b", "a", "longer", string(bytes.Repeat([]byte("x"), 1<<20)), "a"} {
		set(one, text)
		document, mark, err := other.Load(t.Context(), first)
		if err != nil || string(document) != text || marks[mark] {
			t.Fatalf("after a change to %.10q: %.10q, %q, %v", text, document, mark, err)
		}
		marks[mark] = true
		if _, again, err := other.Load(t.Context(), mark); err != nil || again != mark {
			t.Errorf("without a change the mark went from %q to %q, %v", mark, again, err)
		}
	}

	refused := errors.New("refused")
	if err := other.Change(t.Context(), func(now []byte) ([]byte, error) { return []byte("not this"), refused }); !errors.Is(err, refused) {
		t.Errorf("the edit's error is %v", err)
	}
	if document, _, err := one.Load(t.Context(), ""); err != nil || string(document) != "a" {
		t.Errorf("a change that was refused left %q, %v", document, err)
	}

	// No change undoes another.
	set(one, "")
	const many = 20
	var all sync.WaitGroup
	for i := range many {
		s := one
		if i%2 == 1 {
			s = other
		}
		all.Go(func() {
			if err := s.Change(t.Context(), func(now []byte) ([]byte, error) { return fmt.Appendf(now, "%c", 'a'+i), nil }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if document, _, err := other.Load(t.Context(), ""); err != nil || len(document) != many {
		t.Errorf("%d changes left %q, %v", many, document, err)
	}
}
