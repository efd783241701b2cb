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

// queried reads the query string: the form of the answer, which chooses who serves
// the request, and r.Form, in which the gateway looks for fields. A raw ';' is part
// of a value, as in $alt=json;enum-encoding=int.
func queried(byForm map[transcode.Marshaler]http.Handler) http.Handler {
	// net/http logs every raw semicolon, unless this has been asked to replace them.
	silent := http.AllowQuerySemicolons(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.RawQuery, ";") {
			silent.ServeHTTP(w, r)
		}
		values, err := url.ParseQuery(strings.ReplaceAll(r.URL.RawQuery, ";", "%3B"))
		if err != nil {
			writeError(r.Context(), w, status.New(codes.InvalidArgument, "The query string of the URL is not well-formed: "+strings.ToValidUTF8(err.Error(), "\uFFFD")+"."))
			return
		}
		if !utf8.ValidString(r.URL.Path) {
			writeError(r.Context(), w, status.New(codes.InvalidArgument, "The path of the URL is not valid UTF-8."))
			return
		}
		form, err := answerForm(values)
		if err != nil {
			writeError(r.Context(), w, errorStatus(err))
			return
		}
		// A body is never a form: PostForm is set so that none is looked for there.
		r.Form, r.PostForm = values, url.Values{}
		byForm[form].ServeHTTP(w, r)
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
