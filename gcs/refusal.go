package gcs

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/lectern/lectern/fault"
)

// refusal is an error with the status and the reason that Cloud Storage has for it.
type refusal struct {
	what   *fault.Error
	status int
	reason string
}

func (r refusal) Error() string { return r.what.Error() }
func (r refusal) Unwrap() error { return r.what }

// forms are the statuses and reasons of faults. Clients try again after 408, 429 and
// most from 500 on. Anything else is the request's fault.
var forms = map[fault.Code]struct {
	status int
	reason string
}{
	fault.NotFound:           {http.StatusNotFound, "notFound"},
	fault.Unauthenticated:    {http.StatusUnauthorized, "required"},
	fault.PermissionDenied:   {http.StatusForbidden, "forbidden"},
	fault.AlreadyExists:      {http.StatusConflict, "conflict"},
	fault.Aborted:            {http.StatusConflict, "conflict"},
	fault.FailedPrecondition: {http.StatusConflict, "conflict"},
	fault.OutOfRange:         {http.StatusRequestedRangeNotSatisfiable, "requestedRangeNotSatisfiable"},
	fault.ResourceExhausted:  {http.StatusTooManyRequests, "rateLimitExceeded"},
	fault.Unavailable:        {http.StatusServiceUnavailable, "backendError"},
	fault.DeadlineExceeded:   {http.StatusRequestTimeout, "requestTimeout"},
	fault.Internal:           {http.StatusInternalServerError, "backendError"},
	fault.Unknown:            {http.StatusInternalServerError, "backendError"},
	fault.DataLoss:           {http.StatusInternalServerError, "backendError"},
	fault.Canceled:           {499, "clientClosedRequest"},
}

// envelope is every error of the API.
type envelope struct {
	Error struct {
		Code    int          `json:"code"`
		Message string       `json:"message"`
		Errors  []errorInfos `json:"errors"`
	} `json:"error"`
}

type errorInfos struct {
	Message string `json:"message"`
	Domain  string `json:"domain"`
	Reason  string `json:"reason"`
}

// Refuse answers with err, in Cloud Storage's form.
func Refuse(w http.ResponseWriter, err error) {
	f := fault.From(err)
	form, known := forms[f.Code]
	if !known {
		form.status, form.reason = http.StatusBadRequest, "invalid"
	}
	if own, ok := errors.AsType[refusal](err); ok {
		form.status, form.reason = own.status, own.reason
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	if form.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="lectern"`)
	}
	if form.status == http.StatusNotModified { // which has no body
		w.WriteHeader(form.status)
		return
	}
	var e envelope
	e.Error.Code, e.Error.Message = form.status, strings.ToValidUTF8(f.Public(), "\uFFFD")
	e.Error.Errors = []errorInfos{{e.Error.Message, "global", form.reason}}
	_ = writeJSON(w, form.status, e) // strings: only the client can fail
}
