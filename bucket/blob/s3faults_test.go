package blob_test

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/blob"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/internal/objectservers"
)

func place(name string) driver.Place {
	return driver.Place{Object: driver.Object{Bucket: "books", Name: name}, Key: name}
}

// What a bucket refuses is told in words at the start, and by class when it is
// met later.
func TestS3Refusals(t *testing.T) {
	server := objectservers.StartS3(t)
	_, url := freshBucket(t, server, "")
	nobody := openStore(t, server.URL("nobodys", ""))
	if err := nobody.Probe(t.Context()); driver.ClassOf(err) != driver.NoBucket || !strings.Contains(err.Error(), "s3://nobodys/ cannot be used: the bucket does not exist") {
		t.Errorf("a bucket that does not exist: %v", err)
	}
	if _, err := nobody.Begin(t.Context(), driver.Attempt{Operation: "op", Number: "1", Place: place("a")}); driver.ClassOf(err) != driver.NoBucket {
		t.Errorf("writing to a bucket that does not exist: %v", err)
	}
	pieces, err := blob.OpenScratch(t.Context(), server.URL("nobodys", ""), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	both := bucket.New(bucket.Config{All: openStore(t, url), Scratch: pieces})
	defer both.Close()
	if err := both.Probe(t.Context()); err == nil || !strings.Contains(err.Error(), "scratch cannot be written: the bucket does not exist: make it") || strings.Contains(err.Error(), "\n") {
		t.Errorf("scratch in a bucket that does not exist: %v", err)
	}
	for _, c := range []struct{ key, secret string }{{server.Key, "wrong"}, {"stranger", server.Secret}} {
		t.Setenv("AWS_ACCESS_KEY_ID", c.key)
		t.Setenv("AWS_SECRET_ACCESS_KEY", c.secret)
		s := openStore(t, url)
		if err := s.Probe(t.Context()); driver.ClassOf(err) != driver.Denied || !strings.Contains(err.Error(), "credentials are wrong") {
			t.Errorf("wrong credentials: %v", err)
		}
		if _, err := s.Begin(t.Context(), driver.Attempt{Operation: "op", Number: "1", Place: place("a")}); driver.ClassOf(err) != driver.Denied {
			t.Errorf("writing with wrong credentials: %v", err)
		}
	}
}

// A store that nobody can reach is told from one that refuses, and so are
// credentials that there are none of.
func TestS3OutOfReach(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_ACCESS_KEY_ID", "tester")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	url := (&objectservers.S3{Address: listener.Addr().String()}).URL("audio", "")
	away := openStore(t, url)
	if err := away.Probe(t.Context()); driver.ClassOf(err) != driver.Away || !strings.Contains(err.Error(), "the network lets the server there") {
		t.Errorf("nobody listens: %v", err)
	}
	if _, err := away.Begin(t.Context(), driver.Attempt{Operation: "op", Number: "1", Place: place("a")}); driver.ClassOf(err) != driver.Away {
		t.Errorf("writing where nobody listens: %v", err)
	}
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	if err := openStore(t, url).Probe(t.Context()); driver.ClassOf(err) == driver.Away || !strings.Contains(err.Error(), "its credentials are right") {
		t.Errorf("no credentials: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for _, address := range []string{"s3://", "s3:///x", "http://bucket", "bucket", "s3://user:secret@bucket", "s3://bucket?unheard=of", "s3://bucket?use_path_style=perhaps"} {
		if s, err := blob.Open(t.Context(), address); err == nil {
			s.Close()
			t.Errorf("%q is taken", address)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells a secret: %v", err)
		}
	}
}

// A service that has lost a part is found out before the object shows.
func TestS3LosesAPart(t *testing.T) {
	server := objectservers.StartS3(t)
	name, url := freshBucket(t, server, "")
	s := openStore(t, url)
	u, err := s.Begin(t.Context(), driver.Attempt{Operation: "op", Number: "1", Place: place("a.wav")})
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Body(t.Context()).WriteZeros(20 << 20); err != nil {
		t.Fatal(err)
	}
	r, err := u.Seal(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	lost := 0
	err = filepath.WalkDir(filepath.Join(server.Root, name), func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Name() == "2" && e.Type().IsRegular() {
			lost++
			err = os.Remove(path)
		}
		return err
	})
	if err != nil || lost != 1 {
		t.Fatalf("%d parts could be lost, %v", lost, err)
	}
	err = s.Commit(t.Context(), r)
	if driver.ClassOf(err) != driver.Gone || !strings.Contains(err.Error(), "has lost some of an upload: it has 3 parts of 4") {
		t.Errorf("Commit says %v", err)
	}
	if committed, err := s.Committed(t.Context(), r); committed || err != nil {
		t.Errorf("committed: %v, %v", committed, err)
	}
}

// A process that dies while it writes, or before it commits, leaves nothing that
// Discard does not find.
func TestS3UploadsAreSwept(t *testing.T) {
	server := objectservers.StartS3(t)
	name, url := freshBucket(t, server, "")
	_, client := clientOf(t, server, name)
	dead, s := openStore(t, url), openStore(t, url)
	for _, number := range []string{"1", "2"} {
		u, err := dead.Begin(t.Context(), driver.Attempt{Operation: "op", Number: number, Place: place("a.wav")})
		if err != nil {
			t.Fatal(err)
		}
		if err := u.Body(t.Context()).WriteZeros(9 << 20); err != nil {
			t.Fatal(err)
		}
		if _, err := u.Seal(t.Context(), nil); err != nil { // no part is on its way
			t.Fatal(err)
		}
	}
	if _, err := dead.Begin(t.Context(), driver.Attempt{Operation: "op", Number: "3", Place: place("b.wav")}); err != nil {
		t.Fatal(err)
	}
	if err := s.Discard(t.Context(), "op"); err != nil {
		t.Fatal(err)
	}
	uploads, err := client.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &name})
	if err != nil || len(uploads.Uploads) > 0 {
		t.Errorf("%d uploads are left, %v", len(uploads.Uploads), err)
	}
	if ids, err := s.Kept(t.Context()); err != nil || len(ids) > 0 {
		t.Errorf("kept: %v, %v", ids, err)
	}
}
