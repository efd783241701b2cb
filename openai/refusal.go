package openai

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/synth"
)

// refusal is an error of a request with what OpenAI's form of it adds.
type refusal struct {
	what   *fault.Error
	code   string
	status int
}

func (r refusal) Error() string { return r.what.Error() }
func (r refusal) Unwrap() error { return r.what }

// invalid refuses a field's value.
func invalid(param, code, format string, args ...any) error {
	return refusal{fault.Invalid(param, format, args...), code, http.StatusBadRequest}
}

// envelope is every error of the API.
type envelope struct {
	Error told `json:"error"`
}

type told struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    *string `json:"code"`
}

// statuses are those of faults that OpenAI's clients know; they try again after
// 409, 429 and all from 500 on. Anything else is the request's fault.
var statuses = map[fault.Code]int{
	fault.NotFound:          http.StatusNotFound,
	fault.PermissionDenied:  http.StatusForbidden,
	fault.Unauthenticated:   http.StatusUnauthorized,
	fault.ResourceExhausted: http.StatusTooManyRequests,
	fault.Unavailable:       http.StatusServiceUnavailable,
	fault.DeadlineExceeded:  http.StatusGatewayTimeout,
	fault.Internal:          http.StatusInternalServerError,
	fault.Unknown:           http.StatusInternalServerError,
	fault.DataLoss:          http.StatusInternalServerError,
	fault.Aborted:           http.StatusConflict,
	fault.Canceled:          499,
}

// params are what the fields of the pipeline's faults are called here.
var params = map[string]string{
	voices.FieldName:       "voice",
	voices.FieldLanguage:   "voice",
	encode.FieldEncoding:   "response_format",
	encode.FieldSampleRate: "response_format",
	synth.FieldText:        "input",
}

// form is err as the API tells it.
func form(err error) (status int, answer envelope, retry int) {
	f := fault.From(fault.Named(err, params))
	status, known := statuses[f.Code]
	if !known {
		status = http.StatusBadRequest
	}
	said := told{Type: "invalid_request_error"}
	switch {
	case status == http.StatusTooManyRequests:
		said.Type = "rate_limit_error"
	case status >= http.StatusInternalServerError:
		said.Type = "server_error"
	}
	if f.Limit != nil {
		code := "rate_limit_exceeded"
		said.Code = &code
	}
	if own, ok := errors.AsType[refusal](err); ok {
		status, said.Code = own.status, &own.code
	}
	if f.Field != "" {
		said.Param = &f.Field
	}
	said.Message = strings.ToValidUTF8(f.In("").Public(), "\uFFFD")
	return status, envelope{said}, int(math.Ceil(f.RetryAfter.Seconds()))
}

// Refuse answers with err, in OpenAI's form.
func Refuse(w http.ResponseWriter, err error) {
	status, answer, retry := form(err)
	if retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(retry))
	}
	_ = writeJSON(w, status, answer) // strings: only the client can fail
}

func quote(s string) string { return "'" + fault.Excerpt(s) + "'" }
