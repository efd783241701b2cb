package lectern

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc"

	"github.com/lectern/lectern/fault"
)

// answeringOperations is a database that answers with an error.
type answeringOperations struct{ err error }

func (a *answeringOperations) GetOperation(context.Context, *longrunningpb.GetOperationRequest) (*longrunningpb.Operation, error) {
	return nil, a.err
}

func TestReadinessTellsTheTruth(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*testing.T, *readiness)
		want  string // of the reason; empty means ready
	}{
		"all is well": {func(*testing.T, *readiness) {}, ""},
		"a full disk": {func(_ *testing.T, r *readiness) {
			r.room = room{[]disk{{"/data", func() (int64, int64, error) { return 1 << 20, 1 << 40, nil }}}}.check
		}, "1 MiB left"},
		"data deleted":      {func(t *testing.T, r *readiness) { must(t, os.RemoveAll(r.data)) }, "gone"},
		"database deleted":  {func(t *testing.T, r *readiness) { must(t, os.Remove(filepath.Join(r.data, "operations.db"))) }, "gone"},
		"database replaced": {replaceDatabase, "replaced"},
		"database dead": {func(_ *testing.T, r *readiness) {
			r.operations = &answeringOperations{fault.From(errors.New("it is closed"))}
		}, "database"},
		"no bucket": {func(_ *testing.T, r *readiness) {
			r.stored, r.buckets = time.Time{}, func(context.Context) error { return errors.New("the bucket s3://books/ cannot be used") }
		}, "s3://books/"},
		"no lease": {func(_ *testing.T, r *readiness) {
			r.store = func(context.Context) error { return errors.New("this node has no lease") }
		}, "lease"},
		"no engine": {func(_ *testing.T, r *readiness) { r.engines = func() int { return 0 } }, "engine"},
	} {
		t.Run(name, func(t *testing.T) {
			now := time.Now()
			r := newReady(t, room{})
			r.now = func() time.Time { return now }
			db := filepath.Join(r.data, "operations.db")
			must(t, os.WriteFile(db, nil, 0o600))
			must(t, r.remember(r.data, db))
			if err := r.check(t.Context()); err != nil {
				t.Fatal(err)
			}
			tt.spoil(t, r)
			if err := r.check(t.Context()); err != nil {
				t.Errorf("asked again within a second: %v", err)
			}
			now = now.Add(readyFor)
			err := r.check(t.Context())
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if left, _ := filepath.Glob(filepath.Join(r.data, ".ready*")); len(left) > 0 {
				t.Errorf("it left %v", left)
			}
		})
	}
}

// TestNoOperationIsTakenWithoutData: what would be written to a file that has no
// name any more is refused, and all else goes on.
func TestNoOperationIsTakenWithoutData(t *testing.T) {
	r := &readiness{data: t.TempDir()}
	must(t, r.remember(r.data))
	call := func(method string) error {
		_, err := admission{readiness: r}.unary(t.Context(), nil, &grpc.UnaryServerInfo{FullMethod: method}, func(context.Context, any) (any, error) { return nil, nil })
		return err
	}
	const speak = "/google.cloud.texttospeech.v1.TextToSpeech/SynthesizeSpeech"
	const start = "/google.cloud.texttospeech.v1beta1.TextToSpeechLongAudioSynthesize/SynthesizeLongAudio"
	must(t, call(start))
	must(t, os.RemoveAll(r.data))
	if err := call(start); !fault.Is(err, fault.Unavailable) {
		t.Errorf("an operation was taken: %v", err)
	}
	must(t, call(speak))
}

// replaceDatabase keeps the old file, so that the new one is not of its number.
func replaceDatabase(t *testing.T, r *readiness) {
	db := filepath.Join(r.data, "operations.db")
	must(t, os.Rename(db, db+".old"))
	must(t, os.WriteFile(db, nil, 0o600))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
