package server

import (
	"errors"
	"strconv"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/lectern/lectern/fault"
)

// errorDomain is the domain of ErrorInfo: who gives the reasons their meaning. The
// reasons that Google's services have are theirs, and of the service that is served.
const (
	errorDomain  = "lectern"
	googleDomain = "googleapis.com"
	service      = "texttospeech.googleapis.com"
)

// errorReasonQuota is the platform's reason for what is beyond a limit.
const errorReasonQuota = "RATE_LIMIT_EXCEEDED"

// errorStatus is what a client may see of err: the status of a fault.Error with
// its details, a gRPC status as it is, and INTERNAL for anything else.
func errorStatus(err error) *status.Status { return errorStatusOf(err, "") }

// errorStatusOf is errorStatus of a call to a method, as "/package.Service/Method" or
// without the first slash, which faults of credentials name; empty if it is not known.
func errorStatusOf(err error, method string) *status.Status {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return faultStatus(f, method)
	}
	// Only the status itself: what has been wrapped around it is for the log.
	var known interface{ GRPCStatus() *status.Status }
	if errors.As(err, &known) {
		return known.GRPCStatus()
	}
	return faultStatus(fault.From(err), method)
}

// namesMethod reports whether the platform says with this reason which method it is
// about (docs/contract.md 7.4).
func namesMethod(reason string) bool {
	return reason == "CREDENTIALS_MISSING" || reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
}

func faultStatus(f *fault.Error, method string) *status.Status {
	sentence := strings.ToValidUTF8(f.Public(), "\uFFFD")
	st := status.New(codes.Code(f.Code), sentence)
	reason := &errdetails.ErrorInfo{Reason: f.Code.String(), Domain: errorDomain}
	switch {
	case f.Reason != "":
		reason.Reason, reason.Domain = f.Reason, googleDomain
		reason.Metadata = map[string]string{"service": service}
		if method != "" && namesMethod(f.Reason) {
			reason.Metadata["method"] = dotted(method)
		}
	case f.Line > 0:
		reason.Metadata = map[string]string{"line": strconv.Itoa(f.Line), "column": strconv.Itoa(f.Column)}
	}
	if f.Limit != nil {
		reason.Reason = errorReasonQuota
		reason.Metadata = map[string]string{
			"consumer": f.Limit.Subject, "quota_metric": f.Limit.Metric,
			"quota_limit": f.Limit.ID, "quota_limit_value": strconv.FormatInt(f.Limit.Value, 10),
		}
	}
	details := []protoadapt.MessageV1{reason}
	if f.Field != "" {
		details = append(details, &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
			{Field: f.Field, Description: strings.ToValidUTF8(f.In("").Public(), "\uFFFD")},
		}})
	}
	if f.Limit != nil {
		details = append(details, &errdetails.QuotaFailure{Violations: []*errdetails.QuotaFailure_Violation{
			{Subject: f.Limit.Subject, Description: sentence, QuotaMetric: f.Limit.Metric, QuotaId: f.Limit.ID, QuotaValue: f.Limit.Value},
		}})
	}
	if f.RetryAfter > 0 {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(f.RetryAfter)})
	}
	detailed, err := st.WithDetails(details...)
	if err != nil {
		return st // without details rather than without its sentence
	}
	return detailed
}

// serversFault reports whether code says that the server, not the request, was
// wrong.
func serversFault(code codes.Code) bool {
	switch code {
	case codes.Internal, codes.Unknown, codes.DataLoss:
		return true
	}
	return false
}
