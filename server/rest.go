package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/server/transcode"
)

// newREST is the REST side of the port: four gateways, which differ only in how they
// write their answers, each once more for what is asked by GET, whose answers are packed.
func (s *Server) newREST(conn grpc.ClientConnInterface) (http.Handler, error) {
	byForm, asked := map[transcode.Marshaler]http.Handler{}, map[transcode.Marshaler]http.Handler{}
	for _, form := range []transcode.Marshaler{{}, {EnumNumbers: true}, {Compact: true}, {EnumNumbers: true, Compact: true}} {
		gateway, err := newGateway(s.cfg, conn, form)
		if err != nil {
			return nil, err
		}
		byForm[form] = gateway
		if asked[form], err = compressed(gateway); err != nil {
			return nil, err
		}
	}
	// What a method needs is looked at where the method is known.
	checks := append(s.identifies(auth.Viewer, false, nil), queried, s.wholeBody)
	return s.entered(entry{checks, func(c *call, r *http.Request) http.Handler {
		if r.Method == http.MethodGet {
			return asked[c.form]
		}
		return byForm[c.form]
	}}), nil
}

func newGateway(cfg Config, conn grpc.ClientConnInterface, marshaler runtime.Marshaler) (*runtime.ServeMux, error) {
	mux := runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, marshaler),
		runtime.WithIncomingHeaderMatcher(cfg.forwards),
		runtime.WithOutgoingHeaderMatcher(ownHeader),
		runtime.WithOutgoingTrailerMatcher(dropHeader),
		runtime.WithErrorHandler(func(ctx context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, _ *http.Request, err error) {
			writeError(ctx, w, gatewayStatus(ctx, cfg, err))
		}),
		runtime.WithRoutingErrorHandler(func(ctx context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, _ int) {
			// Wrong methods too: the platform answers 404, never 405 or 501.
			writeError(ctx, w, status.Newf(codes.NotFound, "Nothing is served at %s %s.", r.Method, r.URL.EscapedPath()))
		}),
		// In the raw path %3A is a character of a name; decoded first, it would
		// be taken for the colon before a verb such as :cancel.
		runtime.WithUnescapingMode(runtime.UnescapingModeAllExceptReserved),
		runtime.WithStrictDeepWildcardMatching(),
		// With it, a POST of a form could become a GET or, by a header, anything.
		runtime.WithDisablePathLengthFallback(),
		runtime.WithWriteContentLength(),
		runtime.WithForwardResponseRewriter(setSoundAside),
	)
	if cfg.Gateway == nil {
		return mux, nil
	}
	if err := cfg.Gateway(context.Background(), mux, conn); err != nil {
		return nil, fmt.Errorf("server: registering the gateway: %w", err)
	}
	return mux, nil
}

// gatewayStatus is the status of a failed call. Whatever failed behind the
// connection has a status already and its cause in the log; anything else went
// wrong in the gateway itself, such as an answer that JSON cannot hold.
func gatewayStatus(ctx context.Context, cfg Config, err error) *status.Status {
	st := errorStatus(err)
	if _, known := err.(interface{ GRPCStatus() *status.Status }); !known {
		cfg.Log.LogAttrs(ctx, slog.LevelError, "call failed", slog.String("code", st.Code().String()),
			slog.String("request_id", idOf(ctx)), slog.String("cause", err.Error()))
	}
	return st
}

// forwards tells which headers become gRPC metadata. Not authorization: the
// gateway passes that one itself, and would then pass it twice.
func (c Config) forwards(header string) (string, bool) {
	name := strings.ToLower(header)
	return name, name == "x-goog-api-key" || name == requestIDHeader || slices.Contains(c.Forward, name)
}

// ownHeader lets the headers pass that tell something about an answer.
func ownHeader(name string) (string, bool) {
	name = strings.ToLower(name)
	return name, strings.HasPrefix(name, ownPrefix)
}

// dropHeader keeps gRPC's headers to gRPC; the request id is set by entered.
func dropHeader(string) (string, bool) { return "", false }
