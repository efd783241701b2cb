package lectern

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/sqlite"
	"github.com/lectern/lectern/server"
)

// of is an operator of some projects.
func of(projects ...string) auth.Principal {
	return auth.Principal{Name: "of " + strings.Join(projects, ", "), Role: auth.Operator, Projects: projects}
}

// ownersAt are the owners of the buckets in a data directory, as a server has them that
// starts there.
type ownersAt struct {
	*bucketOwners
	store *sqlite.Store
	said  bytes.Buffer
	close func()
}

func startOwners(t *testing.T, data string, asked bool, tied auth.Buckets, mapped ...string) *ownersAt {
	t.Helper()
	o := &ownersAt{}
	log := slog.New(slog.NewTextHandler(&o.said, nil))
	var err error
	if o.store, err = sqlite.Open(t.Context(), data, log); err != nil {
		t.Fatal(err)
	}
	files, err := file.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	all := bucket.Config{All: files, Scratch: files.Scratch(), Mapped: map[string]driver.Store{}}
	for _, name := range mapped {
		if all.Mapped[name], err = file.OpenBucket(t.TempDir()); err != nil {
			t.Fatal(err)
		}
	}
	buckets := bucket.New(all)
	c := Config{BucketProjects: tied}
	if asked {
		c.Server = server.Config{Authenticate: func(context.Context, auth.Credentials) (auth.Principal, error) {
			return auth.Principal{}, auth.ErrNotMine
		}}
	}
	if o.bucketOwners, err = newBucketOwners(c, o.store, buckets); err != nil {
		t.Fatal(err)
	}
	o.settle(t.Context(), o.store, log)
	o.close = sync.OnceFunc(func() {
		if err := o.store.Close(); err != nil {
			t.Error(err)
		}
		if err := buckets.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(o.close)
	return o
}

// is expects who of some principals may know of a bucket, and write to it.
func (o *ownersAt) is(t *testing.T, name string, open map[string]bool) {
	t.Helper()
	for project, want := range open {
		for what, may := range map[string]func() (bool, error){
			"know of":          func() (bool, error) { return o.Open(t.Context(), of(project), name) },
			"want to write to": func() (bool, error) { return o.MayWrite(t.Context(), of(project), project, name) },
			"write to":         func() (bool, error) { return o.Claim(t.Context(), of(project), project, name) },
		} {
			if got, err := may(); err != nil || got != want {
				t.Errorf("%q may %s %s: %t (%v), want %t", project, what, name, got, err, want)
			}
		}
	}
}

// TestFirstWriterOwns: of many projects that write to a bucket first at the same time one
// has it, and it is that one's after a restart too; nobody gets it by knowing of it.
func TestFirstWriterOwns(t *testing.T) {
	data := t.TempDir()
	o := startOwners(t, data, true, nil)
	for _, name := range []string{"books", "more"} {
		if open, err := o.Open(t.Context(), of("a"), name); err != nil || open {
			t.Errorf("%s, which is not there, is open (%v)", name, err)
		}
		for _, project := range []string{"a", "b"} { // who only wants to takes nothing
			if may, err := o.MayWrite(t.Context(), of(project), "", name); err != nil || !may {
				t.Errorf("%s may not write to %s, which is nobody's (%v)", project, name, err)
			}
		}
		var mu sync.Mutex
		var winners []string
		var all sync.WaitGroup
		for project := range strings.SplitSeq("abcdefgh", "") {
			all.Go(func() {
				won, err := o.Claim(t.Context(), of(project), "", name)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if won {
					winners = append(winners, project)
				}
			})
		}
		all.Wait()
		if len(winners) != 1 {
			t.Fatalf("%s has gone to %q", name, winners)
		}
		want := map[string]bool{auth.AllProjects: true}
		for project := range strings.SplitSeq("abcdefgh", "") {
			want[project] = project == winners[0]
		}
		o.is(t, name, want)
		makeBucket(t, data, name)
		o.close()
		o = startOwners(t, data, true, nil)
		o.is(t, name, want)
		if o.said.Len() > 0 {
			t.Errorf("the start says %s", &o.said)
		}
	}
}

func makeBucket(t *testing.T, data, name string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(data, "buckets", name), 0o700); err != nil {
		t.Fatal(err)
	}
}

// TestWhichProjectOwns: the one that is named, if the caller acts for it, else the only
// one.
func TestWhichProjectOwns(t *testing.T) {
	o := startOwners(t, t.TempDir(), true, auth.Buckets{"tied": "a", "shared": everybody})
	for _, tt := range []struct {
		by             auth.Principal
		project, owner string
	}{
		{of("a"), "a", "a"},
		{of("a"), "", "a"},
		{of("a"), "b", "a"}, // what clients fill in is often no project of theirs
		{of("a", "b"), "b", "b"},
		{of(auth.AllProjects), "c", "c"},
		{of(auth.AllProjects), "", auth.AllProjects},
	} {
		name := "of-" + strings.ReplaceAll(strings.Join(tt.by.Projects, ""), "*", "all") + "-" + tt.project + "x"
		open, err := o.Claim(t.Context(), tt.by, tt.project, name)
		owner, err2 := o.store.OwnerOf(t.Context(), name)
		if err != nil || err2 != nil || !open || owner != tt.owner {
			t.Errorf("%v for %q: %t, %q's (%v, %v)", tt.by.Projects, tt.project, open, owner, err, err2)
		}
	}
	for _, refused := range []struct {
		by            auth.Principal
		project, name string
		code          fault.Code
	}{
		{of("a", "b"), "c", "whose", fault.InvalidArgument},
		{of(), "c", "whose", fault.PermissionDenied},
		{of(""), "", "whose", fault.PermissionDenied},
		{of("a", "b"), "a", "of-ab-bx", fault.FailedPrecondition}, // which is b's
		{of(auth.AllProjects), "b", "of-a-ax", fault.FailedPrecondition},
	} {
		for _, write := range []func(context.Context, auth.Principal, string, string) (bool, error){o.MayWrite, o.Claim} {
			if _, err := write(t.Context(), refused.by, refused.project, refused.name); !fault.Is(err, refused.code) {
				t.Errorf("%v to %s for %q: %v", refused.by.Projects, refused.name, refused.project, err)
			}
		}
	}
	for _, name := range []string{"", "..", "a/b"} {
		if open, err := o.Claim(t.Context(), of("a"), "a", name); err != nil || open {
			t.Errorf("%q, which cannot be a bucket, is open (%v)", name, err)
		}
	}
	o.is(t, "tied", map[string]bool{"a": true, "b": false, auth.AllProjects: true})
	o.is(t, "shared", map[string]bool{"a": true, "b": true, auth.AllProjects: true})
	owned, err := o.store.Owned(t.Context())
	if err != nil || owned["tied"] != "" || owned["shared"] != "" || owned["whose"] != "" || len(owned) != 6 {
		t.Errorf("owned are %q (%v)", owned, err)
	}
}

// TestBucketsFromBefore: buckets that were written before callers were asked are those of
// the one project whose operations have written all that is there; those of several, or of
// nobody known, are closed, and the log says which and what opens them.
func TestBucketsFromBefore(t *testing.T) {
	data := t.TempDir()
	o := startOwners(t, data, false, nil)
	operations, err := lro.Open(t.Context(), lro.Config{Store: o.store, Kinds: []lro.Kind{lrotest.NewToy()}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range [][2]string{{"a", "gs://of-a/1.wav"}, {"a", "gs://of-a/2.wav"}, {"a", "gs://of-both/1.wav"}, {"b", "gs://of-both/2.wav"}, {"b", ""}, {"b", "gs://tied/2.wav"}, {"b", "gs://unborn/1.wav"}, {"a", "gs://of-more/1.wav"}} {
		if _, err := operations.Start(t.Context(), lro.NewOperation{Kind: lrotest.ToyKind, Parent: "projects/" + w[0] + "/locations/l", Label: w[1], Tasks: []lro.Task{{Payload: []byte("say a"), Weight: 1}}}); err != nil {
			t.Fatal(err)
		}
	}
	none, err := operations.Start(t.Context(), lro.NewOperation{Kind: lrotest.ToyKind, Parent: "projects/b/locations/l", Label: "gs://of-nobody/none.wav", Tasks: []lro.Task{{Payload: []byte("say a"), Weight: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := operations.CancelOperation(t.Context(), &longrunningpb.CancelOperationRequest{Name: none.Name}); err != nil { // it has left nothing there
		t.Fatal(err)
	}
	for _, name := range []string{"of-a", "of-both", "of-more", "of-nobody", "tied"} {
		makeBucket(t, data, name)
	}
	for _, object := range []string{"of-a/1.wav", "of-a/1.srt", "of-more/1.wav", "of-more/2.wav"} { // the last is of nobody known
		if err := os.WriteFile(filepath.Join(data, "buckets", object), []byte("..."), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// Nothing changes where nobody is asked, nor is anything kept.
	o.is(t, "of-a", map[string]bool{"a": true, "b": true})
	if owned, err := o.store.Owned(t.Context()); err != nil || len(owned) != 0 || o.said.Len() > 0 {
		t.Fatalf("%q, %v, %s", owned, err, &o.said)
	}
	o.close()
	for range 2 { // and so it stays
		o = startOwners(t, data, true, auth.Buckets{"tied": "c"})
		o.is(t, "of-a", map[string]bool{"a": true, "b": false, auth.AllProjects: true})
		o.is(t, "of-both", map[string]bool{"a": false, "b": false, auth.AllProjects: true})
		o.is(t, "of-more", map[string]bool{"a": false, "b": false, auth.AllProjects: true})
		o.is(t, "of-nobody", map[string]bool{"a": false, "b": false, auth.AllProjects: true})
		o.is(t, "unborn", map[string]bool{"a": false, "b": true, auth.AllProjects: true})
		o.is(t, "tied", map[string]bool{"b": false, "c": true})
		said := o.said.String()
		if strings.Count(said, "\n") != 1 || !strings.Contains(said, "[of-both of-more of-nobody]") || !strings.Contains(said, "--bucket-project") {
			t.Errorf("the start says %s", said)
		}
		o.close()
	}
	o = startOwners(t, data, true, auth.Buckets{"of-both": everybody, "of-more": "a", "of-nobody": "b"})
	o.is(t, "of-both", map[string]bool{"a": true, "b": true})
	o.is(t, "of-nobody", map[string]bool{"a": false, "b": true})

	// What comes while the server runs, by another hand, is nobody's until the next start.
	makeBucket(t, data, "brought")
	o.is(t, "brought", map[string]bool{"a": false, "b": false, auth.AllProjects: true})
	if names := slices.Collect(strings.SplitSeq(o.said.String(), "\n")); len(names) != 1 {
		t.Errorf("the start says %s", &o.said)
	}
}

// TestMappedAfterwards: of a bucket that is mapped once its name was taken a start says
// whose it is, until somebody has said whose it shall be.
func TestMappedAfterwards(t *testing.T) {
	data := t.TempDir()
	o := startOwners(t, data, true, nil)
	for _, name := range []string{"taken", "tied"} {
		if won, err := o.Claim(t.Context(), of("a"), "a", name); err != nil || !won {
			t.Fatalf("%s: %t, %v", name, won, err)
		}
	}
	o.close()
	o = startOwners(t, data, true, auth.Buckets{"tied": "b"}, "taken", "tied")
	o.is(t, "taken", map[string]bool{"a": true, "b": false})
	o.is(t, "tied", map[string]bool{"a": false, "b": true})
	if said := o.said.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "bucket=taken project=a") || !strings.Contains(said, "--bucket-project taken=a") {
		t.Errorf("the start says %s", said)
	}
}
