package server

import (
	"context"
	"net/http"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/internal/server/transcode"
)

// healthz says that the process is alive, whatever else is wrong.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	writeHealth(w, http.StatusOK, "ok")
}

// readyz says whether the server should get traffic. The reason why not is for
// the log: it may name what no client should read.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	if err := s.cfg.Ready(r.Context()); err != nil {
		s.cfg.Log.WarnContext(r.Context(), "not ready", "cause", err)
		writeHealth(w, http.StatusServiceUnavailable, "not ready")
		return
	}
	writeHealth(w, http.StatusOK, "ready")
}

func writeHealth(w http.ResponseWriter, code int, word string) {
	w.Header().Set("Content-Type", transcode.ContentType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write([]byte(`{"status":"` + word + `"}` + "\n"))
}

// healthService is grpc.health.v1.Health for the server as a whole (the empty
// service name) and for each registered service. Watch is UNIMPLEMENTED, which
// the protocol allows and clients take as healthy.
type healthService struct {
	grpc_health_v1.UnimplementedHealthServer
	server *Server
}

func (h *healthService) Check(ctx context.Context, req *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	if name := req.GetService(); name != "" {
		if _, ok := h.server.grpc.GetServiceInfo()[name]; !ok {
			return nil, status.Error(codes.NotFound, "unknown service")
		}
	}
	if h.server.cfg.Ready(ctx) != nil {
		return &grpc_health_v1.HealthCheckResponse{Status: grpc_health_v1.HealthCheckResponse_NOT_SERVING}, nil
	}
	return &grpc_health_v1.HealthCheckResponse{Status: grpc_health_v1.HealthCheckResponse_SERVING}, nil
}
