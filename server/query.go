package server

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/server/transcode"
)

// silent has net/http know that semicolons are looked after: it logs every raw one else.
var silent = http.AllowQuerySemicolons(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))

// queried is the check of the query string, which it reads: the form of the answer, which
// chooses who serves the request, and r.Form, in which the gateway looks for fields. A
// raw ';' is part of a value, as in $alt=json;enum-encoding=int.
func queried(c *call, w http.ResponseWriter, r *http.Request) (_ *http.Request, err error) {
	if strings.Contains(r.URL.RawQuery, ";") {
		silent.ServeHTTP(w, r)
	}
	// A body is never a form: PostForm is set so that none is looked for there.
	r.PostForm = url.Values{}
	if r.Form, err = url.ParseQuery(strings.ReplaceAll(r.URL.RawQuery, ";", "%3B")); err != nil {
		return r, status.Error(codes.InvalidArgument, "The query string of the URL is not well-formed: "+strings.ToValidUTF8(err.Error(), "\uFFFD")+".")
	}
	if !utf8.ValidString(r.URL.Path) {
		return r, status.Error(codes.InvalidArgument, "The path of the URL is not valid UTF-8.")
	}
	c.form, err = answerForm(r.Form)
	return r, err
}

// answerForm reads the system parameters that choose the form of the answer
// (docs/contract.md 7.5). Only JSON is served; enums may be asked for as numbers, and
// lines and indents be declined.
func answerForm(query url.Values) (form transcode.Marshaler, err error) {
	for _, asked := range append(query["$alt"], query["alt"]...) {
		kind, options, _ := strings.Cut(asked, ";")
		if kind != "json" && kind != "" {
			return form, fault.Invalid("$alt", "Only json is served, not %q.", kind)
		}
		for option := range strings.SplitSeq(options, ";") {
			if strings.TrimSpace(option) == "enum-encoding=int" {
				form.EnumNumbers = true
			}
		}
	}
	for _, asked := range append(query["$prettyPrint"], query["prettyPrint"]...) {
		form.Compact = asked == "false" || asked == "0"
	}
	return form, nil
}
