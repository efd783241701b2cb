// Package outputs tells people what long operations write, which Google's messages
// have no field for: a page of JSON beside Google's own.
//
//	GET /lectern/v1/operations/ID                                        one operation
//	GET /lectern/v1/projects/PROJECT/locations/LOCATION/operations/ID
//	GET /lectern/v1/operations?pageSize=…&pageToken=…&filter=…           those of a list
//	GET /lectern/v1/projects/PROJECT/locations/LOCATION/operations?…
//
// The list has the operations of Google's own list of the same parameters, in the same
// order. The output of an operation that an earlier release has started is empty.
package outputs

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
)

// Pattern is that of http.ServeMux under which the page is served.
const Pattern = "/lectern/v1/"

// Operations know what they are about: an lro.Manager.
type Operations interface {
	Label(ctx context.Context, name string) (lro.Labelled, error)
	Labels(ctx context.Context, r *longrunningpb.ListOperationsRequest) ([]lro.Labelled, string, error)
}

// told is what the page tells of an operation.
type told struct {
	Name string `json:"name"`
	// Output is the object's URI.
	Output string `json:"output,omitempty"`
	// Path is its file, told to callers on the server's own machine, whether or not it
	// is there yet.
	Path string `json:"path,omitempty"`
}

// list is a page of a list.
type list struct {
	Operations    []told `json:"operations"`
	NextPageToken string `json:"nextPageToken,omitempty"`
}

// Page serves.
type Page struct {
	Operations Operations
	// Path is the file of an object, if it stands on this machine's disk.
	Path func(uri string) (path string, ok bool)
}

// Serve answers r.
func (p Page) Serve(w http.ResponseWriter, r *http.Request) error {
	if auth.From(r.Context()).Role < auth.Viewer {
		return fault.New(fault.PermissionDenied, "Operations are told to those who have the role of a viewer.")
	}
	name := strings.TrimPrefix(r.URL.Path, Pattern)
	isList := name == "operations" || strings.HasSuffix(name, "/operations")
	if r.Method != http.MethodGet || !isList && !strings.Contains(name, "operations/") {
		return fault.New(fault.NotFound, "Nothing is served at %s %s.", r.Method, r.URL.EscapedPath())
	}
	near := isNear(r)
	if !isList {
		one, err := p.Operations.Label(r.Context(), name)
		if err != nil {
			return err
		}
		return writeJSON(w, p.output(one, near))
	}
	wanted, err := readQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	wanted.Name = name
	all, next, err := p.Operations.Labels(r.Context(), wanted)
	if err != nil {
		return err
	}
	answer := list{Operations: []told{}, NextPageToken: next}
	for _, one := range all {
		answer.Operations = append(answer.Operations, p.output(one, near))
	}
	return writeJSON(w, answer)
}

// readQuery reads the parameters of a list.
func readQuery(query string) (*longrunningpb.ListOperationsRequest, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, fault.New(fault.InvalidArgument, "The query of the request cannot be read.").Because(err)
	}
	r := &longrunningpb.ListOperationsRequest{Filter: values.Get("filter"), PageToken: values.Get("pageToken")}
	if size := values.Get("pageSize"); size != "" {
		n, err := strconv.ParseInt(size, 10, 32)
		if err != nil {
			return nil, fault.Invalid("pageSize", "%.40q is not a number.", size)
		}
		r.PageSize = int32(n)
	}
	return r, nil
}

func (p Page) output(o lro.Labelled, near bool) told {
	one := told{Name: o.Name, Output: o.Label}
	if near && o.Label != "" {
		if path, ok := p.Path(o.Label); ok {
			one.Path = path
		}
	}
	return one
}

// isNear reports whether the caller is on this machine, and may read files of it: a
// proxy may be here for callers who are not.
func isNear(r *http.Request) bool {
	for _, header := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(header) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback() && auth.From(r.Context()).Role >= auth.Operator
}

func writeJSON(w http.ResponseWriter, answer any) error {
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	_, err = w.Write(append(body, '\n'))
	return err
}
