package server

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/fault"
)

// Record is who did what: a call that has ended, without anything of its text.
type Record struct {
	Time time.Time // of its beginning
	Took time.Duration
	// Principal is the caller's name; empty where it is not known.
	Principal string
	// Project is that of the resource, else the only one that the caller acts for;
	// empty where there is none.
	Project string
	// Method is that of gRPC, package.Service/Method, or what an API calls it
	// (API.Named), else the path; of a request that nothing is served for, the first
	// name of it.
	Method string
	// Resource is what the request names, an operation, a parent or a bucket, and for a
	// call that has started an operation that one's name.
	Resource string
	// Code is a name of google.rpc.Code.
	Code      string
	RequestID string
	Remote    string // the client's address
}

// recorded is the name of what a request has reached: a method of gRPC, else its
// path, which says more than the pattern that led there. What has reached nothing may be
// an object's path, whose name is told to nobody; Google's own paths are no objects'.
func recorded(method, path string) string {
	switch {
	case method == "" && !strings.HasPrefix(path, "/v1/") && !strings.HasPrefix(path, "/v1beta1/"):
		first, _, more := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		if more {
			first += "/…"
		}
		return "/" + first
	case method == "" || method[0] == '/' || strings.Contains(method, " "):
		return path
	}
	return method
}

// About has the record of the call that ctx belongs to say what it is about.
func About(ctx context.Context, resource string) {
	if c := callOf(ctx); c != nil {
		c.resource = resource
	}
}

// looks are the methods that change nothing and that clients call again and again. Of
// those that were answered only a log at debug level tells.
var looks = map[string]bool{
	"google.longrunning.Operations/GetOperation":                true,
	"google.longrunning.Operations/ListOperations":              true,
	"google.longrunning.Operations/WaitOperation":               true,
	"google.cloud.texttospeech.v1.TextToSpeech/ListVoices":      true,
	"google.cloud.texttospeech.v1beta1.TextToSpeech/ListVoices": true,
}

// onlyLooked reports whether a call of this method and outcome is no news.
func onlyLooked(method, code string) bool {
	return strings.HasPrefix(method, "grpc.") || looks[method] && code == fault.Code(codes.OK).String()
}

// accessLevel is the level of a call's access line.
func accessLevel(method, code string) slog.Level {
	if onlyLooked(method, code) {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// record tells of a call that has ended, unless it only looked.
func (c Config) record(seen *call, method, remote, code string, start time.Time) {
	if onlyLooked(method, code) {
		return
	}
	c.Record(Record{
		Time: start, Took: time.Since(start), Principal: seen.principal.Name, Project: projectOf(seen.resource, seen.principal), Method: shortened(method), Resource: shortened(seen.resource),
		Code: code, RequestID: seen.id, Remote: remote,
	})
}

// everyProject stands for a project in the names of buckets, which are the same in all.
const everyProject = "_"

// projectOf is the project of a resource, else that of its caller.
func projectOf(resource string, p auth.Principal) string {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(resource, "operations/"), "projects/")
	if project, _, _ := strings.Cut(rest, "/"); ok && project != everyProject {
		return shortened(project)
	}
	if len(p.Projects) == 1 && p.Projects[0] != auth.AllProjects {
		return p.Projects[0]
	}
	return ""
}

// resourceOf is what a call is about, by the fields of that name which Google's
// messages have.
func resourceOf(request, answer any) string {
	for _, message := range []any{answer, request} {
		if named, ok := message.(interface{ GetName() string }); ok && named.GetName() != "" {
			if _, ok := message.(proto.Message); ok {
				return named.GetName()
			}
		}
	}
	if within, ok := request.(interface{ GetParent() string }); ok {
		return within.GetParent()
	}
	return ""
}
