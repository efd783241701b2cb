package bucket_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
)

// TestReservations compares with the rule in its plainest form: two operations
// collide when a name of one is a folder of a name of the other, or when both
// have a name of which only one can have it.
func TestReservations(t *testing.T) {
	type held struct {
		object     bucket.Object
		extensions []string
	}
	names := func(h held) map[string]string { // to what they are
		all := map[string]string{h.object.Name: "the object " + h.object.Name}
		for _, extension := range h.extensions {
			all[h.object.Beside(extension).Name] = "captions of " + h.object.Name
		}
		return all
	}
	collide := func(a, b held) bool {
		for x, isX := range names(a) {
			for y, isY := range names(b) {
				if x == y && isX != isY || strings.HasPrefix(x, y+"/") || strings.HasPrefix(y, x+"/") {
					return true
				}
			}
		}
		return false
	}
	d, _ := open(t, t.TempDir())
	rapid.Check(t, func(r *rapid.T) {
		all := map[string]held{}
		defer func() {
			for id := range all {
				d.Release(id)
			}
		}()
		ids := rapid.SampledFrom([]string{"1", "2", "3", "4", "5"})
		r.Repeat(map[string]func(*rapid.T){
			"reserve": func(r *rapid.T) {
				id := ids.Draw(r, "id")
				h := held{object: bucket.Object{Bucket: "books", Name: rapid.SampledFrom([]string{"a", "a.wav", "a.ogg", "a.srt", "a/b", "a/b.wav", "a.srt/c", "a/b/c"}).Draw(r, "name")}}
				if rapid.Bool().Draw(r, "captions") {
					h.extensions = []string{".srt", ".json"}
				}
				free := true
				for other, o := range all {
					free = free && (other == id || !collide(h, o))
				}
				if _, again := all[id]; again {
					free = true // and nothing changes
				}
				err := d.Reserve(id, h.object, h.extensions)
				if (err == nil) != free || err != nil && !fault.Is(err, fault.FailedPrecondition) {
					r.Fatalf("reserving %v beside %v: %v", h, all, err)
				}
				if _, again := all[id]; err == nil && !again {
					all[id] = h
				}
			},
			"release": func(r *rapid.T) {
				id := ids.Draw(r, "id")
				d.Release(id)
				delete(all, id)
			},
		})
	})
}
