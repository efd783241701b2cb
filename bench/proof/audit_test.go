package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
)

// place is a data directory as a server leaves it, with one object.
func place(t *testing.T, object []byte) (*server, *entry) {
	t.Helper()
	s := &server{data: t.TempDir()}
	e := &entry{name: "operations/a", uri: "gs://proof/001/page.wav", cancelSent: true, text: &sample{name: "page"}}
	if object != nil {
		write(t, s.object(e.uri), object)
	}
	return s, e
}

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func failedWith(message string) *longrunningpb.Operation {
	return &longrunningpb.Operation{Name: "operations/a", Done: true,
		Result: &longrunningpb.Operation_Error{Error: &status.Status{Code: int32(codes.Internal), Message: message}}}
}

func TestAuditOfOutcomes(t *testing.T) {
	whole := wavOf(100_000, 100_000)
	loud := slices.Clone(whole)
	loud[5000] = 1
	for name, test := range map[string]struct {
		object []byte
		op     *longrunningpb.Operation
		fine   bool
		change func(*entry)
	}{
		"succeeded, whole":         {object: whole, op: state(t, 100, "succeeded"), fine: true},
		"succeeded, nothing":       {op: state(t, 100, "succeeded")},
		"succeeded, cut":           {object: whole[:90_000], op: state(t, 100, "succeeded")},
		"succeeded, shorter":       {object: wavOf(99_998, 99_998), op: state(t, 100, "succeeded")},
		"succeeded, another sound": {object: loud, op: state(t, 100, "succeeded")},
		"cancelled":                {op: state(t, 50, "cancelled"), fine: true},
		"cancelled, object":        {object: whole, op: state(t, 50, "cancelled")},
		"cancelled by nobody":      {op: state(t, 50, "cancelled"), change: func(e *entry) { e.cancelSent = false }},
		"given up":                 {op: failedWith("The server died 3 times while it worked on part 1 of 2."), fine: true},
		"failed":                   {op: failedWith("no such file")},
		"never ended":              {op: state(t, 50, "")},
	} {
		t.Run(name, func(t *testing.T) {
			s, e := place(t, test.object)
			reference := filepath.Join(t.TempDir(), "reference.wav")
			write(t, reference, whole)
			var err error
			if e.text.size, e.text.sum, err = checkWAV(reference); err != nil {
				t.Fatal(err)
			}
			if test.change != nil {
				test.change(e)
			}
			var r ordealReport
			r.auditOutcome(s, e, test.op)
			if fine := len(r.complaints) == 0; fine != test.fine {
				t.Errorf("complaints: %q", r.complaints)
			}
		})
	}
}

func TestAuditOfFiles(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(t *testing.T, data string)
		want  string // in a complaint; empty for none
	}{
		"all is well": {func(*testing.T, string) {}, ""},
		"an object of no operation": {func(t *testing.T, data string) {
			write(t, filepath.Join(data, "buckets", "proof", "002", "page.wav"), []byte("x"))
		}, "belongs to no operation"},
		"no database": {func(t *testing.T, data string) { os.Remove(filepath.Join(data, "a.db")) }, "no database"},
		"a damaged database": {func(t *testing.T, data string) {
			file := filepath.Join(data, "a.db")
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i := len(raw) / 2; i < len(raw)/2+3000; i++ {
				raw[i] ^= 0xff
			}
			write(t, file, raw)
		}, "a.db"},
	} {
		t.Run(name, func(t *testing.T) {
			s, e := place(t, wavOf(100, 100))
			fillDatabase(t, filepath.Join(s.data, "a.db"))
			test.spoil(t, s.data)
			l := newLedger()
			l.accept(e)
			var r ordealReport
			r.auditObjects(s.data, l)
			r.auditDatabase(s.data)
			said := strings.Join(r.complaints, "; ")
			if (test.want == "") != (said == "") || !strings.Contains(said, test.want) {
				t.Errorf("complaints: %q, want %q", said, test.want)
			}
			if (r.integrity == "ok") != (test.want == "" || strings.HasPrefix(test.want, "belongs")) {
				t.Errorf("integrity: %q", r.integrity)
			}
		})
	}
}

func fillDatabase(t *testing.T, file string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE t (a PRIMARY KEY, b);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 2000) INSERT INTO t SELECT i, hex(randomblob(20)) FROM n`); err != nil {
		t.Fatal(err)
	}
}
