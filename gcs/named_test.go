package gcs_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestRecord: the record of a call says what was asked for and of which bucket, and no
// object's name, whatever becomes of it.
func TestRecord(t *testing.T) {
	p := start(t)
	const name, made = "secret.txt", "projects/_/buckets/books"
	for _, tt := range []struct {
		method, path, body string
		does, of           string
	}{
		{"POST", "/storage/v1/b?project=p", `{"name":"books"}`, "storage.buckets.create", made},
		{"GET", "/storage/v1/b?project=p", "", "storage.buckets.list", ""},
		{"GET", "/b", "", "storage.buckets.list", ""},
		{"GET", "/storage/v1/b/books", "", "storage.buckets.get", made},
		{"POST", "/upload/storage/v1/b/books/o?uploadType=media&name=" + name, "x", "storage.objects.create", made},
		{"GET", "/storage/v1/b/books/o", "", "storage.objects.list", made},
		{"GET", "/storage/v1/b/books/o/" + name, "", "storage.objects.get", made},
		{"HEAD", "/storage/v1/b/books/o/" + name, "", "storage.objects.get", made},
		{"GET", "/storage/v1/b/books/o/" + name + "?alt=media", "", "storage.objects.get", made},
		{"GET", "/download/storage/v1/b/books/o/" + name, "", "storage.objects.get", made},
		{"GET", "/b/books/o/folder%2F" + name, "", "storage.objects.get", made},
		{"GET", "/books/" + name, "", "storage.objects.get", made},
		{"GET", "/books/folder/" + name, "", "storage.objects.get", made},
		{"DELETE", "/storage/v1/b/books/o/" + name, "", "storage.objects.delete", made},
		{"DELETE", "/storage/v1/b/books/o/" + name, "", "storage.objects.delete", made},
		{"DELETE", "/storage/v1/b/books", "", "storage.buckets.delete", made},
		{"PATCH", "/storage/v1/b/books/o/" + name, "{}", "PATCH storage", made},
		{"DELETE", "/download/storage/v1/b/books/o/" + name, "", "DELETE storage", made},
		{"DELETE", "/books/" + name, "", "/books/…", ""},
		{"PUT", "/books/folder/" + name, "x", "/books/…", ""},
		{"GET", "/storage/v1/other/" + name, "", "GET storage", ""},
	} {
		p.send(t, tt.method, tt.path, tt.body)
		got := <-p.told
		if got.Method != tt.does || got.Resource != tt.of {
			t.Errorf("%s %s is told as %s of %q, want %s of %q", tt.method, tt.path, got.Method, got.Resource, tt.does, tt.of)
		}
		if said := fmt.Sprintf("%+v", got); strings.Contains(said, "secret") {
			t.Errorf("%s %s is told with the object's name: %s", tt.method, tt.path, said)
		}
	}
}
