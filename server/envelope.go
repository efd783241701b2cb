package server

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/server/transcode"
)

// envelope is the JSON of every error over REST (contract 7.2). Code is the
// HTTP status, Status the canonical code's name.
type envelope struct {
	Error struct {
		Code    int               `json:"code"`
		Message string            `json:"message"`
		Status  string            `json:"status"`
		Details []json.RawMessage `json:"details,omitempty"`
	} `json:"error"`
}

// writeError answers with st.
func writeError(ctx context.Context, w http.ResponseWriter, st *status.Status) {
	noteCode(ctx, st.Code())
	if seen := callOf(ctx); seen != nil && seen.refuse != nil {
		f := fault.New(fault.Code(st.Code()), "%s", st.Message())
		seen.refuse(w, f.Retry(time.Duration(retryAfter(st))*time.Second))
		return
	}
	var e envelope
	e.Error.Code = runtime.HTTPStatusFromCode(st.Code())
	e.Error.Message = st.Message()
	e.Error.Status = fault.Code(st.Code()).String()
	for _, detail := range st.Proto().GetDetails() {
		// One that this program cannot read is left out.
		if text, err := protojson.Marshal(detail); err == nil {
			e.Error.Details = append(e.Error.Details, text)
		}
	}
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	_ = enc.Encode(e) // strings, and details that are JSON already: it cannot fail
	h := w.Header()
	h.Set("Content-Type", transcode.ContentType)
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	h.Set("X-Content-Type-Options", "nosniff")
	if c := challenge(st); c != "" {
		h.Set("WWW-Authenticate", c)
	}
	if seconds := retryAfter(st); seconds > 0 {
		h.Set("Retry-After", strconv.Itoa(seconds))
	}
	w.WriteHeader(e.Error.Code)
	_, _ = w.Write(body.Bytes())
}

// reasonOf is the reason that st gives for programs, empty if it gives none.
func reasonOf(st *status.Status) string {
	for _, detail := range st.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetReason()
		}
	}
	return ""
}

// retryAfter is the delay that st asks for, in whole seconds rounded up; 0 when
// it asks for none.
func retryAfter(st *status.Status) int {
	for _, detail := range st.Details() {
		if retry, ok := detail.(*errdetails.RetryInfo); ok {
			return int(math.Ceil(retry.GetRetryDelay().AsDuration().Seconds()))
		}
	}
	return 0
}
