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

// plainQuery lets a raw ';' be part of a value, as in $alt=json;enum-encoding=int,
// and refuses a URL that cannot be read at all.
func plainQuery(next http.Handler) http.Handler {
	// The library's wrapper has nothing left to replace: it is here because it
	// alone silences the line that net/http logs for every raw semicolon.
	next = http.AllowQuerySemicolons(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.RawQuery, ";") {
			u := *r.URL
			u.RawQuery = strings.ReplaceAll(u.RawQuery, ";", "%3B")
			r2 := *r
			r2.URL = &u
			r = &r2
		}
		if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
			writeError(r.Context(), w, status.New(codes.InvalidArgument, "The query string of the URL is not well-formed: "+strings.ToValidUTF8(err.Error(), "\uFFFD")+"."))
			return
		}
		if !utf8.ValidString(r.URL.Path) {
			writeError(r.Context(), w, status.New(codes.InvalidArgument, "The path of the URL is not valid UTF-8."))
			return
		}
		next.ServeHTTP(w, r)
	})
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
